"""Money comes into being only for who may let it."""

import pytest

from tests.integration.ledger.conftest import CLERK, READER
from tests.ledger_books import NETWORK, fund

GIFT = {"network": NETWORK, "source": "issuer", "destination": "member:ann", "amount": 100}
MOVED = {"source": "issuer", "destination": "member:ann", "amount": 100}
HOLD = {"network": NETWORK, "account": "issuer:welcome", "destination": "house", "amount": 5}
MERIT = {"network": NETWORK, "member": "ann", "amount": 5}


@pytest.mark.parametrize(
    ("where", "form"),
    [
        ("/v1/transfers", GIFT),
        ("/v1/transfers", {**GIFT, "source": "issuer:welcome"}),
        ("/v1/transfers", {**GIFT, "source": "suspense"}),
        ("/v1/transfers", {**GIFT, "asset": "reputation"}),
        ("/v1/transfers/bulk", {"network": NETWORK, "transfers": [MOVED, MOVED]}),
        ("/v1/holds", HOLD),
        ("/v1/reputation/merits", {**MERIT, "asset": "CNY"}),
        ("/v1/reputation/merits", {**MERIT, "asset": "nothing"}),
    ],
)
async def test_who_may_write_may_not_issue(rest, pool, where, form):
    answer = await rest("POST", where, form, key="k", token=CLERK)

    assert (answer.status, answer.body["code"]) == (403, "may_not_issue"), answer.body
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 0
    assert (await rest("POST", where, form, key="k", token=READER)).body["code"] == "forbidden"


async def test_who_may_write_moves_what_is_there_gives_merits_and_takes_blame(rest, store):
    await store.book([fund("ann", 100)])
    moved = {**GIFT, "source": "member:ann", "destination": "issuer"}

    answers = [
        await rest("POST", "/v1/transfers", moved, key="a", token=CLERK),
        await rest("POST", "/v1/reputation/merits", MERIT, key="b", token=CLERK),
        await rest("POST", "/v1/reputation/merits", {**MERIT, "amount": -9}, key="c", token=CLERK),
        await rest("POST", "/v1/transfers", GIFT, key="d"),
    ]

    assert [answer.status for answer in answers] == [201] * 4


@pytest.mark.parametrize(
    ("path", "floor"),
    [("member:ann", -1), ("house", -(10**12)), ("issuer:welcome", None), ("suspense", None)],
)
async def test_who_may_write_lets_no_account_owe(rest, pool, path, floor):
    form = {"network": NETWORK, "path": path, "floor": floor}
    spent = {**GIFT, "source": path, "destination": "member:bob"}

    refused = await rest("POST", "/v1/accounts", form, key="k", token=CLERK)
    taken = await rest("POST", "/v1/transfers", spent, key="t", token=CLERK)

    assert (refused.status, refused.body["code"]) == (403, "may_not_issue"), refused.body
    assert taken.status in (403, 409)
    assert await pool.fetchval("SELECT count(*) FROM posting") == 0
    assert (await rest("POST", "/v1/accounts", form, key="k")).status == 200


async def test_who_may_write_takes_back_what_an_account_may_owe_and_bounds_it(rest, pool):
    form = {"network": NETWORK, "path": "member:ann"}
    assert (await rest("POST", "/v1/accounts", {**form, "floor": -5}, key="a")).status == 200

    narrowed = await rest(
        "POST", "/v1/accounts", {**form, "floor": 0, "ceiling": 9}, key="b", token=CLERK
    )

    assert narrowed.status == 200, narrowed.body
    assert await pool.fetchval("SELECT floor FROM account WHERE path = 'member:ann'") == 0
