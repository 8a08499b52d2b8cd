"""``until``, where the tests of the chassis look for it."""

from tests.waiting import until

__all__ = ["until"]
