"""The chain of the books and its anchors: what was vouched for is there, as it was."""

import asyncio
import json
import os
import sys

import pytest

from contracts import subjects
from contracts.codec import decode
from contracts.values import LedgerAnchor
from ledger.anchor import anchor_newest
from ledger.core.chain import FORM, batch_hash
from ledger.store import audit
from ledger.store.queries import Queries
from tests.ledger_books import bound, budget, fund, hold, limit, matures, pay, send, share


@pytest.fixture
def verify(books_url, nats_server):
    """``await verify(flags)`` runs ``reeve ledger verify``: the status and what it found."""

    async def run(*flags):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "reeve", "ledger", "verify", "--json", *flags,
            env={**os.environ, "DATABASE_URL": books_url, "NATS_URL": nats_server.url},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, _ = await process.communicate()
        return process.returncode, json.loads(told)

    return run


async def anchored(bus):
    return [
        decode(LedgerAnchor, delivery.data)
        async for batch in bus.read(subjects.AUDIT, subjects.ledger_anchors(0))
        for delivery in batch
    ]


async def rewrite(superuser, books_url, change, *, form=FORM):
    """Carry out ``change``, and then change all hashes, so that the chain is whole again."""
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(change)
    async with audit.snapshot(books_url, "ledger") as connection:
        batches = [batch async for batch in audit.stored_batches(connection, 0)]
    before = batches[0].prev_hash
    for batch in batches:
        digest = batch_hash(before, batch.id, batch.at_ms, batch.written, form=form)
        await superuser.execute(
            "UPDATE batch SET prev_hash = $2, hash = $3 WHERE id = $1", batch.id, before, digest
        )
        before = digest
    await superuser.execute("UPDATE shard SET last_hash = $1", before)


async def test_an_anchor_is_told_of_each_newest_batch_once(bus, store, pool):
    queries = Queries(pool)
    nothing = await anchor_newest(bus, queries, 0)
    told = 0
    for amount in (1, 2):
        await store.book([fund("ann", amount)])
        told = await anchor_newest(bus, queries, 0, told=told)
        told = await anchor_newest(bus, queries, 0, told=told)
    await anchor_newest(bus, queries, 0)

    rows = await pool.fetch("SELECT id, hash FROM batch ORDER BY id")
    assert (nothing, told) == (0, 2)
    assert [(a.batch, a.hash) for a in await anchored(bus)] == [tuple(row) for row in rows]


async def test_a_whole_chain_with_all_its_anchors_is_found_whole(bus, store, pool, verify):
    for command in (
        fund("ann", 9), bound("member:ann", 0, 99), hold("member:ann", "treasury", 2),
        pay("member:ann", "member:bob", 1),
    ):  # fmt: skip
        await store.book([command])
        await anchor_newest(bus, Queries(pool), 0)

    status, found = await verify()

    assert (status, found["sound"], found["batches"], found["anchors"]) == (0, True, 4, 4)


async def test_books_rewritten_as_a_whole_are_found_by_their_anchors_alone(
    bus, store, superuser, books_url, verify, sound
):
    await store.book([fund("ann", 9)])
    await anchor_newest(bus, Queries(store.pool), 0)
    await store.book([pay("member:ann", "member:bob", 1)])

    await rewrite(superuser, books_url, "UPDATE txn SET purpose = 'a gift' WHERE id = 1")

    await sound()
    assert (await verify("--no-anchors"))[0] == 0
    status, found = await verify()
    assert (status, found["faults"]) == (1, ["batch 1 of shard 0 is not what was vouched for"])


async def test_a_batch_taken_back_after_it_was_vouched_for_is_missed(
    bus, store, pool, superuser, verify
):
    await store.book([fund("ann", 9)])
    await store.book([fund("ann", 1)])
    await anchor_newest(bus, Queries(pool), 0)
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute("DELETE FROM posting WHERE txn_id = 2; DELETE FROM txn WHERE id = 2")
    await superuser.execute(
        "UPDATE shard SET last_hash = (SELECT hash FROM batch WHERE id = 1); "
        "DELETE FROM batch WHERE id = 2"
    )

    status, found = await verify()

    assert (status, found["faults"]) == (
        1,
        ["batch 2 of shard 0 was vouched for, and is gone"],
    )


async def test_what_is_no_anchor_among_the_anchors_is_one_sentence(
    bus, store, books_url, nats_server
):
    await store.book([fund("ann", 9)])
    await bus.publish(subjects.ledger_anchors(0), b"\xff\xff", msg_id="forged")

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reeve", "ledger", "verify",
        env={**os.environ, "DATABASE_URL": books_url, "NATS_URL": nats_server.url},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, complaint = await process.communicate()

    assert process.returncode == 1
    assert complaint.decode().startswith("reeve: Message 1 of AUDIT is no anchor: ")
    assert len(complaint.splitlines()) == 1


async def test_books_from_before_accounts_and_holds_were_hashed_are_whole_and_go_on(
    store, superuser, books_url, verify, sound
):
    await store.book([fund("ann", 9), hold("member:ann", "treasury", 2)])
    await store.book([send("ann", 4, 2)])
    older = "UPDATE batch SET form = 1, first_account = 0, accounts = 0"
    await rewrite(superuser, books_url, older, form=1)

    await store.book([fund("bob", 1), hold("member:bob", "treasury", 1)])

    assert await superuser.fetchval("SELECT array_agg(form ORDER BY id) FROM batch") == [1, 1, FORM]
    assert (await verify("--no-anchors"))[0] == 0
    await sound()
    await superuser.execute("UPDATE hold SET destination = 'house' WHERE account = 'member:bob'")
    status, found = await verify("--no-anchors")
    assert (status, found["faults"]) == (1, ["batch 3 of shard 0 does not follow"])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET said = said || '{\"amount\": 99}' WHERE deed = 'set_budget'",
        "UPDATE audit_entry SET key = 'rest:bob:1' WHERE deed = 'set_split'",
        "UPDATE audit_entry SET batch_id = NULL WHERE deed = 'set_maturity'",
        "DELETE FROM audit_entry WHERE deed = 'set_approval'",
    ],
)
async def test_what_was_said_of_the_treasury_is_in_the_chain(store, superuser, verify, change):
    await store.book([
        budget("treasury", 70), limit("treasury", 9), share({"network": 500}), matures(3),
    ])  # fmt: skip
    await store.book([fund("ann", 1), limit("treasury", 5), budget("house", 0)])
    whole = await verify("--no-anchors")

    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(change)

    status, found = await verify("--no-anchors")
    assert (whole[0], status) == (0, 1)
    assert found["faults"][0] == "batch 1 of shard 0 does not follow"
