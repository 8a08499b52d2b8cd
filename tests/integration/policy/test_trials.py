"""Trials over REST: begun and ended in the log, counted once, and canaries are watched."""

import asyncio

import pytest

from contracts import subjects
from contracts.codec import decode, encode
from contracts.values import (
    AdoptionMode,
    DecisionBatch,
    Disagreement,
    Event,
    Outcome,
    RulebookAdopted,
    RuleTally,
    Tally,
)
from policy.core.rulebook import digest
from policy.trying import GUARD
from tests.integration.policy.conftest import READER
from tests.integration.policy.story import BOOK, NETWORK, PARTITIONS, until

STRICT = BOOK.replace("blockhead", "morning")
PREDICTION = {"judged": 1_000, "hits": 10, "rules": {"insults": 10}}


@pytest.fixture
async def candidate(rest):
    """The digest of a candidate, beside what is in force."""
    await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK})
    answer = await rest("POST", "/v1/rulebooks", {"source": STRICT})
    return answer.body["rulebook"]["digest"]


async def logged(bus):
    """The trials' events in the log, of one partition."""
    found = []
    async for batch in bus.read(subjects.EVENTS, "ev.0.>"):
        events = [decode(Event, one.data) for one in batch]
        found += [one.payload for one in events if one.payload.mode]
    return found


def told(trial, *, judged, hits, seq=10):
    """What a judge would commit."""
    rule = RuleTally(rule="insults", hits=hits, newly=hits)
    tally = Tally(trial=trial, judged=judged, hits=hits, disagreed=hits, rules=(rule,))
    disagreement = Disagreement(trial=trial, event_id=f"e{seq}", kind="newly", live=Outcome.ALLOW)
    return DecisionBatch(
        partition=seq % PARTITIONS, last_seq=seq, tallies=(tally,), disagreements=(disagreement,)
    )


async def begin(rest, candidate, kind="shadow", **fields):
    body = {"network": NETWORK, "reason": "a test", **fields}
    answer = await rest("POST", f"/v1/rulebooks/{candidate}/{kind}", body)
    assert answer.status == 201, answer.body
    return answer.body


async def test_a_shadow_is_begun_and_stopped_in_the_log_of_every_partition(bus, rest, candidate):
    trial = await begin(rest, candidate, groups=["g2", "g1", "g1"])
    answer = await rest("POST", f"/v1/trials/{trial['id']}/stop", {"reason": "enough"})

    began, ended = await logged(bus)
    assert began == RulebookAdopted(
        digest=candidate,
        name="test",
        groups=("g1", "g2"),
        author="operator",
        reason="a test",
        mode=AdoptionMode.SHADOW,
        trial=trial["id"],
    )
    assert (ended.mode, ended.reason) == (AdoptionMode.ENDED, "enough")
    assert (answer.body["state"], answer.body["ended_by"]) == ("stopped", "operator")
    again = await rest("POST", f"/v1/trials/{trial['id']}/stop", {})
    assert (again.status, again.body["code"]) == (409, "not_running")


async def test_what_a_shadow_came_to_is_counted_once_and_listed(rest, trying, candidate):
    trial = (await begin(rest, candidate))["id"]
    batches = [told(trial, judged=5, hits=2, seq=8), told(trial, judged=3, hits=1, seq=9)]
    later = told(trial, judged=9, hits=4, seq=12)

    assert await trying.trials.record(batches) == [("", "newly")] * 2
    assert await trying.trials.record([later, *batches]) == [("", "newly")]
    assert await trying.trials.record([later]) == []

    shown = (await rest("GET", f"/v1/trials/{trial}", token=READER)).body
    assert (shown["judged"], shown["hits"], shown["disagreed"]) == (12, 5, 5)
    assert shown["rules"] == [{"rule": "insults", "hits": 5, "newly": 5, "spared": 0}]
    where = f"/v1/trials/{trial}/disagreements"
    page = (await rest("GET", where, limit="2", kind="newly")).body
    rest_of_it = (await rest("GET", where, limit="2", cursor=page["next"])).body
    events = [one["event_id"] for one in (*page["items"], *rest_of_it["items"])]
    assert events == ["e12", "e9", "e8"]
    assert rest_of_it["next"] is None
    assert (await rest("GET", where, cursor="x")).body["code"] == "invalid_cursor"
    listed = (await rest("GET", "/v1/trials", network=NETWORK, state="running")).body
    assert [one["id"] for one in listed["items"]] == [trial]


async def test_a_canary_is_promoted_everywhere_it_was_about(bus, rest, candidate):
    trial = await begin(rest, candidate, "canary", share=0.1)
    second = await rest(
        "POST", f"/v1/rulebooks/{candidate}/canary", {"network": NETWORK, "share": 1}
    )
    answer = await rest("POST", f"/v1/trials/{trial['id']}/promote", {})

    assert (second.status, second.body["code"]) == (409, "too_many")
    assert answer.body["state"] == "promoted"
    history = (await rest("GET", "/v1/rulebooks/adoptions", network=NETWORK)).body["items"]
    assert [one["digest"] for one in history] == [candidate, digest(BOOK)]
    began, ended = await logged(bus)
    assert (began.mode, began.share) == (AdoptionMode.CANARY, 1_000)
    assert (ended.mode, ended.digest) == (AdoptionMode.ENDED, candidate)


async def test_a_canary_that_hits_more_than_predicted_rolls_itself_back(
    bus, rest, trying, candidate
):
    trial = await begin(rest, candidate, "canary", share=0.5, prediction=PREDICTION)
    await trying.trials.record([told(trial["id"], judged=100, hits=1)])
    await trying.watch(await trying.trials.one(trial["id"]))
    assert (await trying.trials.one(trial["id"])).state == "running"

    await trying.trials.record([told(trial["id"], judged=200, hits=60, seq=14)])
    async with asyncio.TaskGroup() as group:
        sweeping = group.create_task(trying.sweep())

        async def ended():
            return (await trying.trials.one(trial["id"])).state != "running"

        await until(ended)
        trying.stopping.set()
        await sweeping

    shown = (await rest("GET", f"/v1/trials/{trial['id']}")).body["trial"]
    assert (shown["state"], shown["ended_by"]) == ("rolled_back", GUARD)
    assert "60 times in 200 events, more than the backtest allows" in shown["end_reason"]
    assert shown["back_to"] == digest(BOOK)
    _, ended = await logged(bus)
    assert (ended.digest, ended.author, ended.reason) == (
        digest(BOOK),
        GUARD,
        shown["end_reason"],
    )


@pytest.mark.parametrize(("state", "count"), [("upheld", 3), ("braked", 1)])
async def test_appeals_and_the_brake_end_a_canary(rest, pool, trying, candidate, state, count):
    trial = await begin(rest, candidate, "canary", share=0.5)
    row = await trying.trials.one(trial["id"])
    for number in range(count):
        await trying.watch(row)
        assert (await trying.trials.one(row.id)).state == "running"
        await pool.execute(
            "INSERT INTO decision (id, partition, event_seq, event_id, at_ms, network, group_id,"
            " member, message_id, rulebook, outcome, rules, case_id, body)"
            " VALUES ($1, 0, 1, $1, $2, $3, 'g', 'm', '', $4, 'mute', '{}', $1, '')",
            f"c{number}", row.started_ms, NETWORK, candidate,
        )  # fmt: skip
        await pool.execute(
            "INSERT INTO case_file (id, decision_id, state, opened_ms, until_ms, network, group_id,"
            " platform, connection, member, member_name, message_id, rule, outcome, strikes,"
            " explanation, language, channel)"
            " VALUES ($1, $1, $2, $3, 0, $4, 'g', '', '', 'm', '', '', '', 'mute', 0, '', 'en', ''"
            ")",
            f"c{number}", state, row.started_ms, NETWORK,
        )  # fmt: skip

    await trying.watch(row)

    ended = await trying.trials.one(row.id)
    assert ended.state == "rolled_back"
    assert {"upheld": "appeals", "braked": "brake"}[state] in ended.end_reason


async def test_what_a_crash_left_unannounced_is_announced_once(bus, pool, rest, trying, candidate):
    trial = await begin(rest, candidate)
    await pool.execute("UPDATE trial SET announced = false")

    async with asyncio.TaskGroup() as group:
        sweeping = group.create_task(trying.sweep())

        async def announced():
            return (await trying.trials.one(trial["id"])).announced

        await until(announced)
        trying.stopping.set()
        await sweeping

    assert len(await logged(bus)) == 1


async def test_there_are_four_shadows_at_most(rest, candidate):
    for number in range(4):
        await begin(rest, candidate, reason=f"{number}")

    answer = await rest("POST", f"/v1/rulebooks/{candidate}/shadow", {"network": NETWORK})

    assert (answer.status, answer.body["code"]) == (409, "too_many")


@pytest.mark.parametrize(
    ("method", "where", "body", "status"),
    [
        ("POST", f"/v1/rulebooks/{'0' * 64}/shadow", {"network": "x"}, 404),
        ("POST", f"/v1/rulebooks/{'0' * 64}/shadow", {"network": ""}, 422),
        ("POST", f"/v1/rulebooks/{'0' * 64}/canary", {"network": "x", "share": 2}, 422),
        ("POST", f"/v1/rulebooks/{'0' * 64}/canary", {"network": "x", "share": 0}, 422),
        ("POST", "/v1/trials/none/promote", {}, 404),
        ("POST", "/v1/trials/none/rollback", {}, 404),
        ("GET", "/v1/trials/none", None, 404),
        ("GET", "/v1/trials/none/disagreements", None, 404),
    ],
)
async def test_what_is_not_there_is_told(rest, method, where, body, status):
    assert (await rest(method, where, body)).status == status


async def test_readers_begin_and_end_nothing(rest, candidate):
    trial = await begin(rest, candidate)

    answers = [
        await rest("POST", f"/v1/rulebooks/{candidate}/shadow", {"network": "x"}, token=READER),
        await rest("POST", f"/v1/trials/{trial['id']}/stop", {}, token=READER),
        await rest("POST", "/v1/rulebooks/rollback", {"network": NETWORK}, token=READER),
    ]

    assert [answer.status for answer in answers] == [403, 403, 403]


async def test_the_rulebook_before_is_put_in_force_again_in_one_call(rest, candidate):
    nothing = await rest("POST", "/v1/rulebooks/rollback", {"network": NETWORK})
    await rest("POST", "/v1/rulebooks", {"source": STRICT, "network": NETWORK})

    back = await rest("POST", "/v1/rulebooks/rollback", {"network": NETWORK})
    where = f"/v1/rulebooks/{digest(BOOK)}/difference"
    difference = (await rest("GET", where, to=candidate)).body["lines"]

    assert nothing.body["code"] == "nothing_before"
    assert [one["digest"] for one in back.body] == [digest(BOOK)]
    assert back.body[0]["reason"] == f"back from {candidate[:12]}"
    assert "-    words: [blockhead, nincompoop]" in difference
    assert "+    words: [morning, nincompoop]" in difference
    missing = await rest("GET", where, to="0" * 64)
    assert missing.status == 404


def test_batches_with_trials_go_over_the_wire():
    batch = told("t", judged=1, hits=1)

    assert decode(DecisionBatch, encode(batch)) == batch
