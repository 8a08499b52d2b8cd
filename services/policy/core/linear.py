"""One pattern as a function of a text, in linear time on any text (Hyperscan)."""

from collections.abc import Callable
from functools import lru_cache

import hyperscan

PATTERNS_MAX = 4_096


@lru_cache(PATTERNS_MAX)
def finder(pattern: str) -> Callable[[str], bool]:
    """Return the function that says whether the pattern matches somewhere in a text.

    Upper and lower case differ. What `pattern_fault` accepts always compiles.
    """
    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    database.compile(expressions=[pattern.encode()], ids=[0], elements=1, flags=flags)

    def finds(text: str) -> bool:
        found: list[int] = []

        def on_match(_id: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append(end)

        database.scan(text.encode("utf-8", "replace"), on_match)
        return bool(found)

    return finds
