"""What is said of payments over REST."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from ledger.api.forms import Amount, AssetCode, Form, Member, Name, Next, Whereabouts, Words
from ledger.api.forms import Word as NetworkWord

PaymentId = Annotated[str, Path(pattern=r"^[a-z2-7]{26}$")]
ProviderName = Annotated[str, Path(pattern=r"^[a-z]{1,32}$")]
State = Literal[
    "asked", "failed", "captured", "differs", "refunded_part", "refunded", "disputed", "won", "lost"
]


class PaymentForm(Whereabouts):
    """Ask a member for money from outside."""

    member: Member
    purpose: Literal["entry", "seat", "ad", "topup"]
    destination: Name = Field(
        "", description="account path of who gets it; empty: the group's, or the member's own"
    )
    asset: AssetCode = Field(description="the currency; of the class `paid_credit`")
    amount: Amount
    subject: Words = Field("", description="which entry, seat or ad; the payer reads it")
    provider: Annotated[str, Field(pattern=r"^[a-z]{1,32}$")] = Field(
        description="`stripe` or `wechat`, as set up"
    )


class RefundForm(Form):
    """Give a payment back, all of it or a part."""

    network: NetworkWord
    amount: Amount | None = Field(None, description="null: all that is left of it")
    why: Words = ""


class AcceptanceForm(Form):
    """Ask that a payment of another amount is taken as it came."""

    network: NetworkWord
    amount: Amount | None = Field(None, description="null: all that is left of it, and no other")
    why: Words = ""


class Payment(BaseModel):
    """A payment as it stands."""

    id: str
    network: str
    group: str
    member: str
    destination: str
    asset: str
    amount: int
    purpose: str
    subject: str
    provider: str
    link: str = Field(description="where the member pays; empty: the provider made no page yet")
    reference: str = Field(description="the provider's id of it")
    captured: int = Field(description="minor units that came in")
    returned: int = Field(description="minor units, of those, that went back")
    state: str = Field(
        description="`asked`, `failed`, `captured`, `differs`, `refunded_part`, `refunded`,"
        " `disputed`, `won` or `lost`"
    )
    asked_at: datetime
    changed_at: datetime


class PaymentStep(BaseModel):
    """Something that happened to a payment."""

    step: int
    what: str
    object: str = Field(description="the provider's id of the capture, refund or dispute")
    amount: int
    txn_id: int | None = Field(description="the transaction that followed, if one did")
    recorded_at: datetime


class PaymentPart(BaseModel):
    """What one account has of what is left of a payment."""

    account: str
    share: int = Field(description="basis points: 10000 are all of it")
    amount: int = Field(description="minor units; what it owed from earlier was paid with them")


class PaymentWithSteps(Payment):
    """A payment and everything that happened to it."""

    steps: list[PaymentStep]
    parts: list[PaymentPart] = Field(description="empty: it is not shared")


class PaymentPage(BaseModel):
    """A page of payments, newest first."""

    items: list[Payment]
    next: Next


class Refund(BaseModel):
    """A refund that was asked for; it is booked when the provider has made it."""

    refund_id: str
    payment_id: str
    amount: int


class HeardLetter(BaseModel):
    """What became of a webhook."""

    outcome: str = Field(description="`noted`, `repeated` or `kept`")
    code: str = Field(description="why nothing followed from it, where it was kept only")


class Webhook(BaseModel):
    """A letter of a provider, without what it says."""

    provider: str
    event_id: str
    network: str
    payment_id: str
    kind: str
    code: str = Field(description="why nothing followed from it; empty: it was noted")
    detail: str
    recorded_at: datetime


class Webhooks(BaseModel):
    """A page of letters, newest first."""

    items: list[Webhook]
    next: Next
