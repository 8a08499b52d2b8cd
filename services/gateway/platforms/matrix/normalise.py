"""From what a Matrix homeserver sends to our events. Total: whatever comes in, nothing is raised.

What cannot be understood becomes a ``Malformed`` event that carries the source, since a gateway
that stops at a strange event can be stopped by anybody, and one that drops it can be blinded.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from orjson import OPT_NON_STR_KEYS, JSONEncodeError, dumps

from chassis import telemetry
from contracts import ids
from contracts.values import (
    Availability,
    CommandInvoked,
    Event,
    Gap,
    Malformed,
    MemberInvited,
    MessageCreated,
    Origin,
)
from gateway.journal import encodable
from gateway.platforms.matrix import asides, members, messages, room_settings
from gateway.platforms.matrix.fields import NOTHING, Fault, Json, mapping, text
from gateway.platforms.matrix.rooms import Memory, Room
from gateway.platforms.matrix.source import Draft, Reader, Source
from gateway.platforms.matrix.speech import ACTION_KEY

PLATFORM = "matrix"
SCHEMA = 1
RAW_LIMIT_BYTES = 16_384
"""Bytes of a source event that are kept with a ``Malformed``, before compression."""

IGNORED = frozenset(
    {
        "m.room.create",  # read into the room's memory; nothing happened to anybody
        "m.room.aliases",  # abolished in 2020; labels only
        "m.room.retention",
        "m.poll.response",
        "m.poll.end",
        "org.matrix.msc3381.poll.response",
        "org.matrix.msc3381.poll.end",
        "im.vector.modular.widgets",
        "m.widget",
    }
)
"""Types that tell a moderator nothing: no event comes of them."""
IGNORED_PREFIXES = ("m.call.", "m.key.verification.", "m.beacon", "org.matrix.msc3672.beacon")
"""Signalling between two devices, and live locations."""

_DEPTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is the same in every event of one connection."""

    network: str
    connection: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How and when a piece of timeline came: once for all of its events."""

    received_ms: int
    cursor: str
    origin: Origin = Origin.LIVE
    before_us: bool = False
    """From before the bot was there: told, but nobody commanded us then."""


class Normaliser:
    """Translates the events of one connection, room by room, each room in order."""

    def __init__(self, scope: Scope, memory: Memory) -> None:
        self.memory = memory
        self.malformed = 0
        self._scope = scope
        self._readers = _readers(scope.prefix)

    def events(self, room: Room, raw: object, reading: Reading) -> list[Event]:
        """What one timeline event says: none for those in ``IGNORED`` or that change nothing.

        State events are taken over into ``room`` after they were read, so that a change is
        compared with what was before it.
        """
        try:
            source = Source.read(raw)
        except Fault as fault:
            return [self._malformed(room, raw, reading, str(fault))]
        if room.direct:
            return self._aside(room, source, reading)
        return self._read(room, source, reading)

    def _read(self, room: Room, source: Source, reading: Reading) -> list[Event]:
        raw = source.raw
        reader = self._readers.get(source.kind)
        if reader is None:
            if source.kind in IGNORED or source.kind.startswith(IGNORED_PREFIXES):
                skipped("ignored")
                self._observe(room, source)
                return []
            return [self._malformed(room, raw, reading, "unknown type", source)]
        try:
            drafts = reader(source, room, self.memory)
            if reading.before_us:
                drafts = [_without_command(draft) for draft in drafts]
            self._observe(room, source)
            return [self._event(room, source, draft, reading, room.next()) for draft in drafts]
        except Fault as fault:
            return [self._malformed(room, raw, reading, str(fault), source)]
        except Exception as fault:  # noqa: BLE001 -- the promise of this module, whatever a reader missed
            return [self._malformed(room, raw, reading, f"{type(fault).__name__}: {fault}", source)]

    def _aside(self, room: Room, source: Source, reading: Reading) -> list[Event]:
        """What is typed to Reeve in private: a command about a group, and nothing else."""
        self._observe(room, source)
        if source.sender == room.own:
            asides.told(room, source)
            return []
        asked = None if reading.before_us else self._asked(room, source)
        if asked is None:
            skipped("direct")
            return []
        group, command = asked
        actor = group.actor(source.sender)
        name = actor.display_name or room.names.get(source.sender, "")
        draft = Draft(command, actor=replace(actor, display_name=name))
        return [self._event(group, source, draft, reading, 0)]

    def _asked(self, room: Room, source: Source) -> tuple[Room, CommandInvoked] | None:
        if source.kind != "m.room.message":
            return None
        try:
            drafts = self._readers[source.kind](source, room, self.memory)
        except Fault:
            return None
        return asides.asked(room, drafts, self.memory)

    def observe(self, room: Room, raw: object) -> None:
        """Take over a state event that is told as context and not as something that happened."""
        if isinstance(raw, dict) and isinstance(raw.get("state_key"), str):
            room.observe(text(raw, "type"), text(raw, "state_key"), raw)

    def gap(self, room: Room, reading: Reading, reason: str, *, since: str, until: str) -> Event:
        """Say that something may be missing here."""
        payload = Gap(reason=reason, from_cursor=since, to_cursor=until)
        key = f"gap:{room.id}:{reason}:{since}:{until}"
        return self._envelope(room, reading, key, payload=payload)

    def invited(self, room: Room, stripped: object, reading: Reading) -> Event | None:
        """The bot's own invitation; ``None`` if the stripped state does not hold it.

        Stripped state has no event ids, so the place in the sync stream stands in for it.
        """
        for raw in stripped if isinstance(stripped, list) else ():
            if isinstance(raw, dict) and raw.get("state_key") == room.own:
                content = mapping(raw, "content")
                if content.get("membership") == "invite":
                    payload = MemberInvited(member=room.actor(room.own))
                    key = f"invite:{room.id}:{reading.cursor}"
                    sender = text(raw, "sender")
                    return self._envelope(room, reading, key, sender=sender, payload=payload)
        return None

    def _observe(self, room: Room, source: Source) -> None:
        if source.state_key is not None:
            room.observe(source.kind, source.state_key, source.raw)

    def _event(
        self, room: Room, source: Source, draft: Draft, reading: Reading, sequence: int
    ) -> Event:
        key = source.id + draft.suffix if draft.suffix else source.id
        scope = self._scope
        return Event(
            id=ids.event_id(PLATFORM, scope.network, room.group, key),
            schema=SCHEMA,
            platform=PLATFORM,
            network=scope.network,
            group=room.group,
            connection=scope.connection,
            place=room.place(draft.thread),
            actor=draft.actor or room.actor(source.sender),
            occurred_ms=source.at_ms,
            received_ms=reading.received_ms,
            dedup_key=key,
            source_cursor=reading.cursor,
            place_sequence=sequence,
            origin=reading.origin,
            availability=draft.availability,
            capabilities=room.capabilities(),
            action_id=text(source.content, ACTION_KEY) if source.sender == room.own else "",
            payload=draft.payload,
        )

    def _envelope(
        self,
        room: Room,
        reading: Reading,
        key: str,
        *,
        payload: Gap | Malformed | MemberInvited,
        sender: str = "",
        at_ms: int = 0,
        raw: bytes = b"",
        truncated: bool = False,
    ) -> Event:
        return Event(
            id=ids.event_id(PLATFORM, self._scope.network, room.group, key),
            schema=SCHEMA,
            platform=PLATFORM,
            network=self._scope.network,
            group=room.group,
            connection=self._scope.connection,
            place=room.place(),
            actor=room.actor(sender) if sender else None,
            occurred_ms=at_ms,
            received_ms=reading.received_ms,
            dedup_key=key,
            source_cursor=reading.cursor,
            place_sequence=room.next(),
            origin=reading.origin,
            gap_before=isinstance(payload, Gap),
            availability=Availability.FULL,
            raw=raw,
            raw_truncated=truncated,
            payload=payload,
        )

    def _malformed(
        self, room: Room, raw: object, reading: Reading, fault: str, source: Source | None = None
    ) -> Event:
        self.malformed += 1
        skipped("malformed")
        data, truncated = _kept(raw)
        envelope: Json = raw if isinstance(raw, dict) else NOTHING
        payload = Malformed(source_kind=text(envelope, "type"), fault=encodable(fault))
        return self._envelope(
            room,
            reading,
            source.id if source else f"malformed:{room.id}:{ids.digest(data)}",
            payload=payload,
            sender=source.sender if source else "",
            at_ms=source.at_ms if source else 0,
            raw=zlib.compress(data, 6),
            truncated=truncated,
        )


def _without_command(draft: Draft) -> Draft:
    command = draft.payload
    if not isinstance(command, CommandInvoked):
        return draft
    said = MessageCreated(message_id=command.message_id, content=command.content)
    return replace(draft, payload=said)


def skipped(reason: str) -> None:
    """Count something that no event comes of."""
    telemetry.counter("reeve_ingest_skipped_total").add(1, platform=PLATFORM, reason=reason)


def _kept(raw: object) -> tuple[bytes, bool]:
    """The source as JSON, and whether something of it had to be left out."""
    try:
        data = dumps(raw, option=OPT_NON_STR_KEYS)
    except JSONEncodeError:  # nested deeper than orjson writes, or text that is no Unicode
        return dumps(_shallow(raw, _DEPTH))[:RAW_LIMIT_BYTES], True
    return data[:RAW_LIMIT_BYTES], len(data) > RAW_LIMIT_BYTES


def _shallow(value: object, depth: int) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return {encodable(str(key)): _shallow(part, depth - 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_shallow(part, depth - 1) for part in value]
    return value if isinstance(value, int | float | bool) and abs(value) < 1 << 63 else None


def _readers(prefix: str) -> dict[str, Reader]:
    table: dict[str, Reader] = {
        "m.room.message": messages.Speech(prefix).message,
        "m.sticker": messages.sticker,
        "m.room.encrypted": messages.encrypted,
        "m.poll.start": messages.poll,
        "org.matrix.msc3381.poll.start": messages.poll,
        "m.reaction": messages.reaction,
        "m.room.redaction": messages.redaction,
        "m.call.member": messages.call,
        "org.matrix.msc3401.call.member": messages.call,
        "m.room.member": members.membership,
        "m.room.power_levels": room_settings.power_levels,
        "m.room.third_party_invite": room_settings.third_party_invite,
    }
    table |= dict.fromkeys(room_settings.TEXTS, room_settings.setting)
    table |= dict.fromkeys(room_settings.DOCUMENTS, room_settings.document)
    table |= dict.fromkeys(room_settings.RELATIVES, room_settings.relative)
    table |= dict.fromkeys(room_settings.POLICIES, room_settings.policy)
    return table
