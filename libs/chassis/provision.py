"""Make the streams and buckets that the services expect to find: ``python -m chassis.provision``.

It is a start-up job with rights of its own on the bus, since no service may change a stream. Safe
to repeat, and to be run again after an upgrade.
"""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from chassis import settings
from chassis.bus import Bus, BusError, connect
from contracts.subjects import BUCKETS, STREAMS

PREFIX = "PROVISION"
NAME = "provisioner"
PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can set on the job, under ``PROVISION_``."""

    nats_url: str = field(metadata={"help": "address of the NATS server, nats://host:port"})
    nats_seed_file: Path | None = field(
        default=None, metadata={"help": "file with the NKEY seed of the provisioner"}
    )
    replicas: int = field(
        default=1,
        metadata={"help": "on how many servers each stream is kept", "min": 1, "max": 5},
    )


async def provision(bus: Bus, *, replicas: int = 1) -> None:
    """Create or update every stream, and create every bucket that is not there.

    Raises:
        BusError: The server is too old, or refuses.
    """
    await bus.provision(STREAMS, replicas=replicas)
    for name, ttl_s in BUCKETS.items():
        await bus.bucket(name, ttl_s=ttl_s, replicas=replicas)


async def run(config: Settings) -> None:
    """Do it once; errors as ``provision``."""
    async with connect(
        config.nats_url, name=NAME, seed_file=config.nats_seed_file, patience_s=PATIENCE_S
    ) as bus:
        await provision(bus, replicas=config.replicas)


def main() -> int:
    """Do it once as the environment says, and return the exit status."""
    try:
        asyncio.run(run(settings.load(Settings, os.environ, PREFIX)))
    except BusError as refusal:
        sys.stderr.write(f"The bus could not be made ready: {refusal}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
