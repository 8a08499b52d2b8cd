"""Arithmetic that knows when it has no answer: what is absent, beyond 64 bits, or divided by 0."""

from math import copysign, inf, isnan, nan
from typing import TypeVar

INT_MAX = (1 << 63) - 1
T = TypeVar("T")


class Undefined(Exception):
    """There is no value; whatever asked for it does not hold."""


def present(value: T | None) -> T:
    """Return what is there."""
    if value is None:
        raise Undefined
    return value


def whole(value: int) -> int:
    """Return a result that fits 64 bits."""
    if not -INT_MAX - 1 <= value <= INT_MAX:
        raise Undefined
    return value


def quotient(left: int, right: int) -> int:
    """Return the quotient, rounded towards 0 as in CEL."""
    if not right:
        raise Undefined
    found = abs(left) // abs(right)
    return whole(found if (left < 0) == (right < 0) else -found)


def remainder(left: int, right: int) -> int:
    """Return what the quotient leaves, with the sign of the left side."""
    if not right or (right == -1 and left == -INT_MAX - 1):
        raise Undefined
    found = abs(left) % abs(right)
    return -found if left < 0 else found


def ratio(left: float, right: float) -> float:
    """Return the quotient of doubles, infinite or no number where IEEE 754 says so."""
    if right:
        return left / right
    if not left or isnan(left):
        return nan
    return copysign(inf, left) * copysign(1.0, right)


def nothing() -> float:
    """Return nothing: neither side of a choice is known."""
    raise Undefined
