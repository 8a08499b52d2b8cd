"""What is said of holds over REST."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from ledger.api.forms import AccountPath, Amount, AssetCode, Form, Next, Whereabouts, Word, Words

HoldId = Annotated[str, Path(pattern=r"^[a-z2-7]{26}$")]


class HoldForm(Whereabouts):
    """Put an amount of an account aside."""

    account: AccountPath
    destination: AccountPath
    asset: AssetCode = Field("", description="empty: the default asset")
    amount: Amount
    lifetime_s: Annotated[int, Field(strict=True, ge=0, le=7_776_000)] = Field(
        0, description="seconds until it is free again; 0: as the operator decided"
    )
    purpose: Words = ""


class CaptureForm(Form):
    """Pay from a hold."""

    network: Word
    amount: Amount | None = Field(None, description="null: all that is left of it")
    last: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="free what is left then"
    )


class ReleaseForm(Form):
    """Free what is left of a hold."""

    network: Word


class Placed(BaseModel):
    """A hold as it was placed."""

    id: str
    network: str
    account: str
    destination: str
    asset: str
    amount: int
    purpose: str
    placed_at: datetime
    expires_at: datetime


class Hold(Placed):
    """A hold as it is now."""

    captured: int = Field(description="how much was paid from it")
    state: str = Field(description="`open`, `captured`, `released` or `expired`")
    ended_at: datetime | None


class Step(BaseModel):
    """Something that became of a hold."""

    step: int
    what: str = Field(description="`placed`, `captured`, `released` or `expired`")
    amount: int
    txn_id: int | None = Field(description="the transaction by which it was paid")
    recorded_at: datetime


class HoldWithSteps(Hold):
    """A hold and everything that became of it."""

    steps: list[Step]


class Holds(BaseModel):
    """A page of holds, newest first."""

    items: list[Hold]
    next: Next


class Captured(BaseModel):
    """What was paid from a hold."""

    hold_id: str
    amount: int
    txn_id: int


class Released(BaseModel):
    """What is free again."""

    hold_id: str
    amount: int
