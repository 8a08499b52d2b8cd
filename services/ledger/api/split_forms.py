"""What is said over REST about who shares in what the house earns."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ledger.api.forms import AccountPath, Form, Next, Word, Words

Purpose = Literal["", "entry", "seat", "ad"]


class Part(Form):
    """What one account gets of each payment."""

    account: AccountPath
    share: Annotated[int, Field(strict=True, ge=1, le=10_000)] = Field(
        description="basis points: 10000 are all of it"
    )


class SplitForm(Form):
    """Say who gets what of the payments that come in, instead of what was said before."""

    network: Word
    group: Annotated[str, Field(max_length=255)] = Field(
        "", description="whose payments; empty: of any group that has no nearer rule"
    )
    purpose: Purpose = Field("", description="empty: of any purpose that has no nearer rule")
    parts: Annotated[list[Part], Field(max_length=20)] = Field(
        description="the rest is the destination's; none: the rule is over"
    )
    why: Words = ""


class Split(BaseModel):
    """A rule, as it was said once."""

    id: str
    number: int
    network: str
    group: str
    purpose: Purpose
    version: int = Field(description="of what was said of this group and purpose, from 1")
    parts: list[Part]
    holds: bool = Field(description="nothing was said of them since")
    said_at: datetime


class Splits(BaseModel):
    """A page of rules, newest first."""

    items: list[Split]
    next: Next
