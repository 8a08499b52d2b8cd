"""Income and cost of the house, as people, programs and spreadsheets read them."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime

from ledger.export import cell
from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.income import Line, Total, read_income

_HEAD = ("income", "cost", "asset", "account", "group", "source", "purpose")


@dataclass(frozen=True, slots=True)
class Income:
    """What came in and went out in a span of time, by account, group and source."""

    lines: tuple[Line, ...]
    totals: tuple[Total, ...]

    def to_text(self) -> str:
        """Return a table for a person, amounts with their decimal point."""
        rows = [
            (
                shown(line.income, line.scale), shown(line.cost, line.scale), line.asset,
                line.account, line.group, line.source, line.purpose,
            )
            for line in self.lines
        ]  # fmt: skip
        rows += [
            (shown(sum_.income, sum_.scale), shown(sum_.cost, sum_.scale), sum_.asset, "total",
             "", "", "")
            for sum_ in self.totals
        ]  # fmt: skip
        table = [_HEAD, *([one_line(word) or "-" for word in row] for row in rows)]
        widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
        return "\n".join(
            "  ".join(
                word.rjust(width) if column < 2 else word.ljust(width)  # noqa: PLR2004 - amounts
                for column, (word, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        )

    def to_csv(self) -> str:
        """Return the lines for a spreadsheet, amounts in minor units."""
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(Line._fields)
        rows.writerows([cell(value) for value in line] for line in self.lines)
        return table.getvalue().rstrip()

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        told = {
            "lines": [line._asdict() for line in self.lines],
            "totals": [total._asdict() for total in self.totals],
        }
        return json.dumps(told, ensure_ascii=False)


async def report(
    url: str, schema: str, network: str, since: datetime | None, until: datetime | None
) -> Income:
    """Return what a network's house took in and gave out between two times."""
    async with audit.snapshot(url, schema) as connection:
        lines, totals = await read_income(connection, network, since, until)
    return Income(tuple(lines), tuple(totals))
