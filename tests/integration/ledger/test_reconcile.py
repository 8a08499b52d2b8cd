"""A provider's export beside the books: what matches, what one of them lacks, what differs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ledger.core.reconciling import Illegible, Taken, read
from ledger.reconcile import reconcile
from tests.integration.ledger.conftest import NOBODY, READER
from tests.ledger_books import ask, note

HEAD = "id,PaymentIntent ID,Amount,Amount Refunded,Currency,Status\n"
SCALES = {"CNY": 2}


@pytest.fixture
async def books(store):
    """Four payments of 9.90: one went back in part."""
    asked = await store.book([ask("ann", 990) for _ in range(4)])
    payments = [verdict.detail for verdict in asked.verdicts]
    await store.book([note(one, "captured", f"pi_{n}", 990) for n, one in enumerate(payments[:3])])
    await store.book([note(payments[1], "refunded", "re_1", 300)])


@pytest.mark.usefixtures("books")
async def test_an_export_is_held_against_the_books_line_by_line(books_url, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        f"\ufeff{HEAD}ch_0,pi_0,9.90,0.00,cny,Paid\nch_1,pi_1,9.90,0.00,cny,Paid\n"
        'ch_9,pi_9,"1,009.90",,cny,Paid\nch_x,,5.00,0.00,cny,Failed\n'
    )

    found = await reconcile(books_url, "ledger", "stripe", path, None, None)

    comparison = found.comparison
    assert (comparison.matched, comparison.unbooked, comparison.untold) == (
        1, ("pi_9",), ("pi_2",),
    )  # fmt: skip
    [one] = comparison.different
    assert (one.told, one.booked) == (Taken(990, 0, "CNY"), Taken(990, 300, "CNY"))
    assert not found.sound
    assert json.loads(found.to_json())["unbooked"] == ["pi_9"]
    assert found.to_text().splitlines() == [
        "1 match.",
        "pi_9: the provider has it, the books do not",
        "pi_2: the books have it, the provider does not",
        "pi_1: the provider says 990 CNY, 0 of it back, the books 990 CNY, 300 of it back",
    ]


@pytest.mark.usefixtures("books")
async def test_only_what_came_in_within_the_span_is_looked_for(books_url, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEAD)
    now = datetime.now(UTC)

    later = await reconcile(books_url, "ledger", "stripe", path, now + timedelta(days=1), None)
    sooner = await reconcile(books_url, "ledger", "stripe", path, None, now - timedelta(days=1))

    assert later.sound
    assert sooner.sound


def test_a_bill_of_wechat_pay_has_a_line_for_each_refund_and_totals_at_the_end():
    head = ("微信订单号", "订单金额", "退款金额", "货币种类")
    lines = [
        ("`tx1", "`9.90", "`0.00", "`CNY"),
        ("`tx1", "`9.90", "`3.00", "`CNY"),
        ("`tx1", "`9.90", "`1.00", "`CNY"),
        ("总交易单数", "应结订单总金额", None, None),
    ]

    found = read("wechat", [dict(zip(head, line, strict=True)) for line in lines], SCALES)

    assert found == {"tx1": Taken(990, 400, "CNY")}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("pi_1,much,0.00,cny", "line 2: an amount is none"),
        ("pi_1,9.905,0.00,cny", "line 2: an amount is none"),
        ("pi_1,NaN,0.00,cny", "line 2: an amount is none"),
    ],
)
def test_an_amount_that_is_none_is_told_with_its_line(row, said):
    names = ("PaymentIntent ID", "Amount", "Amount Refunded", "Currency")
    cells = dict(zip(names, row.split(","), strict=True))

    with pytest.raises(Illegible, match=said):
        read("stripe", [cells], SCALES)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("id,PaymentIntent ID,Betrag,Currency", "missing Amount, Amount Refunded; wanted"),
        (f"{HEAD.strip()},Amount", "Amount more than once; wanted"),
        ("", "found none"),
        ("id;Amount", "found id;Amount"),
        ("\u5fae\u4fe1\u8ba2\u5355\u53f7," * 99, "missing PaymentIntent ID"),
    ],
)
async def test_an_export_without_its_columns_is_refused_with_what_is_there(rest, head, said):
    answer = await rest("POST", "/v1/reconciliations/stripe", data=f"{head}\n1,2,3,4\n".encode())

    assert (answer.status, answer.body["code"]) == (422, "export_illegible")
    assert said in answer.body["detail"]
    assert "wanted PaymentIntent ID, Amount, Amount Refunded, Currency" in answer.body["detail"]
    assert len(answer.body["detail"]) < 800


@pytest.mark.usefixtures("books")
async def test_an_export_is_held_against_the_books_over_rest_and_changes_nothing(rest, pool, sound):
    before = await pool.fetchval("SELECT count(*) FROM inbox")
    lines = "ch_0,pi_0,9.90,0.00,cny,Paid\nch_1,pi_1,9.90,0,cny,Paid\nch_9,pi_9,5.00,,cny,Paid\n"
    where = "/v1/reconciliations/stripe"

    answer = await rest("POST", where, data=(HEAD + lines).encode(), token=READER)
    later = await rest("POST", where, data=HEAD.encode(), since="2100-01-01T00:00:00Z")
    broken = await rest("POST", where, data=b"\xff\xfe")
    nobody = await rest("POST", where, data=HEAD.encode(), token=NOBODY)

    told, booked = [{"amount": 990, "returned": back, "asset": "CNY"} for back in (0, 300)]
    assert answer.body == {
        "sound": False,
        "matched": 1,
        "unbooked": ["pi_9"],
        "untold": ["pi_2"],
        "different": [{"charge": "pi_1", "told": told, "booked": booked}],
    }
    assert later.body["sound"]
    assert (broken.status, broken.body["code"], nobody.status) == (422, "export_illegible", 401)
    assert await pool.fetchval("SELECT count(*) FROM inbox") == before
    await sound()


async def test_a_file_that_is_not_there_is_told(books_url, tmp_path):
    with pytest.raises(Illegible, match="No such file"):
        await reconcile(books_url, "ledger", "stripe", tmp_path / "none.csv", None, None)
