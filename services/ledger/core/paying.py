"""Ask for payments and refunds, and book what providers say of them. Pure.

What comes in by a provider goes to the payment's destination, or in parts to whoever shares in
what the house earns; what each owes from earlier is paid first. What goes back is taken in the same
parts from where they are, as far as each account reaches, and the rest is owed:
`receivable:<account>` is below zero by it, and no balance is, silently.
"""

from contracts import ids
from contracts.values import AskPayment, AskRefund, LinkPayment, NotePayment, Transfer
from ledger.core import facts
from ledger.core.books import Batch, Books, check_text, post_txn
from ledger.core.bounds import divert
from ledger.core.commands import Command, Verdict
from ledger.core.maturing import keep_lots
from ledger.core.payments import (
    DISPUTES,
    PURPOSES,
    SAID_BY_PROVIDERS,
    Part,
    PaymentState,
    PaymentStep,
    Said,
    Standing,
    apportion,
    stand,
)
from ledger.core.postings import PATH_LIMIT, RESERVED, Account, Leg, Txn, check_amount, kind_of
from ledger.core.refusals import Code, Refused
from ledger.core.splitting import PAYEES, WAITING, parts_of, rule_for

WORD_LIMIT = 255
"""Characters of a provider's id, and of a member's."""

LINK_LIMIT = 2_000


def ask_payment(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Ask for a payment; the answer's detail is its id.

    Raises:
        Refused: ``AMOUNT_NOT_POSITIVE``, ``ASSET_UNKNOWN``, ``ASSET_NOT_PAYABLE``,
            ``ACCOUNT_INVALID``, ``ACCOUNT_RESERVED``, ``MEMBER_INVALID``, ``PURPOSE_INVALID`` or
            ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, AskPayment)
    check_amount(body.amount)
    check_text(body.subject, "subject")
    _check_word(body.provider, Code.PROVIDER_UNKNOWN)
    _check_word(body.member, Code.MEMBER_INVALID)
    if body.purpose not in PURPOSES:
        raise Refused(Code.PURPOSE_INVALID, body.purpose[:40])
    if kind_of(body.destination) not in PAYEES:
        raise Refused(Code.ACCOUNT_RESERVED, body.destination)
    if (body.purpose == "topup") != (body.destination == f"member:{body.member}"):
        raise Refused(Code.PURPOSE_INVALID, "a top-up goes to whoever pays, and nothing else does")
    asset = books.asset(body.asset)
    if asset.kind != "paid_credit" or not asset.transferable:
        raise Refused(Code.ASSET_NOT_PAYABLE, asset.code)
    network = asked.network
    payment = PaymentState(
        id=ids.digest(f"payment {len(network)}:{network}{command.key}".encode()),
        scene=command.scene,
        member=body.member,
        destination=body.destination,
        asset=asset.code,
        amount=body.amount,
        purpose=body.purpose,
        subject=body.subject,
        provider=body.provider,
        asked_ms=books.now_ms,
    )
    if len(f"receivable:{payment.destination}") > PATH_LIMIT:
        raise Refused(Code.ACCOUNT_INVALID, "too long for a payment")
    books.payments[payment.id] = payment
    batch.asked.append(payment)
    note_step(batch, payment, Said("asked", "", payment.amount), None)
    return asked._replace(amount=payment.amount, detail=payment.id)


def link_payment(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Keep where a payment is paid, and what its provider calls it.

    Raises:
        Refused: ``PAYMENT_UNKNOWN`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, LinkPayment)
    payment = find_payment(books, asked.network, body.payment_id)
    if len(body.link) > LINK_LIMIT or not body.link.isprintable():
        raise Refused(Code.TEXT_INVALID, "link")
    _check_word(body.reference, Code.TEXT_INVALID)
    if not payment.link:
        payment.link, payment.reference = body.link, body.reference
        note_step(batch, payment, Said("linked", body.reference, payment.amount), None)
    return asked._replace(detail=payment.id)


def ask_refund(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Ask a provider to give back a payment or a part; the answer's detail is the refund's id.

    Nothing is booked before the provider says that it has done so.

    Raises:
        Refused: ``PAYMENT_UNKNOWN``, ``TEXT_INVALID`` or ``REFUND_EXCEEDS``.
    """
    body = command.body
    assert isinstance(body, AskRefund)
    check_text(body.why, "why")
    payment = find_payment(books, asked.network, body.payment_id)
    amount = body.amount or payment.refundable
    if not 0 < amount <= payment.refundable:
        raise Refused(Code.REFUND_EXCEEDS, f"{payment.refundable} left")
    refund = ids.digest(f"refund {payment.id} {command.key}".encode())
    note_step(batch, payment, Said("refund_asked", refund, amount), None)
    return asked._replace(amount=amount, detail=refund)


def note_payment(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Note what a provider says of a payment, and book what follows; nothing if it is not new.

    Raises:
        Refused: ``PAYMENT_UNKNOWN``; ``AMOUNT_DIFFERS`` where it is of another currency, or
            more goes back than came in; ``PAYMENT_CAPTURED`` by another of the provider's ids;
            ``COMMAND_INVALID``, ``TEXT_INVALID``, ``AMOUNT_NOT_POSITIVE``, ``BALANCE_OVERFLOW``.
    """
    body = command.body
    assert isinstance(body, NotePayment)
    payment = find_payment(books, asked.network, body.payment_id)
    if payment.provider != body.provider:
        raise Refused(Code.PAYMENT_UNKNOWN)
    _check_note(payment, body)
    if payment.knows(body.what, body.object):
        return asked
    one = Said(body.what, body.object, body.amount)
    now = stand(payment.amount, {*payment.said, one})
    number = _book(books, batch, payment, now, command, asked)
    before = payment.standing
    note_step(batch, payment, one, number)
    _tell(books, batch, payment, before, why="disputed" if body.what in DISPUTES else "refunded")
    return asked._replace(txn_id=number, amount=abs(now.left - before.left))


def _check_note(payment: PaymentState, body: NotePayment) -> None:
    if body.what not in SAID_BY_PROVIDERS:
        raise Refused(Code.COMMAND_INVALID, body.what[:40])
    _check_word(body.object, Code.TEXT_INVALID)
    check_amount(body.amount)
    most = max(payment.amount, payment.standing.captured)
    is_more = body.amount > most and body.what != "captured"
    if is_more or body.asset != payment.asset:
        detail = f"{body.amount} {body.asset[:40]}, asked for {payment.amount} {payment.asset}"
        raise Refused(Code.AMOUNT_DIFFERS, detail)
    captures = {one.object for one in payment.said if one.what == "captured"}
    if body.what == "captured" and captures - {body.object}:
        raise Refused(Code.PAYMENT_CAPTURED, min(captures))


def _check_word(word: str, code: Code) -> None:
    if not 0 < len(word) <= WORD_LIMIT or not word.isprintable():
        raise Refused(code, word[:40])


def find_payment(books: Books, network: str, payment_id: str) -> PaymentState:
    """Return a payment of ``network``, or raise ``PAYMENT_UNKNOWN``."""
    payment = books.payments.get(payment_id)
    if payment is None or payment.scene.network != network:
        raise Refused(Code.PAYMENT_UNKNOWN)
    return payment


def _book(
    books: Books,
    batch: Batch,
    payment: PaymentState,
    now: Standing,
    command: Command,
    asked: Verdict,
) -> int | None:
    """Post what changes between where ``payment`` stood and ``now``; return the transaction."""
    parts, rule = payment.parts, None
    if now.captured and not parts:
        if now.captured == payment.amount:
            rule = rule_for(books, payment)
            parts = parts_of(payment, rule)
        else:
            parts = WAITING
    if not parts:
        return None
    shares = [part.share for part in parts]
    before, after = apportion(payment.standing.left, shares), apportion(now.left, shares)
    moves = [
        moves_of(books, payment, part, new - old)
        for part, new, old in zip(parts, after, before, strict=True)
    ]
    legs, number = [leg for part in moves for leg in part], None
    moved = now.left - payment.standing.left
    if moved:
        cash = Leg(books.account(payment.scene.network, payment.cashbox, payment.asset), -moved)
        legs = [cash, *legs] if moved > 0 else [*legs, cash]
        key = f"payment:{payment.id}:{payment.steps + 1}"
        what = Txn(0, asked.network, key, asked.body_hash, "payment", payment.purpose)
        number = post_txn(books, batch, legs, what, payment.scene)
        tell_moves(books, batch, payment, legs, number, command.key)
    if not payment.parts:
        payment.captured_ms = books.now_ms
        payment.parts = settled(parts, moves)
        payment.payee = payment.destination if rule is not None else payment.parts[0].payee
        if rule is not None:
            batch.shared.append((payment, rule))
    keep_lots(books, payment, legs)
    return number


def settled(parts: tuple[Part, ...], moves: list[list[Leg]]) -> tuple[Part, ...]:
    """Return ``parts`` with who got each, which is where it is taken from if it goes back."""
    return tuple(
        part._replace(payee=legs[-1].account.path)
        if legs and legs[-1].account.kind != "receivable"
        else part
        for part, legs in zip(parts, moves, strict=True)
    )


def tell_moves(
    books: Books,
    batch: Batch,
    payment: PaymentState,
    legs: list[Leg],
    number: int,
    key: str,
    *,
    source: str = "",
) -> None:
    """Tell what each account got or gave; what was owed is told with the payment."""
    source = source or payment.cashbox
    open_legs = [leg for leg in legs if leg.account.kind not in RESERVED]
    for part, (account, amount) in enumerate(open_legs):
        told = Transfer(
            source=source if amount > 0 else account.path,
            destination=account.path if amount > 0 else source,
            asset=payment.asset,
            amount=abs(amount),
            purpose=payment.purpose,
        )
        scene = payment.scene
        fact = facts.transferred(scene, number, told, key, at_ms=books.now_ms, part=part)
        batch.facts.append(fact)


def moves_of(books: Books, payment: PaymentState, part: Part, change: int) -> list[Leg]:
    """Return the legs by which a part of ``payment`` grows, or becomes less."""
    network, asset = payment.scene.network, payment.asset
    payee = books.account(network, part.payee, asset)
    debt = books.account(network, part.receivable, asset)
    if change < 0:
        taken = min(-change, _free(payee))
        legs = [Leg(payee, -taken), Leg(debt, taken + change)]
    else:
        repaid = min(change, -debt.balance)
        legs = [Leg(debt, repaid), Leg(payee, change - repaid)]
        if change > repaid:
            cash = Leg(books.account(network, payment.cashbox, asset), repaid - change)
            legs[1:] = divert(books, [cash, legs[1]])[0][1:]
    return [leg for leg in legs if leg.amount]


def _free(account: Account) -> int:
    """Return how much can leave ``account``, at most 2^63 - 1."""
    if account.state != "open":
        return 0
    floor = -(2**62) if account.floor is None else account.floor
    return max(0, account.balance - account.held - floor)


def note_step(batch: Batch, payment: PaymentState, one: Said, txn_id: int | None) -> None:
    """Keep that something was said of a payment, and where that puts it."""
    payment.said.add(one)
    payment.standing = stand(payment.amount, payment.said)
    payment.steps += 1
    place = len(batch.payment_steps)
    batch.payment_steps.append(
        PaymentStep(payment.id, payment.steps, payment.scene.network, *one, txn_id, place)
    )
    batch.paid[payment.id] = payment


def _tell(books: Books, batch: Batch, payment: PaymentState, before: Standing, *, why: str) -> None:
    """Tell what came in, and what went back, since ``before``: nothing of what is not accepted."""
    if payment.differs:
        return
    now = payment.standing
    came = now.captured - before.captured
    gone = now.returned - before.returned
    for amount in (came, -gone):
        if amount > 0:
            fact = facts.payment_received(payment, amount, at_ms=books.now_ms)
            batch.facts.append(fact)
    if gone > 0:
        network, asset = payment.scene.network, payment.asset
        debts = [books.account(network, part.receivable, asset) for part in payment.parts]
        owed = -sum(debt.balance for debt in debts)
        fact = facts.payment_returned(payment, gone, why, owed, at_ms=books.now_ms)
        batch.facts.append(fact)
