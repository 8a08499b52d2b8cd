"""Who may take no shares of packets, where and until when. Pure.

A bar books nothing: it is kept beside the books, and a repeated or late command changes nothing,
since of two bars the one that was decided later counts.
"""

from datetime import UTC, datetime, timedelta

from contracts.values import BarMember
from ledger.core.books import Bar, Batch, Books
from ledger.core.commands import Command, Verdict
from ledger.core.packets import PacketState
from ledger.core.postings import kind_of
from ledger.core.refusals import Code, Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MS = 253_402_300_799_000  # the last second of the year 9999: no clock shows a later one


def bar(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Keep a member from packets of the command's group, or of all groups of its network.

    Raises:
        Refused: ``GROUP_MISSING``, ``LIFETIME_INVALID`` or ``ACCOUNT_INVALID``.
    """
    body = command.body
    assert isinstance(body, BarMember)
    group = "" if body.everywhere else command.scene.group
    if not body.everywhere and not group:
        raise Refused(Code.GROUP_MISSING)
    if not (0 <= body.until_ms <= LAST_MS and 0 <= body.since_ms <= LAST_MS):
        raise Refused(Code.LIFETIME_INVALID, f"{body.until_ms} ms")
    kind_of(f"member:{body.member}")
    key = (asked.network, group, body.member)
    known = books.bars.get(key)
    if known is None or known.since_ms <= body.since_ms:
        batch.bars[key] = books.bars[key] = Bar(body.until_ms, body.since_ms)
    return asked


def check_bar(books: Books, packet: PacketState, member: str) -> None:
    """Refuse whoever is barred from packets where this one lies.

    Raises:
        Refused: ``BARRED``, with when it ends, if it does.
    """
    network, group = packet.scene.network, packet.scene.group
    for where in ("", group):
        found = books.bars.get((network, where, member))
        if found is not None and found.holds(books.now_ms):
            raise Refused(Code.BARRED, moment(found.until_ms) if found.until_ms else "")


def moment(at_ms: int) -> str:
    """Return a time as people and programs read it: ``2026-01-31 00:00 UTC``."""
    return f"{_EPOCH + timedelta(milliseconds=at_ms):%Y-%m-%d %H:%M} UTC"
