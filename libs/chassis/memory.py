"""How often a process with a large memory looks through it for cycles."""

import gc
from typing import Final

THRESHOLDS: Final = (50_000, 20, 50)  # objects made, young and middle passes before the next


def settle() -> None:
    """Never look through what is in memory now again, and seldom through what comes.

    A rulebook and the memory of a partition are a million objects and more, which live as long as
    the process does; looking through them takes longer than judging thousands of events.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
