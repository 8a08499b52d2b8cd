"""Who may do what: the servers refuse whatever is not on the list."""

import asyncio

import asyncpg
import nats
import nats.errors
import nkeys
import pytest
from nats.js.errors import NoStreamResponseError, NotFoundError

from chassis.bus import Refused
from chassis.bus import connect as connect_bus
from contracts.subjects import BUCKETS
from gateway import cursors, enforce
from gateway.platforms.matrix import directs, silence
from policy import leases
from reeve.stack import access
from tests.waiting import PATIENCE_S


async def connect(home, name, *, inbox=None, denied=None):
    async def note(fault):
        if denied is not None:
            denied.append(str(fault))

    return await nats.connect(
        access.nats_url(home),
        nkeys_seed=str(access.seed_file(home, name)),
        inbox_prefix=f"_INBOX.{inbox or name}",
        error_cb=note,
        allow_reconnect=False,
        connect_timeout=PATIENCE_S,
    )


async def is_denied(home, name, subject):
    denied = []
    client = await connect(home, name, denied=denied)
    await client.publish(subject, b"{}")
    await client.flush()
    await asyncio.sleep(0.05)
    await client.close()
    return any("permissions violation" in each.lower() for each in denied)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("ingest", "ev.0.matrix.n.g"),
        ("enforce", "ev.0.matrix.n.g"),
        ("judge", "dec.0"),
        ("dispatch", "act.matrix.1"),
        ("ledger", "ev.0.matrix.n.g"),
        ("ingest", "dlq.events"),
    ],
)
async def test_a_service_may_say_what_it_is_for(up, name, subject):
    assert not await is_denied(up.home, name, subject)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("ingest", "dec.0"),
        ("enforce", "dec.0"),
        ("ingest", "act.matrix.1"),
        ("judge", "ev.0.matrix.n.g"),
        ("judge", "act.matrix.1"),
        ("dispatch", "dec.0"),
        ("ledger", "act.matrix.1"),
        ("ledger", "$JS.API.STREAM.DELETE.EVENTS"),
        ("judge", "$JS.API.STREAM.PURGE.DECISIONS"),
        ("dispatch", "$JS.API.STREAM.UPDATE.ACTIONS"),
        ("ingest", "$JS.API.CONSUMER.MSG.NEXT.ACTIONS.ledger"),
        ("enforce", "$JS.API.CONSUMER.MSG.NEXT.ACTIONS.ledger"),
        ("operator", "dec.0"),
        ("operator", "$JS.API.STREAM.DELETE.EVENTS"),
    ],
)
async def test_a_service_may_say_nothing_else(up, name, subject):
    assert await is_denied(up.home, name, subject)


async def test_a_denied_decision_is_not_stored(up):
    client = await connect(up.home, "ingest", denied=[])

    with pytest.raises((nats.errors.TimeoutError, NoStreamResponseError)):
        await client.jetstream().publish("dec.63", b"forged", timeout=0.3)

    await client.close()
    operator = await connect(up.home, "operator")
    with pytest.raises(NotFoundError):
        await operator.jetstream().get_last_msg("DECISIONS", "dec.63")
    await operator.close()


async def test_nobody_reads_the_inbox_of_another(up):
    denied = []
    client = await connect(up.home, "ledger", denied=denied)

    await client.subscribe("_INBOX.judge.>")
    await client.flush()
    await asyncio.sleep(0.05)
    await client.close()

    assert any("subscription" in each.lower() for each in denied)


async def test_nobody_gets_in_without_a_key(up):
    with pytest.raises(Refused):
        async with connect_bus(access.nats_url(up.home), name="stranger", patience_s=60):
            pass


async def test_nobody_gets_in_with_a_key_of_their_own(up, tmp_path):
    forged = tmp_path / "forged.nk"
    forged.write_bytes(nkeys.encode_seed(bytes(32), nkeys.PREFIX_BYTE_USER))

    with pytest.raises(Refused):
        async with connect_bus(
            access.nats_url(up.home), name="judge", seed_file=forged, patience_s=60
        ):
            pass


async def test_no_role_reads_the_tables_of_another(up):
    policy = await asyncpg.connect(access.database_url(up.home, "policy"))
    await policy.execute("CREATE TABLE IF NOT EXISTS policy.own (id text)")
    await policy.close()
    ledger = await asyncpg.connect(access.database_url(up.home, "ledger"))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ledger.fetch("SELECT * FROM policy.own")

    await ledger.close()


async def test_a_wrong_password_is_refused(up):
    url = access.database_url(up.home, "policy")
    password = up.home.secret("policy.password")

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url.replace(password, "guess"))


def test_every_bucket_of_a_service_is_made_for_it():
    asked = {cursors.BUCKET, directs.BUCKET, silence.BUCKET, enforce.DONE_BUCKET, leases.BUCKET}

    assert asked == set(BUCKETS)
