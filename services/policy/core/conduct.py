"""What is remembered of how members conduct themselves: what is expected of whom, and since when.

Part of the judge's memory: bounded, in event time, and its bytes do not depend on how it grew.
"""

import msgspec

EXPECTATIONS_MAX = 1_000
DONE_MAX = 64


class Person(msgspec.Struct, array_like=True, gc=False):
    """Whom to address later, when only an id comes back, and where."""

    member: str
    name: str
    message_id: str
    channel: str
    thread: str
    connection: str
    seq: int


class Expectation(msgspec.Struct, array_like=True):
    """Something expected of a member; `due_ms` is when `otherwise` of the rule follows.

    `key` names it among all that its rulebook expects. `done` are the numbers of the leaves that
    have come, `known` what was counted on the way, as `leaf:id`. `amount` is what the packet, if it
    is one, has to have at least: it may depend on how many members there were.
    """

    timer: str
    event_id: str
    author: Person
    rule: str
    rulebook: str
    key: str
    due_ms: int
    case_id: str = ""
    amount: int = 0
    done: list[int] = []
    known: list[str] = []


class Expectations(msgspec.Struct, array_like=True):
    """All that is expected in one group, by timer, and the timers of each member."""

    open: dict[str, Expectation] = {}
    of: dict[str, list[str]] = {}

    def add(self, expectation: Expectation) -> None:
        """Remember one more."""
        self.open[expectation.timer] = expectation
        self.of.setdefault(expectation.author.member, []).append(expectation.timer)

    def drop(self, timer: str) -> Expectation | None:
        """Forget one and return it; None where there is no such."""
        found = self.open.pop(timer, None)
        if found is not None:
            timers = self.of[found.author.member]
            timers.remove(timer)
            if not timers:
                del self.of[found.author.member]
        return found

    def by_member(self, member: str) -> list[Expectation]:
        """Return what is expected of a member, in the order in which it was."""
        return [self.open[timer] for timer in self.of.get(member, ())]
