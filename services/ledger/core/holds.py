"""Holds: money put aside for one purpose, paid from there, or free again. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from contracts.values import HoldChanged
from ledger.core.packets import Scene


class HoldStep(NamedTuple):
    """One thing that happened to a hold; the fields are the columns."""

    hold_id: str
    step: int  # of the hold, from 1
    network: str
    what: str  # "placed", "captured", "released" or "expired"
    amount: int
    txn_id: int | None  # the transaction by which it was paid
    place: int  # in its batch, from 0


@dataclass(slots=True, kw_only=True)
class HoldState:
    """A hold's running state."""

    id: str
    scene: Scene
    account: str
    destination: str
    asset: str
    amount: int
    purpose: str
    placed_ms: int
    expires_ms: int
    captured: int = 0
    steps: int = 0
    state: str = "open"

    @property
    def rest(self) -> int:
        """Minor units that can still be captured."""
        return self.amount - self.captured if self.state == "open" else 0

    def told(self, what: str, moved: int, command_id: str) -> HoldChanged:
        """Return what happened as the contracts speak of it."""
        return HoldChanged(
            hold_id=self.id,
            what=what,
            moved=moved,
            account=self.account,
            destination=self.destination,
            asset=self.asset,
            amount=self.amount,
            captured=self.captured,
            state=self.state,
            expires_ms=self.expires_ms,
            purpose=self.purpose,
            command_id=command_id,
        )
