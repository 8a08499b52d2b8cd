"""Decide what becomes of a batch of commands. Pure: the same books and commands, the same rows.

Commands are answered one after the other, each on the books as the ones before left them, so a
batch has the same outcome as its commands one by one. A refused command changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts.values import (
    AcceptPayment,
    AskPayment,
    AskRefund,
    BarMember,
    CaptureHold,
    ClosePacket,
    DecideRequest,
    FreezePacket,
    LinkPayment,
    NotePayment,
    OpenPacket,
    PlaceHold,
    ReleaseHold,
    Reverse,
    SendPacket,
    SetAccount,
    SetApproval,
    SetBudget,
    SetIdentity,
    SetMaturity,
    SetSplit,
    SetStanding,
    TakeShare,
    Transfer,
    WriteOff,
)
from ledger.core import facts
from ledger.core.accepting import accept_payment
from ledger.core.approvals import check_approved, decided, find_request, set_approval
from ledger.core.auditing import entry_of
from ledger.core.bars import bar
from ledger.core.books import Batch, Books, check_text, post_txn
from ledger.core.bounds import divert, set_account
from ledger.core.budgets import keep_spent, set_budget, spending
from ledger.core.commands import Command, Verdict
from ledger.core.debts import write_off
from ledger.core.gifts import check_passing, is_gift
from ledger.core.holding import capture_hold, place_hold, release_hold
from ledger.core.maturing import check_mature, set_maturity
from ledger.core.merits import allow_loss, check_merit, note_merit
from ledger.core.paying import ask_payment, ask_refund, link_payment, note_payment
from ledger.core.persons import set_identity
from ledger.core.postings import RESERVED, Leg, Txn, check_amount, check_transferable, kind_of
from ledger.core.refusals import Code, Refused
from ledger.core.reversing import remember, reverse
from ledger.core.sending import send_packet
from ledger.core.splitting import set_split
from ledger.core.taking import close_packet, freeze_packet, open_packet, take_share
from ledger.core.telling import set_standing


def book(books: Books, commands: Sequence[Command]) -> Batch:
    """Answer ``commands`` in their order; ``books`` is left as the batch leaves it."""
    batch = Batch()
    for command in commands:
        batch.verdicts.append(_answer(books, batch, command))
    return batch


def _answer(books: Books, batch: Batch, command: Command) -> Verdict:
    body_hash = command.body_hash()
    asked = Verdict(command.scene.network, command.key, body_hash, at_ms=books.now_ms)
    before = books.answers.get((asked.network, asked.key))
    is_repeat = before is not None and before.body_hash == body_hash
    if before is not None and (is_repeat or before.code == Code.WITHDRAWN):
        return before._replace(repeated=True)
    if before is not None:
        return asked._replace(code=Code.KEY_REUSED.value)
    try:
        _check_deadline(books, command)
        verdict = _CARRY_OUT[type(command.body)](books, batch, command, asked)
    except Refused as refusal:
        verdict = asked._replace(code=refusal.code.value, detail=refusal.detail)
        if not command.told:
            batch.facts.append(facts.refused(command, refusal, at_ms=books.now_ms))
    if not verdict.code and isinstance(command.body, BarMember):
        return verdict  # nothing was booked, and the newest holds however often it comes
    entry = None if verdict.code else entry_of(command)
    if entry is not None:
        batch.entries.append(entry)
    books.answers[asked.network, asked.key] = verdict
    batch.answered.append(verdict)
    if command.letter is not None:
        batch.letters.append((command.letter, verdict))
    return verdict


def _transfer(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    body = command.body
    assert isinstance(body, Transfer)
    check_amount(body.amount)
    check_text(body.purpose, "purpose")
    asset = books.asset(body.asset)
    kinds = {kind_of(body.source), kind_of(body.destination)}
    if RESERVED & kinds:
        raise Refused(Code.ACCOUNT_RESERVED)
    if body.source == body.destination:
        raise Refused(Code.SAME_ACCOUNT)
    check_transferable(asset, kinds)
    check_passing(books, asset, body.source, body.destination)
    check_merit(body)
    network = asked.network
    check_approved(books, batch, command, body.source, asset.code, body.amount)
    legs = [
        Leg(books.account(network, body.source, asset.code), -body.amount),
        Leg(books.account(network, body.destination, asset.code), body.amount),
    ]
    if is_gift(body.source, body.destination):
        check_mature(books, legs[0].account, body.amount)
    legs, why_not = divert(books, legs) if body.or_suspense else (legs, "")
    spent = spending(books, network, body.source, asset.code, body.amount)
    allow_loss(books, batch, asset, body, legs)
    key = f"transfer:{command.key}"
    what = Txn(0, network, key, asked.body_hash, "transfer", body.purpose)
    number = post_txn(books, batch, legs, what, command.scene)
    keep_spent(books, batch, spent)
    remember(books, number, what, legs)
    note_merit(books, batch, command, asset, body, number)
    destination = legs[-1].account.path
    is_plain = (body.asset, body.destination) == (asset.code, destination)
    told = body if is_plain else replace(body, asset=asset.code, destination=destination)
    fact = facts.transferred(command.scene, number, told, command.key, at_ms=books.now_ms)
    batch.facts.append(fact)
    return Verdict(
        network, asked.key, asked.body_hash, "", why_not, number, None, None, body.amount, None,
        None, books.now_ms,
    )  # fmt: skip


def _decide(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Carry out what waited for a second person, or reject it.

    Raises:
        Refused: it may not be decided, or the books cannot bear it now; then it waits on.
    """
    body = command.body
    assert isinstance(body, DecideRequest)
    request, who = find_request(books, command)
    verdict = asked._replace(amount=request.amount)
    if body.approved:
        carry_out = _CARRY_OUT[type(request.body)]
        verdict = carry_out(books, batch, request.command(), asked)
    decided(batch, request, command, who)
    return verdict


_CARRY_OUT: dict[type, Callable[[Books, Batch, Command, Verdict], Verdict]] = {
    Transfer: _transfer,
    SendPacket: send_packet,
    TakeShare: take_share,
    ClosePacket: close_packet,
    OpenPacket: open_packet,
    FreezePacket: freeze_packet,
    Reverse: reverse,
    BarMember: bar,
    SetAccount: set_account,
    PlaceHold: place_hold,
    CaptureHold: capture_hold,
    ReleaseHold: release_hold,
    AskPayment: ask_payment,
    LinkPayment: link_payment,
    NotePayment: note_payment,
    AskRefund: ask_refund,
    SetStanding: set_standing,
    SetBudget: set_budget,
    SetApproval: set_approval,
    DecideRequest: _decide,
    SetSplit: set_split,
    SetMaturity: set_maturity,
    WriteOff: write_off,
    AcceptPayment: accept_payment,
    SetIdentity: set_identity,
}


def _check_deadline(books: Books, command: Command) -> None:
    if 0 < command.deadline_ms < books.now_ms:
        raise Refused(Code.TOO_LATE)
