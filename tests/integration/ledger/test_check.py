"""The check finds whatever has been done to the books behind the ledger's back."""

import asyncio

import pytest

from contracts.values import SplitMode
from ledger.check import check
from ledger.core.commands import Letter
from tests.ledger_books import (
    ask,
    belongs,
    bound,
    budget,
    capture,
    decide,
    fund,
    hold,
    limit,
    matures,
    merit,
    note,
    pay,
    send,
    share,
    take,
)

# Account 3 is bob's.
CORRUPTIONS = {
    "a posting edited": ("I1", "UPDATE posting SET amount = amount + 1 WHERE leg = 1"),
    "a transaction without postings": ("I1", "DELETE FROM posting WHERE txn_id = 2"),
    "postings without a transaction": ("I1", "DELETE FROM txn WHERE id = 2"),
    "money from nowhere": ("I2", "UPDATE account SET balance = balance + 5 WHERE id = 3"),
    "a balance edited": ("I3", "UPDATE account SET balance = balance + 5 WHERE id = 3"),
    "an account removed": ("I3", "DELETE FROM account WHERE id = 3"),
    "a lost update": ("I4", "UPDATE posting SET balance_after = 1 WHERE txn_id = 2"),
    "a version lost": ("I4", "UPDATE account SET version = version + 1 WHERE id = 3"),
    "a posting out of its order": ("I4", "UPDATE posting SET txn_id = 99 WHERE txn_id = 1"),
    "a floor undercut": ("I5", "UPDATE posting SET balance_after = -1 WHERE txn_id = 2"),
    "a posting above what was said": (
        "I5",
        """
        UPDATE account SET ceiling = 29 WHERE id = 3;
        INSERT INTO account_bound VALUES (3, 1, 0, 'harbour', 0, 0, 29, 'open', '', now())
        """,
    ),
    "a posting of what was frozen": (
        "I5",
        """
        UPDATE account SET state = 'frozen' WHERE id = 2;
        INSERT INTO account_bound VALUES (2, 1, 0, 'harbour', 1, 0, NULL, 'frozen', '', now())
        """,
    ),
    "a ceiling nobody spoke of": ("I5", "UPDATE account SET ceiling = 500 WHERE id = 3"),
    "money held for nothing": ("I6", "UPDATE account SET held = 1 WHERE id = 3"),
    "a hold that paid more": ("I6", "UPDATE hold SET captured = captured + 1"),
    "a hold opened again": ("I6", "UPDATE hold SET state = 'open' WHERE captured = 9"),
    "a step of a hold lost": ("I6", "DELETE FROM hold_step WHERE what = 'captured'"),
    "a capture of something else": ("I6", "UPDATE hold_step SET txn_id = 1 WHERE step = 2"),
    "a hold that nobody placed": ("I6", "UPDATE inbox SET hold_id = NULL"),
    "a step of a hold edited": ("I12", "UPDATE hold_step SET step = 7 WHERE step = 1"),
    "a reason edited": ("I12", "UPDATE account_bound SET why = 'x'"),
    "a packet that was paid more": ("I7", "UPDATE packet SET amount_taken = amount_taken + 1"),
    "a share changed": ("I7", "UPDATE packet_share SET amount = amount + 1 WHERE slot = 3"),
    "escrow emptied": ("I7", "UPDATE account SET balance = 0 WHERE kind = 'packet'"),
    "a claim of another amount": ("I8", "UPDATE packet_claim SET amount = amount + 1"),
    "a claim removed": ("I8", "DELETE FROM packet_claim"),
    "a claim by somebody else": ("I8", "UPDATE packet_claim SET member = 'eve' WHERE slot = 1"),
    "a claim after the end": ("I9", "UPDATE packet_claim SET recorded_at = now() + '2 days'"),
    "another request under the key": ("I10", "UPDATE inbox SET body_hash = '\\x00'"),
    "an answer lost": ("I10", "DELETE FROM inbox WHERE txn_id = 2"),
    "a fact lost": ("I11", "DELETE FROM outbox WHERE seq = 2"),
    "a batch lost": ("I11", "DELETE FROM batch WHERE id = 1"),
    "an account that was never opened": (
        "I11",
        "UPDATE batch SET first_account = first_account + 1 WHERE id = 3",
    ),
    "a batch before the one before": (
        "I11",
        "UPDATE batch SET recorded_at = recorded_at - interval '1 day' WHERE id = 3",
    ),
    "a transaction of another time": (
        "I11",
        "UPDATE txn SET recorded_at = recorded_at - interval '1 day' WHERE id = 2",
    ),
    "a purpose edited": ("I12", "UPDATE txn SET purpose = 'gift' WHERE id = 2"),
    "a hold from another account": ("I12", "UPDATE hold SET account = 'member:eve'"),
    "a hold for somebody else": ("I12", "UPDATE hold SET destination = 'member:eve'"),
    "a hold for longer": ("I12", "UPDATE hold SET expires_at = expires_at + '1 day'"),
    "a hold for something else": ("I12", "UPDATE hold SET purpose = 'x'"),
    "an account given to somebody else": (
        "I12",
        "UPDATE account SET path = 'member:eve' WHERE path = 'member:bob'",
    ),
    "a packet that goes back to somebody else": ("I12", "UPDATE packet SET source = 'treasury'"),
    "a packet that lives longer": ("I12", "UPDATE packet SET expires_at = expires_at + '1 day'"),
    "another seed": ("I12", "UPDATE packet SET seed = '', seed_hash = sha256('')"),
    "shares changed about": (
        "I12",
        "UPDATE packet_share SET amount = amount + 2 * (slot - 2) WHERE slot IN (1, 3)",
    ),
    "the last batch taken back": ("I12", "DELETE FROM batch WHERE id = 8"),
    "a reversal of something else": (
        "I13",
        "UPDATE txn SET reverses = 2, kind = 'reversal' WHERE id = 1",
    ),
    "a reversal of nothing": ("I13", "UPDATE txn SET kind = 'reversal' WHERE id = 2"),
    "money left in suspense": (
        "I14",
        """
        UPDATE account SET kind = 'suspense', path = 'suspense' WHERE id = 3;
        UPDATE posting SET recorded_at = recorded_at - interval '2 days'
        """,
    ),
    "money left in suspense that is added to every hour": (
        "I14",
        """
        UPDATE account SET kind = 'suspense', path = 'suspense' WHERE id = 2;
        UPDATE posting SET recorded_at = recorded_at - interval '2 days'
            WHERE account_id = 2 AND account_version < 3
        """,
    ),
    "merit passed on": ("I15", "UPDATE asset SET transferable = false WHERE code = 'points'"),
    "a packet of what is no gift": ("I15", "UPDATE asset SET giftable = false"),
    "a packet of paid luck": ("I15", "UPDATE asset SET class = 'paid_credit'"),
    "an asset forgotten": ("I15", "DELETE FROM asset WHERE code = 'points'"),
    "a posting of another time": (
        "I16",
        "UPDATE posting SET recorded_at = recorded_at - interval '1 day' WHERE txn_id = 2",
    ),
    "a merit without a reason why": ("I17", "DELETE FROM merit"),
    "a merit of somebody else": ("I17", "UPDATE merit SET member = 'eve'"),
    "a merit of another size": ("I17", "UPDATE merit SET amount = 3"),
    "a merit of money": ("I17", "UPDATE merit SET txn_id = 1"),
    "a merit of another time": (
        "I17",
        "UPDATE merit SET recorded_at = recorded_at - interval '1 day'",
    ),
    "a giver edited": ("I12", "UPDATE merit SET giver = 'cid'"),
    "evidence edited": ("I12", "UPDATE merit SET evidence = '{e2}'"),
    "a payment that was captured of itself": (
        "I18",
        "UPDATE payment SET captured = amount, payee = 'house' WHERE captured = 0",
    ),
    "a payment that gave nothing back": ("I18", "UPDATE payment SET returned = 0"),
    "a payment of another state": ("I18", "UPDATE payment SET state = 'won' WHERE returned > 0"),
    "a refund forgotten": ("I18", "DELETE FROM payment_step WHERE what = 'refunded'"),
    "a payment posted for another": (
        "I18",
        "UPDATE payment_step SET txn_id = NULL WHERE what = 'captured'",
    ),
    "a payment for somebody else": ("I12", "UPDATE payment SET destination = 'member:eve'"),
    "a step of a payment edited": ("I12", "UPDATE payment_step SET object = 'x' WHERE step = 2"),
    "a payout": ("I21", "UPDATE payment_step SET what = 'failed' WHERE what = 'refunded'"),
    "a provider that got more": (
        "I21",
        """
        UPDATE posting SET balance_after = 1
        WHERE account_id = (SELECT id FROM account WHERE kind = 'provider')
        """,
    ),
    "a budget that forgot": ("I22", "UPDATE budget SET spent = 3"),
    "a budget spent on nothing": ("I22", "UPDATE budget SET spent = 5"),
    "a request approved by who asked": (
        "I23",
        "UPDATE payout_request SET decided_by = asked_by WHERE state = 'approved'",
    ),
    "a request approved without a booking": (
        "I23",
        "UPDATE payout_request SET state = 'approved' WHERE state = 'rejected'",
    ),
    "a request that nobody made": ("I23", "UPDATE payout_request SET key = 'x' WHERE amount = 7"),
    "a payout that nobody approved": ("I23", "DELETE FROM payout_request"),
    "a limit that was passed": ("I23", "UPDATE approval_limit SET account = 'house', above = 3"),
    "a part of a payment with somebody else": (
        "I24",
        "UPDATE payment_split SET accounts = '{treasury,house}'",
    ),
    "a part that grew": ("I24", "UPDATE payment_split SET shares = '{5000,5000}'"),
    "a rule that said otherwise": ("I24", "UPDATE split_rule SET shares = '{5000}'"),
    "a payment that was not split": ("I24", "DELETE FROM payment_split"),
    "a letter lost": ("I19", "DELETE FROM webhook"),
    "a letter with another answer": ("I19", "UPDATE webhook SET code = 'unreadable'"),
    "a debt to nobody": (
        "I19",
        "UPDATE account SET kind = 'receivable', path = 'receivable:x' WHERE id = 3",
    ),
    "a standing of whom nobody praised": (
        "I20",
        """
        INSERT INTO standing
        VALUES ('harbour', 'quay', 'reputation', 'eve', 9, '', '{}', 0, 0, 1, 1, now())
        """,
    ),
    "a limit that nobody said": ("I27", "UPDATE approval_limit SET above = 6"),
    "a limit of another time": ("I27", "UPDATE approval_limit SET said_at = now() + '1 h'"),
    "a budget that nobody said": ("I27", "UPDATE budget SET amount = 21"),
    "an account that nobody linked": ("I27", "UPDATE person_account SET identity = 'Ann'"),
    "a maturity that nobody said": ("I27", "UPDATE maturity_rule SET days = 2"),
    "a split that nobody said": (
        "I27",
        "UPDATE split_rule SET shares = '{2999}', accounts = '{treasury}'",
    ),
    "money across networks": ("I16", "UPDATE account SET network = 'other' WHERE id = 3"),
}


CHECKS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'ledger'::regnamespace
"""


SAID = [
    budget("house", 20, "month"),
    limit("group:g", 5),
    matures(3),
    belongs("eve", "Eve"),
    pay("issuer", "group:g", 9),
]
HOLDS = [hold("member:bob", "house", 9), hold("member:bob", "treasury", 5)]


async def fill(store):
    await store.book([fund("ann", 100), pay("member:ann", "member:bob", 30, purpose="rent"), *SAID])
    await store.book([send("ann", 60, 3, mode=SplitMode.LUCKY), take("cid")])
    await store.book([take("dan")])
    placed = await store.book([bound("house", 0, 9), *HOLDS])
    [paid, kept] = [verdict.hold_id for verdict in placed.verdicts[1:]]
    await store.book([capture(paid, 9), capture(kept, 1)])
    await store.book([merit("ann", 2, giver="bob", rule="thanks", evidence=("e1",))])
    asked = await store.book([ask("dan", 50), ask("eve", 5)])
    await store.book([pay("house", "member:ann", 4)])
    waits = await store.book([pay("group:g", "treasury", 6), pay("group:g", "treasury", 7)])
    given, kept = [verdict.detail.split()[1] for verdict in waits.verdicts]
    await store.book([decide(given), decide(kept, approved=False)])
    payment = asked.verdicts[0].detail
    letter = Letter(
        provider="stripe", event_id="e1", payment_id=payment, kind="", headers="{}", raw=b"{}"
    )
    key = "webhook:stripe:e1"
    await store.book([note(payment, "captured", "pi_1", 50, key=key, letter=letter)])
    await store.book([note(payment, "refunded", "re_1", 20)])
    await store.book([share({"treasury": 3_000})])
    entry = (await store.book([ask("dan", 9, destination="network")])).verdicts[0].detail
    await asyncio.sleep(0.002)  # a rule holds from the next millisecond on
    await store.book([note(entry, "captured", "pi_2", 9)])


async def test_untouched_books_are_sound(store, books_url):
    await fill(store)

    report = await check(books_url)

    assert report.sound
    assert report.counts["transactions"] == 14
    assert "The books are sound." in report.to_text()


@pytest.mark.parametrize("corruption", CORRUPTIONS)
async def test_the_check_finds(store, superuser, books_url, corruption):
    invariant, statement = CORRUPTIONS[corruption]
    await fill(store)
    await superuser.execute("SET session_replication_role = replica")
    for table, name in await superuser.fetch(CHECKS):
        await superuser.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    await superuser.execute(statement)

    report = await check(books_url)
    assert not report.sound
    assert invariant in {finding.name for finding in report.findings if finding.faults}
    assert "NOT sound" in report.to_text()
