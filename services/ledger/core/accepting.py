"""Take a payment of another amount as it came, on a second person's word. Pure."""

from dataclasses import replace

from contracts.values import AcceptPayment
from ledger.core import facts
from ledger.core.approvals import check_approved
from ledger.core.auditing import caller_of
from ledger.core.books import Batch, Books, check_text, post_txn
from ledger.core.bounds import SUSPENSE
from ledger.core.commands import Command, Verdict
from ledger.core.maturing import keep_lots
from ledger.core.paying import find_payment, moves_of, note_step, settled, tell_moves
from ledger.core.payments import Said, apportion
from ledger.core.postings import Leg, Txn
from ledger.core.refusals import Code, Refused
from ledger.core.splitting import parts_of, rule_for


def accept_payment(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Give what is left of a payment from suspense to whom it was asked for.

    Raises:
        Refused: ``APPROVAL_NEEDED``, always at first; ``PAYMENT_UNKNOWN``; ``PAYMENT_SETTLED``
            where nothing of it waits; ``AMOUNT_DIFFERS`` where less is left by now;
            ``MEMBER_INVALID`` where nobody says who asks, or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, AcceptPayment)
    if not command.approved and not (caller_of(command.key) or body.by):
        raise Refused(Code.MEMBER_INVALID)
    check_text(body.why, "why")
    payment = find_payment(books, asked.network, body.payment_id)
    left = payment.standing.left
    if not payment.differs or not left:
        raise Refused(Code.PAYMENT_SETTLED, payment.standing.state)
    if body.amount not in (0, left):
        raise Refused(Code.AMOUNT_DIFFERS, f"{left} {payment.asset} left")
    wanted = replace(command, body=replace(body, amount=left))
    check_approved(books, batch, wanted, SUSPENSE, payment.asset, left, always=True)
    rule = rule_for(books, payment)
    parts = parts_of(payment, rule)
    amounts = apportion(left, [part.share for part in parts])
    moves = [
        moves_of(books, payment, part, amount) for part, amount in zip(parts, amounts, strict=True)
    ]
    waiting = books.account(asked.network, SUSPENSE, payment.asset)
    legs = [Leg(waiting, -left), *(leg for part in moves for leg in part)]
    key = f"payment:{payment.id}:{payment.steps + 1}"
    what = Txn(0, asked.network, key, asked.body_hash, "payment", payment.purpose)
    number = post_txn(books, batch, legs, what, payment.scene)
    tell_moves(books, batch, payment, legs[1:], number, command.key, source=SUSPENSE)
    payment.parts = settled(parts, moves)
    payment.payee = payment.destination if rule is not None else payment.parts[0].payee
    if rule is not None:
        batch.shared.append((payment, rule))
    keep_lots(books, payment, legs)
    note_step(batch, payment, Said("accepted", "", left), number)
    batch.facts.append(facts.payment_received(payment, left, at_ms=books.now_ms))
    return asked._replace(txn_id=number, amount=left)
