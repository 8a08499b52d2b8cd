"""REST: rulebooks, cases and decisions, as an operator meets them."""

import pytest

from chassis import telemetry
from chassis.cursors import to_cursor
from contracts import subjects
from contracts.codec import decode
from contracts.values import Event
from policy.core.rulebook import digest
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.conftest import NOBODY, READER, WRITER
from tests.integration.policy.story import BOOK, NETWORK, PARTITIONS, START_MS
from tests.integration.policy.test_dispatch import make_decision
from tests.servers import forget_streams


async def adoptions(bus):
    """The adoptions the log has: partition, group and digest of each."""
    return [
        (int(delivery.subject.split(".")[1]), event.group, event.payload.digest)
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
        for event in [decode(Event, delivery.data)]
    ]


async def test_a_rulebook_adopted_by_a_network_is_told_to_every_partition_once(bus, rest):
    form = {"source": BOOK, "network": NETWORK, "reason": "a start"}

    first = await rest("POST", "/v1/rulebooks", form)
    again = await rest("POST", "/v1/rulebooks", form)

    assert (first.status, again.status) == (201, 200)
    assert first.body["rulebook"]["digest"] == digest(BOOK)
    assert [one["id"] for one in first.body["adoptions"]] == [
        one["id"] for one in again.body["adoptions"]
    ]
    assert all(one["announced"] for one in first.body["adoptions"])
    assert sorted(await adoptions(bus)) == [(p, "", digest(BOOK)) for p in range(PARTITIONS)]


@pytest.mark.parametrize("path", ["/v1/rulebooks", "/v1/layers/networks"])
async def test_a_request_is_counted_under_its_whole_path(rest, path):
    counter = telemetry.counter("reeve_http_requests_total")
    before = counter.value(route=path)

    await rest("GET", path, token=READER)

    assert counter.value(route=path) == before + 1


async def test_a_rulebook_adopted_by_groups_is_told_to_their_partitions(bus, rest):
    await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK, "groups": ["a", "b"]})

    assert sorted(await adoptions(bus), key=lambda told: told[1]) == [
        (subjects.partition(NETWORK, group, PARTITIONS), group, digest(BOOK))
        for group in ("a", "b")
    ]


async def test_going_back_to_an_earlier_rulebook_is_an_adoption_too(bus, rest):
    other = BOOK.replace("name: test", "name: other")
    for source in (BOOK, other, BOOK):
        await rest("POST", "/v1/rulebooks", {"source": source, "network": NETWORK})

    history = await rest("GET", "/v1/rulebooks/adoptions", network=NETWORK, group="", token=READER)

    assert [one["name"] for one in history.body["items"]] == ["test", "other", "test"]
    assert len(await adoptions(bus)) == 3 * PARTITIONS


async def test_an_invalid_rulebook_is_refused_whole_with_every_fault_and_its_place(bus, pool, rest):
    source = BOOK.replace("flood:", "floood:").replace("delete,", "delette,")

    answer = await rest("POST", "/v1/rulebooks", {"source": source, "network": NETWORK})

    assert (answer.status, answer.body["code"]) == (422, "invalid_rulebook")
    places = {fault["where"].split(":")[1] for fault in answer.body["errors"]}
    wrong = {
        n for n, line in enumerate(source.splitlines(), 1) if "floood" in line or "delette" in line
    }
    assert places == {str(number) for number in wrong}
    assert await pool.fetchval("SELECT count(*) FROM rulebook") == 0
    assert await adoptions(bus) == []


async def test_what_a_crash_left_unannounced_is_announced_by_the_sweeper(bus, pool, announcer):
    await Rulebooks(pool).publish(digest(BOOK), name="test", source=BOOK, author="test")
    await Rulebooks(pool).adopt(
        digest(BOOK), network=NETWORK, groups=(), author="test", reason="", at_ms=START_MS
    )

    await announcer.announce(await announcer.rulebooks.unannounced())
    await announcer.announce(await announcer.rulebooks.unannounced())

    assert len(await adoptions(bus)) == PARTITIONS


async def test_a_log_that_was_made_anew_is_told_every_adoption_in_its_order(
    bus, nats_server, announcer, rest
):
    other = BOOK.replace("name: test", "name: other")
    await announcer.catch_up()
    for source in (BOOK, other):
        await rest("POST", "/v1/rulebooks", {"source": source, "network": NETWORK})
    before = await adoptions(bus)

    await announcer.catch_up()
    kept = await adoptions(bus)
    await forget_streams(nats_server.url)
    await bus.provision(subjects.STREAMS)
    for _ in range(2):
        await announcer.catch_up()

    assert kept == before
    assert await adoptions(bus) == before


async def test_rulebooks_are_listed_without_and_shown_with_their_text(rest):
    for number in range(3):
        await rest("POST", "/v1/rulebooks", {"source": BOOK.replace("test", f"t{number}", 1)})

    first = await rest("GET", "/v1/rulebooks", limit="2")
    rest_of_it = await rest("GET", "/v1/rulebooks", limit="2", cursor=first.body["next"])
    one = await rest("GET", f"/v1/rulebooks/{first.body['items'][0]['digest']}")

    assert [book["name"] for book in first.body["items"]] == ["t2", "t1"]
    assert [book["name"] for book in rest_of_it.body["items"]] == ["t0"]
    assert rest_of_it.body["next"] is None
    assert first.body["items"][0]["source"] is None
    assert one.body["source"].startswith("name: t2")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
async def test_a_forged_cursor_outside_of_all_calendars_is_refused(rest, at):
    answer = await rest("GET", "/v1/rulebooks", cursor=to_cursor(at, ""))

    assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")


async def test_cases_are_found_by_every_filter_and_paged_without_gaps(pool, rest):
    decisions = [
        make_decision(number, rule=("spam", "insults")[number % 2], at_ms=START_MS + number // 3)
        for number in range(20)
    ]
    await Outcomes(pool).record([(0, decision) for decision in decisions], Gate())

    seen, cursor = [], None
    while True:
        query = {"network": NETWORK, "limit": "7"} | ({"cursor": cursor} if cursor else {})
        page = await rest("GET", "/v1/cases", token=READER, **query)
        seen += [case["id"] for case in page.body["items"]]
        cursor = page.body["next"]
        if cursor is None:
            break
    spam = await rest("GET", "/v1/cases", rule="spam", member="@ann:x", state="open", group="g")
    late = await rest("GET", "/v1/cases", since_ms=str(START_MS + 5), until_ms=str(START_MS + 6))

    assert sorted(seen) == sorted(decision.case_id for decision in decisions)
    assert len(spam.body["items"]) == 10
    assert {case["opened_ms"] for case in late.body["items"]} == {START_MS + 5}


async def test_a_case_shows_its_actions_and_decisions(pool, rest):
    decision = make_decision(1)
    await Outcomes(pool).record([(0, decision)], Gate())

    shown = await rest("GET", f"/v1/cases/{decision.case_id}")

    assert shown.body["case"]["rule"] == "insults"
    assert [step["kind"] for step in shown.body["actions"]] == ["mute"]
    assert shown.body["decisions"][0]["decision"]["event_id"] == decision.event_id


async def test_decisions_are_found_and_shown(pool, rest):
    decisions = [make_decision(number) for number in range(3)]
    await Outcomes(pool).record([(0, decision) for decision in decisions], Gate())

    found = await rest("GET", "/v1/decisions", event_id=decisions[1].event_id)
    by_rule = await rest("GET", "/v1/decisions", rule="insults", outcome="mute", network=NETWORK)
    one = await rest("GET", f"/v1/decisions/{decisions[1].id}")

    assert [item["id"] for item in found.body["items"]] == [decisions[1].id]
    assert len(by_rule.body["items"]) == 3
    assert one.body["decision"]["outcome"] == "MUTE"


@pytest.mark.parametrize(
    ("method", "path", "token", "status", "code"),
    [
        ("GET", "/v1/cases", NOBODY, 401, "unauthenticated"),
        ("POST", "/v1/rulebooks", READER, 403, "forbidden"),
        ("GET", "/v1/cases/none", READER, 404, "not_found"),
        ("GET", "/v1/decisions/none", READER, 404, "not_found"),
        ("GET", "/v1/rulebooks/" + "0" * 64, READER, 404, "not_found"),
        ("GET", "/v1/rulebooks/nonsense", READER, 422, "invalid_request"),
        ("GET", "/v1/cases?cursor=nonsense", READER, 400, "invalid_cursor"),
        ("GET", "/v1/cases?cursor=%C3%A4", READER, 400, "invalid_cursor"),
        ("GET", "/v1/rulebooks?cursor=YQ", READER, 400, "invalid_cursor"),
        ("GET", "/v1/cases?colour=red", READER, 422, "invalid_request"),
        ("GET", "/v1/cases?limit=0", READER, 422, "invalid_request"),
        ("GET", "/v1/cases?member=%00", READER, 422, "invalid_request"),
        ("POST", "/v1/rulebooks", WRITER, 422, "invalid_request"),
    ],
)
async def test_what_is_wrong_with_a_request_is_a_problem_with_a_stable_code(
    rest, method, path, token, status, code
):
    body = {"source": ""} if method == "POST" else None

    answer = await rest(method, path, body, token=token)

    assert (answer.status, answer.body["code"]) == (status, code)


async def test_the_interface_describes_itself(rest):
    described = await rest("GET", "/openapi.json")

    assert {"/v1/rulebooks", "/v1/cases", "/v1/decisions"} <= described.body["paths"].keys()
    for path in described.body["paths"].values():
        for operation in path.values():
            assert "Problems:" in operation["description"]


async def test_rules_are_ranked_by_what_they_have_done(pool, rest):
    await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK})
    decisions = [
        make_decision(number, rule=("spam", "insults")[number % 2], at_ms=START_MS + number)
        for number in range(3)
    ]
    await Outcomes(pool).record([(0, decision) for decision in decisions], Gate())
    await pool.execute("UPDATE case_file SET state = 'upheld', appeal = 'x' WHERE rule = 'insults'")

    found = await rest("GET", "/v1/rules/quality", network=NETWORK, token=READER)
    later = await rest(
        "GET", "/v1/rules/quality", network=NETWORK, since_ms=str(START_MS + 2), token=READER
    )

    first = found.body["items"][0]
    assert (first["rule"], first["wrong"], first["upheld"], first["hits"]) == ("insults", 1, 1, 1)
    assert {one["rule"]: one["hits"] for one in later.body["items"] if one["hits"]} == {"spam": 1}
    assert [one["rule"] for one in found.body["items"] if one["in_force"]]


async def test_while_the_database_is_away_callers_are_asked_to_come_again(rest, pool):
    await pool.close()

    reading = await rest("GET", "/v1/cases", network=NETWORK)
    writing = await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK})

    assert [(a.status, a.body["code"]) for a in (reading, writing)] == [(503, "unavailable")] * 2
