"""What an account may hold, whether it takes part, and where waits what it cannot take. Pure."""

from contracts.values import SetAccount
from ledger.core.books import Batch, Books, check_text, open_account, opening_grants
from ledger.core.commands import Command, Verdict
from ledger.core.postings import BOUNDLESS, MAX_AMOUNT, RESERVED, Bound, Leg, check, kind_of
from ledger.core.refusals import Code, Refused

STATES = frozenset({"open", "frozen", "closed"})
SUSPENSE = "suspense"
"""Where waits what nobody could take; not for longer than a day."""


def set_account(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Bound an account, opening it if need be; nothing is posted.

    Raises:
        Refused: ``BOUNDS_INVALID``, ``BOUNDS_BROKEN`` where it stands outside of them by now,
            ``ACCOUNT_INVALID``, ``ACCOUNT_RESERVED``, ``ASSET_UNKNOWN`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, SetAccount)
    kind = kind_of(body.account)
    if kind in RESERVED:
        raise Refused(Code.ACCOUNT_RESERVED)
    check_text(body.why, "why")
    asset = books.asset(body.asset)
    floor, ceiling, state = _bounds(body, kind)
    account = books.account(asked.network, body.account, asset.code)
    free = account.balance - account.held
    if (floor is not None and free < floor) or (ceiling is not None and account.balance > ceiling):
        raise Refused(Code.BOUNDS_BROKEN, f"{account.balance}, of it {account.held} held")
    if state == "closed" and (account.balance or account.held):
        raise Refused(Code.BOUNDS_BROKEN, "only an empty account can be closed")
    account.floor, account.ceiling, account.state = floor, ceiling, state
    open_account(books, batch, account)
    batch.bounded.add(account.id)
    place = len(batch.bounds)
    batch.bounds.append(
        Bound(account.id, place, asked.network, account.version, floor, ceiling, state, body.why)
    )
    return asked


def divert(books: Books, legs: list[Leg]) -> tuple[list[Leg], str]:
    """Return ``legs`` with suspense for a last account that cannot take its part, and why not.

    Raises:
        Refused: nor can it wait in suspense, being there already or nothing to be passed on.
    """
    *paying, taking = legs
    account = taking.account
    try:
        check([*opening_grants(books, [taking]), taking])
    except Refused as refusal:
        waiting = books.account(account.network, SUSPENSE, account.asset)
        payers = {leg.account.kind for leg in paying}
        if any(leg.account is waiting for leg in paying) or not (
            books.asset(account.asset).transferable or "issuer" in payers
        ):
            raise
        return [*paying, Leg(waiting, taking.amount)], f"{refusal.code}: {account.path}"
    return legs, ""


def _bounds(body: SetAccount, kind: str) -> tuple[int | None, int | None, str]:
    state = body.state or "open"
    if state not in STATES:
        raise Refused(Code.BOUNDS_INVALID, f"state {state[:40]}")
    if body.boundless and (body.floor or kind not in BOUNDLESS):
        raise Refused(Code.BOUNDS_INVALID, f"a {kind} has a floor")
    floor = None if body.boundless else body.floor
    ceiling = body.ceiling or None
    if ceiling is not None and floor is not None and ceiling < floor:
        raise Refused(Code.BOUNDS_INVALID, "the ceiling is below the floor")
    if floor is not None and floor < -MAX_AMOUNT:
        raise Refused(Code.BOUNDS_INVALID, "no balance is that low")
    if body.account == SUSPENSE and (ceiling is not None or state == "closed"):
        raise Refused(Code.BOUNDS_INVALID, "suspense takes whatever nobody else can")
    return floor, ceiling, state
