"""What a backtest found: counts, and a few samples of each kind. Findings of parts add up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import nsmallest
from typing import Any, TypeVar

from contracts.values import Decision, Outcome
from policy.core.trials import acting, difference

Key = TypeVar("Key")
KINDS = ("newly", "spared", "harsher", "milder")
SAMPLE_TEXT_MAX = 400
SAMPLES_MAX = 20
HOUR_MS = 3_600_000


@dataclass(slots=True)
class Sums:
    """What one rule, one group or one hour came to, under the old rulebook and the new one."""

    old: int = 0
    new: int = 0
    newly: int = 0
    spared: int = 0
    harsher: int = 0
    milder: int = 0

    def add(self, other: "Sums") -> None:
        """Add what another part found."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, int]:
        """Return the sums by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One event on which the two rulebooks differ, for people to look at."""

    kind: str
    rule: str
    event_id: str
    at_ms: int
    network: str
    group: str
    member: str
    name: str
    text: str
    old: str
    old_rules: tuple[str, ...]
    new: str
    new_rules: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    explanation: str

    @property
    def draw(self) -> bytes:
        """What samples are drawn by: the same ones, however the log was divided."""
        return blake2b(self.event_id.encode(), digest_size=8, person=b"reeve.sample").digest()

    def to_json(self) -> dict[str, Any]:
        """Return the sample as what JSON can say."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Findings:
    """The difference between two rulebooks on one log, or on a part of it."""

    samples_max: int = 5
    events: int = 0
    judged: int = 0
    malformed: int = 0
    first_ms: int = 0
    last_ms: int = 0
    total: Sums = field(default_factory=Sums)
    rules: dict[str, Sums] = field(default_factory=dict)
    groups: dict[tuple[str, str], Sums] = field(default_factory=dict)
    group_judged: dict[tuple[str, str], int] = field(default_factory=dict)
    hours: dict[int, Sums] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], int] = field(default_factory=dict)
    members: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    acted: dict[str, str] = field(default_factory=dict)  # decision to what would become of it

    def hear(self, *, at_ms: int, network: str, group: str) -> None:
        """Count an event that rules look at."""
        self.judged += 1
        self.first_ms = min(self.first_ms or at_ms, at_ms)
        self.last_ms = max(self.last_ms, at_ms)
        place = network, group
        self.group_judged[place] = self.group_judged.get(place, 0) + 1

    def compare(self, old: Decision | None, new: Decision | None, text: str) -> None:
        """Count what was decided about an event against what would be."""
        ours, theirs = acting(new), acting(old)
        told = new if new is not None else old
        if told is None or not (ours or theirs):
            return
        kind = difference(old, new)
        sums = [self.total, self.groups.setdefault((told.network, told.group), Sums())]
        sums.append(self.hours.setdefault(told.at_ms // HOUR_MS * HOUR_MS, Sums()))
        for one in sums:
            one.old += bool(theirs)
            one.new += bool(ours)
        for rule in theirs:
            self.rules.setdefault(rule, Sums()).old += 1
        for rule in ours:
            self.rules.setdefault(rule, Sums()).new += 1
        outcomes = _named(old), _named(new)
        self.outcomes[outcomes] = self.outcomes.get(outcomes, 0) + 1
        if old is not None and old.case_id:
            self.acted[old.case_id] = kind
        if kind:
            self._differ(kind, old, new, text, sums)

    def merge(self, other: "Findings") -> None:
        """Add what was found in another part of the log."""
        self.events += other.events
        self.judged += other.judged
        self.malformed += other.malformed
        self.first_ms = min(self.first_ms or other.first_ms, other.first_ms or self.first_ms)
        self.last_ms = max(self.last_ms, other.last_ms)
        self.total.add(other.total)
        _merge_sums(self.rules, other.rules)
        _merge_sums(self.groups, other.groups)
        _merge_sums(self.hours, other.hours)
        _merge_counts(self.group_judged, other.group_judged)
        _merge_counts(self.outcomes, other.outcomes)
        for kind, members in other.members.items():
            self.members.setdefault(kind, set()).update(members)
        for key, found in other.samples.items():
            self.samples[key] = self._drawn([*self.samples.get(key, ()), *found])
        self.acted.update(other.acted)

    def _differ(
        self, kind: str, old: Decision | None, new: Decision | None, text: str, sums: Iterable[Sums]
    ) -> None:
        told = new if new is not None else old
        assert told is not None, "whoever differs says something"
        rules = acting(old) if kind in ("spared", "milder") else acting(new)
        rules = rules or acting(old) or acting(new)
        for one in (*sums, *(self.rules[rule] for rule in rules)):
            setattr(one, kind, getattr(one, kind) + 1)
        subject = told.subject
        member = subject.id if subject is not None else ""
        self.members.setdefault(kind, set()).add((told.network, member))
        sample = Sample(
            kind=kind,
            rule=rules[0],
            event_id=told.event_id,
            at_ms=told.at_ms,
            network=told.network,
            group=told.group,
            member=member,
            name=subject.display_name if subject is not None else "",
            text=text[:SAMPLE_TEXT_MAX],
            old=_named(old),
            old_rules=acting(old),
            new=_named(new),
            new_rules=acting(new),
            spans=_spans(told),
            explanation=told.explanation,
        )
        key = kind, sample.rule
        self.samples[key] = self._drawn([*self.samples.get(key, ()), sample])

    def _drawn(self, found: list[Sample]) -> list[Sample]:
        return nsmallest(self.samples_max, found, key=lambda one: (one.draw, one.event_id))


def _named(decision: Decision | None) -> str:
    if not acting(decision):
        return "nothing"
    assert decision is not None, "nobody acts without a decision"
    return max(decision.outcome, Outcome.ALLOW).name.lower()


def _spans(decision: Decision) -> tuple[tuple[int, int], ...]:
    found = {(span.start, span.end) for hit in decision.hits for span in hit.spans}
    return tuple(sorted(span for span in found if span[1] <= SAMPLE_TEXT_MAX))


def _merge_sums(ours: dict[Key, Sums], theirs: dict[Key, Sums]) -> None:
    for key, sums in theirs.items():
        ours.setdefault(key, Sums()).add(sums)


def _merge_counts(ours: dict[Key, int], theirs: dict[Key, int]) -> None:
    for key, count in theirs.items():
        ours[key] = ours.get(key, 0) + count
