"""Work that takes long, done step by step: whoever has other things to do does them in between."""

from collections.abc import Generator
from typing import TypeVar

Value = TypeVar("Value")
Steps = Generator[None, None, Value]


def at_once(steps: Steps[Value]) -> Value:
    """Do all the steps and return what comes of them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Value = end.value
            return found
