"""Who of a group is called what: names as commands write them, and the members who bear them."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from policy.core.text.fold import fold

_AROUND: Final = "<@!>:：,， \"'“”"


def plain_name(words: Sequence[str]) -> str:
    """Return a name as it is compared: folded, and without what commands put around it."""
    return fold(" ".join(words)).strip(_AROUND)


class Called(msgspec.Struct, array_like=True, gc=False):
    """Members by plain name. Most names are one member's; those of more are kept apart.

    It says no more than the records of the members do, whatever happened before.
    """

    one: dict[str, str] = {}
    several: dict[str, dict[str, bool]] = {}

    def add(self, member: str, shown: str) -> None:
        """Let a member be called so."""
        name = plain_name(shown.split())
        if not name:
            return
        if name in self.several:
            self.several[name][member] = True
        elif (other := self.one.pop(name, member)) != member:
            self.several[name] = {other: True, member: True}
        else:
            self.one[name] = member

    def drop(self, member: str, shown: str) -> None:
        """Let a member be called so no longer."""
        name = plain_name(shown.split())
        bearers = self.several.get(name)
        if bearers is None:
            self.one.pop(name, None)
            return
        del bearers[member]
        if len(bearers) == 1:
            del self.several[name]
            (self.one[name],) = bearers

    def so(self, name: str) -> Iterable[str]:
        """Return who is called by a plain name."""
        if name in self.one:
            return (self.one[name],)
        return self.several.get(name, ())
