"""Terms, schedule, rain and freezing as they are kept in the database."""

import asyncio

import asyncpg
import pytest

from contracts.codec import decode
from contracts.values import Event, PacketOpened, PacketTerms, SplitMode
from ledger.door import Door
from ledger.expire import Stuck, end_expired
from ledger.store.queries import Queries
from ledger.verify import verify
from tests.ledger_books import close, freeze, fund, merit, send, stands, take

WHO = PacketTerms(
    share_min=2,
    share_max=40,
    members=("bob", "cid"),
    tiers=("wise",),
    password="Sesame",  # noqa: S106 - what a packet asks for
    tenure_ms=1_000,
    reputation=5,
)
CLAIM = {"tier": "wise", "since_ms": 1, "password": "SESAME"}


async def packet_of(store, **fields):
    sent = await store.book(
        [fund("ann", 100), send("ann", 100, 4, mode=SplitMode.LUCKY, packet=fields)]
    )
    assert sent.verdicts[1].code == ""
    return sent.verdicts[1].packet_id


async def codes(store, *commands):
    return [verdict.code for verdict in (await store.book(commands)).verdicts]


async def test_terms_hold_for_a_packet_that_is_read_again(store, sound):
    packet = await packet_of(store, terms=WHO)
    await store.book([merit("bob", 500), stands("bob", 4, upto_txn=3)])

    assert await codes(store, take("bob", packet, claim=CLAIM)) == ["reputation_too_low"]
    assert await codes(store, stands("bob", 5, upto_txn=3), take("dan", packet, claim=CLAIM)) == [
        "",
        "not_for_you",
    ]
    assert await codes(store, take("bob", packet, claim={**CLAIM, "password": "x"})) == [
        "password_wrong"
    ]
    assert await codes(store, take("bob", packet, claim=CLAIM)) == [""]
    await sound()


async def test_one_person_gets_one_share_in_any_batch_and_by_the_tables_own_word(
    store, superuser, sound
):
    packet = await packet_of(store)
    same = {"identity": "person"}

    assert await codes(store, take("bob", packet, claim=same)) == [""]
    assert await codes(store, take("rob", packet, claim=same)) == ["identity_taken"]
    assert await codes(store, take("rob", claim=same)) == ["identity_taken"]
    await sound()
    with pytest.raises(asyncpg.UniqueViolationError):
        await superuser.execute(
            "INSERT INTO packet_claim (packet_id, member, slot, network, amount, txn_id, identity,"
            " recorded_at) SELECT packet_id, 'rob', 2, network, 1, 99, identity, now()"
            " FROM packet_claim"
        )


@pytest.mark.parametrize(
    "forgery",
    [
        'UPDATE packet SET terms = terms || \'{"members": ["eve"]}\'',
        "UPDATE packet SET share_max = 50",
        "UPDATE packet SET rain_total = 999",
        "UPDATE packet_step SET by_member = 'eve'",
        "DELETE FROM packet_step",
    ],
)
async def test_a_forged_term_or_step_breaks_the_chain(store, superuser, books_url, forgery):
    packet = await packet_of(store, drops=2, every_ms=1_000, terms=WHO)
    await store.book([freeze(packet)])
    assert (await verify(books_url, "ledger", {})).sound

    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(forgery)

    assert not (await verify(books_url, "ledger", {})).sound


async def test_a_rain_is_kept_drop_by_drop_and_the_opening_of_each_is_told(
    store, pool, superuser, sound
):
    first = await packet_of(store, drops=2, every_ms=1_000, opens_in_ms=500)
    queries, door = Queries(pool), Door(store=store)
    await superuser.execute(
        "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
        " 'SELECT date_trunc(''milliseconds'', clock_timestamp() + interval ''1 minute'')'"
    )

    waiting = await queries.waiting_packets()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        await end_expired(door, queries, Stuck())
        door.shut()

    assert {name for _, name, _ in waiting} >= {first}
    assert (len(waiting), await queries.waiting_packets()) == (2, [])
    told = [decode(Event, row["payload"]) for row in await pool.fetch("SELECT payload FROM outbox")]
    opened = [e.payload.packet for e in told if isinstance(e.payload, PacketOpened)]
    assert {(p.rain, p.rain_total, p.rain_drops) for p in opened} == {(first, 100, 2)}
    assert len(opened) == 2
    assert await codes(store, take("bob"), take("bob")) == ["", ""]
    await sound()


async def test_whoever_froze_or_ended_a_packet_is_kept_for_ever(store, pool, superuser, sound):
    packet = await packet_of(store)

    assert await codes(store, freeze(packet, why="stolen"), take("bob", packet)) == [
        "", "packet_frozen",
    ]  # fmt: skip
    assert await codes(store, freeze(packet, frozen=False), take("bob", packet)) == ["", ""]
    assert await codes(store, close(packet, "recalled"), close(packet, "withdrawn")) == [
        "packet_started", "",
    ]  # fmt: skip

    steps = await pool.fetch(
        "SELECT what, by_member, why FROM packet_step ORDER BY batch_id, place"
    )
    assert [tuple(step) for step in steps] == [
        ("frozen", "mod", "stolen"), ("freed", "mod", ""), ("withdrawn", "", ""),
    ]  # fmt: skip
    with pytest.raises(asyncpg.PostgresError):
        await superuser.execute("DELETE FROM packet_step")
    await sound()


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE packet SET share_min = 26",
        "UPDATE packet SET share_max = 24",
        "UPDATE packet SET opens_at = expires_at",
        """UPDATE packet SET terms = '{"password": "x"}'""",
    ],
)
async def test_the_database_keeps_what_was_promised(store, superuser, wrong):
    await packet_of(store)

    with pytest.raises(asyncpg.CheckViolationError):
        await superuser.execute(wrong)
