"""Where a page of a list ends, and where the next one begins."""

from collections.abc import Sequence

from chassis.cursors import bad_cursor, parts_of, to_cursor
from policy import forms

NEWEST = 1 << 62
"""No id or instant is later."""


def next_of(keys: Sequence[tuple[object, ...]], page: forms.Page) -> str | None:
    """Return the cursor after ``keys``, if there may be more than this full page of them."""
    return to_cursor(*keys[-1]) if len(keys) == page.limit else None


def number_of(text: str) -> int:
    """Return a part that is a number; raise `ApiError` where it is none that we told."""
    if not text.isdecimal() or len(text) > len(str(NEWEST)) - 1:
        raise bad_cursor()
    return int(text)


def before(page: forms.Page) -> tuple[int, str]:
    """Return the instant and the id before which a page begins; errors as `parts_of`."""
    if page.cursor is None:
        return NEWEST, ""
    at_ms, identity = parts_of(page.cursor, 2)
    return number_of(at_ms), identity
