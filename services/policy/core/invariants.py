"""Invariants: what no rule of a rulebook may ever lead to, whoever writes the next one.

`never: [kick, ban]` with `where` says of whom; with `fewer_signals_than` on how little. They change
nothing of how events are judged: they are proved when a rulebook is checked or published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.values import Outcome
from policy.core.conditions.kind import Condition, Source, condition_from
from policy.core.document import Node
from policy.core.reading import Place, nearest

INVARIANTS_MAX = 50
SIGNALS_MAX = 10
KEYS: Final = ("why", "never", "where", "fewer_signals_than")
NEVER: Final = {
    "notice": Outcome.NOTICE,
    "warn": Outcome.WARN,
    "delete": Outcome.DELETE,
    "mute": Outcome.MUTE,
    "kick": Outcome.KICK,
    "ban": Outcome.BAN,
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """No rule leads to one of these where the condition holds, or on fewer signals than this.

    `where` of None is everywhere; `signals` of 0 is however many.
    """

    why: str
    never: tuple[str, ...]
    where: Condition | None
    signals: int
    place: Place

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """What shall never come of a rule."""
        return frozenset(NEVER[word] for word in self.never)


def read_invariants(source: Source, node: Node) -> Iterator[Invariant]:
    """Yield the invariants written at `node`."""
    reader = source.reader
    items = list(reader.items(node, "invariants", "an invariant"))
    if len(items) > INVARIANTS_MAX:
        reader.fault(node, "invariants", f"more than {INVARIANTS_MAX} invariants")
        return
    for item, path in items:
        invariant = _read_invariant(source, item, path)
        if invariant is not None:
            yield invariant


def _read_invariant(source: Source, node: Node, path: str) -> Invariant | None:
    reader = source.reader
    found = reader.mapping(node, path, KEYS, ("why", "never"))
    why = reader.text(found["why"], f"{path}.why") if "why" in found else None
    never: list[str] = []
    if "never" in found:
        for item, place in reader.items(found["never"], f"{path}.never", "an outcome"):
            word = reader.choice(item, place, NEVER, "outcome of this kind")
            never += [] if word is None else [word]
    where = None
    if "where" in found:
        where = condition_from(source, found["where"], f"{path}.where")
    signals = 0
    if "fewer_signals_than" in found:
        where_signals = f"{path}.fewer_signals_than"
        most = SIGNALS_MAX
        signals = reader.integer(found["fewer_signals_than"], where_signals, 2, most) or 0
    if found and not found.keys() & {"where", "fewer_signals_than"}:
        hint = nearest("", ("where", "fewer_signals_than"))
        reader.fault(node, path, "it says neither where nor on how little", hint)
        return None
    if why is None or not never or ("where" in found and where is None):
        return None
    here = Place(node.line, node.column, reader.within)
    return Invariant(why, tuple(dict.fromkeys(never)), where, signals, here)
