"""A message waits until a person has looked at it."""

from dataclasses import dataclass, replace

from policy.core.consequences.expectations import Consequences
from policy.core.consequences.kind import (
    CONSEQUENCES_SCHEMA,
    DURATION_SCHEMA,
    About,
    Effect,
    Kind,
    Where,
)
from policy.core.document import Mapping, Node
from policy.core.reading import UNITS_MS

HOLD_MAX_MS = 30 * UNITS_MS["d"]
PERSONS_MAX = 2
HOLD_KEYS = ("for", "then", "view", "persons", "approved", "refused", "remind")


@dataclass(frozen=True, slots=True)
class Hold(Effect):
    """Somebody of the staff has `for_ms` to decide; else it is published, or (`deletes`) not.

    `hides`: it is taken away meanwhile. `persons` have to agree. `key` tells it from others. After
    `remind_ms` (0: never) the staff is reminded, in the channel `remind_in` ("": where it was
    said).
    """

    for_ms: int
    key: str
    deletes: bool = True
    hides: bool = True
    persons: int = 1
    approved: Consequences | None = None
    refused: Consequences | None = None
    remind_ms: int = 0
    remind_in: str = ""

    def inner(self) -> tuple[Consequences, ...]:
        """Return what follows from the verdict, either way."""
        return tuple(then for then in (self.approved, self.refused) if then is not None)


FAILED = Hold(UNITS_MS["d"], "failure", deletes=False)
"""What holds a message that a rule could not be judged on."""


def _read_hold(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a review has a value"
    reader = where.reader
    found = reader.mapping(value, path, HOLD_KEYS, ("for",))
    for_ms = None
    if "for" in found:
        for_ms = reader.duration(found["for"], f"{path}.for", 1_000, HOLD_MAX_MS)
    words = {"then": ("delete", "allow"), "view": ("hidden", "left")}
    chosen: dict[str, str | None] = {key: known[0] for key, known in words.items()}
    for key, known in words.items():
        if key in found:
            chosen[key] = reader.choice(found[key], f"{path}.{key}", known, "answer")
    persons: int | None = 1
    if "persons" in found:
        persons = reader.integer(found["persons"], f"{path}.persons", 1, PERSONS_MAX)
    reminder = _read_reminder(where, found, path, for_ms or HOLD_MAX_MS)
    inner = replace(where, nested=True)
    then: dict[str, Consequences | None] = {}
    for key in ("approved", "refused"):
        if key in found:
            then[key] = where.consequences(inner, found[key], f"{path}.{key}")
    if for_ms is None or persons is None or reminder is None:
        return None
    return Hold(
        for_ms,
        path,
        deletes=chosen["then"] == "delete",
        hides=chosen["view"] == "hidden",
        persons=persons,
        approved=then.get("approved"),
        refused=then.get("refused"),
        remind_ms=reminder[0],
        remind_in=reminder[1],
    )


def _read_reminder(
    where: Where, found: dict[str, Node], path: str, most_ms: int
) -> tuple[int, str] | None:
    """Return after how long the staff is reminded, 0 for never, and in which channel."""
    if "remind" not in found:
        return 0, ""
    reader, node, channel = where.reader, found["remind"], ""
    keys = ("after", "channel")
    if isinstance(node, Mapping):
        inside = reader.mapping(node, f"{path}.remind", keys, keys)
        if len(inside) < len(keys):
            return None
        node = inside["after"]
        channel = reader.text(inside["channel"], f"{path}.remind.channel", "a channel") or ""
    after_ms = reader.duration(node, f"{path}.remind", 1_000, most_ms)
    return None if after_ms is None else (after_ms, channel)


KINDS = (
    Kind(
        "hold",
        _read_hold,
        About(
            "the message waits for the staff, for that long; then it is deleted, or published if "
            "`then: allow` says so: see below",
            "hold: {for: 1h, then: delete}",
        ),
        schema={
            "type": "object",
            "properties": {
                "for": DURATION_SCHEMA,
                "then": {"enum": ["delete", "allow"]},
                "view": {"enum": ["hidden", "left"]},
                "persons": {"type": "integer", "minimum": 1, "maximum": PERSONS_MAX},
                "remind": {
                    "oneOf": [
                        DURATION_SCHEMA,
                        {
                            "type": "object",
                            "properties": {
                                "after": DURATION_SCHEMA,
                                "channel": {"type": "string"},
                            },
                            "required": ["after", "channel"],
                            "additionalProperties": False,
                        },
                    ]
                },
                "approved": CONSEQUENCES_SCHEMA,
                "refused": CONSEQUENCES_SCHEMA,
            },
            "required": ["for"],
            "additionalProperties": False,
        },
    ),
)
