"""The only place that reads a clock. Decisions take their time from the event instead."""

import time


def now_ms() -> int:
    """Return the wall-clock time in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Return seconds on a clock that never goes back; only differences mean something."""
    return time.monotonic()
