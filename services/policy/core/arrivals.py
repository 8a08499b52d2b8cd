"""How events change what is known of members: coming, leaving, names, roles, and the ledger."""

from collections.abc import Callable
from typing import Final

from contracts.codec import EventView
from contracts.values import Actor, ActorKind, Outcome
from contracts.values.view import ActorView
from policy.core import vouches
from policy.core.kinds import EventKind
from policy.core.members import (
    ASSETS_MAX,
    CERTAIN,
    INVITERS_MAX,
    LABELS_MAX,
    LIKELY,
    ROLES_MAX,
    Bringer,
    Member,
    Members,
    Profile,
)
from policy.core.merits import Merit, note, take_back

_MEMBER: Final = "member:"
FOR_EVER_MS: Final = 1 << 53
STIRRING: Final = frozenset(("join", "leave", "kick", "ban"))
TEXT_MAX: Final = 256  # of names and handles; longer ones are kept in part


def witness(members: Members, view: EventView, now_ms: int) -> None:
    """Let an event of a kind that is `WITNESSED` change what is known."""
    _NOTES[view.kind](members, view, now_ms)


def spoke(members: Members, member: str, actor: ActorView, view: EventView, now_ms: int) -> Member:
    """Note one message of a member, and return what is known of them."""
    record = members.people.young.get(member) or members.known(member, now_ms)
    messages = record.messages
    record.messages = messages + 1
    record.last_ms = now_ms
    if not messages:
        record.first_ms = now_ms
        look_at(members, record, actor, view.place.channel)
    return record


def stirs(members: Members, kind: EventKind, member: str, now_ms: int) -> bool:
    """Return whether something follows from a `STIRRING` kind of event that no rule has to say.

    Who comes back to a sanction that still runs meets it again; who goes leaves a place.
    """
    if kind != "join":
        return bool(members.waiting)
    record = members.find(member, now_ms)
    standing = record.standing if record is not None else None
    return standing is not None and now_ms < max(standing.muted_ms, standing.banned_ms)


def look_of(members: Members, member: str, now_ms: int) -> Actor:
    """Return a member as they were last seen, for what concerns them while they do nothing."""
    record = members.find(member, now_ms)
    profile = record.profile if record is not None else Profile()
    return Actor(
        id=member,
        kind=ActorKind.USER,
        display_name=profile.name,
        roles=profile.roles,
        power=profile.power,
        joined_ms=profile.told_ms,
        account_created_ms=profile.account_ms,
    )


def held_against(record: Member, outcome: Outcome, until_ms: int, now_ms: int) -> None:
    """Remember that somebody was warned or sanctioned; `until_ms` of a mute or ban, 0: for ever."""
    standing = record.stand()
    standing.struck_ms = now_ms
    if outcome is Outcome.MUTE:
        standing.muted_ms = until_ms or FOR_EVER_MS
    elif outcome is Outcome.BAN:
        standing.banned_ms = until_ms or FOR_EVER_MS


def look_at(members: Members, record: Member, actor: ActorView, channel: str = "") -> None:
    """Keep how a member looks now."""
    profile = record.profile
    name, roles = actor.display_name[:TEXT_MAX], tuple(actor.roles[:ROLES_MAX])
    if profile.name != name:
        members.rename(actor.id, record, name)
    if profile.roles != roles:
        profile.roles = roles
    profile.power = actor.power
    profile.account_ms = actor.account_created_ms or profile.account_ms
    profile.told_ms = actor.joined_ms or profile.told_ms
    if channel and profile.channel != channel:
        profile.channel = channel


def _joined(members: Members, view: EventView, now_ms: int) -> None:
    fact = view.member_joined
    member = fact.member
    record = members.known(member.id, now_ms)
    look_at(members, record, member, view.place.channel)
    profile = record.profile
    # What was said before, in a stay that Reeve knows of, stays counted.
    record.whole = record.whole or not record.messages
    if not profile.present:
        members.present += 1
        profile.joins += 1
        if record.standing is not None:
            # Whoever comes back is asked to wait anew.
            record.standing.pending, record.standing.pended_by = False, ""
    if not profile.present or profile.gated:
        profile.joined_ms = now_ms
        profile.joined_by = view.id
    profile.present = True
    profile.gated = fact.pending
    profile.avatar = fact.avatar[:TEXT_MAX]
    bringers = tuple(
        Bringer(by.actor.id, min(CERTAIN, max(0, round(by.confidence * CERTAIN))), by.via)
        for by in fact.inviters[:INVITERS_MAX]
        if by.actor.id != member.id
    )
    profile.bringers = bringers
    for by in bringers:
        if by.percent >= LIKELY:
            members.known(by.member, now_ms).stand().guests += 1


def _gone(members: Members, member: str, how: str, now_ms: int) -> Member | None:
    record = members.find(member, now_ms)
    if member in members.waiting:
        members.waiting.remove(member)
    if record is None:
        return None
    profile = record.profile
    if profile.present:
        members.present -= 1
        profile.present = False
    profile.left_ms = now_ms
    profile.left_how = how
    return record


def _left(members: Members, view: EventView, now_ms: int) -> None:
    _gone(members, view.member_left.member.id, "leave", now_ms)


def _kicked(members: Members, view: EventView, now_ms: int) -> None:
    _gone(members, view.member_kicked.member.id, "kick", now_ms)


def _banned(members: Members, view: EventView, now_ms: int) -> None:
    fact = view.member_banned
    record = _gone(members, fact.member.id, "ban", now_ms)
    if record is not None:
        record.stand().banned_ms = fact.until_ms or FOR_EVER_MS
        vouches.forget(members, fact.member.id, now_ms)


def _unbanned(members: Members, view: EventView, now_ms: int) -> None:
    record = members.find(view.member_unbanned.member.id, now_ms)
    if record is not None and record.standing is not None:
        record.standing.banned_ms = 0


def _profile_changed(members: Members, view: EventView, now_ms: int) -> None:
    fact = view.profile_changed
    record = members.known(fact.member.id, now_ms)
    look_at(members, record, fact.member)
    record.profile.avatar = fact.avatar[:TEXT_MAX]


def _role_changed(members: Members, view: EventView, now_ms: int) -> None:
    member = view.role_changed.member
    look_at(members, members.known(member.id, now_ms), member)


def _share_taken(members: Members, view: EventView, now_ms: int) -> None:
    standing = members.known(view.packet_share_taken.member, now_ms).stand()
    standing.took_ms = now_ms
    standing.took += 1


def _paid(members: Members, view: EventView, now_ms: int) -> None:
    """Book what a member paid to others; what tops up their own account is paid to nobody yet."""
    fact = view.payment_received
    if fact.member and not fact.destination.startswith(_MEMBER):
        _pay(members, fact.member, fact.asset, fact.amount, now_ms)


def _returned(members: Members, view: EventView, now_ms: int) -> None:
    fact = view.payment_returned
    if fact.member and not fact.destination.startswith(_MEMBER):
        paid = members.known(fact.member, now_ms).stand().paid
        _add(paid, fact.asset, -min(paid.get(fact.asset, 0), fact.amount))


def _pay(members: Members, member: str, asset: str, amount: int, now_ms: int) -> None:
    standing = members.known(member, now_ms).stand()
    _add(standing.paid, asset, amount)
    standing.paid_ms = now_ms


def _transferred(members: Members, view: EventView, now_ms: int) -> None:
    """Book on both ends what is a member's; what goes to the house counts as paid."""
    fact = view.transferred
    source, destination = fact.source, fact.destination
    if source.startswith(_MEMBER):
        giver = source.removeprefix(_MEMBER)
        _add(members.known(giver, now_ms).stand().balances, fact.asset, -fact.amount)
        if fact.reverses:
            take_back(members.merits, giver, fact.reverses, now_ms)
        if destination.startswith(_HOUSE):
            _pay(members, giver, fact.asset, fact.amount, now_ms)
    if destination.startswith(_MEMBER):
        taker = members.known(destination.removeprefix(_MEMBER), now_ms).stand()
        _add(taker.balances, fact.asset, fact.amount)
        if source.startswith(_ISSUER) and fact.purpose:
            merit = Merit(now_ms, fact.asset, fact.amount, fact.purpose, fact.command_id)
            note(members.merits, destination.removeprefix(_MEMBER), merit)
        if source.startswith(_HOUSE):
            # What is on its way back was counted off when it was ordered.
            paid = taker.paid.get(fact.asset, 0)
            _add(taker.paid, fact.asset, -min(paid, fact.amount))


def _standing_changed(members: Members, view: EventView, now_ms: int) -> None:
    """Take what the ledger makes of a member's merits, and the labels that come with it."""
    fact = view.standing_changed
    standing = members.known(fact.member, now_ms).stand()
    if fact.asset in standing.balances or len(standing.balances) < ASSETS_MAX:
        standing.balances[fact.asset] = fact.standing
    for label in fact.labels_lost:
        standing.labels.pop(label, None)
    for label in fact.labels:
        if label in standing.labels or len(standing.labels) < LABELS_MAX:
            standing.labels[label] = 0


def _add(amounts: dict[str, int], asset: str, amount: int) -> None:
    if asset in amounts or len(amounts) < ASSETS_MAX:
        amounts[asset] = amounts.get(asset, 0) + amount


_ISSUER: Final = "issuer"
_HOUSE: Final = ("treasury", "group:")
_NOTES: Final[dict[str, Callable[[Members, EventView, int], None]]] = {
    "member_joined": _joined,
    "member_left": _left,
    "member_kicked": _kicked,
    "member_banned": _banned,
    "member_unbanned": _unbanned,
    "profile_changed": _profile_changed,
    "role_changed": _role_changed,
    "packet_share_taken": _share_taken,
    "payment_received": _paid,
    "payment_returned": _returned,
    "transferred": _transferred,
    "standing_changed": _standing_changed,
}
WITNESSED: Final = frozenset(_NOTES)
