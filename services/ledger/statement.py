"""A statement and a trial balance, as people and programs read them."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ledger.export import cell
from ledger.store import audit
from ledger.store.reports import Line, Reports, Standing


class AccountUnknown(Exception):
    """There is no such account in the network."""


class Entry(NamedTuple):
    """One line of a statement; amounts are in minor units."""

    recorded_at: datetime
    txn_id: int
    kind: str
    amount: int
    balance_after: int
    counterparts: Sequence[str]
    purpose: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What was posted to an account in a span of time, oldest first."""

    path: str
    asset: str
    scale: int
    opening: int
    closing: int
    entries: tuple[Entry, ...]

    def to_text(self) -> str:
        """Return the statement for a person, amounts with their decimal point."""
        lines = [f"{self.path} in {self.asset}", f"opening balance {self._shown(self.opening)}"]
        for entry in self.entries:
            told = f"{entry.recorded_at:%Y-%m-%d %H:%M:%S}  {self._shown(entry.amount):>16}"
            with_whom, purpose = ", ".join(entry.counterparts), one_line(entry.purpose)
            lines.append(
                f"{told}  {self._shown(entry.balance_after):>16}  {entry.txn_id} {entry.kind} "
                f"{with_whom}  {purpose}".rstrip()
            )
        return "\n".join([*lines, f"closing balance {self._shown(self.closing)}"])

    def to_csv(self) -> str:
        """Return the entries for a spreadsheet, amounts in minor units."""
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(Entry._fields)
        for entry in self.entries:
            told = entry._asdict() | {"counterparts": " ".join(entry.counterparts)}
            rows.writerow([cell(value) for value in told.values()])
        return table.getvalue().removesuffix("\r\n")

    def to_json(self) -> str:
        """Return the statement for a program, amounts in minor units."""
        head = {name: getattr(self, name) for name in ("path", "asset", "scale", "opening")}
        entries = [
            {**entry._asdict(), "recorded_at": entry.recorded_at.isoformat()}
            for entry in self.entries
        ]
        return json.dumps({**head, "closing": self.closing, "entries": entries}, ensure_ascii=False)

    def _shown(self, amount: int) -> str:
        return shown(amount, self.scale)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """What all accounts of a network have and owe, by asset and kind."""

    lines: tuple[Line, ...]

    @property
    def totals(self) -> dict[str, tuple[int, int]]:
        """Return debit and credit of each asset."""
        totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for line in self.lines:
            debit, credit = totals[line.asset]
            totals[line.asset] = debit + line.debit, credit + line.credit
        return dict(totals)

    @property
    def sound(self) -> bool:
        return all(debit == credit for debit, credit in self.totals.values())

    def to_text(self) -> str:
        """Return it for a person, amounts with their decimal point."""
        rows = [("asset", "kind", "accounts", "debit", "credit")]
        for line in self.lines:
            owed, had = shown(line.debit, line.scale), shown(line.credit, line.scale)
            rows.append((line.asset, line.kind, str(line.accounts), owed, had))
        scales = {line.asset: line.scale for line in self.lines}
        for asset, (debit, credit) in self.totals.items():
            both = shown(debit, scales[asset]), shown(credit, scales[asset])
            rows.append((asset, "total", "", *both))
        return "\n".join(
            f"{asset:<12} {kind:<10} {accounts:>9} {debit:>20} {credit:>20}"
            for asset, kind, accounts, debit, credit in rows
        )

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        lines = [line._asdict() for line in self.lines]
        return json.dumps({"sound": self.sound, "lines": lines, "totals": self.totals})


def one_line(text: str) -> str:
    """Return what a member wrote without what would break its line or turn it around."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def shown(amount: int, scale: int) -> str:
    """Return minor units as people write them: 123 at scale 2 is 1.23."""
    if not scale:
        return str(amount)
    whole, part = divmod(abs(amount), 10**scale)
    return f"{'-' if amount < 0 else ''}{whole}.{part:0{scale}}"


async def draw_up(
    url: str,
    schema: str,
    account: tuple[str, str, str],
    since: datetime | None,
    until: datetime | None,
) -> Statement:
    """Return the statement of an account, by network, path and asset.

    Raises:
        AccountUnknown: nothing was ever posted to it, and nobody bounded it.
    """
    async with audit.snapshot(url, schema) as connection:
        reports = Reports(connection)
        found = await reports.named(*account)
        if found is None:
            raise AccountUnknown(f"{account[0]} has no account {account[1]} in {account[2]}")
        number = found["id"]
        now = Standing(found["version"], found["balance"])
        first, last = Standing(0, 0), now
        if since is not None:
            first = (await reports.standings([number], since))[number]
        if until is not None:
            last = (await reports.standings([number], until))[number]
        rows = [row async for row in reports.lines(number, first, last)]
    entries = [Entry(*[row[name] for name in Entry._fields]) for row in reversed(rows)]
    return Statement(
        found["path"], found["asset"], found["scale"], first.balance, last.balance, tuple(entries)
    )


async def weigh(url: str, schema: str, network: str, at: datetime | None) -> TrialBalance:
    """Return the trial balance of a network, now or as it was at ``at``."""
    async with audit.snapshot(url, schema) as connection:
        return TrialBalance(tuple(await Reports(connection).trial_balance(network, at)))
