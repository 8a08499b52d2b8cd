"""A session that is ended under a running gateway: told, waited for, and nothing lost."""

import asyncio
import json
import urllib.error

import pytest

from chassis.clock import now_ms
from contracts import codec, ids, subjects
from contracts.values import Action, ActionOutcome, Announce, OutcomeStatus, Place
from gateway.errors import NotLetIn
from gateway.platforms.matrix.client import Credentials, connect, path
from tests.integration.gateway.people import NUMBERS, person
from tests.integration.gateway.test_process import Gateway, stored, texts
from tests.integration.gateway.test_process import until as until_stored
from tests.waiting import until

WHAT_TO_DO = "put a new access token into the file of GATEWAY_MATRIX_TOKEN_FILE"
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def bot(synapse):
    async with person(synapse, "reeve") as made:
        yield made


@pytest.fixture
def gateway(tmp_path, nats_server, synapse, bot, bus):
    """A gateway that is not running yet, and gets in by a password."""
    assert bus.is_up
    made = Gateway(tmp_path, nats_server.url, synapse.url, bot.account)
    yield made
    if made.process is not None:
        made.kill()


class Keyring:
    """The file by which the gateway gets in instead of a password, and sessions of the bot."""

    def __init__(self, file, synapse, bot):
        self.file = file
        self.synapse = synapse
        self.bot = bot

    async def renew(self):
        """Put the token of a new session into the file."""
        who = {"type": "m.id.user", "user": self.bot.id}
        secret = {"identifier": who, "password": self.bot.account.password}
        body = {"type": "m.login.password", **secret}
        self.file.write_text((await self.bot.call("POST", "login", body=body))["access_token"])

    async def end(self, token=""):
        """Log out the session of the file."""
        async with self._client(token or self.file.read_text()) as homeserver:
            await homeserver.call("POST", "logout", body={})

    async def expire(self):
        """Put a token into the file whose time is over: Synapse answers with a soft logout."""
        body = {"valid_until_ms": now_ms() + 1}
        token = (await self._administer("POST", f"v1/users/{path(self.bot.id)}/login", body))[
            "access_token"
        ]

        async def is_over():
            async with self._client(token) as homeserver:
                try:
                    await homeserver.log_in()
                except NotLetIn:
                    return True
            return False

        await until(is_over)
        self.file.write_text(token)

    async def change_password(self, password):
        """Give the account another password, which ends all its sessions."""
        await self._administer("PUT", f"v2/users/{path(self.bot.id)}", {"password": password})

    async def _administer(self, method, where, body):
        name = f"admin{next(NUMBERS)}"
        admin = await asyncio.to_thread(self.synapse.register, name, admin=True)
        async with self._client(admin.access_token) as homeserver:
            return await homeserver.call(method, f"../../../_synapse/admin/{where}", body=body)

    def _client(self, token):
        return connect(self.synapse.url, lambda: Credentials(token=token))


@pytest.fixture
async def keyring(tmp_path, gateway, synapse, bot):
    made = Keyring(tmp_path / "token", synapse, bot)
    await made.renew()
    del gateway.environment["GATEWAY_MATRIX_PASSWORD_FILE"]
    gateway.environment["GATEWAY_MATRIX_TOKEN_FILE"] = str(made.file)
    return made


def by_password(gateway):
    """Let the gateway get in by its password all the same."""
    gateway.environment["GATEWAY_MATRIX_PASSWORD_FILE"] = str(gateway.folder / "password")
    del gateway.environment["GATEWAY_MATRIX_TOKEN_FILE"]


async def not_ready(gateway):
    """Why the gateway says it is not ready; empty while it is."""
    try:
        await asyncio.to_thread(gateway.get, "/readyz")
    except urllib.error.HTTPError as answer:
        return json.load(answer)["reasons"].get("matrix", "")
    except OSError:
        pass  # it does not listen yet
    return ""


async def told(gateway, words):
    async def holds():
        return words in await not_ready(gateway)

    await until(holds)


def logged(gateway, loop, event):
    lines = (gateway.folder / f"{loop}.log").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["event"] == event]


async def test_ingest_without_its_session_says_so_and_goes_on_with_the_next(
    gateway, bus, room, bob, keyring
):
    gateway.start("ingest")
    await gateway.until_ready()
    await bob.say(room, "before")
    await until_stored(bus, lambda events: "before" in texts(events))

    await keyring.end()
    await bob.say(room, "meanwhile")
    await told(gateway, WHAT_TO_DO)
    await keyring.expire()
    await bob.say(room, "later")
    await told(gateway, WHAT_TO_DO)
    await keyring.renew()
    await gateway.until_ready()
    await bob.say(room, "after")
    events = await until_stored(bus, lambda events: "after" in texts(events))

    assert texts(events) == ["before", "meanwhile", "later", "after"]
    assert gateway.process.poll() is None
    assert len(logged(gateway, "ingest", "matrix.let_in_again")) == 1


async def test_the_token_of_somebody_else_is_not_taken(gateway, room, bob, keyring):
    gateway.start("ingest")
    await gateway.until_ready()

    await keyring.end()
    keyring.file.write_text(bob.account.access_token)
    await bob.say(room, "so that it notices")

    await told(gateway, f"is that of {bob.id}")


async def test_a_session_that_began_with_a_password_is_begun_anew(gateway, bus, room, bob, keyring):
    by_password(gateway)
    gateway.start("ingest")
    await gateway.until_ready()
    (kept,) = gateway.folder.glob("*.token")

    await keyring.end(kept.read_text())
    await bob.say(room, "meanwhile")
    await bob.say(room, "after")
    events = await until_stored(bus, lambda events: "after" in texts(events))

    assert texts(events) == ["meanwhile", "after"]
    assert len(logged(gateway, "ingest", "matrix.let_in_again")) == 1
    assert not logged(gateway, "ingest", "matrix.shut_out")


async def test_a_password_that_was_changed_is_asked_for(gateway, bus, room, bob, keyring):
    by_password(gateway)
    gateway.start("ingest")
    await gateway.until_ready()

    await keyring.change_password("another one")
    await bob.say(room, "meanwhile")
    await told(gateway, "look at GATEWAY_MATRIX_USER and GATEWAY_MATRIX_PASSWORD_FILE")
    (gateway.folder / "password").write_text("another one")
    await gateway.until_ready()
    await bob.say(room, "after")
    events = await until_stored(bus, lambda events: "after" in texts(events))

    assert texts(events) == ["meanwhile", "after"]


async def test_enforce_without_its_session_keeps_what_it_shall_do(gateway, bus, room, ann, keyring):
    gateway.start("enforce")
    await gateway.until_ready()
    await keyring.end()
    action = Action(
        id=ids.action_id("event", "rule", "announce"),
        executor="matrix",
        priority=2,
        platform="matrix",
        network="net",
        group=room,
        place=Place(channel=room),
        body=Announce(text="at last"),
    )
    await bus.publish(subjects.action("matrix", 2), codec.encode(action))
    await told(gateway, WHAT_TO_DO)
    assert not outcomes(await stored(bus))

    await keyring.renew()
    await gateway.until_ready()
    events = await until_stored(bus, outcomes)

    assert [outcome.status for outcome in outcomes(events)] == [OutcomeStatus.DONE]
    said = [raw["content"].get("body") for raw in await ann.timeline(room)]
    assert said.count("at last") == 1
    assert gateway.process.poll() is None


async def test_enforce_notices_it_also_with_nothing_to_do(gateway, keyring):
    gateway.start("enforce")
    await gateway.until_ready()

    await keyring.end()

    await told(gateway, WHAT_TO_DO)


def outcomes(events):
    return [event.payload for event in events if isinstance(event.payload, ActionOutcome)]
