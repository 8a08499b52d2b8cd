"""What is said of reputation over REST."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from ledger.api.forms import AssetCode, Form, Member, Name, Next, Number, Whereabouts, Word, Words
from ledger.core.merits import EVENT_LIMIT, EVIDENCE_LIMIT
from ledger.core.postings import MAX_AMOUNT

Change = Annotated[int, Field(strict=True, ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
Event = Annotated[str, Field(min_length=1, max_length=EVENT_LIMIT, pattern=r"^[^\x00]*$")]
MeritId = Annotated[Number, Path(description="The number of its transaction.")]


class MeritForm(Whereabouts):
    """Give a member reputation, or take it."""

    member: Member
    amount: Change = Field(description="in minor units; below zero: taken; 0 is refused")
    asset: AssetCode = "reputation"
    giver: Name = Field("", description="the member whose praise it is; empty: the staff's")
    rule: Words = Field("", description="by which rule")
    reason: Words = Field("", description="for people")
    evidence: Annotated[list[Event], Field(max_length=EVIDENCE_LIMIT)] = Field(
        [], description="ids of the events that show it"
    )
    happened_at: datetime | None = Field(
        None, description="when it was earned; null, and whatever is to come: now"
    )


class ReversalForm(Form):
    """Take a merit back."""

    network: Word
    reason: Words = ""


class Merit(BaseModel):
    """Reputation that somebody earned or lost, and for what."""

    id: int = Field(description="the number of its transaction")
    network: str
    group: str = Field(description="where it was earned; empty: in no group")
    asset: str
    member: str
    giver: str = Field(description="whose praise it was; empty: a rule's or the staff's")
    amount: int = Field(description="in minor units; below zero: lost")
    rule: str
    reason: str
    evidence: list[str] = Field(description="ids of the events that show it")
    happened_at: datetime
    recorded_at: datetime
    reversed_by: int | None = Field(description="the transaction that took it back; null: none")


class Merits(BaseModel):
    """A page of merits, newest first."""

    items: list[Merit]
    next: Next


class Reversed(BaseModel):
    """A merit that was taken back."""

    id: int
    reversed_by: int = Field(description="the transaction that took it back")
