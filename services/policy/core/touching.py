"""How what is kept by key is looked up and put: the two generations of `Generations`.

Of each there are some calls an event, so they stand here, where they are compiled.
"""

from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from policy.core.windows import Generations

Value = TypeVar("Value")
NOTHING: Final[dict[str, Any]] = {}  # every generation without a value; nobody writes to it


def advance(kept: "Generations[Any]", now_ms: int) -> None:
    """Let time pass; to be called before values are touched at `now_ms`."""
    horizon_ms: int = kept.horizon_ms
    if horizon_ms and now_ms - kept.turned_ms >= horizon_ms:
        turn(kept, now_ms)


def turn(kept: "Generations[Any]", now_ms: int) -> None:
    """Let the old generation go, and the young one grow old."""
    kept.old, kept.young, kept.turned_ms = kept.young, NOTHING, now_ms


def get(kept: "Generations[Value]", key: str, now_ms: int) -> Value | None:
    """Return the value and keep it alive."""
    value = kept.young.get(key)
    if value is None and (value := kept.old.get(key)) is not None:
        put(kept, key, value, now_ms)
    return value


def put(kept: "Generations[Value]", key: str, value: Value, now_ms: int) -> None:
    """Keep `value` as the newest."""
    old, young = kept.old, kept.young
    if old:
        old.pop(key, None)
    if young:
        young[key] = value
    else:
        kept.young = young = {key: value}
    if len(young) > kept.cap:
        turn(kept, now_ms)
