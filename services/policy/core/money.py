"""Amounts as people write them: what the ledger counts in cents is written as 5.00."""

import re
from typing import Final

from policy.core.text.fold import fold

CENTS: Final = frozenset(("CNY", "USD"))
"""Assets whose minor unit is a hundredth; of all others it is one. As docs/reference/ledger.md."""
_WHOLE: Final = re.compile(r"([0-9]{1,13})")
_CENTS: Final = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?")


def shown(amount: int, asset: str) -> str:
    """Return an amount of minor units as it is written: `500` points, `5.00` CNY."""
    if asset not in CENTS:
        return str(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"


def minor(word: str, asset: str) -> int:
    """Return the minor units that somebody wrote; 0 where it is no amount."""
    found = (_CENTS if asset in CENTS else _WHOLE).fullmatch(fold(word))
    if found is None:
        return 0
    if asset not in CENTS:
        return int(found[1])
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
