"""What every provider of payments can be asked, and how it can fail."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

TOLERANCE_S = 300
"""A signed letter is at most so old, or so far ahead of our clock."""

TIMEOUT_S = 10.0

_TRY_AGAIN = frozenset({408, 409, 425, 429})


def is_declined(status: int) -> bool:
    """Return whether an HTTP status says that the same request will never be answered."""
    return status // 100 == 4 and status not in _TRY_AGAIN  # noqa: PLR2004 - the class of a status


class ProviderError(Exception):
    """A provider, or a letter in its name, was of no use.

    ProviderError
    ├── Forged         the signature is missing or wrong; nothing of it is believed or kept
    │   └── Stale      it is right, and of another time: somebody may be sending it again
    ├── Unreadable     it is signed, and says nothing that we understand
    ├── Away           ask again later; what was asked may have been done
    └── Declined       never ask again; says what the provider says
    """


class Forged(ProviderError):
    """The letter is not the provider's."""


class Stale(Forged):
    """The letter was signed too long ago, or ahead of our clock."""


class Unreadable(ProviderError):
    """The letter is the provider's, and no use to us."""


class Away(ProviderError):
    """The provider gave no answer that counts."""


class Declined(ProviderError):
    """The provider will not do it."""


class Bill(NamedTuple):
    """What a provider is told of a payment that it is to take."""

    payment_id: str
    amount: int  # minor units
    asset: str  # the currency
    subject: str  # the payer reads it


class Page(NamedTuple):
    """Where the payer pays, and what the provider calls the payment."""

    link: str
    reference: str


class Return(NamedTuple):
    """What a provider is told to give back."""

    refund_id: str
    payment_id: str
    charge: str  # the provider's id of what was captured
    amount: int  # minor units
    total: int  # minor units that were captured
    asset: str
    why: str


class Notice(NamedTuple):
    """What a letter says. ``what`` is empty where it is nothing that we keep books of."""

    event_id: str
    kind: str  # in the provider's words
    what: str = ""
    object: str = ""
    amount: int = 0
    asset: str = ""
    payment_id: str = ""  # ours, where the letter tells it
    charge: str = ""  # the provider's id of what was captured, where the letter tells that


class Provider(Protocol):
    """One provider of payments, by its protocol."""

    name: str

    async def open(self, bill: Bill) -> Page:
        """Have a page made where ``bill`` is paid; asked again, it is the same page."""

    async def give_back(self, what: Return) -> str:
        """Have money given back, once for each id; return what is known of it by now, or ``""``."""

    async def owner_of(self, charge: str) -> str:
        """Return the id of our payment that ``charge`` is of; empty if it is of none."""

    def read(self, headers: Mapping[str, str], raw: bytes, now_ms: int) -> Notice:
        """Return what a letter says, after proving that it is the provider's and of this time."""


def check_time(signed_s: int, now_ms: int) -> None:
    """Raise `Stale` unless a letter was signed about now."""
    if abs(now_ms - signed_s * 1_000) > TOLERANCE_S * 1_000:
        raise Stale(f"signed at {signed_s}")
