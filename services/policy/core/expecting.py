"""Whether what is expected has come, and what follows when it has, or when its time is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.codec import EventView
from policy.core import explain
from policy.core.compiled import Compiled
from policy.core.conditions.kind import Condition
from policy.core.conduct import Expectation
from policy.core.consequences import Consequences
from policy.core.consequences.wanted import (
    Command,
    Confirmation,
    Packet,
    Payment,
    Referrals,
    Says,
    Thanks,
    Wanted,
    is_met,
    leaves,
)
from policy.core.hits import Hit
from policy.core.seen import Clue, Seen
from policy.core.state import Room
from policy.core.text.fold import fold

if TYPE_CHECKING:
    from policy.core.scene import Scene

KNOWN_MAX = 128
_MEMBER = "member:"
_FAIR = 0.5  # an inviter is one who is likelier than not


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened, and may be what is waited for, and of whom.

    `seen` makes the views of what was said under some rulebook, None where nothing was; `seq` is
    when it was asked for, where that was earlier than it happened.
    """

    view: EventView
    member: str
    seen: Callable[[Compiled], Seen] | None
    seq: int


def waited_for(view: EventView, member: str) -> str:
    """Return of whom something may have come with this event, ""  where of nobody.

    `member` is whom the event is about.
    """
    match view.kind:
        case "member_joined":
            inviters = view.payload.inviters
            likeliest = max(inviters, key=lambda one: one.confidence, default=None)
            if likeliest is None or likeliest.confidence < _FAIR:
                return ""
            inviter: str = likeliest.actor.id
            return inviter
        case "transferred":
            source: str = view.payload.source
            return source.removeprefix(_MEMBER) if source.startswith(_MEMBER) else ""
        case _:
            return member


def came(room: Room, books: Callable[[str], Compiled], occurrence: Occurrence) -> list[Expectation]:
    """Return what is fulfilled by an occurrence, no longer waited for, oldest first.

    A red packet or a payment counts for one thing that is expected, the oldest; the rest for all.
    """
    fulfilled: list[Expectation] = []
    for waiting in room.expectations.by_member(occurrence.member):
        book = books(waiting.rulebook)
        expects = book.expects[waiting.key]
        used = False
        for number, leaf in enumerate(leaves(expects.what)):
            comes = _COMES[type(leaf)]
            if number not in waiting.done and comes(leaf, number, waiting, book, occurrence):
                waiting.done.append(number)
                used = used or isinstance(leaf, Packet | Payment)
        if is_met(expects.what, waiting.done):
            room.expectations.drop(waiting.timer)
            fulfilled.append(waiting)
        if used:
            break
    return fulfilled


def _packet(
    leaf: Packet, _number: int, waiting: Expectation, _book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    if view.kind != "packet_sent":
        return False
    packet = view.packet_sent.packet
    return (
        leaf.asset == packet.asset
        # A rain is one packet of all that falls; its first drop is told for the whole.
        and packet.rain in ("", packet.id)
        and max(leaf.amount, waiting.amount) <= (packet.rain_total or packet.total)
        and leaf.shares <= packet.shares * max(packet.rain_drops, 1)
        # A packet that was asked for before the advertisement was not sent for it.
        and occurrence.seq > waiting.author.seq
    )


def _thanks(
    leaf: Thanks, _number: int, _waiting: Expectation, book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    match view.kind:
        case "reaction_added":
            key: str = view.reaction_added.key
            return key in leaf.reactions
        case "message_created" | "command_invoked":
            if leaf.sticker and view.payload.content.form == "sticker":
                return True
            return _holds(leaf.words, book, occurrence)
    return False


def _holds(condition: Condition, book: Compiled, occurrence: Occurrence) -> bool:
    assert occurrence.seen is not None, "somebody spoke"
    return book.expected[condition](occurrence.seen(book))


def _says(
    leaf: Says, _number: int, _waiting: Expectation, book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    if view.kind != "message_created" or (leaf.channel and view.place.channel != leaf.channel):
        return False
    assert occurrence.seen is not None, "somebody spoke"
    if occurrence.seen(book).own_words < leaf.letters:
        return False
    return leaf.when is None or _holds(leaf.when, book, occurrence)


def _command(
    leaf: Command, _number: int, _waiting: Expectation, _book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    if view.kind != "command_invoked":
        return False
    wanted, given = fold(leaf.name), fold(view.payload.name)
    return wanted == given or SAME.get(wanted, wanted) == SAME.get(given, given)


def _payment(
    leaf: Payment, _number: int, waiting: Expectation, _book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    if view.kind not in ("payment_received", "transferred"):
        return False
    paid = view.payload
    to = paid.destination
    if view.kind == "payment_received" and to.startswith(_MEMBER):
        return False  # what tops up their own account is paid to nobody yet
    return (
        paid.asset == leaf.asset
        and paid.amount >= leaf.amount
        and (not leaf.purpose or paid.purpose == leaf.purpose)
        and (not leaf.to or to == leaf.to)
        and occurrence.seq > waiting.author.seq
    )


def _referrals(
    leaf: Referrals, number: int, waiting: Expectation, _book: Compiled, occurrence: Occurrence
) -> bool:
    view = occurrence.view
    if view.kind != "member_joined":
        return False
    mark = f"{number}:{view.payload.member.id}"
    if mark not in waiting.known and len(waiting.known) < KNOWN_MAX:
        waiting.known.append(mark)
    return sum(one.startswith(f"{number}:") for one in waiting.known) >= leaf.n


def _confirmation(
    _leaf: Confirmation, _number: int, _waiting: Expectation, _book: Compiled, _seen: Occurrence
) -> bool:
    return False  # it comes by a command of the staff: `confirmed`


_COMES: Final[dict[type[Wanted], Callable[[Any, int, Expectation, Compiled, Occurrence], bool]]] = {
    Packet: _packet,
    Thanks: _thanks,
    Says: _says,
    Command: _command,
    Payment: _payment,
    Referrals: _referrals,
    Confirmation: _confirmation,
}
SAME: Final = {
    "agree": "agree", "同意": "agree", "我同意": "agree", "接受": "agree", "accept": "agree",
}  # fmt: skip


def confirmed(
    room: Room, books: Callable[[str], Compiled], member: str
) -> tuple[list[Expectation], bool]:
    """Note that the staff confirms a member: return what that fulfils, and if it was waited for."""
    fulfilled: list[Expectation] = []
    noted = False
    for waiting in room.expectations.by_member(member):
        what = books(waiting.rulebook).expects[waiting.key].what
        for number, leaf in enumerate(leaves(what)):
            if isinstance(leaf, Confirmation) and number not in waiting.done:
                waiting.done.append(number)
                noted = True
        if is_met(what, waiting.done):
            room.expectations.drop(waiting.timer)
            fulfilled.append(waiting)
    return fulfilled, noted


def follow(scene: "Scene", ended: Sequence[Expectation], *, is_fulfilled: bool) -> None:
    """Let follow what follows where something came, or did not."""
    for waiting in ended:
        if is_fulfilled:
            scene.draft.cancelled.append(waiting.timer)
        book = scene.books(waiting.rulebook)
        hit = hit_of(waiting, book, is_fulfilled=is_fulfilled)
        if hit is not None:
            with scene.about(waiting.author, book, f"{waiting.timer} ") as then:
                scene.follow(then, [hit])


def hit_of(waiting: Expectation, book: Compiled, *, is_fulfilled: bool) -> Hit | None:
    """Return what follows as a rule that holds; None where nothing is written for this end."""
    expects = book.expects[waiting.key]
    then: Consequences | None = expects.fulfilled if is_fulfilled else expects.otherwise
    if then is None:
        return None
    clues: tuple[Clue, ...] = ()
    if not is_fulfilled:
        said = explain.wanted(book.rulebook.language, expects.what, waiting.amount)
        clues = (Clue("unmet", measure="unmet", limit=1, event_ids=(waiting.event_id,), said=said),)
    return Hit(book.by_id[waiting.rule], then, clues)
