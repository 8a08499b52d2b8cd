"""The streams and buckets that the services find when they start."""

from chassis import provision as provisioning
from chassis.bus import BusError, connect
from reeve.stack.access import seed_file
from reeve.stack.errors import Unusable
from reeve.stack.home import Home

PATIENCE_S = 15.0


async def provision(url: str, home: Home | None) -> None:
    """Create or update every stream and bucket, as the one identity that may.

    Without ``home`` the server is somebody else's, and ``url`` holds what it wants to see.

    Raises:
        Unusable: The server cannot be reached, is too old, or refuses.
    """
    seed = None if home is None else seed_file(home, "provisioner")
    try:
        async with connect(url, name="provisioner", seed_file=seed, patience_s=PATIENCE_S) as bus:
            await provisioning.provision(bus)
    except BusError as refusal:
        raise Unusable(f"NATS cannot be used: {refusal}.") from refusal
