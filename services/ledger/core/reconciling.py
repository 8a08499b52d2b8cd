"""Compare what a provider says it took and gave back with what the books say. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

COLUMNS = {
    "stripe": ("PaymentIntent ID", "Amount", "Amount Refunded", "Currency"),
    "wechat": ("微信订单号", "订单金额", "退款金额", "货币种类"),
}
"""Of each provider's export: its id of the capture, the amount, what went back, the currency."""

FOUND_LIMIT = 500
"""Characters of what was found that a refusal tells."""


class Taken(NamedTuple):
    """What was captured and what of it went back, in minor units."""

    amount: int
    returned: int
    asset: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One capture that both know, and differently."""

    charge: str
    told: Taken
    booked: Taken


@dataclass(frozen=True, slots=True)
class Comparison:
    """What matches, what the books lack, what the export lacks, and what differs."""

    matched: int
    unbooked: tuple[str, ...]
    untold: tuple[str, ...]
    different: tuple[Difference, ...]

    @property
    def sound(self) -> bool:
        return not (self.unbooked or self.untold or self.different)


class Illegible(Exception):
    """An export cannot be read; says which line or columns, and why."""


def check_columns(provider: str, found: Sequence[str]) -> None:
    """Refuse an export that has not each column that is read, once; others may be there besides.

    Raises:
        Illegible: names the columns that are wanted, and those that were found.
    """
    wanted = COLUMNS[provider]
    missing = [name for name in wanted if name not in found]
    twice = [name for name in wanted if found.count(name) > 1]
    if missing or twice:
        fault = f"missing {', '.join(missing)}" if missing else f"{', '.join(twice)} more than once"
        there = ", ".join(found)[:FOUND_LIMIT] or "none"
        raise Illegible(f"columns: {fault}; wanted {', '.join(wanted)}; found {there}")


def read(
    provider: str, rows: Iterable[Mapping[str, str | None]], scales: Mapping[str, int]
) -> dict[str, Taken]:
    """Return what an export says of each capture; lines without one are left out.

    A capture may have several lines, one for each refund: its amount is the same in all of them,
    and what went back is their sum.

    Args:
        provider: Whose export it is.
        rows: Its lines, by the names of the columns, which were checked; amounts are in the
            currency's major unit.
        scales: The digits of each asset's minor unit.

    Raises:
        Illegible: an amount is none.
    """
    found: dict[str, Taken] = {}
    for number, row in enumerate(rows, start=2):
        try:
            charge, amount, returned, asset = [_plain(row[name]) for name in COLUMNS[provider]]
            if not charge or asset.upper() not in scales:
                continue
            scale = scales[asset.upper()]
            taken = Taken(_minor(amount, scale), _minor(returned or "0", scale), asset.upper())
        except (InvalidOperation, ValueError) as fault:
            raise Illegible(f"line {number}: an amount is none") from fault
        before = found.get(charge, Taken(0, 0, taken.asset))
        found[charge] = Taken(
            max(before.amount, taken.amount), before.returned + taken.returned, taken.asset
        )
    return found


def compare(told: Mapping[str, Taken], booked: Mapping[str, Taken]) -> Comparison:
    """Return how an export and the books agree, each list in the order of the provider's ids."""
    both = sorted(told.keys() & booked.keys())
    different = [
        Difference(one, told[one], booked[one]) for one in both if told[one] != booked[one]
    ]
    return Comparison(
        matched=len(both) - len(different),
        unbooked=tuple(sorted(told.keys() - booked.keys())),
        untold=tuple(sorted(booked.keys() - told.keys())),
        different=tuple(different),
    )


def _plain(text: str | None) -> str:
    """Return a cell as it is meant: WeChat Pay has a grave accent before each."""
    return (text or "").strip().lstrip("`").strip()


def _minor(text: str, scale: int) -> int:
    amount = Decimal(text.replace(",", "")).scaleb(scale)
    if amount != amount.to_integral_value():
        raise ValueError(text)
    return int(amount)
