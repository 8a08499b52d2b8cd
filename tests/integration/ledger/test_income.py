"""Income and cost of the house, by group and source, and what came back taken off."""

import asyncio
import csv
import io
import json
import os
import sys
from collections import defaultdict
from random import Random

from ledger.income import report
from tests.integration.ledger.conftest import READER
from tests.ledger_books import (
    GROUP,
    NETWORK,
    ask,
    capture,
    close,
    fund,
    hold,
    note,
    pay,
    reverse,
    send,
    take,
)

HALL = f"group:{GROUP}"


async def fill(store):
    """Entries of 990 and 500, 300 of it back; a packet of 90, 30 taken; an ad taken back."""
    await store.book([pay("issuer", "treasury", 1_000, purpose="funding"), fund("ann", 50)])
    asked = await store.book([ask("ann", 990, destination=HALL), ask("bob", 500, destination=HALL)])
    one, two = [verdict.detail for verdict in asked.verdicts]
    await store.book([note(one, "captured", "pi_1", 990), note(two, "captured", "pi_2", 500)])
    await store.book([note(one, "refunded", "re_1", 300)])
    sent = await store.book([send("", 90, 3, packet={"source": "treasury"}), take("bob")])
    await store.book([close(sent.verdicts[0].packet_id)])
    ad = pay("member:ann", "house", 20, purpose="ad")
    kept = pay("member:ann", "house", 5, purpose="ad")
    await store.book([ad, kept, reverse(ad)])
    held = (await store.book([hold("treasury", "member:cid", 40, purpose="prize")])).verdicts[0]
    await store.book([capture(held.hold_id, 15)])
    await store.book([pay("member:ann", "member:bob", 3, purpose="nobody's")])


LINES = [
    (HALL, GROUP, "CNY", "payment", "entry", 3, 1_190, 0),
    ("house", "", "points", "transfer", "ad", 3, 5, 0),
    ("treasury", "", "points", "capture", "prize", 1, 0, 15),
    ("treasury", "", "points", "transfer", "funding", 1, 1_000, 0),
    ("treasury", GROUP, "points", "packet", "", 2, 0, 30),
]


async def test_income_and_cost_are_told_by_account_group_and_source(store, rest, sound):
    await fill(store)

    told = await rest("GET", "/v1/treasury/report", network=NETWORK, token=READER)
    first = await rest("GET", "/v1/treasury/report", network=NETWORK, limit="2")
    await store.book([pay("member:ann", HALL, 1, purpose="a line before where the page ended")])
    page = await rest(
        "GET", "/v1/treasury/report", network=NETWORK, limit="2", cursor=first.body["next"]
    )
    wrong = await rest("GET", "/v1/treasury/report", network=NETWORK, cursor="2")
    other = await rest("GET", "/v1/treasury/report", network="other")

    names = ("account", "group", "asset", "source", "purpose", "moves", "income", "cost")
    assert [tuple(line[name] for name in names) for line in told.body["items"]] == LINES
    assert [(one["asset"], one["income"], one["cost"]) for one in told.body["totals"]] == [
        ("CNY", 1_190, 0), ("points", 1_005, 45),
    ]  # fmt: skip
    assert first.body["items"] == told.body["items"][:2]
    assert (wrong.status, wrong.body["code"]) == (400, "invalid_cursor")
    assert page.body["items"] == told.body["items"][2:4]
    assert (other.body["items"], other.body["totals"]) == ([], [])
    await sound()


async def test_two_spans_that_meet_are_the_whole(store, pool, books_url):
    await fill(store)
    at = await pool.fetchval("SELECT recorded_at FROM batch ORDER BY id OFFSET 5 LIMIT 1")

    def sums(*parts):
        found = defaultdict(lambda: [0, 0, 0])
        for line in (line for part in parts for line in part.lines):
            for place, amount in enumerate((line.moves, line.income, line.cost)):
                found[line[:6]][place] += amount
        return dict(found)

    whole = await report(books_url, "ledger", NETWORK, None, None)
    before = await report(books_url, "ledger", NETWORK, None, at)
    after = await report(books_url, "ledger", NETWORK, at, None)

    assert before.lines
    assert after.lines
    assert sums(before, after) == sums(whole)


async def test_income_less_cost_is_what_the_balances_changed_by(store, pool, books_url, sound):
    chance = Random(7)
    paths = ["issuer", "treasury", "treasury:games", "house", "group:g", "member:ann", "member:bob"]
    done, packet = pay("issuer", "treasury", 200), "none"
    await store.book([done])
    for _ in range(30):
        source, destination = chance.sample(paths, 2)
        gift = pay(source, destination, chance.randint(1, 50), purpose=chance.choice("xyz"))
        sent = send("", chance.randint(2, 20), 2, packet={"source": chance.choice(paths[1:5])})
        batch = await store.book([reverse(done), close(packet), gift, sent, take("ann")])
        done, packet = chance.choice([done, gift]), batch.verdicts[3].packet_id or packet

    told = await report(books_url, "ledger", NETWORK, None, None)

    net = defaultdict(int)
    for line in told.lines:
        net[line.account] += line.income - line.cost
    rows = await pool.fetch(
        "SELECT path, balance FROM account WHERE kind IN ('treasury', 'house', 'group')"
        " AND version > 0"
    )
    assert dict(net) == {row["path"]: row["balance"] for row in rows}
    await sound()


async def test_the_operator_reads_a_table_and_a_spreadsheet(store, books_url):
    await fill(store)

    async def reeve(*words):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "reeve", "ledger", "report", "--network", NETWORK, *words,
            env={**os.environ, "DATABASE_URL": books_url}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, _ = await process.communicate()
        assert process.returncode == 0
        return told.decode()

    table = [line.split() for line in (await reeve()).splitlines()]
    sheet = list(csv.DictReader(io.StringIO(await reeve("--csv"))))
    told = json.loads(await reeve("--json"))

    assert table[0] == ["income", "cost", "asset", "account", "group", "source", "purpose"]
    assert table[1] == ["11.90", "0.00", "CNY", HALL, GROUP, "payment", "entry"]
    assert table[-1][:4] == ["1005", "45", "points", "total"]
    assert [row["income"] for row in sheet] == [str(line["income"]) for line in told["lines"]]
