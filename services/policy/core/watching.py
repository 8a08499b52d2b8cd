"""While a rulebook is compiled: what its conditions want counted, gathered into windows."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Literal

from policy.core.clockwork import Clockwork, Strike
from policy.core.counting import Counted, RowUse, Share, Sought, Use, make_window, use_of
from policy.core.ir import Test
from policy.core.kinds import EVENT_KINDS, EventKind
from policy.core.marks import PLAIN
from policy.core.predicate import holds_of
from policy.core.silence import CONTRIBUTIONS, DEPARTURES
from policy.core.streams import MONEY, Stream
from policy.core.zones import UTC_ZONE, Zone

MONEY_MARKS_MAX = 1_001
WINDS: Final[frozenset[EventKind]] = frozenset(("message", "command", "join"))
"""What makes somebody wind the clock up, where some rule waits for it to strike."""
_ROW = Stream("messages", ("channel",))


class Watch:
    """Gathers what is to be counted; `uses` are what conditions ask, in the order they asked."""

    def __init__(self, book: str = "", zone: Zone = UTC_ZONE) -> None:
        self.uses: list[Use] = []
        self._book = book
        self._zone = zone
        self.moments: list[Strike] = []
        self.strikes: set[Strike] = set()
        self._asked: dict[str, list[Use]] = {}
        self._wheres: dict[str, Test] = {}
        self._shares: dict[str, tuple[Stream, int, Test]] = {}
        self._row = 0
        self.spelled: set[str] = set()
        self.silences: list[int] = []
        self.lapses: set[int] = set()
        self._sights: dict[Literal["text", "member"], list[tuple[int, int, Test | None]]] = {}

    def count(self, stream: Stream, limit: int, within_ms: int, where: Test | None = None) -> Use:
        """Have a stream counted, and return what tells whether there is more than `limit`."""
        use = use_of(stream, limit, within_ms)
        self._asked.setdefault(use.name, []).append(use)
        if where is not None:
            self._wheres.setdefault(use.name, where)
        self.uses.append(use)
        return use

    def row(self, limit: int, within_ms: int) -> Use:
        """Have messages in a row counted."""
        self._row = max(self._row, limit + 1)
        use = RowUse(_ROW, "in a row", PLAIN, limit, within_ms)
        self.uses.append(use)
        return use

    def runs(self, length: int) -> None:
        """Have so many messages in a row remembered, for whoever interrupts them."""
        self._row = max(self._row, length)

    def share(self, stream: Stream, window_ms: int, where: Test) -> str:
        """Have a share kept count of, and return its name."""
        name = f"{stream.name} in {window_ms}"
        self._shares.setdefault(name, (stream, window_ms, where))
        return name

    def incident(
        self, of: Literal["text", "member"], groups: int, within_ms: int, where: Test | None
    ) -> None:
        """Have other groups told of what they may have seen too."""
        self._sights.setdefault(of, []).append((groups, within_ms, where))

    def _sought(self) -> tuple[Sought, ...]:
        found: list[Sought] = []
        for of, asked in sorted(self._sights.items()):
            wheres = [where for _, _, where in asked if where is not None]
            found.append(
                Sought(
                    of,
                    ("message",) if of == "text" else ("message", "join"),
                    min(groups for groups, _, _ in asked),
                    max(within_ms for _, within_ms, _ in asked),
                    tuple(map(holds_of, wheres)) if len(wheres) == len(asked) else None,
                )
            )
        return tuple(found)

    def _noticed(self, sights: Collection[Sought]) -> frozenset[EventKind]:
        found: set[EventKind] = set()
        if self.silences:
            found |= CONTRIBUTIONS | DEPARTURES | {"join"}
        if self.strikes:
            found |= WINDS
        for sought in sights:
            found |= {*sought.kinds, "incident"}
        return frozenset(found)

    def _clock(self) -> Clockwork | None:
        strikes = sorted(self.strikes, key=lambda one: (one.minute, sorted(one.weekdays)))
        return Clockwork(self._book, self._zone, tuple(strikes)) if strikes else None

    def finish(self) -> Counted:
        """Return all that is to be counted."""
        windows = []
        for name, asked in sorted(self._asked.items()):
            capacity = max(use.limit + 1 for use in asked)
            if asked[0].stream.of in MONEY:
                capacity = min(capacity, MONEY_MARKS_MAX)
            horizon_ms = max(use.within_ms for use in asked)
            where = self._wheres.get(name)
            holds = holds_of(where) if where is not None else None
            windows.append(make_window(asked[0], capacity, horizon_ms, holds))
        shares = tuple(
            Share(stream, name, window_ms, holds_of(where))
            for name, (stream, window_ms, where) in sorted(self._shares.items())
        )
        by_text = [
            window.horizon_ms
            for window in windows
            if "text" in window.stream.by or window.stream.distinct == "texts"
        ]
        sights = self._sought()
        by_text += [sought.within_ms for sought in sights if sought.of == "text"]
        counted = Counted(
            tuple(windows),
            shares,
            self._row,
            max(by_text, default=0),
            spelled=tuple(sorted(self.spelled)),
            silent=bool(self.silences),
            lapses=tuple(sorted(self.lapses)),
            sights=sights,
            clock=self._clock(),
            noticed=self._noticed(sights),
        )
        by_kind = {
            kind: tuple(window for window in windows if kind in window.stream.kinds)
            for kind in EVENT_KINDS
        }
        shares_by_kind = {
            kind: tuple(share for share in shares if kind in share.stream.kinds)
            for kind in EVENT_KINDS
        }
        counts = {kind for kind in EVENT_KINDS if by_kind[kind] or shares_by_kind[kind]}
        if self._row or by_text or self.spelled:
            counts |= set(_ROW.kinds)
        return replace(
            counted, by_kind=by_kind, shares_by_kind=shares_by_kind, kinds=frozenset(counts)
        )
