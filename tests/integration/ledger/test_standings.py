"""What members earned is told as it counts: capped, decayed, and as of any time."""

import json
from dataclasses import replace

import pytest

from tests.integration.ledger.conftest import READER
from tests.integration.ledger.test_verb import reeve
from tests.ledger_books import GROUP, NETWORK, SCENE, merit, reverse

DAY_MS = 86_400_000
LOW = {"name": "a", "at_least": 5, "keep": 5}
TERMS = {
    "half_life_days": 30,
    "per_giver": 6,
    "per_member": 8,
    "per_pair": 4,
    "seeds": ["bob"],
    "serial": 5,
    "levels": [
        {"name": "known", "at_least": 9, "keep": 7, "givers": 2, "days": 0, "labels": ["a"]}
    ],
}


@pytest.fixture
async def told(rest):
    """``await told(question, ...)`` returns what `/v1/reputation` answers."""

    async def ask(question, **query):
        answer = await rest(
            "GET", f"/v1/reputation/{question}", token=READER, network=NETWORK, **query
        )
        assert answer.status == 200, answer.body
        return answer.body

    return ask


async def say_terms(rest, **change):
    answer = await rest("PUT", "/v1/reputation/terms", {"network": NETWORK, **TERMS, **change})
    assert answer.status == 200, answer.body


async def test_a_standing_is_capped_over_the_day_and_told_for_group_and_network(
    store, rest, told, sound
):
    await say_terms(rest)
    here = replace(SCENE, group="!pier:example.org")
    await store.book(
        [
            merit("ann", 9, giver="bob"),
            merit("cid", 4, giver="bob", scene=here),
            merit("ann", 3, giver="dan"),
            merit("ann", 3, giver="eve"),
            merit("ann", -2, rule="spam"),
        ]
    )

    in_all = await told("standing", member="ann")
    in_group = await told("standing", member="ann", group=GROUP)
    board = (await told("leaderboard"))["items"]

    # bob's six are three each in the network, and four of them here
    assert (in_all["standing"], in_all["givers"], in_all["days"]) == (8 - 2, 3, 1)
    assert in_group["standing"] == 8 - 2
    assert [(one["member"], one["standing"]) for one in board[:2]] == [("ann", 6), ("cid", 3)]
    assert (await told("standing", member="cid", group=GROUP))["standing"] == 0
    await sound()


async def test_a_standing_decays_and_is_told_as_it_was(store, rest, told, pool):
    await say_terms(rest, per_pair=0, per_giver=0, per_member=0)
    [now] = await pool.fetch("SELECT (extract(epoch FROM clock()) * 1000)::bigint AS ms")
    old = merit("ann", 40, giver="bob", happened_ms=now["ms"] - 30 * DAY_MS)
    before = await pool.fetchval("SELECT clock()")
    await store.book([old])
    booked = await pool.fetchval("SELECT max(recorded_at) FROM batch")
    await store.book([reverse(old), merit("ann", 1, giver="cid")])

    assert (await told("standing", member="ann"))["standing"] == 1
    assert (await told("standing", member="ann", at=booked.isoformat()))["standing"] == 20
    assert (await told("standing", member="ann", at=before.isoformat()))["standing"] == 0
    assert (await told("standing", member="nobody"))["standing"] == 0


async def test_terms_are_those_of_the_group_before_those_of_the_network_and_of_their_time(
    rest, told, pool
):
    assert (await told("terms"))["half_life_days"] == 180
    await say_terms(rest)
    early = await pool.fetchval("SELECT max(recorded_at) FROM merit_terms")
    await say_terms(rest, half_life_days=60)
    await say_terms(rest, group=GROUP, half_life_days=7)

    assert (await told("terms"))["half_life_days"] == 60
    assert (await told("terms", group="!pier:example.org"))["half_life_days"] == 60
    assert (await told("terms", group=GROUP)) == {**TERMS, "half_life_days": 7}
    assert (await told("terms", at=early.isoformat()))["half_life_days"] == 30
    assert await pool.fetchval("SELECT array_agg(DISTINCT said_by) FROM merit_terms") == [
        "operator"
    ]


async def test_quality_counts_what_was_taken_back_and_trust_comes_from_the_seeds(store, rest, told):
    await say_terms(rest)
    wrong = merit("cid", 1, giver="eve")
    await store.book([merit("ann", 1, giver="bob"), merit("cid", 2, giver="dan"), wrong])
    await store.book([reverse(wrong)])

    board = {one["member"]: one for one in (await told("leaderboard"))["items"]}

    assert board["ann"]["quality_ppm"] == 206_543
    assert board["cid"]["quality_ppm"] == 94_528
    assert board["bob"]["trust"] + board["ann"]["trust"] == 10**12
    assert board["cid"]["trust"] == 0


async def test_praise_is_told_with_its_reasons_for_the_last_days_alone(store, told, pool):
    [now] = await pool.fetch("SELECT (extract(epoch FROM clock()) * 1000)::bigint AS ms")
    taken = merit("eve", 5, giver="dan", reason="Nothing.")
    await store.book(
        [
            merit("ann", 2, giver="bob", rule="thanks", reason="Tides.", evidence=("e1",)),
            merit("cid", 9, giver="bob", reason="Old.", happened_ms=now["ms"] - 8 * DAY_MS),
            taken,
            reverse(taken),
        ]
    )

    week = (await told("praise"))["items"]
    month = (await told("praise", days="30"))["items"]

    assert [(one["member"], one["amount"]) for one in week] == [("ann", 2)]
    assert week[0]["reasons"] == [
        {
            "txn_id": 1, "giver": "bob", "amount": 2, "rule": "thanks", "reason": "Tides.",
            "evidence": ["e1"],
        }
    ]  # fmt: skip
    assert [one["member"] for one in month] == ["cid", "ann"]


async def test_an_operator_is_told_the_same_and_the_same_bytes_each_time(store, books_url):
    await store.book([merit("ann", 2, giver="bob", reason="Tides.\n\x1b[2K"), merit("cid", 1)])
    words = ["--network", NETWORK]

    board = (await reeve(books_url, "leaderboard", *words))[1].splitlines()
    rows = [(await reeve(books_url, "leaderboard", *words, "--json"))[1] for _ in range(2)]
    alone = json.loads(
        (await reeve(books_url, "leaderboard", *words, "--json", "--member", "cid"))[1]
    )
    praise = (await reeve(books_url, "praise", *words))[1].splitlines()
    told = json.loads((await reeve(books_url, "praise", *words, "--json"))[1])

    assert [line.split()[0] for line in board] == ["standing", "2", "1"]
    assert rows[0] == rows[1]
    assert [one["member"] for one in alone["ratings"]] == ["cid"]
    assert [line.strip() for line in praise] == ["2  ann", "- Tides.\ufffd\ufffd[2K", "1  cid"]
    assert [one["member"] for one in told["praised"]] == ["ann", "cid"]
    nobody = await reeve(books_url, "praise", "--network", "other")
    assert nobody[1] == "Nobody was praised.\n"


@pytest.mark.parametrize(
    "change",
    [
        {"serial": 1},
        {"levels": [{**LOW, "keep": 6}]},
        {"levels": [LOW, {**LOW, "name": "b"}]},
        {"levels": [LOW, {**LOW, "at_least": 6}]},
    ],
)
async def test_levels_that_nobody_could_climb_are_refused(rest, change):
    answer = await rest("PUT", "/v1/reputation/terms", {"network": NETWORK, **TERMS, **change})

    assert (answer.status, answer.body["code"]) == (409, "levels_invalid")
