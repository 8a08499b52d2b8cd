"""Who speaks in a row: in each channel the newest member to speak, and their last messages."""

from typing import Final

import msgspec

from policy.core.marks import PLAIN
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

    def add(
        self, channel: str, member: str, now_ms: int, stamp: bytes, event: bytes, capacity: int
    ) -> tuple[Run, Run]:
        """Note a message; return the run it belongs to, and the run of another that it ended."""
        channels = self.channels
        channels.advance(now_ms)
        run = channels.get(channel, now_ms)
        ended = NO_RUN
        if run is None or run.member != member:
            ended = run or NO_RUN
            run = Run(member)
            channels.put(channel, run, now_ms)
        run.ring = PLAIN.add(run.ring, stamp, event, b"", capacity, b"")
        return run, ended
