"""The ledger's REST interface, over HTTP and down to PostgreSQL."""

import asyncio

import pytest

from tests.integration.ledger.conftest import COLON, NOBODY, READER
from tests.ledger_books import GROUP, NETWORK, fund, take

GIFT = {"network": NETWORK, "source": "issuer", "destination": "member:ann", "amount": 100}
PACKET = {
    "network": NETWORK, "group": GROUP, "platform": "matrix", "channel": GROUP,
    "connection": "matrix", "sender": "ann", "total": 10, "shares": 2,
}  # fmt: skip


async def sent(rest, **fields):
    await rest("POST", "/v1/transfers", GIFT, key="gift")
    answer = await rest("POST", "/v1/packets", {**PACKET, **fields}, key="packet")
    assert answer.status == 201, answer.body
    return answer.body


async def test_a_transfer_is_booked_once_for_its_key(rest, sound):
    first = await rest("POST", "/v1/transfers", GIFT, key="k")
    again = await rest("POST", "/v1/transfers", GIFT, key="k")

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert first.body["amount"] == 100
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    seen = await rest("GET", f"/v1/transfers/{first.body['id']}", token=READER)
    assert seen.body == first.body
    await sound()


async def test_a_caller_whose_name_goes_on_as_anothers_key_does_meets_nobody(rest, pool, sound):
    first = await rest("POST", "/v1/transfers", GIFT, key="b:c")
    other = await rest("POST", "/v1/transfers", GIFT, key="c", token=COLON)
    again = await rest("POST", "/v1/transfers", GIFT, key="c", token=COLON)

    assert (first.status, other.status) == (201, 201)
    assert first.body["id"] != other.body["id"]
    assert (again.body, again.headers["Idempotency-Replayed"]) == (other.body, "true")
    keys = await pool.fetch("SELECT key FROM inbox ORDER BY batch_id")
    assert [row["key"] for row in keys] == ["rest:operator:b:c", "rest:operator%3Ab:c"]
    await sound()


async def test_what_a_caller_with_a_colon_asked_for_before_names_were_escaped_stays_asked_for(
    rest, pool, superuser
):
    earlier = await rest("POST", "/v1/transfers", GIFT, key="b:c")
    await superuser.execute("UPDATE migration SET ran_at = now() + '1 day' WHERE number = 10")

    again = await rest("POST", "/v1/transfers", GIFT, key="c", token=COLON)

    assert again.body == earlier.body
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 1


async def test_a_key_used_for_another_body_is_a_conflict(rest, sound):
    await rest("POST", "/v1/transfers", GIFT, key="k")

    answer = await rest("POST", "/v1/transfers", {**GIFT, "amount": 101}, key="k")

    assert (answer.status, answer.body["code"]) == (409, "key_reused")
    assert answer.headers["Content-Type"] == "application/problem+json"
    await sound()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": 0}, 422, "invalid_request"),
        ({"amount": -5}, 422, "invalid_request"),
        ({"amount": 1.5}, 422, "invalid_request"),
        ({"amount": 5.0}, 422, "invalid_request"),
        ({"amount": "5"}, 422, "invalid_request"),
        ({"amount": 2**63}, 422, "invalid_request"),
        ({"source": "a\0b"}, 422, "invalid_request"),
        ({"sauce": "issuer"}, 422, "invalid_request"),
        ({"destination": "issuer"}, 409, "same_account"),
        ({"destination": "bank:ann"}, 422, "invalid_request"),
        ({"destination": "packet:abc"}, 409, "account_reserved"),
        ({"destination": "member"}, 409, "account_invalid"),
        ({"asset": "gold"}, 409, "asset_unknown"),
        ({"source": "member:bob"}, 409, "insufficient_funds"),
    ],
)
async def test_what_cannot_be_transferred_is_a_problem(rest, change, status, code):
    answer = await rest("POST", "/v1/transfers", {**GIFT, **change}, key="k")

    assert (answer.status, answer.body["code"]) == (status, code), answer.body


async def test_keys_let_in_whom_they_say(rest):
    assert (await rest("POST", "/v1/transfers", GIFT, key="k", token=NOBODY)).status == 401
    assert (await rest("POST", "/v1/transfers", GIFT, key="k", token=READER)).status == 403
    assert (await rest("POST", "/v1/transfers", GIFT)).status == 422
    assert (await rest("GET", "/v1/accounts", token=NOBODY, network=NETWORK)).status == 401


async def test_a_packet_is_sent_grabbed_and_seen(rest, sound):
    packet = await sent(rest, mode="lucky", greeting="新年快乐")

    claim = await rest(
        "POST", f"/v1/packets/{packet['id']}/claims",
        {"network": NETWORK, "member": "bob"}, key="c1",
    )  # fmt: skip
    again = await rest(
        "POST", f"/v1/packets/{packet['id']}/claims",
        {"network": NETWORK, "member": "bob"}, key="c2",
    )  # fmt: skip
    seen = (await rest("GET", f"/v1/packets/{packet['id']}", token=READER)).body

    assert (claim.status, claim.body["slot"], claim.body["shares_left"]) == (201, 1, 1)
    assert (again.status, again.body["code"]) == (409, "already_taken")
    assert (seen["taken"], seen["state"], seen["seed"]) == (1, "open", None)
    assert seen["claims"][0]["member"] == "bob"
    listed = await rest("GET", "/v1/packets", network=NETWORK, group=GROUP, state="open")
    assert [item["id"] for item in listed.body["items"]] == [packet["id"]]
    await sound()


async def test_a_recalled_packet_gives_back_the_rest_and_shows_its_seed(rest, sound):
    packet = await sent(rest)

    closed = await rest("POST", f"/v1/packets/{packet['id']}/close", {"network": NETWORK}, key="x")
    seen = (await rest("GET", f"/v1/packets/{packet['id']}")).body

    assert (closed.status, closed.body["refunded"]) == (200, 10)
    assert (seen["state"], seen["closed_why"], len(seen["seed"])) == ("closed", "recalled", 64)
    await sound()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/v1/packets/{'a' * 26}/claims", {"network": NETWORK, "member": "bob"}),
        (f"/v1/packets/{'a' * 26}/close", {"network": NETWORK}),
    ],
)
async def test_a_packet_that_is_not_there_is_not_found(rest, path, body):
    answer = await rest("POST", path, body, key="k")

    assert (answer.status, answer.body["code"]) == (404, "packet_unknown")


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/packets/{'a' * 26}",
        "/v1/transfers/9",
        "/v1/accounts/9",
        "/v1/accounts/9/statement",
    ],
)
async def test_what_is_not_there_is_not_found(rest, path):
    assert (await rest("GET", path)).status == 404


async def test_accounts_are_listed_filtered_and_paged(rest):
    await sent(rest)

    first = (await rest("GET", "/v1/accounts", network=NETWORK, limit=2)).body
    rest_of_it = (await rest("GET", "/v1/accounts", network=NETWORK, cursor=first["next"])).body
    ann = (await rest("GET", "/v1/accounts", network=NETWORK, path="member:ann")).body["items"]

    assert [a["path"] for a in first["items"]] == ["issuer", "member:ann"]
    assert [a["kind"] for a in rest_of_it["items"]] == ["packet"]
    assert rest_of_it["next"] is None
    assert (ann[0]["balance"], ann[0]["version"]) == (90, 2)


async def test_a_statement_shows_what_happened_and_balances_as_they_were(rest):
    await sent(rest)
    [ann] = (await rest("GET", "/v1/accounts", network=NETWORK, path="member:ann")).body["items"]

    lines = (await rest("GET", f"/v1/accounts/{ann['id']}/statement")).body["items"]
    before = await rest("GET", f"/v1/accounts/{ann['id']}", at="2020-01-01T00:00:00Z")

    assert [(line["amount"], line["balance_after"]) for line in lines] == [(-10, 90), (100, 100)]
    assert before.body["balance"] == 0


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
async def test_an_instant_outside_of_all_calendars_is_refused(rest, at):
    await rest("POST", "/v1/transfers", GIFT, key="gift")
    [account, *_] = (await rest("GET", "/v1/accounts", network=NETWORK)).body["items"]

    answer = await rest("GET", f"/v1/accounts/{account['id']}", at=at)

    assert (answer.status, answer.body["code"]) == (422, "time_out_of_range")


async def test_claims_from_chat_and_over_rest_at_once_give_each_share_once(rest, door, pool, sound):
    await door.book([fund("ann", 1_000)])
    packet = (
        await rest("POST", "/v1/packets", {**PACKET, "total": 500, "shares": 50}, key="p")
    ).body
    statuses, codes = [], []

    async def grab_by_rest(number):
        answer = await rest(
            "POST", f"/v1/packets/{packet['id']}/claims",
            {"network": NETWORK, "member": f"m{number}"}, key=f"r{number}",
        )  # fmt: skip
        statuses.append(answer.status)

    async def grab_by_chat(number):
        [verdict] = await door.book([take(f"m{number}")])
        codes.append(verdict.code)

    async with asyncio.TaskGroup() as tasks:
        for number in range(200):
            tasks.create_task(grab_by_rest(number))
            tasks.create_task(grab_by_chat(number))

    assert statuses.count(201) + codes.count("") == 50
    winners = await pool.fetch("SELECT member FROM packet_claim")
    assert len({row["member"] for row in winners}) == 50
    assert (await rest("GET", f"/v1/packets/{packet['id']}")).body["state"] == "closed"
    await sound()


async def test_a_door_that_is_shut_asks_to_come_again(rest, door):
    door.shut()

    answer = await rest("POST", "/v1/transfers", GIFT, key="k")

    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


async def test_while_the_database_is_away_callers_are_asked_to_come_again(rest, pool, shown):
    await pool.close()
    await shown.close()

    reading = await rest("GET", "/v1/accounts", network=NETWORK)
    writing = await rest("POST", "/v1/transfers", GIFT, key="k")

    assert [(a.status, a.body["code"]) for a in (reading, writing)] == [(503, "unavailable")] * 2


async def test_an_asset_is_declared_once_and_for_all(rest):
    medals = {"scale": 1, "class": "reputation", "transferable": False}

    answers = [
        await rest("PUT", "/v1/assets/medals", form)
        for form in (medals, medals, {**medals, "scale": 2}, {**medals, "class": "gold"})
    ]

    assert [answer.status for answer in answers] == [201, 200, 409, 422]
    assert answers[2].body["code"] == "asset_contradicts"
    listed = (await rest("GET", "/v1/assets", token=READER)).body["items"]
    assert {"code": "medals", **medals, "giftable": False} in listed
    assert (await rest("PUT", "/v1/assets/medals", medals, token=READER)).status == 403


async def test_an_account_is_bounded_by_its_key_once(rest, sound):
    form = {"network": NETWORK, "path": "member:ann", "asset": "points", "ceiling": 99}

    first = await rest("POST", "/v1/accounts", form, key="b")
    again = await rest("POST", "/v1/accounts", form, key="b")
    broken = await rest("POST", "/v1/transfers", GIFT, key="k")
    kept = await rest("POST", "/v1/transfers", {**GIFT, "or_suspense": True}, key="s")
    owing = await rest("POST", "/v1/accounts", {**form, "floor": None}, key="o")

    assert first.body == again.body == {**form, "floor": 0, "state": "open"}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (broken.status, broken.body["code"]) == (409, "ceiling_reached")
    assert (kept.status, kept.body["destination"]) == (201, "suspense")
    assert (owing.status, owing.body["code"]) == (409, "bounds_invalid")
    await sound()


async def test_a_hold_is_placed_paid_in_parts_and_freed(rest, sound):
    form = {"network": NETWORK, "account": "member:ann", "destination": "treasury", "amount": 60}
    where = {"network": NETWORK}
    await rest("POST", "/v1/transfers", GIFT, key="gift")

    placed = await rest("POST", "/v1/holds", {**form, "lifetime_s": 60}, key="h")
    hold = f"/v1/holds/{placed.body['id']}"
    part = await rest("POST", f"{hold}/captures", {**where, "amount": 20}, key="c")
    over = await rest("POST", f"{hold}/captures", {**where, "amount": 41}, key="d")
    freed = await rest("POST", f"{hold}/release", where, key="r")
    again = await rest("POST", "/v1/holds", {**form, "lifetime_s": 60}, key="h")

    assert (placed.status, placed.body) == (201, again.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (part.status, part.body["amount"]) == (201, 20)
    assert (over.status, over.body["code"]) == (409, "hold_exceeded")
    assert (freed.status, freed.body["amount"]) == (200, 40)
    seen = (await rest("GET", hold, token=READER)).body
    assert (seen["state"], seen["captured"]) == ("released", 20)
    assert [step["what"] for step in seen["steps"]] == ["placed", "captured", "released"]
    listed = await rest("GET", "/v1/holds", network=NETWORK, account="member:ann", state="released")
    assert [item["id"] for item in listed.body["items"]] == [placed.body["id"]]
    await sound()


async def test_holds_are_paged_newest_first_and_unknown_ones_are_not_found(rest):
    form = {"network": NETWORK, "account": "issuer", "destination": "treasury", "amount": 1}
    ids = [
        (await rest("POST", "/v1/holds", form, key=str(number))).body["id"] for number in range(5)
    ]

    pages, cursor = [], {}
    while cursor is not None:
        page = (await rest("GET", "/v1/holds", network=NETWORK, limit=2, **cursor)).body
        pages += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None

    assert pages == ids[::-1]
    missing = f"/v1/holds/{'a' * 26}"
    assert (await rest("GET", missing)).status == 404
    for what in ("captures", "release"):
        answer = await rest("POST", f"{missing}/{what}", {"network": NETWORK}, key=what)
        assert (answer.status, answer.body["code"]) == (404, "hold_unknown")


async def test_statements_of_two_spans_are_that_of_both_and_the_trial_balance_agrees(rest, pool):
    for number in range(5):
        await rest("POST", "/v1/transfers", {**GIFT, "amount": 1 + number}, key=str(number))
    middle = str(await pool.fetchval("SELECT recorded_at FROM batch WHERE id = 3"))
    [ann] = (await rest("GET", "/v1/accounts", network=NETWORK, path="member:ann")).body["items"]
    where = f"/v1/accounts/{ann['id']}/statement"

    whole = (await rest("GET", where)).body
    early = (await rest("GET", where, until=middle)).body
    late = (await rest("GET", where, since=middle)).body
    page = (await rest("GET", where, until=middle, limit=2)).body
    rest_of_it = (await rest("GET", where, until=middle, limit=2, cursor=page["next"])).body
    then = (await rest("GET", "/v1/accounts", network=NETWORK, at=middle)).body["items"]
    trial = (await rest("GET", "/v1/trial-balance", network=NETWORK, at=middle)).body

    assert late["items"] + early["items"] == whole["items"]
    assert page["items"] + rest_of_it["items"] == early["items"]
    assert (early["opening"], early["closing"], late["opening"], late["closing"]) == (0, 6, 6, 15)
    assert rest_of_it["next"] is None
    assert {account["path"]: account["balance"] for account in then} == {
        "issuer": -6, "member:ann": 6,
    }  # fmt: skip
    assert trial["totals"] == [{"asset": "points", "debit": 6, "credit": 6}]
