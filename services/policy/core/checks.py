"""Conditions as functions: whether one holds of what is seen, and, once it does, why."""

from collections.abc import Callable
from dataclasses import dataclass

from policy.core.automaton import Term
from policy.core.conditions import (
    AllOf,
    AnyOf,
    ColdLink,
    Condition,
    Flood,
    HasPower,
    HasRole,
    LinkTo,
    Matches,
    MaxLength,
    MinLength,
    NamedList,
    NotAny,
)
from policy.core.links import Link, parents
from policy.core.seen import Clue, ClueKind, Seen

CLUES_MAX = 8
Holds = Callable[[Seen], bool]
Clues = Callable[[Seen], list[Clue]]


def _nothing(_seen: Seen) -> list[Clue]:
    return []


@dataclass(frozen=True, slots=True)
class Check:
    """A condition ready to run.

    `clues` may be asked only where it holds. `needs` are the terms of which at least one must occur
    for it to hold; None: it may hold without any.
    """

    holds: Holds
    clues: Clues = _nothing
    needs: frozenset[int] | None = None


class Checks:
    """Makes checks and collects on the way the terms to look for and the floods to count."""

    def __init__(self, lists: tuple[NamedList, ...]) -> None:
        self.lists = {named.name: named for named in lists}
        self.terms: dict[Term, int] = {}
        self.floods: list[Flood] = []

    def check(self, condition: Condition) -> Check:  # noqa: C901, PLR0911 -- one case for each condition
        """Return the condition as a check."""
        match condition:
            case AllOf(parts):
                return _all([self.check(part) for part in parts])
            case AnyOf(parts):
                return _any([self.check(part) for part in parts])
            case NotAny(part):
                holds = self.check(part).holds
                return Check(lambda seen: not holds(seen))
            case Matches():
                return self._matches(condition)
            case LinkTo():
                return self._link_to(condition)
            case Flood():
                self.floods.append(condition)
                return _flood(condition)
            case MinLength(graphemes):
                return _min_length(graphemes)
            case MaxLength(characters):
                return _max_length(characters)
            case ColdLink(graphemes):
                return _cold_link(graphemes)
            case HasRole(roles):
                wanted = frozenset(roles)
                return Check(lambda seen: not wanted.isdisjoint(seen.actor.roles))
            case HasPower(at_least):
                return Check(lambda seen: seen.actor.power >= at_least)
        ids = frozenset(condition.members)
        return Check(lambda seen: seen.member in ids)

    def _matches(self, condition: Matches) -> Check:
        written = [(member, "") for member in condition.members]
        for name in condition.lists:
            written += [(member, name) for member in self.lists[name].members]
        # A term of two lists is looked for once; the list named first tells its name.
        listed: dict[int, str] = {}
        for member, name in written:
            term = Term(member, condition.kind)
            listed.setdefault(self.terms.setdefault(term, len(self.terms)), name)
        needs = frozenset(listed)
        kind: ClueKind = "word" if condition.kind == "words" else "pattern"

        def clues(seen: Seen) -> list[Clue]:
            found: list[Clue] = []
            for term in sorted(needs & seen.hits.keys())[:CLUES_MAX]:
                start, end = seen.place(term)
                found.append(Clue(kind, start, end, seen.written(term), listed[term]))
            return sorted(found, key=lambda clue: (clue.start, clue.end, clue.term))

        return Check(lambda seen: not needs.isdisjoint(seen.hits), clues, needs)

    def _link_to(self, condition: LinkTo) -> Check:
        domains = dict.fromkeys(condition.members, "")
        for name in condition.lists:
            for member in self.lists[name].members:
                domains.setdefault(member, name)
        if not domains:
            return Check(lambda seen: bool(seen.links and seen.clickable), _link_clues)

        def listed(link: Link) -> str | None:
            return next((host for host in parents(link.host) if host in domains), None)

        def clues(seen: Seen) -> list[Clue]:
            found: list[Clue] = []
            for link in seen.links:
                host = listed(link)
                if host is not None:
                    found.append(Clue("link", link.start, link.end, host, domains[host]))
            return found[:CLUES_MAX]

        def holds(seen: Seen) -> bool:
            return bool(seen.links) and any(listed(link) for link in seen.links)

        return Check(holds, clues)


def _all(checks: list[Check]) -> Check:
    holds = tuple(check.holds for check in checks)
    needs = min((check.needs for check in checks if check.needs is not None), key=len, default=None)

    def clues(seen: Seen) -> list[Clue]:
        return [clue for check in checks for clue in check.clues(seen)]

    def every(seen: Seen) -> bool:
        for part in holds:  # noqa: SIM110 -- all() over a generator takes twice as long
            if not part(seen):
                return False
        return True

    return Check(every, clues, needs)


def _any(checks: list[Check]) -> Check:
    holds = tuple(check.holds for check in checks)
    known = [check.needs for check in checks if check.needs is not None]
    needs = frozenset[int]().union(*known) if len(known) == len(checks) else None

    def clues(seen: Seen) -> list[Clue]:
        return [clue for check in checks if check.holds(seen) for clue in check.clues(seen)]

    def some(seen: Seen) -> bool:
        for part in holds:  # noqa: SIM110 -- as in the loop above
            if part(seen):
                return True
        return False

    return Check(some, clues, needs)


def _link_clues(seen: Seen) -> list[Clue]:
    return [Clue("link", link.start, link.end, link.host) for link in seen.clickable[:CLUES_MAX]]


def _flood(flood: Flood) -> Check:
    measure, limit, within_ms = flood.measure, flood.limit, flood.within_ms

    def holds(seen: Seen) -> bool:
        ring = seen.rings.get(measure)
        if ring is None or ring.totals[-1] - ring.base <= limit:
            return False
        return ring.amount(ring.first(seen.now_ms, within_ms)) > limit

    def clues(seen: Seen) -> list[Clue]:
        ring = seen.rings[measure]
        first = ring.first(seen.now_ms, within_ms)
        return [
            Clue(
                "flood",
                measure=measure,
                count=ring.amount(first),
                limit=limit,
                window_ms=within_ms,
                event_ids=tuple(ring.ids[first:]),
            )
        ]

    return Check(holds, clues)


def _min_length(graphemes: int) -> Check:
    def clues(seen: Seen) -> list[Clue]:
        return [Clue("short", measure="graphemes", count=seen.own_words, limit=graphemes)]

    def holds(seen: Seen) -> bool:
        if seen.kind == "command" or seen.own_words >= graphemes:
            return False
        return not (seen.has_media or (seen.links and seen.clickable))

    return Check(holds, clues)


def _max_length(characters: int) -> Check:
    def clues(seen: Seen) -> list[Clue]:
        return [Clue("long", measure="characters", count=seen.look.length, limit=characters)]

    return Check(lambda seen: seen.look.length > characters, clues)


def _cold_link(graphemes: int) -> Check:
    def clues(seen: Seen) -> list[Clue]:
        return [
            Clue(
                "cold_link",
                link.start,
                link.end,
                link.host,
                "",
                "graphemes",
                seen.own_words,
                graphemes,
            )
            for link in seen.clickable[:CLUES_MAX]
        ]

    def holds(seen: Seen) -> bool:
        return bool(seen.links and seen.clickable) and seen.own_words < graphemes

    return Check(holds, clues)
