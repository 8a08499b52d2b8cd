"""What the operator decides about the ledger."""

from dataclasses import dataclass, field

from chassis.settings import CommonWithDatabase
from ledger.core.books import Terms


@dataclass(frozen=True, kw_only=True)
class Settings(CommonWithDatabase):
    """Settings of the ledger; each is read from ``LEDGER_<NAME>``."""

    default_asset: str = field(
        default="points", metadata={"help": "what commands count in that name no asset"}
    )
    opening_grant: int = field(
        default=0,
        metadata={
            "help": "minor units of the default asset that a member's first account opens with",
            "min": 0,
            "max": 1_000_000_000,
        },
    )
    packet_lifetime_s: int = field(
        default=86_400,
        metadata={
            "help": "seconds after which the rest of a red packet goes back, where none are named",
            "min": 1,
            "max": 259_200,
        },
    )
    hold_lifetime_s: int = field(
        default=604_800,
        metadata={
            "help": "seconds after which a hold is free again, where none are named",
            "min": 1,
            "max": 7_776_000,
        },
    )
    anchor_s: float = field(
        default=60.0,
        metadata={"help": "seconds between two anchors of the books' chain on AUDIT", "min": 0.1},
    )
    measure_s: float = field(
        default=15.0, metadata={"help": "seconds between two looks at the books' state", "min": 0.1}
    )

    def terms(self) -> Terms:
        """Return what of it the books go by."""
        return Terms(
            default_asset=self.default_asset,
            opening_grant=self.opening_grant,
            lifetime_ms=self.packet_lifetime_s * 1_000,
            hold_ms=self.hold_lifetime_s * 1_000,
        )
