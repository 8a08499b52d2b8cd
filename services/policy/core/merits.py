"""What members were given of late and for what, as the ledger told: whom to praise in public."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from policy.core.windows import Generations

if TYPE_CHECKING:
    from policy.core.consequences.rewards import Praise
    from policy.core.members import Members

MERITS_MAX: Final = 5_000  # members, in each of two generations
MERITS_EACH_MAX: Final = 50
MERITS_KEPT_MS: Final = 31 * 86_400_000


class Merit(msgspec.Struct, array_like=True, gc=False):
    """What a member was given once, for what, by which command."""

    at_ms: int
    asset: str
    amount: int
    purpose: str
    command: str


Merits = Generations[list[Merit]]


@dataclass(frozen=True, slots=True)
class Praised:
    """Who is praised, for how much in all, and for what, that which gave most first."""

    name: str
    amount: int
    purposes: tuple[str, ...]


def note(merits: Merits, member: str, merit: Merit) -> None:
    """Remember what a member was given."""
    merits.advance(merit.at_ms)
    own = merits.get(member, merit.at_ms)
    if own is None:
        own = []
        merits.put(member, own, merit.at_ms)
    own.append(merit)
    del own[:-MERITS_EACH_MAX]


def take_back(merits: Merits, member: str, command: str, now_ms: int) -> None:
    """Forget what a member was given by a command that was taken back."""
    own = merits.get(member, now_ms)
    if own is not None:
        own[:] = [one for one in own if one.command != command]


def praised(members: "Members", effect: "Praise", now_ms: int) -> list[Praised]:
    """Return who was given most, that one first; nobody who left, or was struck in that time."""
    since_ms = now_ms - effect.within_ms
    totals: list[tuple[int, str, dict[str, int]]] = []
    for kept in (members.merits.young, members.merits.old):
        for member, own in kept.items():
            by_purpose: dict[str, int] = {}
            for one in own:
                if one.asset == effect.asset and one.at_ms > since_ms:
                    by_purpose[one.purpose] = by_purpose.get(one.purpose, 0) + one.amount
            if by_purpose:
                totals.append((-sum(by_purpose.values()), member, by_purpose))
    found: list[Praised] = []
    for amount, member, by_purpose in sorted(totals, key=lambda total: total[:2]):
        record = members.find(member, now_ms)
        assert record is not None, "whoever was given something is known"
        profile, standing = record.profile, record.standing
        has_left = bool(profile.left_ms) and not profile.present
        struck = standing is not None and standing.struck_ms > since_ms
        if not (has_left or struck):
            purposes = tuple(sorted(by_purpose, key=lambda one: (-by_purpose[one], one)))
            name = profile.name or member.removeprefix("@").partition(":")[0]
            found.append(Praised(name, -amount, purposes))
        if len(found) == effect.most:
            break
    return found
