"""What is done to a message and its author: sanctions, removal, strike points."""

from dataclasses import dataclass

from contracts.values import Outcome
from policy.core.consequences.kind import DURATION_SCHEMA, About, Effect, Kind, Where
from policy.core.document import Mapping, Node, Scalar
from policy.core.reading import UNITS_MS, nearest

POINTS_MAX = 1_000
SANCTION_MAX_MS = 366 * UNITS_MS["d"]

SANCTIONS = {
    "notice": Outcome.NOTICE,
    "warn": Outcome.WARN,
    "mute": Outcome.MUTE,
    "kick": Outcome.KICK,
    "ban": Outcome.BAN,
}
TIMED = ("mute", "ban")


@dataclass(frozen=True, slots=True)
class Sanction(Effect):
    """What is done to a person. `for_ms` of a mute or ban; 0: until lifted."""

    outcome: Outcome
    for_ms: int = 0

    def rank(self) -> tuple[int, int]:
        """Return what sanctions are compared by: severity, then length, for ever being longest."""
        return int(self.outcome), self.for_ms or SANCTION_MAX_MS + 1


@dataclass(frozen=True, slots=True)
class Delete(Effect):
    """The message is taken away."""


@dataclass(frozen=True, slots=True)
class Points(Effect):
    """Strike points of one kind of offence; without a kind they are of no kind in particular."""

    n: int
    kind: str = ""


def _sanction(name: str) -> "Kind":
    def read(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
        outcome = SANCTIONS[name]
        if value is None or name not in TIMED:
            return Sanction(outcome)
        for_ms = where.reader.duration(value, path, 1_000, SANCTION_MAX_MS)
        return None if for_ms is None else Sanction(outcome, for_ms)

    summary, example = _TOLD[name]
    about = About(summary, example)
    if name not in TIMED:
        return Kind(name, read, about, "none")
    return Kind(name, read, about, "optional" if name == "ban" else "needed", DURATION_SCHEMA)


_TOLD = {
    "notice": ("a reminder", "notice"),
    "warn": ("a warning", "warn"),
    "mute": ("may not speak for that long", "mute: 10m"),
    "kick": ("is removed from the group, and may come back", "kick"),
    "ban": ("is removed for good, or for that long", "ban: 7d"),
}


def _read_delete(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Delete()


def _read_points(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "points have a value"
    reader = where.reader
    kind = ""
    if isinstance(value, Mapping):
        found = reader.mapping(value, path, ("n", "kind"), ("n",))
        if "kind" in found:
            kind = reader.text(found["kind"], f"{path}.kind", "a kind of offence") or ""
        number = reader.integer(found["n"], f"{path}.n", 1, POINTS_MAX) if "n" in found else None
    else:
        number = reader.integer(value, path, 1, POINTS_MAX)
    if not where.ladders & {"", kind}:
        hint = "write a ladder that says what points lead to"
        if kind and where.ladders:
            hint += f", or one of these kinds: {nearest(kind, where.ladders)}"
        reader.fault(key, path, "points lead nowhere without a ladder", hint)
    return None if number is None else Points(number, kind)


def takes_no_value(value: Node | None) -> bool:
    """Return whether nothing, or as good as nothing, is written after a name."""
    return value is None or (isinstance(value, Scalar) and value.value in ("", "true"))


KINDS = (
    *(_sanction(name) for name in SANCTIONS),
    Kind("delete", _read_delete, About("the message is removed", "delete"), "none"),
    Kind(
        "points",
        _read_points,
        About(
            "so many strike points, or `{n: 2, kind: ads}` of one kind of offence; the ladder "
            "decides, and a sanction written beside them is the least that follows",
            "points: 2",
        ),
        schema={
            "oneOf": [
                {"type": "integer", "minimum": 1, "maximum": POINTS_MAX},
                {
                    "type": "object",
                    "properties": {
                        "n": {"type": "integer", "minimum": 1, "maximum": POINTS_MAX},
                        "kind": {"type": "string"},
                    },
                    "required": ["n"],
                    "additionalProperties": False,
                },
            ]
        },
    ),
)
