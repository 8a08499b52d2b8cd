"""How fast a connection may ask. Pure: the time comes in, how long to wait comes out."""

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """A token bucket with a pause on top, shared by all requests of one connection.

    ``rate_per_s`` requests a second flow in, ``burst`` fit; a rate of 0 means no limit of our own.
    The pause is the platform's word (Matrix ``retry_after_ms``) and holds for every request of the
    connection, since the platform counts them together. All times are seconds of one monotonic
    clock.
    """

    rate_per_s: float
    burst: float
    paused_until_s: float = 0.0
    _level: float = -1.0
    _filled_at_s: float = 0.0

    def wait_s(self, now_s: float) -> float:
        """How long until the next request may leave; 0 means now. Takes nothing."""
        paused = max(0.0, self.paused_until_s - now_s)
        if self.rate_per_s <= 0:
            return paused
        missing = 1.0 - self._filled(now_s)
        return max(paused, missing / self.rate_per_s)

    def take(self, now_s: float) -> None:
        """Count one request that leaves now."""
        if self.rate_per_s > 0:
            self._level = self._filled(now_s) - 1.0
            self._filled_at_s = now_s

    def pause(self, now_s: float, retry_after_s: float) -> None:
        """Let nothing leave for ``retry_after_s``; a pause is never shortened by another."""
        self.paused_until_s = max(self.paused_until_s, now_s + retry_after_s)

    def _filled(self, now_s: float) -> float:
        if self._level < 0 and self._filled_at_s == 0:
            return self.burst
        return min(self.burst, self._level + (now_s - self._filled_at_s) * self.rate_per_s)


def backoff_s(tries: int, *, first_s: float = 0.5, most_s: float = 60.0) -> float:
    """How long to wait after the ``tries``-th failure: doubled each time, up to ``most_s``.

    There is no jitter, because one process owns a connection and so nobody falls into step with it.
    """
    return min(most_s, first_s * 2.0 ** min(tries - 1, 30))
