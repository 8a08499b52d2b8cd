"""Who speaks in a row: in each channel the newest member to speak, and their last messages."""

from typing import Final

import msgspec

from policy.core.windows import Generations

CHANNELS_MAX: Final = 2_000  # in each of two generations
HORIZON_MS: Final = 86_400_000  # a run older than a day is none


class Run(msgspec.Struct, array_like=True, gc=False):
    """The messages of one member since anybody else spoke in the channel."""

    member: str
    ring: bytes = b""


NO_RUN: Final = Run("")


class Runs(msgspec.Struct, array_like=True):
    """The newest run in each channel of a group."""

    channels: Generations[Run] = msgspec.field(
        default_factory=lambda: Generations(HORIZON_MS, CHANNELS_MAX)
    )
