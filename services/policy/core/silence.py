"""Who has been silent, and for how long: the last contribution of each member, and what is told.

A member is watched from when they come or first speak. Nobody is told of twice for one length of
one silence, and whoever speaks begins anew.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from policy.core.kinds import EventKind

CONTRIBUTIONS: Final[frozenset[EventKind]] = frozenset(("message", "command", "packet", "thread"))
DEPARTURES: Final[frozenset[EventKind]] = frozenset(("leave", "kick", "ban"))
WATCHED_MAX: Final = 20_000  # of one group; whoever comes beyond is not watched


class Quiet(msgspec.Struct, array_like=True, gc=False):
    """The last contribution of one member, and for what length of silence since they were told."""

    last_ms: int
    told_ms: int = 0


class Lapse(NamedTuple):
    """A member who has been silent since then for so long."""

    member: str
    since_ms: int
    for_ms: int


class Silence(msgspec.Struct, array_like=True):
    """The members of one group who are watched."""

    members: dict[str, Quiet] = {}

    def came(self, member: str, now_ms: int) -> None:
        """Begin to watch a member, if they are not watched."""
        if member not in self.members and len(self.members) < WATCHED_MAX:
            self.members[member] = Quiet(now_ms)

    def spoke(self, member: str, now_ms: int) -> int:
        """Note a contribution; return how long there was none before, 0 where nobody knows."""
        quiet = self.members.get(member)
        if quiet is None:
            self.came(member, now_ms)
            return 0
        silent_ms = now_ms - quiet.last_ms
        quiet.last_ms, quiet.told_ms = now_ms, 0
        return silent_ms

    def gone(self, member: str) -> None:
        """Watch a member no longer."""
        self.members.pop(member, None)

    def since(self, member: str) -> int:
        """Return when a member last contributed; 0 where they are not watched."""
        quiet = self.members.get(member)
        return quiet.last_ms if quiet is not None else 0

    def lapsed(self, now_ms: int, lengths_ms: Sequence[int], limit: int) -> list[Lapse]:
        """Return who has been silent for one of the lengths and is not told of; they are now.

        At most `limit` of them, the longest silent first.
        """
        due = [
            (quiet.last_ms, member, for_ms)
            for member, quiet in self.members.items()
            if (for_ms := _next(quiet, lengths_ms)) and quiet.last_ms + for_ms <= now_ms
        ]
        found = [Lapse(member, since_ms, for_ms) for since_ms, member, for_ms in sorted(due)]
        for lapse in found[:limit]:
            self.members[lapse.member].told_ms = lapse.for_ms
        return found[:limit]

    def wakes_ms(self, lengths_ms: Sequence[int]) -> int:
        """Return when the next member will have been silent for long; 0: nobody will."""
        return min(
            (
                quiet.last_ms + for_ms
                for quiet in self.members.values()
                if (for_ms := _next(quiet, lengths_ms))
            ),
            default=0,
        )


def _next(quiet: Quiet, lengths_ms: Sequence[int]) -> int:
    """Return the next length to be told of, 0 where all have been."""
    return next((for_ms for for_ms in lengths_ms if for_ms > quiet.told_ms), 0)
