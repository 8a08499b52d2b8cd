"""What follows when a rule holds: outcomes, points, the ladder they climb, the packet owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from contracts.values import Outcome
from policy.core.document import Mapping, Node, Scalar
from policy.core.reading import UNITS_MS, Reader, nearest

POINTS_MAX = 1_000
SANCTION_MAX_MS = 366 * UNITS_MS["d"]
AMOUNT_MAX = 10**12
SHARES_MAX = 10_000
DEBT_MAX_MS = 7 * UNITS_MS["d"]

SANCTIONS = {
    "notice": Outcome.NOTICE,
    "warn": Outcome.WARN,
    "mute": Outcome.MUTE,
    "kick": Outcome.KICK,
    "ban": Outcome.BAN,
}
_TIMED = ("mute", "ban")
OUTCOMES = (*SANCTIONS, "delete", "points", "reply", "owes_packet")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in English and Chinese; where only one is written, it serves for both."""

    en: str
    zh: str

    def inside(self, language: Literal["en", "zh"]) -> str:
        """Return the text in that language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Sanction:
    """What is done to a person. `for_ms` of a mute or ban; 0: until lifted."""

    outcome: Outcome
    for_ms: int = 0

    def rank(self) -> tuple[int, int]:
        """Return what sanctions are compared by: severity, then length, for ever being longest."""
        return int(self.outcome), self.for_ms or SANCTION_MAX_MS + 1


@dataclass(frozen=True, slots=True)
class OwedPacket:
    """A red packet that is owed: at least `amount` minor units in at least `shares` shares."""

    amount: int
    asset: str
    shares: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that one rule asks for.

    Without points the sanction is as written; with points the ladder decides, and a written
    sanction is the least that follows.
    """

    sanction: Sanction | None = None
    delete: bool = False
    points: int = 0
    reply: Wording | None = None
    owes: OwedPacket | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` points on, this sanction."""

    at: int
    sanction: Sanction


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in rising order; every `decay_every_ms` a member loses `decay_points` (0: never)."""

    decay_points: int
    decay_every_ms: int
    steps: tuple[Step, ...]

    def reached(self, points: int) -> Step | None:
        """Return the highest step at or below `points`."""
        below = [step for step in self.steps if step.at <= points]
        return below[-1] if below else None

    def after(self, points: int) -> Step | None:
        """Return the next step above `points`."""
        return next((step for step in self.steps if step.at > points), None)


def read_wording(reader: Reader, node: Node, path: str) -> Wording | None:
    """Return a text, or one for each language."""
    if isinstance(node, Scalar):
        text = reader.text(node, path)
        return None if text is None else Wording(text, text)
    found = reader.mapping(node, path, ("en", "zh"))
    texts = {key: reader.text(value, f"{path}.{key}") for key, value in found.items()}
    known = {key: text for key, text in texts.items() if text is not None}
    if not known:
        return None
    fallback = next(iter(known.values()))
    return Wording(known.get("en", fallback), known.get("zh", fallback))


def read_consequences(
    reader: Reader, node: Node, path: str, *, ladder: bool
) -> Consequences | None:
    """Return what follows: a word such as `delete`, a mapping such as `mute: 10m`, or a list."""
    seen: set[str] = set()
    sanctions: list[Sanction] = []
    delete = False
    points = 0
    reply: Wording | None = None
    owes: OwedPacket | None = None
    faults = len(reader.faults)
    for word, value, key, place in _each(reader, node, path):
        if word in seen:
            reader.fault(key, place, f'"{word}" is written twice')
        seen.add(word)
        if word in SANCTIONS:
            sanction = _read_sanction(reader, word, value, key, place)
            sanctions += [] if sanction is None else [sanction]
        elif word == "delete":
            delete = True
            _refuse_value(reader, word, value, place)
        elif value is None:
            reader.fault(key, place, f'"{word}" needs a value', f"write {_FORMS[word]}")
        elif word == "points":
            points = reader.integer(value, place, 1, POINTS_MAX) or 0
            if not ladder:
                hint = "write a ladder that says what points lead to"
                reader.fault(key, place, "points lead nowhere without a ladder", hint)
        elif word == "reply":
            reply = read_wording(reader, value, place)
        else:
            owes = _read_owed(reader, value, place)
    if len(reader.faults) > faults:
        return None
    strongest = max(sanctions, key=Sanction.rank, default=None)
    return Consequences(strongest, delete, points, reply, owes)


_FORMS = {
    "points": "points: 2",
    "reply": "reply: the text",
    "owes_packet": "owes_packet: {amount: 500, asset: points, shares: 10, within: 5m}",
    "mute": "mute: 10m",
}


def _each(reader: Reader, node: Node, path: str) -> Iterator[tuple[str, Node | None, Node, str]]:
    for item, place in reader.items(node, path, "what follows"):
        if isinstance(item, Mapping):
            for key, value in reader.pairs(item, place):
                if key.value in OUTCOMES:
                    yield key.value, value, key, f"{place}.{key.value}"
                else:
                    hint = nearest(key.value, OUTCOMES)
                    reader.fault(key, place, f'no such outcome: "{key.value[:40]}"', hint)
            continue
        word = reader.choice(item, place, OUTCOMES, "outcome")
        if word is not None:
            yield word, None, item, place


def _refuse_value(reader: Reader, word: str, value: Node | None, path: str) -> None:
    if value is not None and not (isinstance(value, Scalar) and value.value in ("", "true")):
        reader.fault(value, path, f'"{word}" takes no value', f"write just {word}")


def _read_sanction(
    reader: Reader, word: str, value: Node | None, key: Node, path: str
) -> Sanction | None:
    outcome = SANCTIONS[word]
    if word not in _TIMED:
        _refuse_value(reader, word, value, path)
        return Sanction(outcome)
    if value is None:
        if word == "ban":
            return Sanction(outcome)
        reader.fault(key, path, '"mute" needs a value', f"write {_FORMS['mute']}")
        return None
    for_ms = reader.duration(value, path, 1_000, SANCTION_MAX_MS)
    return None if for_ms is None else Sanction(outcome, for_ms)


def _read_owed(reader: Reader, node: Node, path: str) -> OwedPacket | None:
    keys = ("amount", "asset", "shares", "within")
    found = reader.mapping(node, path, keys, keys)
    if len(found) < len(keys):
        return None
    amount = reader.integer(found["amount"], f"{path}.amount", 1, AMOUNT_MAX)
    asset = reader.text(found["asset"], f"{path}.asset", "an asset")
    shares = reader.integer(found["shares"], f"{path}.shares", 1, SHARES_MAX)
    within = reader.duration(found["within"], f"{path}.within", 1_000, DEBT_MAX_MS)
    if amount is None or asset is None or shares is None or within is None:
        return None
    if amount < shares:
        reader.fault(node, path, f"{amount} cannot be split into {shares} shares")
    return OwedPacket(amount, asset, shares, within)


def read_ladder(reader: Reader, node: Node, path: str) -> Ladder | None:
    """Return the ladder from points to sanctions."""
    found = reader.mapping(node, path, ("decay", "steps"), ("steps",))
    decay_points = decay_every_ms = 0
    if "decay" in found:
        where = f"{path}.decay"
        decay = reader.mapping(found["decay"], where, ("points", "every"), ("points", "every"))
        if decay.keys() >= {"points", "every"}:
            most = POINTS_MAX
            decay_points = reader.integer(decay["points"], f"{where}.points", 1, most) or 0
            span = (UNITS_MS["s"], SANCTION_MAX_MS)
            decay_every_ms = reader.duration(decay["every"], f"{where}.every", *span) or 0
    steps: list[Step] = []
    if "steps" in found:
        for item, place in reader.items(found["steps"], f"{path}.steps", "a step"):
            step = _read_step(reader, item, place)
            if step is not None and steps and step.at <= steps[-1].at:
                reason = f"{step.at} does not come after the {steps[-1].at} of the step before"
                reader.fault(item, place, reason, "write the steps in rising order")
            steps += [] if step is None else [step]
    return Ladder(decay_points, decay_every_ms, tuple(steps))


def _read_step(reader: Reader, node: Node, path: str) -> Step | None:
    found = reader.mapping(node, path, ("at", "do", "for"), ("at", "do"))
    at = reader.integer(found["at"], f"{path}.at", 1, POINTS_MAX) if "at" in found else None
    word = None
    if "do" in found:
        word = reader.choice(found["do"], f"{path}.do", tuple(SANCTIONS), "sanction")
    for_ms = 0
    if "for" in found:
        least = UNITS_MS["s"]
        for_ms = reader.duration(found["for"], f"{path}.for", least, SANCTION_MAX_MS) or 0
        if word is not None and word not in _TIMED:
            reader.fault(found["for"], f"{path}.for", f'"{word}" has no end')
    elif word == "mute":
        reader.fault(node, path, '"for" is missing', "write do: mute, for: 10m")
    return None if at is None or word is None else Step(at, Sanction(SANCTIONS[word], for_ms))
