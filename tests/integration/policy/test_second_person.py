"""Much is taken back by two people; and what opened no case is taken back, too."""

import pytest

from policy.core.rulebook import parse
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.conftest import READER, SECOND
from tests.integration.policy.story import NETWORK, adopt, make_message, say, until
from tests.integration.policy.test_dispatch import make_dispatch
from tests.integration.policy.test_proof_commands import reeve
from tests.integration.policy.test_undos import CASES, digest, over

__all__ = ["digest", "make_dispatch", "reeve"]


QUIET = """\
name: quiet
language: en
tiers: [{name: low}, {name: high}]
rules:
  - {id: shy, why: quiet ones, when: {words: [psst]}, then: {label: shy}}
  - {id: loud, why: loud ones, when: {words: [hey]}, then: promote}
  - {id: told, why: say so, when: {words: [hello]}, then: {reply: Hello.}}
"""


@pytest.mark.parametrize("alone", [CASES - 1])
async def test_much_is_taken_back_only_when_a_second_key_confirms(rest, digest):
    body = {"network": NETWORK, "rulebook": digest, "reason": "wrong", "by": "@mod:x"}

    asked = await rest("PUT", "/v1/undos/u1", body)
    again = await rest("PUT", "/v1/undos/u1", body)
    own = await rest("POST", "/v1/undos/u1/confirm", {})
    same = await rest("POST", "/v1/undos/u1/confirm", {"by": "@mod:x"}, token=SECOND)
    reader = await rest("POST", "/v1/undos/u1/confirm", {}, token=READER)
    none = await rest("POST", "/v1/undos/u9/confirm", {}, token=SECOND)
    before = (await rest("GET", "/v1/undos/u1")).body
    confirmed = await rest("POST", "/v1/undos/u1/confirm", {"by": "@two:x"}, token=SECOND)
    came = await over(rest, "u1")
    twice = await rest("POST", "/v1/undos/u1/confirm", {}, token=SECOND)
    late = await rest("POST", "/v1/undos/u1/withdraw")

    assert (asked.status, asked.body["state"], asked.body["items"]) == (201, "waiting", CASES)
    assert (again.status, again.body["state"]) == (200, "waiting")
    assert (own.status, own.body["code"]) == (same.status, same.body["code"])
    assert (own.status, own.body["code"]) == (409, "same_person")
    assert reader.status == 403
    assert none.body["code"] == "not_found"
    assert (before["told"], before["done"]) == (0, 0)
    assert (confirmed.body["state"], confirmed.body["confirmed_by"]) == ("running", "second")
    assert came["undone"]["mute"] == CASES // 3
    assert twice.body["code"] == late.body["code"] == "not_waiting"


@pytest.mark.parametrize("alone", [CASES - 1])
async def test_many_small_undos_of_one_key_are_a_large_one(rest, digest):
    some = {"network": NETWORK, "rulebook": digest, "rule": "insults", "reason": "wrong"}
    rest_of_it = {"network": NETWORK, "rulebook": digest, "reason": "wrong"}

    first = await rest("PUT", "/v1/undos/u1", some)
    second = await rest("PUT", "/v1/undos/u2", {**rest_of_it, "rule": "fined"})
    third = await rest("PUT", "/v1/undos/u3", {**rest_of_it, "rule": "praised"})

    assert [one.body["state"] for one in (first, second, third)] == [
        "running",
        "running",
        "waiting",
    ]


@pytest.mark.parametrize("alone", [CASES - 1])
async def test_what_is_withdrawn_can_be_asked_for_again(rest, digest):
    body = {"network": NETWORK, "rulebook": digest, "reason": "wrong"}
    await rest("PUT", "/v1/undos/u1", body)

    gone = await rest("POST", "/v1/undos/u1/withdraw", {})
    none = await rest("POST", "/v1/undos/u9/withdraw", {})
    too_late = await rest("POST", "/v1/undos/u1/confirm", {}, token=SECOND)
    again = await rest("PUT", "/v1/undos/u2", body)

    assert (gone.body["state"], none.body["code"]) == ("withdrawn", "not_found")
    assert too_late.body["code"] == "not_waiting"
    assert (again.body["state"], again.body["items"]) == ("waiting", CASES)


async def test_labels_and_tiers_that_opened_no_case_are_shown_and_taken_back(
    bus, pool, rest, make_judge, make_dispatch
):
    book = parse(QUIET)
    await Rulebooks(pool).publish(book.digest, name=book.name, source=QUIET, author="a test")
    await adopt(bus, book.digest)
    async with make_judge(), make_dispatch():
        said = [make_message(n, word) for n, word in enumerate(("psst", "hey", "hello"))]
        await say(bus, said)

        async def recorded():
            count = "SELECT count(*) FROM decision WHERE cardinality(rules) > 0"
            return await pool.fetchval(count) == len(said)

        await until(recorded)
        what = {"network": NETWORK, "rulebook": book.digest}
        shown = (await rest("POST", "/v1/undos/preview", what)).body
        one = (await rest("POST", "/v1/undos/preview", {**what, "rule": "loud"})).body
        await rest("PUT", "/v1/undos/u1", {**what, "reason": "wrong"})
        came = await over(rest, "u1")

    counted = {(row["rule"], row["kind"]): row["count"] for row in shown["reversible"]}
    assert (shown["cases"], counted) == (2, {("shy", "label"): 1, ("loud", "tier"): 1})
    assert (one["cases"], [row["rule"] for row in one["reversible"]]) == (1, ["loud"])
    assert (came["undo"]["items"], came["undone"]) == (2, {"label": 1, "tier": 1})


@pytest.mark.parametrize("alone", [1])
async def test_the_command_says_that_it_waits_and_a_second_person_lets_it_begin(
    digest, reeve, monkeypatch
):
    what = ("undo", "--network", NETWORK, "--rulebook", digest, "--yes", "--reason", "wrong")

    waits = await reeve(*what, "--id", "u1")
    own = await reeve("undo", "--confirm", "u1")
    monkeypatch.setenv("REEVE_API_KEY", SECOND)
    done = await reeve("undo", "--confirm", "u1", "--by", "@two:x")
    late = await reeve("undo", "--withdraw", "u1")

    assert waits[0] == 1
    assert f"u1: {CASES} cases wait for a second person; nothing is done yet." in waits[1]
    assert (own[0], late[0]) == (1, 1)
    assert "another API key is needed" in own[2]
    assert done[0] == 0
    assert f"u1: {CASES} of {CASES} cases are taken back" in done[1]
