"""How often each caller may ask: a rate and a burst, in bounded memory.

The generic cell rate algorithm (ITU-T I.371, annex A) keeps one number for each caller: when the
last of its requests would have come, had all kept the rate. Whoever is forgotten has been away for
longest, and begins with a whole burst again.
"""

from collections import OrderedDict
from collections.abc import Callable

from chassis.clock import monotonic_s

CALLERS_LIMIT = 10_000


class Pace:
    """The requests of each caller, against ``rate_per_s`` and a ``burst`` of them at once."""

    def __init__(
        self,
        rate_per_s: float,
        burst: int,
        *,
        limit: int = CALLERS_LIMIT,
        clock_s: Callable[[], float] = monotonic_s,
    ) -> None:
        self._between_s = 1 / rate_per_s if rate_per_s else 0.0
        self._slack_s = self._between_s * max(burst - 1, 0)
        self._limit = limit
        self._clock_s = clock_s
        self._due_s: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Return after how many seconds a caller may come again, 0: now; nothing is counted."""
        return max(self._due_s.get(caller, 0.0) - self._clock_s() - self._slack_s, 0.0)

    def take(self, caller: str) -> float:
        """Count a request; return 0, or after how many seconds the caller may come again."""
        if not self._between_s:
            return 0.0
        wait_s = self.wait_s(caller)
        if wait_s:
            return wait_s
        now_s = self._clock_s()
        self._due_s[caller] = max(self._due_s.get(caller, now_s), now_s) + self._between_s
        self._due_s.move_to_end(caller)
        if len(self._due_s) > self._limit:
            self._due_s.popitem(last=False)
        return 0.0
