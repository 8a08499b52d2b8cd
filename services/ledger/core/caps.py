"""How much is given and taken in a day, and how often a password is tried in a minute. Pure.

A tally counts what somebody did since a moment; when its time is over it begins again. It is kept
where a cap is set, and read and written under the locks of the batch that it bounds.
"""

from dataclasses import replace

from contracts.values import SendPacket
from ledger.core.books import Batch, Books, Cap, Tally
from ledger.core.packets import PacketState
from ledger.core.refusals import Code, Refused

DAY_MS = 86_400_000
TRIES_MS = 60_000
"""How long wrong passwords are held against a member."""

Tallies = dict[tuple[str, str, str, str], Tally]
"""By network, what is counted, of whom, and in which asset or for which packet."""

_FRESH = Tally(0)

_REACHED = {
    "sender": Code.SENDER_CAP_REACHED,
    "receiver": Code.RECEIVER_CAP_REACHED,
    "group": Code.GROUP_CAP_REACHED,
}


def sending(books: Books, packet: PacketState, body: SendPacket) -> Tallies:
    """Count a packet, or a whole rain as one, for its sender and its group; `keep` it when sent.

    What comes back of it later counts as given all the same. The house has no cap as a sender.

    Raises:
        Refused: ``SENDER_CAP_REACHED`` or ``GROUP_CAP_REACHED``.
    """
    terms, scene = books.terms, packet.scene
    keys = [(scene.network, "group", scene.group, packet.asset)]
    if body.sender:
        keys.append((scene.network, "sender", body.sender, packet.asset))
    caps = {"sender": terms.sender_cap, "group": terms.group_cap}
    return {key: _add(books, key, caps[key[1]], body.total) for key in keys if caps[key[1]]}


def taking(books: Books, packet: PacketState, member: str, amount: int) -> Tallies:
    """Count a share for the member who takes it; `keep` it when taken.

    Raises:
        Refused: ``RECEIVER_CAP_REACHED``.
    """
    cap = books.terms.receiver_cap
    if not cap:
        return {}
    key = (packet.scene.network, "receiver", member, packet.asset)
    return {key: _add(books, key, cap, amount)}


def check_tries(books: Books, packet: PacketState, member: str) -> None:
    """Refuse whoever has been wrong about the password too often within a minute.

    Raises:
        Refused: ``TRIES_EXHAUSTED``.
    """
    if _tries(books, packet, member).number >= books.terms.password_tries:
        raise Refused(Code.TRIES_EXHAUSTED, packet.id)


def count_try(books: Books, batch: Batch, packet: PacketState, member: str) -> None:
    """Hold a wrong password against the member for a while."""
    tally = _tries(books, packet, member)
    if not tally.number:
        tally = Tally(books.now_ms)
    key = (packet.scene.network, "password", member, packet.id)
    keep(books, batch, {key: replace(tally, number=tally.number + 1)})


def _tries(books: Books, packet: PacketState, member: str) -> Tally:
    found = books.tallies.get((packet.scene.network, "password", member, packet.id), _FRESH)
    return found if books.now_ms < found.since_ms + TRIES_MS else _FRESH


def _add(books: Books, key: tuple[str, str, str, str], cap: Cap, amount: int) -> Tally:
    """Return the day's tally with one more of ``amount`` in it."""
    shift_ms = books.terms.day_shift_ms
    began_ms = (books.now_ms + shift_ms) // DAY_MS * DAY_MS - shift_ms
    found = books.tallies.get(key, _FRESH)
    before = found if found.since_ms == began_ms else Tally(began_ms)
    after = Tally(began_ms, before.number + 1, before.amount + amount)
    if cap.number and after.number > cap.number:
        raise Refused(_REACHED[key[1]], f"{cap.number} a day")
    if cap.amount and after.amount > cap.amount:
        raise Refused(_REACHED[key[1]], f"{cap.amount} {key[3]} a day")
    return after


def keep(books: Books, batch: Batch, counted: Tallies) -> None:
    """Let what was counted count from now on."""
    books.tallies.update(counted)
    batch.tallies.update(counted)
