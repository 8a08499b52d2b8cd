"""What was paid for is given to others only when it has matured; spent it is at once. Pure.

What a payment brought can be disputed for a while, and would be taken back from whoever it went to.
So as much as young payments brought stays with the account, or is spent: what matures first is
spent first, and nothing that comes in otherwise makes it older.
"""

from collections import defaultdict
from datetime import UTC, datetime

from contracts.values import SetMaturity
from ledger.core.books import Batch, Books, Lot, Maturity, check_text
from ledger.core.caps import DAY_MS
from ledger.core.commands import Command, Verdict
from ledger.core.payments import PaymentState
from ledger.core.postings import RESERVED, Account, Leg
from ledger.core.refusals import Code, Refused

DAYS_LIMIT = 365
STEPS_SHOWN = 3
"""Of the times at which more matures, so many are told."""


def set_maturity(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Say after how many days what is paid for can be given, from now on.

    Raises:
        Refused: ``MATURITY_INVALID``, ``ASSET_UNKNOWN`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, SetMaturity)
    asset = books.asset(body.asset)
    if asset.kind != "paid_credit" or not 0 <= body.days <= DAYS_LIMIT:
        raise Refused(Code.MATURITY_INVALID, f"{asset.code} after {body.days} days")
    check_text(body.why, "why")
    key = (asked.network, asset.code)
    before = books.maturities.get(key)
    said = Maturity(before.version + 1 if before else 1, body.days)
    books.maturities[key] = said
    batch.maturities.append((*key, *said))
    return asked


def check_mature(books: Books, account: Account, amount: int) -> None:
    """Raise unless so much of what ``account`` has can be given; that it has it, others see to.

    Raises:
        Refused: ``NOT_MATURE``, and when how much matures.
    """
    free = account.balance - account.held
    if books.assets[account.asset].kind != "paid_credit" or amount > free:
        return
    said = books.maturities.get((account.network, account.asset))
    span_ms = (said.days if said else books.terms.maturity_days) * DAY_MS
    waiting: dict[int, int] = defaultdict(int)
    for lot in books.lots.get((account.network, account.path, account.asset), {}).values():
        if lot.amount > 0 and lot.born_ms + span_ms > books.now_ms:
            waiting[lot.born_ms + span_ms] += lot.amount
    able = free - sum(waiting.values())
    if amount > able:
        raise Refused(Code.NOT_MATURE, _told(account.asset, able, waiting))


def _told(asset: str, able: int, waiting: dict[int, int]) -> str:
    steps = [f"{max(0, able)} {asset} can be given now"]
    for at_ms, matures in sorted(waiting.items()):
        more = max(0, able + matures) - max(0, able)
        able += matures
        if more and len(steps) <= STEPS_SHOWN:
            at = datetime.fromtimestamp(-(-at_ms // 1_000), tz=UTC)
            steps.append(f"{more} more at {at:%Y-%m-%dT%H:%M:%SZ}")
    return ", ".join(steps)


def keep_lots(books: Books, payment: PaymentState, legs: list[Leg]) -> None:
    """Let what a payment brought, or took back, count with whoever it went to."""
    for account, amount in legs:
        if account.kind not in RESERVED:
            lots = books.lots.setdefault((account.network, account.path, account.asset), {})
            lot = lots.get(payment.id, Lot(payment.captured_ms, 0))
            lots[payment.id] = lot._replace(amount=lot.amount + amount)
