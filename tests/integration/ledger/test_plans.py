"""Whatever the statistics say, the door goes from its batch to rows by their index."""

import json

import asyncpg
import pytest

from ledger.core.books import Cap, Terms
from ledger.store.booking import PINNED, Store
from tests.integration.ledger.conftest import PATIENT
from tests.ledger_books import (
    GROUP,
    ask,
    ask_back,
    bar,
    belongs,
    bound,
    capture,
    close,
    freeze,
    fund,
    hold,
    link,
    matures,
    note,
    pay,
    release,
    reverse,
    send,
    share,
    take,
)

SIZES = (1, 300)
CAP = Cap(number=1_000_000)
CAPPED = Terms(sender_cap=CAP, receiver_cap=CAP, group_cap=CAP, paid_gifts=True)
VERBS = ("SELECT", "UPDATE", "INSERT", "WITH")
CROWDS = """
    SET session_replication_role = replica;
    INSERT INTO account (id, network, path, asset, kind, balance, floor, version)
        SELECT n + 1000000, 'crowd', 'member:' || n, 'points', 'member', 0, 0, 0
        FROM generate_series(1, 5000) AS n;
    INSERT INTO packet (id, number, network, group_id, platform, channel, thread, parent,
            connection, sender, source, asset, total, shares, mode, greeting, seed, seed_hash,
            opened_at, expires_at)
        SELECT 'crowd' || n, n + 1000000, 'crowd', 'group' || n % 500, '', '', '', '', '', '', '',
            'points', 9, 9, 'equal', '', '', sha256(''), now(), now() + interval '1 day'
        FROM generate_series(1, 5000) AS n;
    INSERT INTO txn (id, network, key, body_hash, kind, purpose, batch_id, reverses, recorded_at)
        SELECT n + 1000000, 'crowd', n, decode(repeat('00', 16), 'hex'), 'transfer', '', 1,
            CASE WHEN n % 9 = 0 THEN n + 2000000 END, now()
        FROM generate_series(1, 5000) AS n;
    INSERT INTO payment (id, network, group_id, platform, channel, thread, parent, connection,
            member, destination, asset, amount, purpose, subject, provider, steps, state, asked_at,
            changed_at)
        SELECT 'crowd' || n, 'crowd', '', '', '', '', '', '', n, 'house', 'CNY', 1, 'ad', '',
            'stripe', 1, 'asked', now(), now()
        FROM generate_series(1, 5000) AS n;
    INSERT INTO payment_step (payment_id, step, network, what, object, amount, place, batch_id,
            recorded_at)
        SELECT 'crowd' || n, 1, 'crowd', 'asked', '', 1, n, 1000000, now()
        FROM generate_series(1, 5000) AS n;
    INSERT INTO split_rule (id, network, group_id, purpose, version, accounts, shares, said_at)
        SELECT 'crowd' || n, 'crowd', n % 500, 'ad', n, '{house}', '{5000}', now()
        FROM generate_series(1, 5000) AS n;
    INSERT INTO payment_split (payment_id, network, rule_id, accounts, shares, payees)
        SELECT 'crowd' || n, 'crowd', 'crowd' || n, '{house}', '{10000}', '{house}'
        FROM generate_series(1, 5000) AS n;
    INSERT INTO maturity_rule (network, asset, version, days, said_at)
        SELECT 'crowd' || n % 500, 'CNY', n, 5, now() FROM generate_series(1, 5000) AS n;
    INSERT INTO person_account (network, member, identity, said_at)
        SELECT 'crowd', 'crowd' || n, 'crowd' || n / 2, now() FROM generate_series(1, 5000) AS n;
    SET session_replication_role = origin;
"""
"""What others left in the tables that matter most; nothing of it is asked for."""


@pytest.fixture
async def watched(books_url):
    """A connection pool of one, and every statement that the door sends over it."""
    told = {}

    async def watch(connection):
        connection.add_query_logger(lambda logged: told.setdefault(logged.query, []).append(logged))

    async with asyncpg.create_pool(
        books_url,
        min_size=1,
        max_size=1,
        init=watch,
        server_settings={**PINNED, **PATIENT, "search_path": "ledger"},
    ) as pool:
        yield pool, told


async def book_everything(store, size):
    """Book every command there is, ``size`` of each in a batch."""
    names = [f"s{size}n{n}" for n in range(size)]
    gifts = [fund(name, 100) for name in names]
    await store.book(gifts)
    sent = await store.book([send(name, 10, 2) for name in names])
    packets = [verdict.packet_id for verdict in sent.verdicts]
    await store.book([belongs(name, "bob") for name in ("bob", *names[:9])])
    await store.book([take("bob", packet) for packet in packets])
    await store.book([take("eve")])
    await store.book([take("cid", packet, claim={"identity": "x"}) for packet in packets[:1]])
    await store.book([freeze(packet) for packet in packets[1:]])
    await store.book([close(packet) for packet in packets[1:]])
    placed = await store.book([hold(f"member:{name}", "treasury", 10) for name in names])
    holds = [verdict.hold_id for verdict in placed.verdicts]
    await store.book([capture(number, 1) for number in holds])
    await store.book([release(number) for number in holds])
    await store.book([bound(f"member:{name}", 0, 500) for name in names])
    await store.book([bar(name) for name in names])
    await store.book([pay(f"member:{name}", "treasury", 1, or_suspense=True) for name in names])
    await store.book([reverse(gift) for gift in gifts[:10]])
    asked = await store.book([ask(name, 10) for name in names])
    payments = [verdict.detail for verdict in asked.verdicts]
    await store.book([link(one) for one in payments])
    await store.book([note(one, "captured", f"pi_{one}", 10) for one in payments])
    await store.book(
        [matures(0), *(pay(f"member:{n}", "member:bob", 1, asset="CNY") for n in names)]
    )
    await store.book([send(name, 2, 1, packet={"asset": "CNY"}) for name in names])
    await store.book([ask_back(one, 1) for one in payments])
    await store.book([note(one, "refunded", f"re_{one}", 10) for one in payments])
    await store.book([share({"house": 5_000}, group=name) for name in (GROUP, *names)])
    asked = await store.book([ask(name, 10, destination="network") for name in names])
    fees = [verdict.detail for verdict in asked.verdicts]
    await store.book([note(one, "captured", f"pi_{one}", 10) for one in fees])
    await store.book([note(one, "refunded", f"re_{one}", 10) for one in fees])


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def is_slow(node):
    """Return whether a step looks at every row of a table, or at a batch for each row."""
    kind = node["Node Type"]
    if kind == "Nested Loop":
        return node["Plans"][1]["Node Type"] in {"Function Scan", "CTE Scan"}
    if node.get("Relation Name") == "asset":
        return False
    is_unbounded = kind.startswith(("Index Scan", "Index Only")) and "Index Cond" not in node
    return is_unbounded or kind in {"Seq Scan", "Hash Join", "Merge Join"}


@pytest.mark.parametrize("statistics", ["none", "stale", "fresh"])
async def test_no_statement_of_the_door_reads_a_table_from_end_to_end(
    watched, superuser, statistics
):
    pool, told = watched
    store = Store(pool=pool, partitions=8, terms=CAPPED)
    if statistics == "stale":
        await superuser.execute("ANALYZE")
    await superuser.execute(CROWDS)
    for size in SIZES:
        await book_everything(store, size)
    if statistics == "fresh":
        await superuser.execute("ANALYZE")

    plans = {}
    for query, logged in list(told.items()):
        if "pg_type" not in query and ";" not in query and query.lstrip().startswith(VERBS):
            for each in (logged[0], logged[-1]):
                plan = await pool.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *each.args)
                plans[query, len(each.args)] = json.loads(plan)[0]["Plan"]
    assert len(plans) >= 15
    slow = {key: found for key, plan in plans.items() if (found := [*filter(is_slow, nodes(plan))])}
    assert slow == {}
