"""Where a page of a list ended, as one opaque word: the place of its last row, in its order."""

import base64

from pydantic import TypeAdapter

from chassis.problem import ApiError

_PARTS = TypeAdapter(tuple[str, ...])


def to_cursor(*parts: object) -> str:
    """Return where a page ended; the parts are what its rows are ordered by."""
    told = _PARTS.dump_json(tuple(map(str, parts)))
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def parts_of(cursor: str, count: int) -> tuple[str, ...]:
    """Return what a cursor holds; raise `ApiError` where it is none of so many parts."""
    try:
        told = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = _PARTS.validate_json(told)
    except ValueError as fault:
        raise bad_cursor() from fault
    # PostgreSQL cannot hold U+0000 in a text, so no row was ever told by it.
    if len(parts) != count or any("\0" in part for part in parts):
        raise bad_cursor()
    return parts


def bad_cursor() -> ApiError:
    """Return the answer to a cursor that no page told."""
    return ApiError(400, "invalid_cursor", "take the cursor from `next` of a page, unchanged")
