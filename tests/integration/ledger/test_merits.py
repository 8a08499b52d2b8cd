"""Reputation is booked with its reasons, by one door, and the database holds to it."""

import shutil
from pathlib import Path

import asyncpg
import pytest

from chassis.migrate import migrate
from ledger.check import check
from tests.integration.ledger.conftest import MIGRATIONS, READER
from tests.ledger_books import GROUP, NETWORK, merit, reverse

SAID = {
    "network": NETWORK,
    "group": GROUP,
    "member": "ann",
    "amount": 3,
    "giver": "bob",
    "rule": "thanks",
    "reason": "Explained the tides.",
    "evidence": ["e1", "e2"],
    "happened_at": "2025-01-02T03:04:05Z",
}
MERITS = "/v1/reputation/merits"


async def test_a_merit_is_booked_once_listed_and_taken_back_once(rest, sound):
    made = await rest("POST", MERITS, SAID, key="k")
    again = await rest("POST", MERITS, SAID, key="k")
    lost = await rest("POST", MERITS, {**SAID, "member": "cid", "amount": -2}, key="l")
    seen = (await rest("GET", f"{MERITS}/{made.body['id']}", token=READER)).body
    back = await rest(
        "POST", f"{MERITS}/{made.body['id']}/reversal", {"network": NETWORK, "reason": "ring"},
        key="r",
    )  # fmt: skip
    twice = await rest(
        "POST", f"{MERITS}/{made.body['id']}/reversal", {"network": NETWORK}, key="s"
    )
    listed = (await rest("GET", MERITS, network=NETWORK, member="ann")).body["items"]

    assert (made.status, again.status, back.status) == (201, 201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert {name: seen[name] for name in SAID} == SAID
    assert (lost.body["amount"], lost.body["reversed_by"]) == (-2, None)
    assert (twice.status, twice.body["code"]) == (409, "reversed_before")
    assert [one["reversed_by"] for one in listed] == [back.body["reversed_by"]]
    await sound()


async def test_merits_are_found_by_whose_they_are_and_where(rest):
    for number, change in enumerate([{}, {"giver": "cid"}, {"group": ""}, {"member": "dan"}]):
        await rest("POST", MERITS, {**SAID, **change}, key=f"k{number}")

    async def found(**query):
        answer = await rest("GET", MERITS, network=NETWORK, **query)
        return len(answer.body["items"])

    assert await found() == 4
    assert await found(member="ann") == 3
    assert await found(member="ann", giver="cid") == 1
    assert await found(group=GROUP) == 3
    assert await found(group="") == 1
    assert await found(asset="coins") == 0
    page = await rest("GET", MERITS, network=NETWORK, limit="3")
    rest_of_it = await rest("GET", MERITS, network=NETWORK, cursor=page.body["next"], limit="3")
    assert (len(page.body["items"]), len(rest_of_it.body["items"])) == (3, 1)


async def test_a_merit_of_another_network_is_not_to_be_found(rest):
    made = await rest("POST", MERITS, SAID, key="k")

    answer = await rest(
        "POST", f"{MERITS}/{made.body['id']}/reversal", {"network": "other"}, key="r"
    )
    missing = await rest("GET", f"{MERITS}/99")

    assert (answer.status, answer.body["code"]) == (404, "merit_unknown")
    assert (missing.status, missing.body["code"]) == (404, "merit_unknown")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"giver": "ann"}, "merit_invalid"),
        ({"asset": "nothing"}, "asset_unknown"),
        ({"amount": 0}, "amount_not_positive"),
    ],
)
async def test_what_is_no_merit_is_refused(rest, sound, change, code):
    answer = await rest("POST", MERITS, {**SAID, **change}, key="k")

    assert (answer.status, answer.body["code"]) == (409, code)
    await sound()


async def test_loss_before_gain_is_owed_and_the_books_are_sound(store, sound):
    said = merit("ann", -5, rule="spam")
    await store.book([said])
    await store.book([merit("ann", 2, giver="bob")])
    await store.book([reverse(said)])

    await sound()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE merit SET amount = 9", None),
        ("DELETE FROM merit", None),
        (
            """
            INSERT INTO merit SELECT 99, network, group_id, asset, member, giver, amount, rule,
                reason, evidence, happened_at, recorded_at FROM merit
            """,
            "merit_was_posted",
        ),
    ],
)
async def test_the_database_changes_no_merit_and_makes_none_up(store, pool, change, constraint):
    await store.book([merit("ann", 2, giver="bob")])

    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute(change)

    if constraint:
        assert refused.value.constraint_name == constraint


async def test_reputation_from_before_there_were_merits_is_a_merit_too(database, tmp_path: Path):
    early = [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.name < "0014"]
    for path in early:
        shutil.copy(path, tmp_path)
    url = await database("ledger", migrations=tmp_path)
    connection = await asyncpg.connect(url, server_settings={"search_path": "ledger"})
    await connection.execute(
        """
        INSERT INTO account (id, network, path, asset, kind, balance, floor, version) VALUES
            (1, 'harbour', 'issuer', 'reputation', 'issuer', -4, NULL, 1),
            (2, 'harbour', 'member:@ann:x', 'reputation', 'member', 4, 0, 1);
        INSERT INTO txn VALUES
            (1, 'harbour', 'transfer:k', decode(repeat('00', 16), 'hex'), 'transfer', 'a talk', 1,
                NULL, now());
        """
    )
    await connection.execute(
        """
        INSERT INTO posting VALUES
            (1, 0, 'harbour', 1, 'reputation', -4, -4, 1, now()),
            (1, 1, 'harbour', 2, 'reputation', 4, 4, 1, now())
        """
    )

    await migrate(url, "ledger", MIGRATIONS)

    rows = await connection.fetch("SELECT txn_id, member, amount, reason, giver FROM merit")
    await connection.close()
    assert [tuple(row) for row in rows] == [(1, "@ann:x", 4, "a talk", "")]
    findings = (await check(url)).findings
    assert not next(found for found in findings if found.name == "I17").faults
