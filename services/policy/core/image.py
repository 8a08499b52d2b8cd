"""A whole memory as it is written down; equal memories give equal bytes."""

from typing import Final

import msgspec

from policy.core.bars import Bars
from policy.core.conduct import Person
from policy.core.incidents import Spreads
from policy.core.room import Books, Room
from policy.core.ticks import Ticks
from policy.core.trials import Trial
from policy.core.windows import Generations

SCHEMA: Final = 4


class Image(msgspec.Struct, array_like=True):
    """The memory of one partition; `shadows` are those of what is tried beside."""

    schema: int
    clock_ms: int
    events: int
    chain: bytes
    pending: bytes
    recent: list[str]
    books: dict[str, Books]
    rooms: dict[str, Generations[Room]]
    commands: Generations[Person]
    names: Generations[str]
    trials: dict[str, Trial] = {}
    shadows: "dict[str, Image]" = {}
    ticks: Ticks = msgspec.field(default_factory=Ticks)
    spreads: dict[str, Spreads] = {}
    bars: dict[str, Bars] = {}


ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
DECODER: Final = msgspec.msgpack.Decoder(Image)
