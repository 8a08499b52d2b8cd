"""What is said of many transfers in one request."""

from typing import Annotated

from pydantic import BaseModel, Field

from ledger.api.forms import Move, Whereabouts
from ledger.door import BATCH_LIMIT


class BulkForm(Whereabouts):
    """Move amounts between accounts of one network, each whether or not the others can be."""

    transfers: Annotated[list[Move], Field(min_length=1, max_length=BATCH_LIMIT)]


class Outcome(BaseModel):
    """What became of one transfer."""

    id: int | None = Field(description="of the transfer; null: it was refused")
    code: str = Field(description="why it was refused; empty: it was booked")
    detail: str
    replayed: bool = Field(description="it was answered before, and nothing was booked now")


class BulkOutcome(BaseModel):
    """What became of each transfer, in the order in which they were asked for."""

    items: list[Outcome]
