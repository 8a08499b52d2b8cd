"""The ladder that strike points climb, from a reminder to a ban."""

from dataclasses import dataclass

from policy.core.consequences.sanctions import (
    POINTS_MAX,
    SANCTION_MAX_MS,
    SANCTIONS,
    TIMED,
    Sanction,
)
from policy.core.document import Node
from policy.core.reading import UNITS_MS, Reader

REPEATS_MAX = 100
LADDER_KEYS = ("decay", "repeat", "steps")


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` points on, this sanction."""

    at: int
    sanction: Sanction


@dataclass(frozen=True, slots=True)
class Repeat:
    """Each further offence of one kind within `within_ms` adds `add` points more than the last.

    At most `most` repetitions are counted so.
    """

    add: int = 0
    within_ms: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in rising order; every `decay_every_ms` a member loses `decay_points` (0: never)."""

    decay_points: int
    decay_every_ms: int
    steps: tuple[Step, ...]
    repeat: Repeat = Repeat()

    def reached(self, points: int) -> Step | None:
        """Return the highest step at or below `points`."""
        below = [step for step in self.steps if step.at <= points]
        return below[-1] if below else None

    def after(self, points: int) -> Step | None:
        """Return the next step above `points`."""
        return next((step for step in self.steps if step.at > points), None)


def read_ladder(reader: Reader, node: Node, path: str) -> Ladder | None:
    """Return the ladder from points to sanctions."""
    found = reader.mapping(node, path, LADDER_KEYS, ("steps",))
    decay_points = decay_every_ms = 0
    if "decay" in found:
        where = f"{path}.decay"
        decay = reader.mapping(found["decay"], where, ("points", "every"), ("points", "every"))
        if decay.keys() >= {"points", "every"}:
            most = POINTS_MAX
            decay_points = reader.integer(decay["points"], f"{where}.points", 1, most) or 0
            span = (UNITS_MS["s"], SANCTION_MAX_MS)
            decay_every_ms = reader.duration(decay["every"], f"{where}.every", *span) or 0
    repeat = _read_repeat(reader, found["repeat"], f"{path}.repeat") if "repeat" in found else None
    steps: list[Step] = []
    if "steps" in found:
        for item, place in reader.items(found["steps"], f"{path}.steps", "a step"):
            step = _read_step(reader, item, place)
            if step is not None and steps and step.at <= steps[-1].at:
                reason = f"{step.at} does not come after the {steps[-1].at} of the step before"
                reader.fault(item, place, reason, "write the steps in rising order")
            steps += [] if step is None else [step]
    return Ladder(decay_points, decay_every_ms, tuple(steps), repeat or Repeat())


def _read_repeat(reader: Reader, node: Node, path: str) -> Repeat | None:
    found = reader.mapping(node, path, ("add", "within", "most"), ("add", "within"))
    if not found.keys() >= {"add", "within"}:
        return None
    add = reader.integer(found["add"], f"{path}.add", 1, POINTS_MAX)
    span = (UNITS_MS["s"], SANCTION_MAX_MS)
    within_ms = reader.duration(found["within"], f"{path}.within", *span)
    most: int | None = REPEATS_MAX
    if "most" in found:
        most = reader.integer(found["most"], f"{path}.most", 1, REPEATS_MAX)
    return (
        None if add is None or within_ms is None or most is None else Repeat(add, within_ms, most)
    )


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
        if word is not None and word not in TIMED:
            reader.fault(found["for"], f"{path}.for", f'"{word}" has no end')
    elif word == "mute":
        reader.fault(node, path, '"for" is missing', "write do: mute, for: 10m")
    return None if at is None or word is None else Step(at, Sanction(SANCTIONS[word], for_ms))
