"""Who shares in what the house earns: rules, and the one by which a payment is split. Pure.

A payment is split by the rule that holds when it comes in, for good: what goes back later is taken
in the same parts, whatever was said meanwhile.
"""

from contracts import ids
from contracts.values import SetSplit, SplitPart
from ledger.core.books import Batch, Books, SplitRule, check_text
from ledger.core.bounds import SUSPENSE
from ledger.core.commands import Command, Verdict
from ledger.core.payments import PURPOSES, WHOLE, Part, PaymentState
from ledger.core.postings import HOUSE, PATH_LIMIT, kind_of
from ledger.core.refusals import Code, Refused

PARTS_LIMIT = 20
NAME_LIMIT = 255
"""Characters of a group's id."""

PAYEES = frozenset({"member", "group", "network", "treasury", "house", "escrow"})
"""Kinds of account that payments go to."""

WAITING = (Part(SUSPENSE, WHOLE, SUSPENSE),)
"""Who has a payment of another amount, until it is accepted."""

_PURPOSES = {"", *PURPOSES} - {"topup"}


def set_split(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Say who gets what from now on; the answer's detail is the rule's id.

    Raises:
        Refused: ``SPLIT_INVALID``, ``ACCOUNT_INVALID`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, SetSplit)
    if body.purpose not in _PURPOSES:
        raise Refused(Code.SPLIT_INVALID, f"purpose {body.purpose[:40]}")
    if len(body.group) > NAME_LIMIT or not body.group.isprintable():
        raise Refused(Code.SPLIT_INVALID, "group")
    _check_parts(body.parts)
    check_text(body.why, "why")
    key = (asked.network, body.group, body.purpose)
    before = books.splits.get(key)
    rule = SplitRule(
        id=ids.digest(f"split {len(asked.network)}:{asked.network}{command.key}".encode()),
        network=asked.network,
        group=body.group,
        purpose=body.purpose,
        version=before.version + 1 if before else 1,
        parts=tuple((part.account, part.share) for part in body.parts),
    )
    books.splits[key] = rule
    batch.splits.append(rule)
    return asked._replace(detail=rule.id)


def _check_parts(parts: tuple[SplitPart, ...]) -> None:
    if len(parts) > PARTS_LIMIT:
        raise Refused(Code.SPLIT_INVALID, f"more than {PARTS_LIMIT} parts")
    named = [part.account for part in parts]
    for part in parts:
        if kind_of(part.account) not in PAYEES or named.count(part.account) > 1:
            raise Refused(Code.SPLIT_INVALID, part.account)
        if len(f"receivable:{part.account}") > PATH_LIMIT:
            raise Refused(Code.ACCOUNT_INVALID, "too long for a payment")
        if not 0 < part.share <= WHOLE:
            raise Refused(Code.SPLIT_INVALID, f"share {part.share}")
    if sum(part.share for part in parts) > WHOLE:
        raise Refused(Code.SPLIT_INVALID, "the parts come to more than the whole")


def rule_for(books: Books, payment: PaymentState) -> SplitRule | None:
    """Return the nearest rule that fits a payment; ``None`` where it is all the destination's."""
    if kind_of(payment.destination) not in HOUSE:
        return None
    scene = payment.scene
    for group, purpose in places(scene.group, payment.purpose):
        rule = books.splits.get((scene.network, group, purpose))
        if rule is not None and rule.parts:
            return rule
    return None


def places(group: str, purpose: str) -> list[tuple[str, str]]:
    """Return group and purpose of the rules that could fit a payment, the nearest first."""
    return [(group, purpose), (group, ""), ("", purpose), ("", "")]


def parts_of(payment: PaymentState, rule: SplitRule | None) -> tuple[Part, ...]:
    """Return who gets what of a payment, before anybody got it: the rest is the destination's."""
    shares = dict(rule.parts) if rule is not None else {}
    rest = WHOLE - sum(shares.values())
    if rest:
        shares[payment.destination] = shares.get(payment.destination, 0) + rest
    return tuple(Part(account, share, account) for account, share in shares.items())
