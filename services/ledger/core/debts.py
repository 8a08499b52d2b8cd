"""Write off what nobody will pay: the house bears it, on a second person's word. Pure."""

from dataclasses import replace

from contracts.values import Transfer, WriteOff
from ledger.core import facts
from ledger.core.approvals import check_approved
from ledger.core.auditing import caller_of
from ledger.core.books import Batch, Books, check_text, post_txn
from ledger.core.commands import Command, Verdict
from ledger.core.postings import HOUSE, PATH_LIMIT, Leg, Txn, kind_of
from ledger.core.refusals import Code, Refused


def write_off(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Pay a debt from an account of the house, once somebody else has approved it.

    Raises:
        Refused: ``APPROVAL_NEEDED``, always at first; ``DEBT_EXCEEDED``, ``BEARER_INVALID``,
            ``MEMBER_INVALID`` where nobody says who asks, ``TEXT_INVALID`` where nobody says why,
            or what the account that bears it says to a transfer.
    """
    body = command.body
    assert isinstance(body, WriteOff)
    if not command.approved and not (caller_of(command.key) or body.by):
        raise Refused(Code.MEMBER_INVALID)
    check_text(body.why, "why")
    if not body.why.strip():
        raise Refused(Code.TEXT_INVALID, "why")
    if kind_of(body.bearer) not in HOUSE:
        raise Refused(Code.BEARER_INVALID, body.bearer)
    kind_of(body.account)
    network, asset = asked.network, books.asset(body.asset).code
    path = owed_by(body.account)
    if len(path) > PATH_LIMIT:
        raise Refused(Code.ACCOUNT_INVALID, "too long for a debt")
    debt = books.account(network, path, asset)
    amount = body.amount or -debt.balance
    if not 0 < amount <= -debt.balance:
        raise Refused(Code.DEBT_EXCEEDED, f"{-debt.balance} {asset} owed")
    wanted = replace(command, body=replace(body, asset=asset, amount=amount))
    check_approved(books, batch, wanted, body.bearer, asset, amount, always=True)
    legs = [Leg(books.account(network, body.bearer, asset), -amount), Leg(debt, amount)]
    key = f"write_off:{command.key}"
    what = Txn(0, network, key, asked.body_hash, "write_off", body.why)
    number = post_txn(books, batch, legs, what, command.scene)
    told = Transfer(
        source=body.bearer, destination=path, asset=asset, amount=amount, purpose=body.why
    )
    fact = facts.transferred(command.scene, number, told, command.key, at_ms=books.now_ms)
    batch.facts.append(fact)
    return asked._replace(txn_id=number, amount=amount)


def owed_by(account: str) -> str:
    """Return the account of what ``account`` owes, below zero."""
    return f"receivable:{account}"
