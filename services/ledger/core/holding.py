"""Put money aside, pay from it, free it. Pure.

What is held stays in its account, and the floor is kept by what is free. So nothing takes from a
hold but its own captures, and a capture never lacks the money.
"""

from contracts import ids
from contracts.values import CaptureHold, PlaceHold, ReleaseHold, Transfer
from ledger.core import facts
from ledger.core.approvals import check_approved
from ledger.core.books import (
    Batch,
    Books,
    book_grants,
    check_text,
    open_account,
    opening_grants,
    post_txn,
)
from ledger.core.budgets import keep_spent, spending
from ledger.core.commands import Command, Verdict
from ledger.core.gifts import check_passing, is_gift
from ledger.core.holds import HoldState, HoldStep
from ledger.core.maturing import check_mature
from ledger.core.postings import (
    MAX_AMOUNT,
    RESERVED,
    Account,
    Leg,
    Txn,
    check,
    check_amount,
    check_transferable,
    kind_of,
)
from ledger.core.refusals import Code, Refused
from ledger.core.reversing import remember

_REASONS = frozenset({"released", "expired"})


def place_hold(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Put an amount of an account aside for a destination.

    Raises:
        Refused: as for a transfer of it, or ``LIFETIME_INVALID``.
    """
    body = command.body
    assert isinstance(body, PlaceHold)
    check_amount(body.amount)
    check_text(body.purpose, "purpose")
    kinds = {kind_of(body.account), kind_of(body.destination)}
    if RESERVED & kinds:
        raise Refused(Code.ACCOUNT_RESERVED)
    if body.account == body.destination:
        raise Refused(Code.SAME_ACCOUNT)
    asset = books.asset(body.asset)
    check_transferable(asset, kinds)
    check_passing(books, asset, body.account, body.destination)
    lifetime_ms = body.lifetime_ms or books.terms.hold_ms
    if not books.terms.lifetime_min_ms <= lifetime_ms <= books.terms.hold_max_ms:
        raise Refused(Code.LIFETIME_INVALID, f"{lifetime_ms} ms")
    check_approved(books, batch, command, body.account, asset.code, body.amount)
    account = books.account(asked.network, body.account, asset.code)
    if is_gift(body.account, body.destination):
        check_mature(books, account, body.amount)
    spent = spending(books, asked.network, body.account, asset.code, body.amount)
    _grant_and_check(books, batch, account, command, asked)
    keep_spent(books, batch, spent)
    hold = HoldState(
        id=ids.digest(f"hold {len(asked.network)}:{asked.network}{command.key}".encode()),
        scene=command.scene,
        account=body.account,
        destination=body.destination,
        asset=asset.code,
        amount=body.amount,
        purpose=body.purpose,
        placed_ms=books.now_ms,
        expires_ms=books.now_ms + lifetime_ms,
    )
    books.holds[hold.id] = hold
    batch.placed.append(hold)
    _put_aside(books, batch, account, hold.amount)
    _step(books, batch, hold, "placed", hold.amount, command.key)
    return asked._replace(hold_id=hold.id, amount=hold.amount)


def capture_hold(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Pay from a hold; the last capture frees what is left of it.

    Raises:
        Refused: ``HOLD_UNKNOWN``, ``HOLD_ENDED``, ``HOLD_EXPIRED``, ``HOLD_EXCEEDED``, or what
            either account says to a transfer.
    """
    body = command.body
    assert isinstance(body, CaptureHold)
    hold = _find(books, asked.network, body.hold_id)
    if books.now_ms >= hold.expires_ms:
        raise Refused(Code.HOLD_EXPIRED, hold.id)
    amount = body.amount or hold.rest
    check_amount(amount)
    if amount > hold.rest:
        raise Refused(Code.HOLD_EXCEEDED, f"{hold.rest} left")
    account = books.account(asked.network, hold.account, hold.asset)
    destination = books.account(asked.network, hold.destination, hold.asset)
    legs = [Leg(account, -amount), Leg(destination, amount)]
    key = f"hold:{hold.id}:{hold.steps + 1}"
    what = Txn(0, asked.network, key, asked.body_hash, "capture", hold.purpose)
    account.held -= amount
    try:
        number = post_txn(books, batch, legs, what, hold.scene)
    except Refused:
        account.held += amount
        raise
    batch.bounded.add(account.id)
    remember(books, number, what, legs)
    _tell_paid(books, batch, hold, amount, number, command.key)
    rest = hold.rest - amount
    hold.captured += amount
    if not rest or body.last:
        hold.state = "captured"
    _step(books, batch, hold, "captured", amount, command.key, txn_id=number)
    if rest and body.last:
        _put_aside(books, batch, account, -rest)
        _step(books, batch, hold, "released", rest, command.key)
    return asked._replace(txn_id=number, hold_id=hold.id, amount=amount)


def release_hold(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Free what is left of a hold.

    Raises:
        Refused: ``HOLD_UNKNOWN``, ``HOLD_ENDED``, ``NOT_EXPIRED`` or ``REASON_INVALID``.
    """
    body = command.body
    assert isinstance(body, ReleaseHold)
    why = body.why or "released"
    if why not in _REASONS:
        raise Refused(Code.REASON_INVALID, why[:40])
    hold = _find(books, asked.network, body.hold_id)
    if why == "expired" and books.now_ms < hold.expires_ms:
        raise Refused(Code.NOT_EXPIRED, hold.id)
    rest = hold.rest
    hold.state = why
    _put_aside(books, batch, books.account(asked.network, hold.account, hold.asset), -rest)
    _step(books, batch, hold, why, rest, command.key)
    return asked._replace(hold_id=hold.id, amount=rest)


def _find(books: Books, network: str, hold_id: str) -> HoldState:
    hold = books.holds.get(hold_id)
    if hold is None or hold.scene.network != network:
        raise Refused(Code.HOLD_UNKNOWN)
    if hold.state != "open":
        raise Refused(Code.HOLD_ENDED, hold.state)
    return hold


def _grant_and_check(
    books: Books, batch: Batch, account: Account, command: Command, asked: Verdict
) -> None:
    """Give a newcomer the opening grant, and raise unless the amount could leave ``account``."""
    assert isinstance(command.body, PlaceHold)
    amount = command.body.amount
    legs = [Leg(account, -amount)]
    grants = opening_grants(books, legs)
    check([*grants, *legs])
    balance = account.balance + sum(leg.amount for leg in grants if leg.account is account)
    if account.held + amount > MAX_AMOUNT or balance - account.held - amount < -MAX_AMOUNT:
        raise Refused(Code.BALANCE_OVERFLOW, account.path)
    what = Txn(0, asked.network, "", asked.body_hash, "", "")
    book_grants(books, batch, legs, what, command.scene)


def _put_aside(books: Books, batch: Batch, account: Account, amount: int) -> None:
    account.held += amount
    open_account(books, batch, account)
    batch.bounded.add(account.id)


def _step(
    books: Books,
    batch: Batch,
    hold: HoldState,
    what: str,
    amount: int,
    command_id: str,
    *,
    txn_id: int | None = None,
) -> None:
    hold.steps += 1
    place = len(batch.steps)
    batch.steps.append(
        HoldStep(hold.id, hold.steps, hold.scene.network, what, amount, txn_id, place)
    )
    batch.held[hold.id] = hold
    fact = facts.hold_changed(hold, what, amount, command_id, at_ms=books.now_ms)
    batch.facts.append(fact)


def _tell_paid(
    books: Books, batch: Batch, hold: HoldState, amount: int, number: int, command_id: str
) -> None:
    told = Transfer(
        source=hold.account,
        destination=hold.destination,
        asset=hold.asset,
        amount=amount,
        purpose=hold.purpose,
    )
    fact = facts.transferred(hold.scene, number, told, command_id, at_ms=books.now_ms)
    batch.facts.append(fact)
