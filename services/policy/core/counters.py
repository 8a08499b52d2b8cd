"""What is kept of all that a group's rules count."""

from typing import Final

import msgspec

from policy.core.alike import HANDLES
from policy.core.pieces import Spelled
from policy.core.runs import Runs
from policy.core.tallies import Tally
from policy.core.windows import Generations

CHARGES_MAX: Final = 20_000
TEXTS_MAX: Final = 2_000  # in each of two generations


class Texts(msgspec.Struct, array_like=True):
    """The texts that a group has seen of late: keys by fingerprint and by handle, and sketches."""

    same: Generations[str] = msgspec.field(default_factory=lambda: Generations(0, TEXTS_MAX))
    near: Generations[str] = msgspec.field(
        default_factory=lambda: Generations(0, TEXTS_MAX * HANDLES)
    )
    sketches: Generations[list[int]] = msgspec.field(
        default_factory=lambda: Generations(0, TEXTS_MAX)
    )


class Windows(msgspec.Struct, array_like=True):
    """All that is counted in one group. `charged` is up to where a rule has acted on a key."""

    rings: dict[str, Generations[bytes]] = {}
    charged: Generations[bytes] = msgspec.field(default_factory=lambda: Generations(0, CHARGES_MAX))
    texts: Texts = msgspec.field(default_factory=Texts)
    runs: Runs = msgspec.field(default_factory=Runs)
    tallies: dict[str, Generations[Tally]] = {}
    spelled: Spelled = msgspec.field(default_factory=Spelled)

    def ring(self, name: str, key: str) -> bytes:
        """Return what is kept of a key, and change nothing."""
        rings = self.rings.get(name)
        if rings is None:
            return b""
        return rings.young.get(key) or rings.old.get(key) or b""

    def tally(self, name: str, key: str) -> Tally | None:
        """Return the tally of a key, and change nothing."""
        tallies = self.tallies.get(name)
        return None if tallies is None else tallies.young.get(key) or tallies.old.get(key)
