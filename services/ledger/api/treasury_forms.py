"""What is said over REST about the house's money."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from ledger.api.forms import AccountPath, Amount, AssetCode, Form, Next, Word, Words
from ledger.core.postings import MAX_AMOUNT

Period = Literal["day", "week", "month"]


class BudgetForm(Form):
    """Say how much may leave an account of the house, instead of what was said before."""

    network: Word
    account: AccountPath = Field(description="of the house, such as `treasury` or `group:<id>`")
    asset: AssetCode = Field("", description="empty: the default asset")
    period: Period
    amount: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] = Field(
        description="minor units for each period; 0: it has no budget any more"
    )
    why: Words = ""


class Said(BaseModel):
    """How much may leave an account from now on."""

    network: str
    account: str
    asset: str
    period: Period
    amount: int


class Budget(BaseModel):
    """How much may leave an account of the house, and how much has."""

    network: str
    account: str
    asset: str
    period: Period
    amount: int = Field(description="minor units for each period")
    spent: int = Field(description="of it by now")
    left: int
    renews_at: datetime | None = Field(description="null: nothing is spent of the period it is")


class Budgets(BaseModel):
    """All budgets of a network; a few for each account, so there is one page."""

    items: list[Budget]
    next: Next


RequestId = Annotated[str, Path(pattern=r"^[a-z2-7]{26}$")]


class LimitForm(Form):
    """Say above how much a second person is asked, instead of what was said before."""

    network: Word
    account: AccountPath = Field(description="of the house, such as `treasury` or `group:<id>`")
    asset: AssetCode = Field("", description="empty: the default asset")
    above: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] | None = Field(
        description="minor units; whatever leaves and is more waits; null: nothing waits"
    )
    why: Words = ""


class ApprovalLimit(BaseModel):
    """Above how much a second person is asked."""

    network: str
    account: str
    asset: str
    above: int | None


class ApprovalLimits(BaseModel):
    """All limits of a network; one for each account and asset, so there is one page."""

    items: list[ApprovalLimit]
    next: Next


State = Literal["waiting", "approved", "rejected", "withdrawn", "expired"]


class Request(BaseModel):
    """What waits for a second person, or waited."""

    id: str
    number: int
    network: str
    group: str
    account: str
    asset: str
    scale: int
    amount: int = Field(description="of `set_approval`: the limit asked for; 0 where it would end")
    what: Literal[
        "transfer", "send_packet", "place_hold", "write_off", "accept_payment", "set_approval"
    ]
    said: dict[str, Any] = Field(description="what was asked for")
    asked_by: str = Field(description="a caller of REST, or a member; empty: a rule")
    asked_at: datetime
    expires_at: datetime
    state: State
    decided_by: str
    decided_at: datetime | None
    why: str
    txn_id: int | None = Field(description="the transaction that was booked")
    packet_id: str | None
    hold_id: str | None


class Requests(BaseModel):
    """A page of requests, newest first."""

    items: list[Request]
    next: Next


class WriteOffForm(Form):
    """Ask that an account of the house bears what somebody owes."""

    network: Word
    account: AccountPath = Field(description="who owes, such as `member:<id>`")
    asset: AssetCode
    amount: Amount | None = Field(None, description="minor units; null: all that is owed")
    bearer: AccountPath = Field(description="of the house, such as `house` or `group:<id>`")
    why: Annotated[str, Field(min_length=1, max_length=200)]


class DecisionForm(Form):
    """Approve what somebody else asked for, or reject it."""

    network: Word
    approved: Annotated[bool, Field(strict=True)]
    why: Words = ""
