"""Who got what of a packet, and whether its split is the one that was promised when it was sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

from contracts.values import SplitMode
from ledger.core.packets import commitment, split
from ledger.core.refusals import Refused
from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.receipts import read_packet

if TYPE_CHECKING:
    from asyncpg import Record


class PacketUnknown(Exception):
    """There is no such packet."""


class Share(NamedTuple):
    """One part of a packet, in minor units; nobody took it if ``member`` is empty."""

    slot: int
    amount: int
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A packet as it stands, its shares in the order of giving.

    ``seed`` is hex, and empty until the packet is closed. Then ``recomputed`` is what follows from
    it, and nothing else does: what was promised, ``seed_hash``, is the SHA-256 of the seed.
    """

    id: str
    network: str
    sender: str
    asset: str
    scale: int
    total: int
    shares: int
    mode: str
    state: str
    closed_why: str
    refunded: int
    seed_hash: str
    seed: str
    given: tuple[Share, ...]
    recomputed: tuple[int, ...]

    @property
    def kept_word(self) -> bool:
        """Return whether the seed is the promised one."""
        return commitment(bytes.fromhex(self.seed)).hex() == self.seed_hash

    @property
    def sound(self) -> bool:
        """Return whether the shares follow from the seed, as far as it is shown."""
        amounts = tuple(share.amount for share in self.given)
        return not self.seed or (self.kept_word and amounts == self.recomputed)

    @property
    def best(self) -> Share | None:
        """Return the largest share that was taken; of equal ones the earliest."""
        taken = [share for share in self.given if share.member]
        return max(taken, key=lambda share: share.amount, default=None)

    def to_text(self, *, verified: bool = False) -> str:
        """Return who got what for a person, with the proof of the split if it is ``verified``."""
        shown_total = shown(self.total, self.scale)
        state = self.closed_why or self.state
        head = f"packet {self.id} of {one_line(self.sender) or 'the house'}: {shown_total}"
        lines = [f"{head} {self.asset} in {self.shares} shares, {self.mode}, {state}"]
        for share in self.given:
            luck = "  best luck" if self.mode == "lucky" and share == self.best else ""
            whose = one_line(share.member)
            if whose or (verified and self.seed):
                amount = shown(share.amount, self.scale)
                lines.append(f"{share.slot:>5} {amount:>16}  {whose or '-'}{luck}")
        if self.state == "closed":
            lines.append(f"given back {shown(self.refunded, self.scale)}")
        return "\n".join([*lines, *(self._proof() if verified else [])])

    def _proof(self) -> list[str]:
        lines = [f"SHA-256 of the seed, shown since it was sent: {self.seed_hash}"]
        if not self.seed:
            return [*lines, "The seed is shown when the packet is closed."]
        lines.append(f"seed: {self.seed}")
        if not self.kept_word:
            return [*lines, "The seed is not the one that was promised."]
        wrong = [
            f"slot {share.slot} was {share.amount}, the seed says {amount}"
            for share, amount in zip(self.given, self.recomputed, strict=False)
            if share.amount != amount
        ]
        if len(self.given) != len(self.recomputed):
            wrong.append(f"{len(self.given)} shares, the seed says {len(self.recomputed)}")
        return [*lines, *(wrong or ["Every share follows from the seed."])]

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        found = asdict(self) | {"given": [share._asdict() for share in self.given]}
        best = self.best.member if self.best and self.mode == "lucky" else ""
        return json.dumps({**found, "best": best, "sound": self.sound}, ensure_ascii=False)


async def look_up(url: str, schema: str, packet_id: str) -> Receipt:
    """Return what became of a packet.

    Raises:
        PacketUnknown: there is none of that id.
    """
    async with audit.snapshot(url, schema) as connection:
        row, shares = await read_packet(connection, packet_id)
    if row is None:
        raise PacketUnknown(f"there is no packet {packet_id}")
    seed = row["seed"] or b""
    plain = ("id", "network", "sender", "asset", "scale", "total", "shares", "mode", "state",
             "closed_why", "refunded")  # fmt: skip
    return Receipt(
        **{name: row[name] for name in plain},
        seed_hash=row["seed_hash"].hex(),
        seed=seed.hex(),
        given=tuple([Share(*share) for share in shares]),
        recomputed=tuple(_recompute(row, seed)),
    )


def _recompute(row: "Record", seed: bytes) -> Sequence[int]:
    if not seed:
        return ()
    mode, least, most = SplitMode[row["mode"].upper()], row["share_min"], row["share_max"] or 0
    try:
        return split(mode, row["total"], row["shares"], seed, least, most)
    except Refused:
        return ()
