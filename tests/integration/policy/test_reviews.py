"""A person decides by REST: the case is held, the verdict is in the log, the judge concludes."""

import pytest

from chassis import clock
from contracts.values import Announce, Unmute
from policy.core.rulebook import parse
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.story import adopt, make_message, say, until
from tests.integration.policy.test_dispatch import actions, make_decision, make_dispatch

__all__ = ["make_dispatch"]

BOOK = """\
name: reviews
language: en
rules:
  - id: verify-first
    why: nobody has checked it yet
    when: {words: [missing]}
    then: {hold: {for: 1h}}
  - id: insults
    why: be kind
    when: {words: [blockhead]}
    then: {mute: 10m}
"""


@pytest.fixture
async def town(bus, pool, make_judge, make_dispatch):
    """A judge and a dispatch with the rulebook in force."""
    book = parse(BOOK)
    await Rulebooks(pool).publish(book.digest, name=book.name, source=BOOK, author="a test")
    await adopt(bus, book.digest)
    async with make_judge(), make_dispatch():
        yield


async def case_in(rest, state):
    async def ask():
        page = await rest("GET", "/v1/cases", state=state)
        return page.body["items"]

    return (await until(ask))[0]


async def those_who(bus, act):
    """The actions of that kind, which are published after their case has changed."""
    return [one for one in await actions(bus) if isinstance(one.body, act)]


@pytest.mark.usefixtures("town")
async def test_what_is_held_is_listed_and_published_when_somebody_verified_it(bus, rest):
    await say(bus, [make_message(1, "my dog is missing", at_ms=clock.now_ms())])
    held = await case_in(rest, "held")
    where = f"/v1/cases/{held['id']}/verdict"

    own = await rest("POST", where, {"verdict": "approve", "by": "@ann:x"})
    wrong = await rest("POST", where, {"verdict": "uphold"})
    taken = await rest("POST", where, {"verdict": "approve", "by": "@mod:x", "reason": "I called"})
    again = await rest("POST", where, {"verdict": "approve", "by": "@mod:x", "reason": "I called"})
    approved = await case_in(rest, "approved")
    late = await rest("POST", where, {"verdict": "refuse", "by": "@mod:x"})

    assert (own.status, own.body["code"]) == (409, "own_case")
    assert (wrong.status, wrong.body["code"]) == (409, "not_waiting")
    assert taken.status == 202
    assert again.status in (202, 409)
    assert (approved["id"], approved["resolved_by"]) == (held["id"], "@mod:x".replace("@", "＠"))
    assert approved["resolution"] == "I called"
    assert late.body["code"] == "not_waiting"
    (published,) = await until(lambda: those_who(bus, Announce))
    assert "verified by" in published.body.text


@pytest.mark.usefixtures("town")
async def test_an_appeal_is_heard_once_and_what_was_done_is_taken_back(bus, rest):
    await say(bus, [make_message(1, "blockhead", at_ms=clock.now_ms())])
    case = await case_in(rest, "open")
    where = f"/v1/cases/{case['id']}"

    first = await rest("POST", f"{where}/appeal", {"reason": "it was a quotation"})
    appealed = await case_in(rest, "appealed")
    second = await rest("POST", f"{where}/appeal", {"reason": "again"})
    await rest("POST", f"{where}/verdict", {"verdict": "uphold", "by": "@mod:x"})
    upheld = await case_in(rest, "upheld")

    assert first.status == 202
    assert appealed["appeal"] == upheld["appeal"] == "it was a quotation"
    assert (second.status, second.body["code"]) == (409, "not_appealable")
    assert (upheld["undone"], upheld["kept"]) == (["mute"], [])
    (lifted,) = await until(lambda: those_who(bus, Unmute))
    assert lifted.case_id == case["id"]


async def test_what_was_never_done_cannot_be_decided_on(pool, rest):
    decision = make_decision(1)
    await Outcomes(pool).record([(0, decision)], Gate(dry_run=True))
    where = f"/v1/cases/{decision.case_id}"

    appeal = await rest("POST", f"{where}/appeal", {"reason": "but"})
    nowhere = await rest("POST", "/v1/cases/none/verdict", {"verdict": "approve"})

    assert appeal.body["code"] == "not_appealable"
    assert nowhere.body["code"] == "not_found"
