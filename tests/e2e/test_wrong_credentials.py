"""Who is not known, or not allowed, is told so in a sentence, and nothing else happens."""

import io
import subprocess
import sys
from dataclasses import replace

import aiohttp
import asyncpg
import nkeys
import pytest

from chassis.bus import Refused as BusRefused
from chassis.bus import connect
from contracts import subjects
from policy.api import MAX_BODY_BYTES
from reeve.stack import access
from tests.chaos.gather import open_bus
from tests.e2e.books import FAST
from tests.hall import NETWORK
from tests.rest import Problem
from tests.stack import UP_S, Stack

PATIENCE_S = 60.0


async def test_the_bus_lets_nobody_in_with_a_key_of_their_own(hall, tmp_path):
    seed = tmp_path / "made-up.nk"
    seed.write_bytes(nkeys.encode_seed(b"\x07" * 32, nkeys.PREFIX_BYTE_USER))
    url = access.nats_url(hall.stack.home)

    for file in (seed, None):
        with pytest.raises(BusRefused):
            async with connect(url, name="eve", seed_file=file, patience_s=PATIENCE_S):
                pass


async def test_a_gateway_cannot_write_a_decision(hall):
    async with open_bus(hall.stack, "ingest") as bus:
        with pytest.raises(BusRefused):
            await bus.publish(subjects.decisions(0), b"forged")


async def test_a_service_enters_its_own_tables_only(hall):
    url = access.database_url(hall.stack.home, "policy")
    wrong = url.replace(url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)

    policy = await asyncpg.connect(url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await policy.fetch("SELECT * FROM ledger.account")
    await policy.close()


@pytest.mark.parametrize("service", ["dispatch", "ledger"])
@pytest.mark.parametrize("token", ["", "rv_guess", "x" * 5_000])
async def test_rest_asks_for_a_key(hall, service, token):
    rest = {"dispatch": hall.policy, "ledger": hall.ledger}[service]
    path = {"dispatch": "/v1/cases", "ledger": "/v1/accounts"}[service]

    with pytest.raises(Problem) as problem:
        await rest.call("GET", path, query={"network": NETWORK}, token=token)

    assert (problem.value.status, problem.value.code) == (401, "unauthenticated")


async def test_an_invalid_rulebook_is_refused_with_every_fault(hall):
    book = FAST.replace("then: [delete, mute: 20s]", "then: [delet, mute: 3 parsecs]")

    with pytest.raises(Problem) as problem:
        await hall.adopt(book, "!somewhere:reeve.test")

    assert problem.value.status == 422
    assert len(problem.value.answer["errors"]) >= 2
    assert "delete" in str(problem.value.answer["errors"])


@pytest.mark.parametrize(
    "source",
    ["", "rules: [", "\x00", "name: 1\n---\nname: 2", "&a [*a]", "{" * 5_000, "- " * 9_000],
)
async def test_what_is_no_rulebook_is_refused_politely(hall, source):
    with pytest.raises(Problem) as problem:
        await hall.adopt(source, "!somewhere:reeve.test")

    assert problem.value.status in {400, 422}


async def test_a_body_that_is_too_large_is_refused(hall):
    url = hall.stack.address("dispatch") + "/v1/rulebooks"
    headers = {"Authorization": f"Bearer {hall.stack.key}", "Content-Type": "application/json"}
    body = io.BytesIO(b"x" * (MAX_BODY_BYTES + 1))
    try:
        async with hall.session.post(url, data=body, headers=headers) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # it hung up while we were still sending, as it may


def test_a_wrong_matrix_password_is_told_in_one_sentence(synapse, tmp_path):
    eve = synapse.register("forgetful")
    forgotten = replace(eve, password=eve.password[::-1])
    other = Stack(folder=tmp_path / "home", settings={"GATEWAY_NETWORK": NETWORK})

    told = subprocess.run(
        [*other.command("up"), *other.connection(synapse, forgotten)],
        env=other.environ(),
        capture_output=True,
        text=True,
        check=False,
        timeout=UP_S,
    )

    assert told.returncode == 1
    assert "password" in told.stderr
    assert "Traceback" not in told.stderr
    assert other.status()["processes"] == []


@pytest.mark.parametrize(
    ("module", "setting"),
    [
        (("gateway", "ingest"), "GATEWAY_NETWORK"),
        (("policy", "judge"), "DATABASE_URL"),
        (("ledger",), "DATABASE_URL"),
    ],
)
def test_a_missing_setting_is_named_and_ends_with_code_2(stack, module, setting):
    environ = {name: text for name, text in stack.environ().items() if name != setting}

    outcome = subprocess.run(
        [sys.executable, "-m", *module],
        env={**environ, "NATS_URL": "nats://127.0.0.1:1"} if setting != "NATS_URL" else environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=UP_S,
    )

    assert outcome.returncode == 2
    assert setting in outcome.stderr
