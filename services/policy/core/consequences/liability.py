"""Whoever brought a member in answers for them."""

from dataclasses import dataclass

from policy.core.consequences.kind import DURATION_SCHEMA, About, Effect, Kind, Where
from policy.core.consequences.sanctions import POINTS_MAX, takes_no_value
from policy.core.document import Node
from policy.core.reading import UNITS_MS

WITHIN_MS = 30 * UNITS_MS["d"]
WITHIN_MAX_MS = 366 * UNITS_MS["d"]
MOST = 3
MOST_MAX = 100


@dataclass(frozen=True, slots=True)
class Answers(Effect):
    """The inviter gets `points`, or the `same` sanction, for a guest of less than `within_ms`.

    With `vouchers` so does whoever vouched for the guest, less than that ago.
    At most `most` times in `within_ms`, so that planted guests cannot sink anybody.
    """

    points: int
    offence: str
    same: bool
    within_ms: int
    most: int
    vouchers: bool = False


def _read_inviter(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "the inviter's part has a value"
    reader = where.reader
    found = reader.mapping(value, path, ("points", "kind", "same", "within", "most", "vouchers"))
    points: int | None = 0
    if "points" in found:
        points = reader.integer(found["points"], f"{path}.points", 1, POINTS_MAX)
    offence = reader.text(found["kind"], f"{path}.kind") or "" if "kind" in found else ""
    if points and not where.ladders & {"", offence}:
        hint = "write a ladder that says what points lead to"
        reader.fault(key, path, "points lead nowhere without a ladder", hint)
    same = "same" in found and takes_no_value(found["same"])
    if not points and not same:
        reader.fault(key, path, "nothing follows for the inviter", "write points: 1, or same: true")
    within_ms: int | None = WITHIN_MS
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", 1_000, WITHIN_MAX_MS)
    most: int | None = MOST
    if "most" in found:
        most = reader.integer(found["most"], f"{path}.most", 1, MOST_MAX)
    if points is None or within_ms is None or most is None:
        return None
    vouchers = "vouchers" in found and takes_no_value(found["vouchers"])
    return Answers(points, offence, same, within_ms, most, vouchers)


KINDS = (
    Kind(
        "inviter",
        _read_inviter,
        About(
            "whoever very likely brought the member in less than `within` (`30d`) ago gets these "
            "points, or with `same: true` the same sanction; at most `most` (3) times in that "
            "time; with `vouchers: true` so does whoever vouched for the member",
            "inviter: {points: 1, within: 30d}",
        ),
        schema={
            "type": "object",
            "properties": {
                "points": {"type": "integer", "minimum": 1, "maximum": POINTS_MAX},
                "kind": {"type": "string"},
                "same": {"enum": [True, "true"]},
                "vouchers": {"enum": [True, "true"]},
                "within": DURATION_SCHEMA,
                "most": {"type": "integer", "minimum": 1, "maximum": MOST_MAX},
            },
            "anyOf": [{"required": ["points"]}, {"required": ["same"]}],
            "additionalProperties": False,
        },
    ),
)
