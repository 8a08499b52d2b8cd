"""What is told of one packet over REST."""

from datetime import datetime

from pydantic import BaseModel, Field

from ledger.api.forms import Claim, Packet


class PacketStep(BaseModel):
    """What somebody did to a packet besides taking of it."""

    what: str = Field(description="`frozen`, `freed`, `recalled` or `withdrawn`")
    by: str = Field(description="the member who asked for it; empty: nobody in particular")
    why: str
    recorded_at: datetime


class PacketInFull(Packet):
    """A packet, who took which share, and what the staff and its sender did to it."""

    claims: list[Claim]
    steps: list[PacketStep]
