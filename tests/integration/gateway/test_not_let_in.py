"""Credentials that are wrong at the start: told once, waited for, and taken when they are right."""

import asyncio
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.integration.gateway.people import person
from tests.integration.gateway.test_process import Gateway, texts
from tests.integration.gateway.test_process import until as until_stored
from tests.integration.gateway.test_shut_out import logged, told
from tests.waiting import until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def bot(synapse):
    async with person(synapse, "reeve") as made:
        yield made


@pytest.fixture
def gateway(tmp_path, nats_server, synapse, bot, bus):
    """A gateway that is not running yet, and has a wrong password."""
    assert bus.is_up
    made = Gateway(tmp_path, nats_server.url, synapse.url, bot.account)
    (tmp_path / "password").write_text("guess")
    yield made
    if made.process is not None:
        made.kill()


def by_token(gateway, token):
    """Let the gateway get in by a token instead of its password."""
    file = gateway.folder / "token"
    file.write_text(token)
    del gateway.environment["GATEWAY_MATRIX_PASSWORD_FILE"]
    gateway.environment["GATEWAY_MATRIX_TOKEN_FILE"] = str(file)
    return file


async def asked_again(gateway, loop):
    """Wait until it has tried more than once."""

    async def holds():
        metrics = await asyncio.to_thread(gateway.get, "/metrics")
        lines = [line for line in metrics.splitlines() if "reeve_platform_requests_total{" in line]
        return sum(float(line.split()[-1]) for line in lines) > 1

    await until(holds)
    assert len(logged(gateway, loop, "matrix.shut_out")) == 1


@pytest.mark.parametrize("loop", ["ingest", "enforce"])
async def test_a_wrong_token_is_told_once_and_the_right_one_is_taken(gateway, bot, loop):
    file = by_token(gateway, "guess")
    gateway.start(loop)

    await told(gateway, "Put a new one into the file of GATEWAY_MATRIX_TOKEN_FILE")
    await asked_again(gateway, loop)
    alive = await asyncio.to_thread(gateway.get, "/livez")
    metrics = await asyncio.to_thread(gateway.get, "/metrics")
    file.write_text(bot.account.access_token)
    await gateway.until_ready()

    assert json.loads(alive) == {"status": "alive"}
    assert 'reeve_platform_connected{connection="matrix"} 0.0' in metrics
    assert gateway.process.poll() is None
    assert len(logged(gateway, loop, "matrix.let_in_again")) == 1
    assert gateway.end() == 0


async def test_a_wrong_password_is_told_and_the_right_one_is_taken(gateway, bus, room, bot, bob):
    await bob.say(room, "before")
    gateway.start("ingest")

    await told(gateway, "look at GATEWAY_MATRIX_USER and GATEWAY_MATRIX_PASSWORD_FILE")
    (gateway.folder / "password").write_text(bot.account.password)
    await gateway.until_ready()

    await until_stored(bus, lambda events: "before" in texts(events))
    assert len(logged(gateway, "ingest", "matrix.shut_out")) == 1


async def test_a_gateway_that_is_not_let_in_ends_when_told(gateway):
    gateway.start("enforce")
    await told(gateway, "does not let")

    assert gateway.end() == 0


async def test_the_token_of_another_account_is_not_taken(gateway, bob):
    by_token(gateway, bob.account.access_token)
    gateway.start("ingest")

    await told(gateway, f"is that of {bob.id}, and GATEWAY_MATRIX_USER is")


async def test_a_token_kept_for_another_account_is_not_used(gateway, bot, bob):
    kept = gateway.folder / "reeve_matrix_ingest.token"
    kept.write_text(bob.account.access_token)
    (gateway.folder / "password").write_text(bot.account.password)
    gateway.start("ingest")
    await gateway.until_ready()

    assert kept.read_text() != bob.account.access_token


class Elsewhere(BaseHTTPRequestHandler):
    """Something that answers in JSON and is no homeserver."""

    def do_GET(self):
        body = json.dumps({"detail": "hello"}).encode()
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *words):
        pass


@pytest.fixture
def elsewhere():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [200, 400, 403, 404])
@pytest.mark.parametrize("by", ["password", "token"])
async def test_what_is_no_homeserver_is_called_so(gateway, elsewhere, status, by):
    elsewhere.status = status
    gateway.environment["GATEWAY_MATRIX_URL"] = f"http://127.0.0.1:{elsewhere.server_port}"
    if by == "token":
        by_token(gateway, "guess")
    gateway.start("ingest")

    await told(gateway, "does not answer as a Matrix homeserver")


async def test_without_any_secret_it_does_not_start(gateway):
    del gateway.environment["GATEWAY_MATRIX_PASSWORD_FILE"]

    code, output = await asyncio.to_thread(gateway.run, "ingest")

    assert code == 2
    assert "GATEWAY_MATRIX_PASSWORD is not set, and neither is GATEWAY_MATRIX_TOKEN" in output
