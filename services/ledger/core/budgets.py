"""How much may leave an account of the house in a day, a week or a month. Pure.

What leaves is a transfer, a packet or a hold, to whomever; what comes back later counts as spent
all the same, until the period ends. A refund by a provider is no gift, and a reversal moves only
what had come before. A period is the calendar's, and its day begins where that of the caps does.
"""

from datetime import UTC, date, datetime, timedelta

from contracts.values import SetBudget
from ledger.core.books import Batch, Books, Budget, Budgets, check_text
from ledger.core.caps import DAY_MS
from ledger.core.commands import Command, Verdict
from ledger.core.postings import HOUSE, kind_of
from ledger.core.refusals import Code, Refused

PERIODS = {"day": "today", "week": "this week", "month": "this month"}

_EPOCH = date(1970, 1, 1)


def set_budget(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Say what may leave an account in each period from now on; what has left of late counts on.

    Raises:
        Refused: ``BUDGET_INVALID``, ``ACCOUNT_INVALID``, ``ASSET_UNKNOWN`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, SetBudget)
    if kind_of(body.account) not in HOUSE:
        raise Refused(Code.BUDGET_INVALID, body.account)
    if body.period not in PERIODS:
        raise Refused(Code.BUDGET_INVALID, body.period[:40])
    if body.amount < 0:
        raise Refused(Code.BUDGET_INVALID, str(body.amount))
    check_text(body.why, "why")
    key = (asked.network, body.account, books.asset(body.asset).code, body.period)
    before = books.budgets.get(key)
    if before is None or not before.amount:
        since_ms, renews_ms = span(body.period, books.now_ms, books.terms.day_shift_ms)
        before = Budget(0, 0, books.now_ms, since_ms, renews_ms)
    books.budgets[key] = batch.budgets[key] = before._replace(amount=body.amount)
    return asked


def spending(books: Books, network: str, path: str, asset: str, amount: int) -> Budgets:
    """Return the account's budgets with ``amount`` spent; they hold once they are `keep_spent`.

    Raises:
        Refused: ``BUDGET_EXCEEDED``.
    """
    counted: Budgets = {}
    if not books.budgets:
        return counted
    for period, called in PERIODS.items():
        budget = books.budgets.get((network, path, asset, period))
        if budget is None or not budget.amount:
            continue
        budget = _renewed(books, period, budget)
        left = max(0, budget.amount - budget.spent)
        if amount > left:
            renews = datetime.fromtimestamp(budget.renews_ms // 1_000, tz=UTC)
            detail = f"{left} {asset} left {called}, renewed at {renews:%Y-%m-%dT%H:%MZ}"
            raise Refused(Code.BUDGET_EXCEEDED, detail)
        counted[network, path, asset, period] = budget._replace(spent=budget.spent + amount)
    return counted


def keep_spent(books: Books, batch: Batch, counted: Budgets) -> None:
    """Let what left count from now on."""
    books.budgets.update(counted)
    batch.budgets.update(counted)


def span(period: str, now_ms: int, shift_ms: int) -> tuple[int, int]:
    """Return when the period of ``now_ms`` began, and when the next one begins."""
    day = _EPOCH + timedelta(days=(now_ms + shift_ms) // DAY_MS)
    match period:
        case "day":
            first, following = day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=day.weekday())
            following = first + timedelta(days=7)
        case _:
            first = day.replace(day=1)
            following = (first + timedelta(days=31)).replace(day=1)
    return _midnight(first) - shift_ms, _midnight(following) - shift_ms


def _renewed(books: Books, period: str, budget: Budget) -> Budget:
    """Return the budget of now: a period that has begun is kept to its end, and none overlap."""
    if books.now_ms < budget.renews_ms:
        return budget
    since_ms, renews_ms = span(period, books.now_ms, books.terms.day_shift_ms)
    since_ms = max(since_ms, budget.renews_ms)
    return budget._replace(spent=0, since_ms=since_ms, renews_ms=renews_ms)


def _midnight(day: date) -> int:
    return (day - _EPOCH).days * DAY_MS
