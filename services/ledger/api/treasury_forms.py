"""What is said over REST about the house's money."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ledger.api.forms import AccountPath, AssetCode, Form, Next, Word, Words
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
