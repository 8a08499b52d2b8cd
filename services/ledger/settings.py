"""What the operator decides about the ledger."""

from dataclasses import dataclass, field
from pathlib import Path

from chassis.settings import CommonWithDatabase
from ledger.core.books import Cap, Terms


def _cap(what: str) -> dict[str, object]:
    return {"help": f"{what} in a day; 0: any number", "min": 0, "max": 2**63 - 1}


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
    sender_packets_a_day: int = field(default=0, metadata=_cap("packets that a member may send"))
    sender_amount_a_day: int = field(
        default=0, metadata=_cap("minor units of an asset that a member may send in packets")
    )
    receiver_shares_a_day: int = field(
        default=0, metadata=_cap("shares of packets that a member may take")
    )
    receiver_amount_a_day: int = field(
        default=0, metadata=_cap("minor units of an asset that a member may take from packets")
    )
    group_packets_a_day: int = field(
        default=0, metadata=_cap("packets that may be sent into one group")
    )
    group_amount_a_day: int = field(
        default=0, metadata=_cap("minor units of an asset that may be sent into one group")
    )
    approval_s: int = field(
        default=259_200,
        metadata={
            "help": "seconds that what takes much from the house waits for a second person",
            "min": 1,
            "max": 7_776_000,
        },
    )
    paid_gifts: bool = field(
        default=False,
        metadata={"help": "whether members may give others what they paid for; else points alone"},
    )
    paid_matures_days: int = field(
        default=14,
        metadata={
            "help": "days after which paid credit can be given, where nothing is said of it",
            "min": 0,
            "max": 365,
        },
    )
    day_begins_early_min: int = field(
        default=0,
        metadata={
            "help": "minutes by which the day of the caps begins before that of UTC: 480 for China",
            "min": -1_439,
            "max": 1_439,
        },
    )
    password_tries: int = field(
        default=5,
        metadata={
            "help": "wrong passwords of a member for one packet within a minute; then it is shut",
            "min": 1,
            "max": 1_000,
        },
    )
    anchor_s: float = field(
        default=60.0,
        metadata={"help": "seconds between two anchors of the books' chain on AUDIT", "min": 0.1},
    )
    appraise_s: float = field(
        default=30.0,
        metadata={"help": "seconds between two looks at what members' standings are", "min": 0.1},
    )
    measure_s: float = field(
        default=15.0, metadata={"help": "seconds between two looks at the books' state", "min": 0.1}
    )

    payment_return_url: str = field(
        default="https://example.org/",
        metadata={"help": "where a payer's browser goes when Stripe has the money"},
    )
    stripe_key: str = field(
        default="", metadata={"help": "Stripe's secret key; empty: no Stripe", "secret": True}
    )
    stripe_webhook_secrets: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "secrets that Stripe signs webhooks with; two while one is rolled over",
            "secret": True,
        },
    )
    stripe_url: str = field(
        default="https://api.stripe.com", metadata={"help": "address of Stripe's API"}
    )
    wechat_app_id: str = field(
        default="", metadata={"help": "app id of WeChat Pay; empty: no WeChat Pay"}
    )
    wechat_merchant: str = field(default="", metadata={"help": "merchant id at WeChat Pay"})
    wechat_serial: str = field(
        default="", metadata={"help": "serial of the merchant's certificate at WeChat Pay"}
    )
    wechat_private_key: str = field(
        default="", metadata={"help": "the merchant's private key, as PEM", "secret": True}
    )
    wechat_api_key: str = field(
        default="",
        metadata={"help": "the 32 characters of the API v3 key", "secret": True},
    )
    wechat_platform_keys: Path | None = field(
        default=None,
        metadata={
            "help": "folder of WeChat Pay's public keys or certificates, each in <serial>.pem"
        },
    )
    wechat_url: str = field(
        default="https://api.mch.weixin.qq.com", metadata={"help": "address of WeChat Pay's API"}
    )
    wechat_notify_url: str = field(
        default="",
        metadata={"help": "our /v1/webhooks/wechat, as WeChat Pay reaches it"},
    )

    def terms(self) -> Terms:
        """Return what of it the books go by."""
        return Terms(
            default_asset=self.default_asset,
            opening_grant=self.opening_grant,
            lifetime_ms=self.packet_lifetime_s * 1_000,
            hold_ms=self.hold_lifetime_s * 1_000,
            sender_cap=Cap(self.sender_packets_a_day, self.sender_amount_a_day),
            receiver_cap=Cap(self.receiver_shares_a_day, self.receiver_amount_a_day),
            group_cap=Cap(self.group_packets_a_day, self.group_amount_a_day),
            approval_ms=self.approval_s * 1_000,
            paid_gifts=self.paid_gifts,
            maturity_days=self.paid_matures_days,
            day_shift_ms=self.day_begins_early_min * 60_000,
            password_tries=self.password_tries,
        )
