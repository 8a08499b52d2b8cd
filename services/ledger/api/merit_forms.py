"""What is said of reputation over REST."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field, TypeAdapter

from ledger.api.forms import AssetCode, Form, Member, Name, Next, Number, Whereabouts, Word, Words
from ledger.core.merits import EVENT_LIMIT, EVIDENCE_LIMIT
from ledger.core.postings import MAX_AMOUNT
from ledger.core.standings import MeritTerms as Usual

USUAL = Usual()
"""What holds where nobody has said anything else."""
_TERMS = TypeAdapter(Usual)

Change = Annotated[int, Field(strict=True, ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
Cap = Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)]
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


class Level(Form):
    """A level of standing."""

    name: Member
    at_least: Change = Field(description="standing that it takes to reach it, in minor units")
    keep: Change = Field(description="standing that it takes to stay; at most `at_least`")
    givers: Cap = Field(0, description="different members whose praise it takes to reach it")
    days: Cap = Field(0, description="different days on which it came")
    labels: Annotated[list[Member], Field(max_length=10)] = Field(
        [], description="that its members have in the rulebook"
    )


class MeritTerms(Form):
    """How much of what members earn counts, and for how long."""

    half_life_days: Annotated[int, Field(strict=True, ge=0, le=36_500)] = Field(
        USUAL.half_life_days, description="after so many days half is left; 0: nothing decays"
    )
    per_giver: Cap = Field(
        USUAL.per_giver, description="of what one gives to all in a day, so much counts"
    )
    per_member: Cap = Field(
        USUAL.per_member, description="of what all give to one in a day, so much counts"
    )
    per_pair: Cap = Field(
        USUAL.per_pair, description="of what one gives to one in a day, so much counts"
    )
    seeds: Annotated[list[Member], Field(max_length=1_000)] = Field(
        [], description="members whom the network trusts to begin with"
    )
    serial: Annotated[int, Field(strict=True, ge=0, le=1_000)] = Field(
        USUAL.serial,
        description="so often in a week from one to one is serial voting, from 2 on; 0: never",
    )
    levels: Annotated[list[Level], Field(max_length=20)] = Field(
        [], description="of standing, the lowest first"
    )


class TermsForm(MeritTerms):
    """Say how much counts from now on, in all that is rated."""

    network: Word
    group: Name = Field("", description="empty: in the network, and groups without their own")


def terms_of(form: MeritTerms) -> Usual:
    """Return what a form says, as counting takes it."""
    return _TERMS.validate_python(form.model_dump(include=set(MeritTerms.model_fields)))


class Standing(BaseModel):
    """What a place makes of a member."""

    member: str
    standing: int = Field(description="what counts of their merits, decayed, in minor units")
    givers: int = Field(description="how many different ones praised them")
    days: int = Field(description="on how many different days they were praised")
    quality_ppm: int = Field(
        description="at least so many of a million of their merits are good ones (Wilson, 95 %)"
    )
    trust: int | None = Field(
        description="of 10^12 that the seeds spread; null: it takes all members to know"
    )


class Leaderboard(BaseModel):
    """Members by their standing, the highest first."""

    items: list[Standing]


class Reason(BaseModel):
    """A merit that somebody is praised for."""

    txn_id: int
    giver: str
    amount: int
    rule: str
    reason: str
    evidence: list[str]


class Praised(BaseModel):
    """Somebody who was praised, and what for."""

    member: str
    amount: int = Field(description="what counts of it, in minor units")
    reasons: list[Reason]


class PraisedMembers(BaseModel):
    """Who was praised most, the most first."""

    items: list[Praised]
