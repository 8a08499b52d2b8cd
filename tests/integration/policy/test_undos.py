"""Many cases are taken back at once: shown first, done once, and the books with them."""

import asyncio
import json
from dataclasses import replace

import asyncpg
import pytest

from chassis import clock
from chassis.stopping import Stopping
from contracts.codec import encode
from contracts.values import DirectNotice, LedgerCommand, Reverse, Transfer, Unmute
from ledger.check import check
from ledger.core.refusals import Code
from ledger.record import to_command
from ledger.store.booking import PINNED, Store
from policy.brake import Window
from policy.core.rulebook import parse
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from policy.store.undos import Undos, Wanted
from policy.taking_back import TakingBack
from tests.integration.ledger.conftest import MIGRATIONS as LEDGER
from tests.integration.policy.story import NETWORK, PARTITIONS, adopt, make_message, say, until
from tests.integration.policy.test_dispatch import actions, make_decision, make_dispatch
from tests.integration.policy.test_proof_commands import reeve

__all__ = ["make_dispatch", "reeve"]

BOOK = """\
name: undos
language: en
ladder: {steps: [{at: 90, do: ban}]}
rules:
  - {id: insults, why: be kind, when: {words: [blockhead]}, then: [delete, mute: 10m, points: 2]}
  - {id: fined, why: sellers pay, when: {words: [sale]}, then: [warn, {reputation: -1}]}
  - {id: praised, why: thanks, when: {words: [thanks]}, then: {reputation: 2}}
"""
WORDS = ("a blockhead", "for sale", "many thanks")
CASES = 12


@pytest.fixture
async def digest(bus, pool, make_judge, make_dispatch):
    """A judge and a dispatch with the rulebook in force, and what they did in two groups."""
    book = parse(BOOK)
    await Rulebooks(pool).publish(book.digest, name=book.name, source=BOOK, author="a test")
    await adopt(bus, book.digest)
    async with make_judge(), make_dispatch():
        at_ms = clock.now_ms()
        said = [make_message(n, WORDS[n % 3], at_ms=at_ms + n) for n in range(CASES)]
        await say(bus, said)

        async def recorded():
            count = "SELECT count(*) FROM decision WHERE cardinality(rules) > 0"
            return await pool.fetchval(count) == CASES

        await until(recorded)
        yield book.digest


@pytest.fixture
async def books(database):
    """Stores of one ledger, as two processes of it would have them, and its URL."""
    url = await database("ledger", migrations=LEDGER)
    settings = {**PINNED, "search_path": "ledger"}
    async with asyncpg.create_pool(url, min_size=1, max_size=4, server_settings=settings) as held:
        yield [Store(pool=held, partitions=PARTITIONS) for _ in range(2)], held, url


async def over(rest, undo_id):
    async def ended():
        answer = await rest("GET", f"/v1/undos/{undo_id}")
        return answer.body if answer.body["done"] == answer.body["undo"]["items"] else None

    return await until(ended)


async def sent_by(bus, executor, kind, count):
    """Return what was published for an executor, once there are so many of a kind."""

    async def there():
        sent = await actions(bus, executor)
        bodies = [one.body.body if executor == "ledger" else one.body for one in sent]
        return sent if sum(isinstance(body, kind) for body in bodies) == count else None

    return await until(there)


def counts(listed):
    found = {}
    for one in listed:
        found[one["rule"], one["kind"]] = found.get((one["rule"], one["kind"]), 0) + one["count"]
    return found


async def test_what_a_rulebook_did_is_shown_then_taken_back_once(bus, rest, digest):
    asked = {"network": NETWORK, "rulebook": digest}
    body = {**asked, "reason": "the list was wrong", "by": "@mod:x"}
    third = CASES // 3

    shown = (await rest("POST", "/v1/undos/preview", asked)).body
    first = await rest("PUT", "/v1/undos/u1", body)
    again = await rest("PUT", "/v1/undos/u1", body)
    other = await rest("PUT", "/v1/undos/u1", {**body, "rule": "insults"})
    came = await over(rest, "u1")
    second = await rest("PUT", "/v1/undos/u2", body)
    late = await over(rest, "u2")
    left = (await rest("POST", "/v1/undos/preview", asked)).body

    assert (shown["cases"], shown["asked"]) == (CASES, 0)
    assert counts(shown["reversible"]) == {
        ("insults", "mute"): third, ("fined", "ledger"): third, ("praised", "ledger"): third,
    }  # fmt: skip
    assert counts(shown["irreversible"]) == {("insults", "delete_message"): third}
    assert len(shown["named"]) == third
    assert (first.status, again.status, other.status) == (201, 200, 409)
    assert other.body["code"] == "id_reused"
    assert (came["undo"]["items"], came["undo"]["by"], came["told"]) == (CASES, "@mod:x", CASES)
    assert came["undone"]["mute"] == came["undone"]["points"] == third
    assert came["undone"]["ledger"] == 2 * third
    assert came["kept"] == {"delete_message": third}
    assert (second.status, late["undo"]["items"]) == (201, 0)
    assert left["reversible"] == left["irreversible"] == [] or left["asked"] == left["cases"]
    cases = (await rest("GET", "/v1/cases", state="undone")).body["items"]
    assert {(one["resolved_by"], one["resolution"]) for one in cases} == {
        ("@mod:x", "the list was wrong")
    }
    sent = await sent_by(bus, "matrix", DirectNotice, CASES)
    lifted = [one for one in sent if isinstance(one.body, Unmute)]
    assert len(lifted) == len({one.undoes for one in lifted}) == third


async def test_a_time_a_group_a_rule_a_case_or_an_act_is_as_much_as_is_taken_back(rest, digest):
    cases = (await rest("GET", "/v1/cases", rule="insults")).body["items"]
    detail = (await rest("GET", f"/v1/cases/{cases[0]['id']}")).body
    mute = next(one["id"] for one in detail["actions"] if one["kind"] == "mute")
    group, now_ms = cases[0]["group"], clock.now_ms()
    time = {"network": NETWORK, "since_ms": 0, "until_ms": now_ms + 60_000}

    act = await rest("PUT", "/v1/undos/act", {"action": mute, "reason": "no"})
    await over(rest, "act")
    partly = (await rest("GET", f"/v1/cases/{cases[0]['id']}")).body["case"]
    await rest("PUT", "/v1/undos/case", {"case": cases[0]["id"], "reason": "no"})
    await over(rest, "case")
    whole = (await rest("GET", f"/v1/cases/{cases[0]['id']}")).body["case"]
    wrong = {**time, "group": group, "rule": "fined", "reason": "no"}
    await rest("PUT", "/v1/undos/group", wrong)
    in_group = await over(rest, "group")
    before = await rest("POST", "/v1/undos/preview", {**time, "until_ms": 1})
    vague = await rest("PUT", "/v1/undos/x", {"network": NETWORK, "reason": "no"})
    missing = await rest("GET", "/v1/undos/none")
    listed = (await rest("GET", "/v1/undos")).body

    assert act.status == 201
    assert (partly["state"], partly["undone"]) in [("open", ["mute"]), ("done", ["mute"])]
    assert (whole["state"], whole["undone"]) == ("undone", ["mute", "points"])
    assert set(in_group["undone"]) <= {"ledger"}
    assert before.body["cases"] == 0
    assert (vague.status, vague.body["code"]) == (422, "invalid_request")
    assert missing.body["code"] == "not_found"
    assert {one["id"] for one in listed["items"]} == {"act", "case", "group"}
    assert digest


async def test_what_was_booked_is_reversed_once_however_the_ledger_is_raced(
    bus, rest, digest, books
):
    stores, held, url = books
    asked = await sent_by(bus, "ledger", Transfer, 2 * CASES // 3)
    await stores[0].book([to_command(encode(_granted(one))) for one in asked[:1]])
    body = {"network": NETWORK, "rulebook": digest, "reason": "wrong"}
    await rest("PUT", "/v1/undos/u1", body)
    await over(rest, "u1")

    sent = await sent_by(bus, "ledger", Reverse, len(asked))
    booking = [one for one in sent if not isinstance(one.body.body, Reverse)]
    reversing = [one for one in sent if isinstance(one.body.body, Reverse)]
    assert {one.undoes for one in reversing} == {one.id for one in booking}
    async with asyncio.TaskGroup() as group:
        for store in stores:
            for one in [*reversing, *booking, *reversing]:
                group.create_task(store.book([to_command(encode(one))]))

    booked = await held.fetch("SELECT path, balance FROM account WHERE path LIKE 'member:%'")
    assert {row["path"]: row["balance"] for row in booked if row["balance"]} == {
        f"member:{asked[0].target.id}": 100
    }
    withdrawn = await held.fetchval("SELECT count(*) FROM inbox WHERE code = $1", Code.WITHDRAWN)
    reversed_ones = await held.fetchval("SELECT count(*) FROM txn WHERE kind = 'reversal'")
    refused = await held.fetchval(
        "SELECT count(*) FROM inbox WHERE code = $1", Code.INSUFFICIENT_FUNDS
    )
    assert withdrawn + reversed_ones + refused == len(booking)
    report = await check(url)
    assert report.sound, report.to_text()


def _granted(action):
    body = action.body.body
    member = f"member:{action.target.id}"
    grant = replace(body, source="issuer", destination=member, amount=100)
    return replace(action, id=f"{action.id}-grant", body=LedgerCommand(body=grant))


async def test_two_who_take_back_the_same_at_once_take_it_back_once(bus, pool, digest):
    made = [
        TakingBack(
            bus=bus,
            undos=Undos(pool),
            rulebooks=Rulebooks(pool),
            partitions=PARTITIONS,
            sweep_s=0.1,
            stopping=Stopping(),
        )
        for _ in range(2)
    ]
    wanted = Wanted(network=NETWORK, rulebook=digest)

    async with asyncio.TaskGroup() as group:
        begun = [
            group.create_task(one.begin(f"u{n}", wanted, asked="{}", reason="r", author="a", by=""))
            for n, one in enumerate(made)
        ]

    assert sum(task.result()[0].items for task in begun) == CASES

    async def concluded():
        return await pool.fetchval("SELECT count(*) FROM undo_item WHERE done") == CASES

    await until(concluded)
    third = CASES // 3
    lifted = await sent_by(bus, "matrix", Unmute, third)
    reversing = await sent_by(bus, "ledger", Reverse, 2 * third)
    undoes = [one.undoes for one in [*lifted, *reversing] if one.undoes]
    assert len(undoes) == len(set(undoes)) == CASES


async def test_what_a_crash_left_untold_is_told_by_the_sweep(pool, digest, taking_back):
    wanted = Wanted(network=NETWORK, rulebook=digest)
    begun = await taking_back.undos.begin(
        "u1", wanted, asked="{}", reason="r", author="a", by="", at_ms=1, alone=0
    )

    async with asyncio.TaskGroup() as group:
        group.create_task(taking_back.sweep())

        async def concluded():
            return await pool.fetchval("SELECT count(*) FROM undo_item WHERE done") == CASES

        await until(concluded)
        taking_back.stopping.set()

    assert begun
    assert (await taking_back.progress("u1")).told == CASES


async def test_the_brake_offers_to_take_back_what_it_let_pass(pool, rest):
    tripping = replace(Gate().limits, rule=1)
    many = [(0, make_decision(n)) for n in range(3)]
    await Outcomes(pool).record(many, replace(Gate(), limits=tripping))

    (offer,) = (await rest("GET", "/v1/brakes")).body["items"]

    window = Window(
        network=offer["network"], scope="rule", name=offer["name"], minute_ms=offer["minute_ms"]
    )
    assert (offer["scope"], offer["sanctions"]) == ("rule", 1)
    assert offer["undo"] == window.undo()
    assert offer["command"].startswith("reeve undo --network ")
    shown = await rest("POST", "/v1/undos/preview", offer["undo"])
    assert shown.body["cases"] == 3
    assert sum(one["count"] for one in shown.body["reversible"]) == 1


async def test_the_command_shows_what_can_be_taken_back_and_does_it_when_told_to(digest, reeve):
    what = ("undo", "--network", NETWORK, "--rulebook", digest, "--rule", "insults")
    third = CASES // 3

    status, shown, _ = await reeve(*what)
    unsaid = await reeve(*what, "--yes")
    done = await reeve(*what, "--yes", "--reason", "the list was wrong", "--id", "u1")
    again = await reeve(*what, "--yes", "--reason", "the list was wrong", "--id", "u1", "--json")
    hour = await reeve("undo", "--network", NETWORK, "--since", "1h", "--json")

    assert status == 0
    assert f"{third} cases, of which 0 are being taken back already" in shown
    assert f"{third:>7} mute             insults  in g0" in shown
    assert f"{third:>7} delete_message   insults  in g0" in shown
    assert unsaid[0] == 2
    assert "--yes needs --reason" in unsaid[2]
    assert done[0] == 0
    assert f"u1: {third} of {third} cases are taken back" in done[1]
    assert f"{third:>7} delete_message stays" in done[1]
    assert json.loads(again[1])["done"] == third
    assert json.loads(hour[1])["cases"] == 2 * third


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--case", "a", "--action", "b"),
        ("--until", "1h"),
        ("--case", "a", "--since", "1h"),
    ],
)
async def test_an_undo_of_nothing_or_of_everything_is_a_mistake(words, reeve):
    status, _, told = await reeve("undo", *words)

    assert status == 2
    assert told.startswith("reeve: ")


async def test_the_status_offers_what_the_brake_offers(pool, reeve):
    tripping = replace(Gate().limits, rule=1)
    many = [(0, make_decision(n)) for n in range(3)]
    await Outcomes(pool).record(many, replace(Gate(), limits=tripping))

    _, shown, _ = await reeve("status")
    _, printed, _ = await reeve("status", "--json")

    assert "The brake paused rule insults in example at 2025-06-15" in shown
    assert "  reeve undo --network example --rule insults --since 2025-06-15T" in shown
    assert json.loads(printed)["brakes"][0]["scope"] == "rule"
