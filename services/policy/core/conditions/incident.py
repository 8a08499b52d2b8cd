"""The same text or the same person in several groups of the network."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.checks import Check, Checks
from policy.core.conditions.counts import read_where
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.incidents import GROUPS_MAX, WITHIN_MAX_MS, Known
from policy.core.ir import Ask
from policy.core.reading import UNITS_MS
from policy.core.seen import Clue, Seen

Of = Literal["text", "member"]


@dataclass(frozen=True, slots=True)
class InGroups(Condition):
    """What is seen was seen in so many groups within a while, where `where` held of it."""

    of: Of
    groups_at_least: int
    within_ms: int
    where: Condition | None = None


def _read_incident(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    faults = len(reader.faults)
    keys = ("of", "groups_at_least", "within", "where")
    found = reader.mapping(node, path, keys, ("groups_at_least", "within"))
    of: Of = "text"
    if "of" in found:
        word = reader.choice(found["of"], f"{path}.of", ("text", "member"), "thing to recognise")
        of = "member" if word == "member" else "text"
    groups = within_ms = 0
    if "groups_at_least" in found:
        place = f"{path}.groups_at_least"
        groups = reader.integer(found["groups_at_least"], place, 2, GROUPS_MAX) or 0
    if "within" in found:
        place = f"{path}.within"
        within_ms = reader.duration(found["within"], place, UNITS_MS["s"], WITHIN_MAX_MS) or 0
    where = None
    if "where" in found:
        where = read_where(source, found["where"], f"{path}.where")
    return None if len(reader.faults) > faults else InGroups(of, groups, within_ms, where)


def _known(seen: Seen, condition: InGroups) -> Known | None:
    """Return the incident that what is seen is part of; None where there is none."""
    assert seen.room is not None, "whoever asks is in a room"
    if seen.kind == "incident":
        assert seen.event is not None, "an incident is an event"
        fact = seen.event.incident
        if fact.kind != condition.of:
            return None
        stamps = [group.at_ms for group in fact.groups]
        return Known(fact.decision_id, stamps, [group.event_id for group in fact.groups])
    key = seen.sight_key(condition.of)
    known = seen.room.sightings.of(key) if key else None
    if known is None or seen.now_ms - max(known.stamps) >= condition.within_ms:
        return None
    return known


def _check_incident(checks: Checks, condition: InGroups) -> Check:
    groups, within_ms = condition.groups_at_least, condition.within_ms
    where = checks.check(condition.where).test if condition.where is not None else None
    checks.watch.incident(condition.of, groups, within_ms, where)

    def holds(seen: Seen) -> bool:
        known = _known(seen, condition)
        return known is not None and known.holds(groups, within_ms)

    def clues(seen: Seen) -> list[Clue]:
        known = _known(seen, condition)
        assert known is not None, "only what holds is asked why"
        return [
            Clue(
                "incident",
                measure=condition.of,
                count=len(known.stamps),
                limit=groups - 1,
                window_ms=within_ms,
                event_ids=tuple(known.events),
                said=known.decision,
            )
        ]

    return Check(Ask(holds), clues)


KINDS: Final = (
    Kind(
        name="incident",
        read=_read_incident,
        check=_check_incident,
        type=InGroups,
        cost_us=5.0,
        about=About(
            summary=(
                "The same text, or nearly the same, or with `of: member` the same person, was seen "
                "in at least so many groups of the network within a time: one incident, which all "
                "decisions about it cite."
            ),
            value=(
                "`groups_at_least`, a number, and `within`, a duration; `of`, `text` (if not said) "
                "or `member`; `where`, a condition on what is told to other groups at all"
            ),
            absent=(
                "Only live messages, and with `of: member` arrivals, are told; it does not hold of "
                "others, nor of texts of less than four characters of Chinese."
            ),
            example="incident: {groups_at_least: 3, within: 10m, where: {link: any}}",
            notes=(
                (
                    "Use it with `kinds: [message, incident]`: the first groups hear of it when "
                    "the last one has seen it, as an event `incident` about what was said there."
                ),
                (
                    "From 2 to 20 groups, within at most a day. A group tells of 60 texts or "
                    "people a minute at most, and of each again after a quarter of the time."
                ),
            ),
        ),
        schema={
            "type": "object",
            "required": ["groups_at_least", "within"],
            "properties": {
                "of": {"enum": ["text", "member"]},
                "groups_at_least": {"type": "integer", "minimum": 2, "maximum": 20},
                "within": {"$ref": "#/$defs/duration"},
                "where": {"$ref": "#/$defs/condition"},
            },
            "additionalProperties": False,
        },
        parts=lambda condition: () if condition.where is None else (condition.where,),
    ),
)
