"""Trials: a rulebook in shadow beside what is in force, or in force in a share of the groups.

What is remembered of one, and how two decisions about the same event are told apart.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from contracts import ids
from contracts.values import Decision, Disagreement, Outcome, RuleTally, Tally

TRIALS_MAX = 64  # of one partition
SHADOWS_MAX = 4  # of one network
TIMERS_MAX = 10_000  # of one shadow
RULES_MAX = 2_000  # counted by name
SHARES = 10_000


class Counts(msgspec.Struct, array_like=True, gc=False):
    """How often a rule acted under a trial; where nothing was done; where only it was done."""

    hits: int = 0
    newly: int = 0
    spared: int = 0


class Pending(msgspec.Struct, array_like=True, gc=False):
    """A timer that only a shadow has set: nobody else will ring it."""

    due_ms: int
    purpose: str
    subject: str
    platform: str
    network: str
    group: str
    connection: str
    channel: str


class Trial(msgspec.Struct, array_like=True):
    """One trial since it began. `share` is 0 for a shadow; `groups` empty: the whole network."""

    id: str
    digest: str
    network: str
    groups: list[str]
    share: int = 0
    judged: int = 0
    hits: int = 0
    disagreed: int = 0
    rules: dict[str, Counts] = {}
    timers: dict[str, Pending] = {}

    def covers(self, network: str, group: str) -> bool:
        """Return whether a group is among those the trial is about."""
        return network == self.network and (not self.groups or group in self.groups)

    def count(self, live: Decision | None, found: Decision | None, kind: str) -> set[str]:
        """Count one event; return the rules whose counts changed."""
        ours = acting(found)
        changed = set(ours)
        self.hits += bool(ours)
        for rule in ours:
            if (counts := self._counts(rule)) is not None:
                counts.hits += 1
                counts.newly += kind == "newly"
        if kind:
            self.disagreed += 1
        if kind == "spared":
            for rule in acting(live):
                changed.add(rule)
                if (counts := self._counts(rule)) is not None:
                    counts.spared += 1
        return changed

    def tally(self, changed: set[str]) -> Tally:
        """Return the sums so far, and those of the rules that changed."""
        return Tally(
            trial=self.id,
            judged=self.judged,
            hits=self.hits,
            disagreed=self.disagreed,
            rules=tuple(_rule_tallies(self.rules, changed)),
        )

    def _counts(self, rule: str) -> Counts | None:
        counts = self.rules.get(rule)
        if counts is None and len(self.rules) < RULES_MAX:
            counts = self.rules[rule] = Counts()
        return counts


def _rule_tallies(rules: dict[str, Counts], changed: set[str]) -> Iterator[RuleTally]:
    for rule in sorted(changed):
        counts = rules.get(rule)
        if counts is not None:
            yield RuleTally(rule=rule, hits=counts.hits, newly=counts.newly, spared=counts.spared)


def in_share(group: str, share: int) -> bool:
    """Return whether a group is among `share` of 10,000, by its id alone.

    So a greater share holds every group of a smaller one.
    """
    return _drawn(group) < share


@lru_cache(maxsize=65_536)
def _drawn(group: str) -> int:
    return ids.bucket(("canary", group), SHARES)


def acting(decision: Decision | None) -> tuple[str, ...]:
    """Return the rules that acted, each once, in the order of their rulebook."""
    if decision is None:
        return ()
    return tuple(dict.fromkeys(hit.rule for hit in decision.hits if not hit.exempt))


def severity(decision: Decision | None) -> tuple[int, int]:
    """Return what decisions are compared by: the outcome, then how long it lasts.

    Nothing done is (0, 0); a rule that only says something is (1, 0), as `ALLOW` is.
    """
    if decision is None or not acting(decision):
        return 0, 0
    outcome = max(decision.outcome, Outcome.ALLOW)
    lasts = decision.until_ms - decision.at_ms if decision.until_ms else 0
    if outcome is Outcome.BAN and not decision.until_ms:
        lasts = 1 << 62
    return int(outcome), lasts


def difference(live: Decision | None, candidate: Decision | None) -> str:
    """Return "newly", "spared", "harsher" or "milder": the candidate against what was decided.

    "" where both come to the same.
    """
    was, would = severity(live), severity(candidate)
    if was == would:
        return ""
    if was == (0, 0):
        return "newly"
    if would == (0, 0):
        return "spared"
    return "harsher" if would > was else "milder"


def disagreement(
    trial: str, kind: str, live: Decision | None, candidate: Decision | None, seq: int
) -> Disagreement:
    """Return the record of an event on which the two differ; at least one says something."""
    told = candidate if candidate is not None else live
    assert told is not None, "where nobody says anything, nobody disagrees"
    return Disagreement(
        trial=trial,
        event_seq=seq,
        event_id=told.event_id,
        at_ms=told.at_ms,
        network=told.network,
        group=told.group,
        member=told.subject.id if told.subject else "",
        kind=kind,
        live=live.outcome if live is not None else Outcome.ALLOW,
        live_rules=acting(live),
        candidate=candidate,
    )
