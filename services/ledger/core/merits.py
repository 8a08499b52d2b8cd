"""Reputation as it is booked: each change with whose it is, by which rule and for what. Pure.

A merit is a transfer between an issuer and a member with a row beside it that says why; whatever
moves reputation is one, and other assets can be earned as well. What it says is kept as it came;
how much of it counts is decided over all merits of a day together, never while booking, so that
the order in which they come makes no difference.
"""

from contracts.values import Merit, Transfer
from ledger.core.books import Batch, Books, check_text, open_account, opening_grants
from ledger.core.commands import Command
from ledger.core.postings import MAX_AMOUNT, Account, Asset, Bound, Earned, Leg, check
from ledger.core.refusals import Code, Refused
from ledger.core.sending import MEMBER_LIMIT

EVIDENCE_LIMIT = 20
"""Events that one merit names."""

EVENT_LIMIT = 200
"""Characters of an event's id."""

OWED = "reputation can be lost that was never had"
"""Why the floor of an account is lowered: whether loss or gain comes first makes no difference."""

_MEMBER = "member:"


def check_merit(body: Transfer) -> None:
    """Raise ``MERIT_INVALID`` unless what is said of a merit can be kept, and is about one."""
    merit = body.merit
    if merit is None:
        return
    member = _whose(body)
    if not member:
        raise Refused(Code.MERIT_INVALID, "it goes from an issuer to a member, or back")
    if merit.giver == member:
        raise Refused(Code.MERIT_INVALID, "nobody praises themselves")
    if len(merit.giver) > MEMBER_LIMIT or not merit.giver.isprintable():
        raise Refused(Code.MEMBER_INVALID)
    check_text(merit.rule, "rule")
    check_text(merit.reason, "reason")
    if len(merit.evidence) > EVIDENCE_LIMIT or merit.happened_ms < 0:
        raise Refused(Code.MERIT_INVALID, f"at most {EVIDENCE_LIMIT} events, in our era")
    if any(not event.isprintable() or len(event) > EVENT_LIMIT for event in merit.evidence):
        raise Refused(Code.MERIT_INVALID, "an event's id has control characters or is too long")


def allow_loss(books: Books, batch: Batch, asset: Asset, body: Transfer, legs: list[Leg]) -> None:
    """Lower the floor of a member who loses more reputation than there is.

    Raises:
        Refused: an account cannot take part for another reason; nothing is changed then.
    """
    account, amount = legs[0]
    if asset.kind != "reputation" or body.merit is None:
        return
    if account.kind != "member" or account.floor != 0:
        return
    if account.balance - account.held + amount >= 0:
        return
    account.floor = -MAX_AMOUNT
    try:
        check([*opening_grants(books, legs), *legs])
    except Refused:
        account.floor = 0
        raise
    _note_floor(books, batch, account)


def note_merit(
    books: Books, batch: Batch, command: Command, asset: Asset, body: Transfer, number: int
) -> None:
    """Keep why what transaction ``number`` moved was earned or lost; of reputation, always."""
    member = _whose(body)
    if not member or (asset.kind != "reputation" and body.merit is None):
        return
    merit = body.merit or Merit(reason=body.purpose)
    happened_ms = merit.happened_ms or books.now_ms
    batch.merits.append(
        Earned(
            number,
            command.scene.network,
            command.scene.group,
            asset.code,
            member,
            merit.giver,
            body.amount if body.destination.startswith(_MEMBER) else -body.amount,
            merit.rule,
            merit.reason,
            merit.evidence,
            min(happened_ms, books.now_ms),
        )
    )


def _whose(body: Transfer) -> str:
    """Return the member whose reputation this moves; empty: it is another account's."""
    ends = (body.source, body.destination)
    for here, there in (ends, ends[::-1]):
        if here.startswith(_MEMBER) and there.partition(":")[0] == "issuer":
            return here.removeprefix(_MEMBER)
    return ""


def _note_floor(books: Books, batch: Batch, account: Account) -> None:
    open_account(books, batch, account)
    batch.bounded.add(account.id)
    batch.bounds.append(
        Bound(
            account.id,
            len(batch.bounds),
            account.network,
            account.version,
            account.floor,
            account.ceiling,
            account.state,
            OWED,
        )
    )
