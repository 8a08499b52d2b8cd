"""Typed reading of a tree: each reader returns the value or notes a fault and returns nothing."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from policy.core.document import FAULTS_MAX, Fault, Listing, Mapping, Node, Scalar

KNOWN_MAX = 24  # of more, naming them all would help nobody
TEXT_MAX = 2_000

UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:ms|[smhdw]))+")
_PART = re.compile(r"([0-9]+)(ms|[smhdw])")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
ID_MAX = 64
ID_HINT = "use small letters of any script, digits and single hyphens"
_ID = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SHAPES = {Scalar: "a text", Listing: "a list", Mapping: "a mapping"}


def nearest(word: str, known: Collection[str]) -> str:
    """Return the hint that names the known word most like `word`, or all if they are few."""
    close = difflib.get_close_matches(word.lower()[:64], sorted(known), n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "known: " + ", ".join(sorted(known)) if 0 < len(known) <= KNOWN_MAX else ""


def duration_ms(written: str) -> int | None:
    """Return `10s`, `5m`, `1h30m`, `7d` in milliseconds; None where it is no duration."""
    if not _DURATION.fullmatch(written):
        return None
    return sum(int(number) * UNITS_MS[unit] for number, unit in _PART.findall(written))


def is_id(name: str) -> bool:
    """Return whether a rule, a list or a ladder may have this name."""
    return len(name) <= ID_MAX and name == name.lower() and _ID.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; `within` names the set, "" the book itself."""

    line: int
    column: int
    within: str = ""


class Reader:
    """Collects the faults of one rulebook; a path says in words where one is.

    `within` is the set that is being read; "": the book itself.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = [*faults]
        self.places: dict[tuple[str, ...], Place] = {}
        self.used: set[tuple[str, ...]] = set()
        self.within = ""

    def mark(self, what: tuple[str, ...], node: Node) -> None:
        """Note where something stands that may be found fault with later."""
        self.places[what] = Place(node.line, node.column, self.within)

    def fault(self, node: Node, path: str, reason: str, suggestion: str = "") -> None:
        """Note what is wrong at `node`; nothing of what could not be read to its end."""
        if not node.cut and len(self.faults) < FAULTS_MAX:
            place = (node.line, node.column)
            self.faults.append(Fault(*place, path, reason, suggestion, self.within))

    def note(self, place: Place, path: str, reason: str, suggestion: str = "") -> None:
        """Note what is wrong at a place that was marked."""
        if len(self.faults) < FAULTS_MAX:
            fault = Fault(place.line, place.column, path, reason, suggestion, place.within)
            self.faults.append(fault)

    def wrong_shape(self, node: Node, path: str, wanted: str) -> None:
        """Note that another kind of value belongs here."""
        empty = isinstance(node, Scalar) and node.plain and not node.value
        got = "nothing is written" if empty else f"this is {_SHAPES[type(node)]}"
        self.fault(node, path, f"{wanted} belongs here, and {got}")

    def text(self, node: Node, path: str, wanted: str = "a text") -> str | None:
        """Return a text that is not blank."""
        if not isinstance(node, Scalar) or (node.plain and not node.value):
            self.wrong_shape(node, path, wanted)
            return None
        if not node.value.strip():
            self.fault(node, path, "this text is blank")
            return None
        if len(node.value) > TEXT_MAX:
            self.fault(node, path, f"this text is longer than {TEXT_MAX} characters")
            return None
        return node.value

    def integer(self, node: Node, path: str, low: int, high: int) -> int | None:
        """Return a whole number from `low` to `high`."""
        if not isinstance(node, Scalar) or not node.value:
            self.wrong_shape(node, path, "a whole number")
            return None
        if not _INTEGER.fullmatch(node.value):
            self.fault(node, path, f'"{node.value[:40]}" is not a whole number')
            return None
        value = int(node.value)
        if not low <= value <= high:
            self.fault(node, path, f"{value} is not between {low} and {high}")
            return None
        return value

    def duration(self, node: Node, path: str, low_ms: int, high_ms: int) -> int | None:
        """Return a duration in milliseconds."""
        if not isinstance(node, Scalar) or not node.value:
            self.wrong_shape(node, path, "a duration such as 30s")
            return None
        value = duration_ms(node.value)
        if value is None:
            hint = "write a number and a unit: 500ms, 30s, 10m, 2h, 7d, 1h30m"
            self.fault(node, path, f'"{node.value[:40]}" is not a duration', hint)
            return None
        if not low_ms <= value <= high_ms:
            span = f"{written_duration(low_ms)} and {written_duration(high_ms)}"
            self.fault(node, path, f"{node.value} is not between {span}")
            return None
        return value

    def choice(self, node: Node, path: str, known: Collection[str], what: str) -> str | None:
        """Return one of the known words."""
        if isinstance(node, Scalar) and node.value in known:
            return node.value
        word = self.text(node, path, f"one of {', '.join(sorted(known))}")
        if word is None:
            return None
        self.fault(node, path, f'no such {what}: "{word[:40]}"', nearest(word, known))
        return None

    def mapping(
        self, node: Node, path: str, known: Collection[str], required: Collection[str] = ()
    ) -> dict[str, Node]:
        """Return the values of the known keys; note unknown, repeated and missing ones."""
        found: dict[str, Node] = {}
        if not isinstance(node, Mapping):
            self.wrong_shape(node, path, f"a mapping with {', '.join(sorted(known))}")
            return found
        for key, value in self.pairs(node, path):
            if key.value in known:
                found[key.value] = value
            else:
                hint = nearest(key.value, known)
                self.fault(key, path, f'no such key: "{key.value[:40]}"', hint)
        for missing in sorted(one for one in required if one not in found):
            self.fault(node, path, f'"{missing}" is missing')
        return found

    def pairs(self, node: Mapping, path: str) -> Iterator[tuple[Scalar, Node]]:
        """Yield keys and values once; note keys that are written twice."""
        seen: dict[str, int] = {}
        for key, value in node.pairs:
            if key.value in seen:
                reason = f'"{key.value[:40]}" is written twice; first on line {seen[key.value]}'
                self.fault(key, path, reason)
                continue
            seen[key.value] = key.line
            yield key, value

    def items(self, node: Node, path: str, wanted: str) -> Iterator[tuple[Node, str]]:
        """Yield the members of a list with their paths; a single value is a list of one."""
        if isinstance(node, Listing):
            if not node.items:
                self.fault(node, path, f"this list is empty; {wanted} belongs in it")
            for number, item in enumerate(node.items):
                yield item, f"{path}[{number}]"
        elif isinstance(node, Scalar) and node.plain and not node.value:
            self.wrong_shape(node, path, wanted)
        else:
            yield node, path

    def texts(self, node: Node, path: str, wanted: str) -> tuple[str, ...]:
        """Return a list of texts; a single one counts as a list."""
        found = [self.text(item, place, wanted) for item, place in self.items(node, path, wanted)]
        return tuple(word for word in found if word is not None)


def written_duration(value_ms: int) -> str:
    """Return milliseconds as a rulebook would say them: 600000 is `10m`."""
    parts: list[str] = []
    for unit in ("w", "d", "h", "m", "s", "ms"):
        amount, value_ms = divmod(value_ms, UNITS_MS[unit])
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0s"
