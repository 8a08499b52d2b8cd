"""Recompute the chain of batches, and compare it with what the ledger vouched for."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from ledger.core.chain import batch_hash
from ledger.store import audit

Anchors = Mapping[tuple[int, int], set[bytes]]
"""Every hash that was vouched for, by shard and number of the batch."""


@dataclass(slots=True)
class Chain:
    """The chains of all shards, walked from their beginnings; sound if there are no faults."""

    batches: int = 0
    anchors: int = 0  # that were found to lie on the chain
    heads: dict[int, str] = field(default_factory=dict)  # hash by shard, hex
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    def to_json(self) -> str:
        """Return the finding for a program."""
        return json.dumps({"sound": self.sound, **asdict(self)})

    def to_text(self) -> str:
        """Return the finding for a person."""
        lines = [f"shard {shard} ends with {head}" for shard, head in sorted(self.heads.items())]
        lines += [f"FAULT {fault}" for fault in self.faults]
        verdict = "The chain is whole." if self.sound else "The chain is BROKEN."
        return "\n".join([f"batches {self.batches}  anchors {self.anchors}", *lines, "", verdict])


async def verify(url: str, schema: str, anchors: Anchors) -> Chain:
    """Walk the chain of the ledger at ``url`` as it is at one moment, and look for ``anchors``."""
    async with audit.snapshot(url, schema) as connection:
        return await walk(connection, anchors)


async def walk(connection: "audit.Connection", anchors: Anchors) -> Chain:
    """Recompute the hash of every batch from what it wrote and from the batch before."""
    chain = Chain()
    missing = dict(anchors)
    for shard, last_hash in await audit.shard_heads(connection):
        before = sha256(f"reeve ledger shard {shard}".encode()).digest()
        async for batch in audit.stored_batches(connection, shard):
            expected = batch_hash(
                batch.prev_hash, batch.id, batch.at_ms, batch.written, form=batch.form
            )
            if batch.prev_hash != before or batch.hash != expected:
                chain.faults.append(f"batch {batch.id} of shard {shard} does not follow")
            before = batch.hash
            chain.batches += 1
            _compare(chain, missing.pop((shard, batch.id), set()), batch.id, shard, batch.hash)
        if before != last_hash:
            chain.faults.append(f"shard {shard} does not end with its last batch")
        chain.heads[shard] = before.hex()
    chain.faults += [
        f"batch {number} of shard {shard} was vouched for, and is gone"
        for shard, number in sorted(missing)
    ]
    return chain


def _compare(chain: Chain, vouched: set[bytes], number: int, shard: int, found: bytes) -> None:
    chain.anchors += found in vouched
    if vouched - {found}:
        chain.faults.append(f"batch {number} of shard {shard} is not what was vouched for")
