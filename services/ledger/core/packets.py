"""Red packets: how a total becomes shares, and what a packet is while it is open. Pure.

The split of a lucky packet follows from a seed of 32 random bytes. The seed's SHA-256 is shown when
the packet is sent and the seed when it is closed, so anyone can recompute who could have got what.
"""

from dataclasses import dataclass
from hashlib import sha256, shake_256
from typing import NamedTuple

from contracts.values import Packet, PacketTerms, Place, SplitMode
from ledger.core.conditions import Conditions
from ledger.core.refusals import Code, Refused

MAX_SHARES = 10_000
SEED_BYTES = 32

NOWHERE = Place()
"""The place of what happens in no channel in particular."""

_DRAW_BYTES = 16
_DRAW_BITS = 8 * _DRAW_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where something happens, so that the facts about it find their way back there."""

    network: str
    group: str = ""
    platform: str = ""
    place: Place = NOWHERE
    connection: str = ""


class PacketStep(NamedTuple):
    """What somebody did to a packet besides taking of it; the fields are the columns."""

    packet_id: str
    place: int  # in its batch, from 0
    network: str
    what: str
    by_member: str
    why: str


@dataclass(slots=True, kw_only=True)
class PacketState:
    """A packet's running state. ``number`` is the order in which packets were sent."""

    id: str
    number: int
    scene: Scene
    sender: str
    source: str
    asset: str
    total: int
    shares: int
    mode: SplitMode
    greeting: str
    seed: bytes
    opened_ms: int
    expires_ms: int
    taken: int = 0
    amount_taken: int = 0
    refunded: int = 0
    best_member: str = ""
    best_amount: int = 0
    state: str = "open"
    closed_why: str = ""
    share_min: int = 1
    share_max: int = 0  # 0: no bound
    opens_ms: int = 0  # from when on it can be taken from; 0: from the start
    told_open: bool = True
    frozen: bool = False
    rain: str = ""
    rain_total: int = 0
    rain_drops: int = 0
    conditions: Conditions | None = None  # None: everybody may take of it

    @property
    def escrow(self) -> str:
        """The path of the account where the packet's money waits."""
        return f"packet:{self.id}"

    def take(self, member: str, amount: int) -> int:
        """Give the next share to ``member``; return its slot, from 1.

        Luck is a matter of the strictly larger share: of two equal ones the earlier is the best.
        """
        self.taken += 1
        self.amount_taken += amount
        if amount > self.best_amount:
            self.best_member, self.best_amount = member, amount
        if self.taken == self.shares:
            self.state, self.closed_why = "closed", "sold_out"
        return self.taken

    def close(self, why: str) -> int:
        """Close the packet; return what is left of it, which goes back to ``source``."""
        self.refunded = self.total - self.amount_taken
        self.state, self.closed_why = "closed", why
        return self.refunded

    def told(self) -> Packet:
        """Return the packet as the contracts speak of it."""
        return Packet(
            id=self.id,
            network=self.scene.network,
            group=self.scene.group,
            sender=self.sender,
            asset=self.asset,
            total=self.total,
            shares=self.shares,
            mode=self.mode,
            expires_ms=self.expires_ms,
            shares_taken=self.taken,
            amount_taken=self.amount_taken,
            greeting=self.greeting,
            opens_ms=self.opens_ms,
            locked=self.conditions is not None and bool(self.conditions.password_hash),
            terms=self._terms(),
            rain=self.rain,
            rain_total=self.rain_total,
            rain_drops=self.rain_drops,
            frozen=self.frozen,
        )

    def _terms(self) -> PacketTerms | None:
        least = self.share_min if self.share_min > 1 else 0
        who = self.conditions
        if who is None:
            is_bounded = least or self.share_max
            return PacketTerms(share_min=least, share_max=self.share_max) if is_bounded else None
        return PacketTerms(
            share_min=least,
            share_max=self.share_max,
            members=who.members,
            tiers=who.tiers,
            tenure_ms=who.tenure_ms,
            reputation=who.reputation,
        )


def commitment(seed: bytes) -> bytes:
    """Return what is shown of ``seed`` before the packet is closed."""
    return sha256(seed).digest()


def split(
    mode: SplitMode, total: int, shares: int, seed: bytes, least: int = 1, most: int = 0
) -> list[int]:
    """Return the shares in the order in which they will be given, from ``least`` to ``most`` each.

    A ``most`` of 0 is no bound.

    Raises:
        Refused: ``SHARES_INVALID``, ``TOTAL_TOO_SMALL``, ``TOTAL_TOO_LARGE`` or ``MODE_INVALID``.
    """
    if not 1 <= shares <= MAX_SHARES:
        raise Refused(Code.SHARES_INVALID, str(shares))
    if total < shares * least:
        raise Refused(Code.TOTAL_TOO_SMALL, f"{total} for {shares} shares")
    if most and total > shares * most:
        raise Refused(Code.TOTAL_TOO_LARGE, f"{total} for {shares} shares")
    if mode is SplitMode.EQUAL:
        return equal(total, shares)
    if mode is SplitMode.LUCKY:
        return lucky(total, shares, seed, least, most)
    raise Refused(Code.MODE_INVALID)


def equal(total: int, shares: int) -> list[int]:
    """Split into whole parts that differ by at most one; the larger ones come first."""
    part, rest = divmod(total, shares)
    return [part + 1] * rest + [part] * (shares - rest)


def lucky(total: int, shares: int, seed: bytes, least: int = 1, most: int = 0) -> list[int]:
    """Split by luck: each part uniform up to twice the mean of what remains, then shuffled.

    Without the shuffle the last to come would have the best chances (0.122 instead of 0.1 with ten
    shares). The draws, numbered from 0, are SHAKE-256 of the seed, 128 bits each, scaled by
    multiplication: part i of 0..n-2 uses draw i, the Fisher-Yates swap of place p draw 2n-1-p.
    All but one unit of ``least`` are put into each part beforehand; with ``most``, no part is so
    small that those after it could not hold the rest, and none is larger.
    """
    stream = shake_256(b"reeve packet split 1:" + seed).digest(2 * _DRAW_BYTES * shares)
    draws = [
        int.from_bytes(stream[at : at + _DRAW_BYTES]) for at in range(0, len(stream), _DRAW_BYTES)
    ]
    given = least - 1
    highest = most - given if most else total
    parts = []
    rest = total - given * shares
    for index in range(shares - 1):
        left = shares - index
        lower = max(1, rest - (left - 1) * highest)
        upper = min(2 * rest // left - 1, highest)
        part = lower + (draws[index] * (upper - lower + 1) >> _DRAW_BITS)
        parts.append(part + given)
        rest -= part
    parts.append(rest + given)
    for place in range(shares - 1, 0, -1):
        other = draws[2 * shares - 1 - place] * (place + 1) >> _DRAW_BITS
        parts[place], parts[other] = parts[other], parts[place]
    return parts
