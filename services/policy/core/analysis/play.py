"""Play what an example tells before the very engine that judges, and see which rules hold."""

from dataclasses import replace

from contracts import ids
from contracts.codec import encode, view_event
from contracts.values import (
    Actor,
    ActorKind,
    Attachment,
    Availability,
    CommandInvoked,
    Content,
    Event,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessageCreated,
    MessageEdited,
    Origin,
    Packet,
    PacketSent,
    PacketShareTaken,
    PaymentReceived,
    Place,
    ProfileChanged,
    ReactionAdded,
    ThreadCreated,
)
from policy.core.compiled import Compiled
from policy.core.engine import Engine
from policy.core.examples import Author, Done
from policy.core.reading import UNITS_MS
from policy.core.state import State

MONDAY_MS = 1_767_571_200_000  # 2026-01-05 00:00 UTC
NOON_MS = 2 * UNITS_MS["d"] + 12 * UNITS_MS["h"]  # of Wednesday, where nothing else is said
_NETWORK = _GROUP = "example"
_Payload = (
    MessageCreated | MessageEdited | CommandInvoked | MemberJoined | MemberLeft | ProfileChanged
    | GroupChanged | ThreadCreated | ReactionAdded | PacketSent | PacketShareTaken | PaymentReceived
)  # fmt: skip


class Play:
    """A room with a rulebook in force, and nothing said in it yet."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        state = State()
        state.adopt(_NETWORK, (), compiled.digest)
        self._engine = Engine(state, {compiled.digest: compiled})
        self._number = 0
        self._said = "m0"

    def holding(self, happens: tuple[Done, ...]) -> frozenset[str]:
        """Return the ids of the rules that hold of any of what happens."""
        offset_ms = self._compiled.rulebook.zone.offset_ms(MONDAY_MS)
        on_ms = happens[0].on_ms
        now_ms = begun_ms = MONDAY_MS + (NOON_MS if on_ms is None else on_ms) - offset_ms
        joined = {done.author: now_ms - done.author.joined_ms for done in happens}
        for author, at_ms in sorted(joined.items(), key=lambda known: (known[1], known[0].id)):
            actor = _actor(author, now_ms)
            self._decide(at_ms, actor, MemberJoined(member=actor))
            if author.tier:
                members = self._engine.state.room(_NETWORK, _GROUP).members
                members.known(author.id, at_ms).stand().tier = author.tier
        found: set[str] = set()
        for done in happens:
            if done.on_ms is not None:
                begun_ms = now_ms = max(now_ms, MONDAY_MS + done.on_ms - offset_ms)
            now_ms = max(now_ms, begun_ms + (done.at_ms or 0))
            actor = _actor(done.author, begun_ms)
            for _ in range(done.times):
                found.update(self._decide(now_ms, actor, self._payload(done, actor)))
                now_ms += done.every_ms
        return frozenset(found)

    def _payload(self, done: Done, actor: Actor) -> _Payload:
        text = done.text
        named = replace(actor, display_name=text or actor.display_name)
        others: dict[str, _Payload] = {
            "join": MemberJoined(member=named),
            "leave": MemberLeft(member=named),
            "profile": ProfileChanged(member=named, previous_display_name=actor.display_name),
            "group": GroupChanged(key=done.setting, value=text),
            "thread": ThreadCreated(title=text),
            "reaction": ReactionAdded(message_id=self._said, key=text),
            **self._money(done),
        }
        return others.get(done.kind) or self._speech(done)

    def _money(self, done: Done) -> dict[str, _Payload]:
        member, amount, asset = done.author.id, done.amount, done.asset
        packet = Packet(
            id="packet", group=_GROUP, sender=member, asset=asset, total=amount, shares=done.shares
        )
        share = PacketShareTaken(
            packet_id="packet", member=member, amount=amount, asset=asset, slot=1
        )
        return {
            "packet": PacketSent(packet=packet),
            "share": replace(share, shares_left=done.shares - 1),
            "payment": PaymentReceived(
                payment_id=f"payment{self._number}", member=member, amount=amount, asset=asset
            ),
        }

    def _speech(self, done: Done) -> _Payload:
        message_id, text = f"m{self._number + 1}", done.text
        self._said = message_id
        content = Content(
            text=text,
            html=done.html,
            reply_to="m0" if done.reply else "",
            attachments=tuple(Attachment(name=name) for name in done.attached),
            form="text",
        )
        if done.kind == "edit":
            return MessageEdited(message_id=message_id, content=content)
        if done.kind == "command":
            name, *args = text.removeprefix("!").split() or [""]
            return CommandInvoked(
                name=name, args=tuple(args), text=text, message_id=message_id, content=content
            )
        return MessageCreated(message_id=message_id, content=content)

    def _decide(self, at_ms: int, actor: Actor, payload: _Payload) -> list[str]:
        self._number += 1
        key = str(self._number)
        event = Event(
            id=ids.event_id("example", _NETWORK, _GROUP, key),
            schema=1,
            platform="example",
            network=_NETWORK,
            group=_GROUP,
            connection="example",
            place=Place(channel=_GROUP),
            actor=actor,
            occurred_ms=at_ms,
            received_ms=at_ms,
            dedup_key=key,
            origin=Origin.LIVE,
            availability=Availability.FULL,
            payload=payload,
        )
        decision = self._engine.decide(view_event(encode(event)), self._number)
        return [hit.rule for hit in decision.hits] if decision is not None else []


def _actor(author: Author, now_ms: int) -> Actor:
    return Actor(
        id=author.id,
        kind=ActorKind.USER,
        display_name=author.name,
        roles=author.roles,
        power=author.power,
        joined_ms=now_ms - author.joined_ms,
        account_created_ms=now_ms - author.account_ms,
    )
