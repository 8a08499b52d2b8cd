"""After the story: what was decided, who has a case, who owns what, and whether it adds up."""

import asyncio
import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime

from rich.table import Table

from reeve.demo.desk import Row
from reeve.demo.play import Play
from reeve.stack.home import Home

SHOWN_RULES = 4


async def show_books(play: Play, home: Home) -> None:
    """Print decisions, cases and balances, and prove the ledger's invariants."""
    tell = play.tell
    tell.scene("The books", "Everything above, as an operator finds it afterwards.")
    tell.console.print(_decisions(await play.desk.decisions()))
    tell.console.print(_cases(await play.desk.cases(), play))
    tell.console.print(_balances(await play.desk.accounts(), play))
    checked = await _check(home)
    tell.claim(f"The books balance: {checked[1]}", holds=checked[0])


def _decisions(rows: list[Row]) -> Table:
    table = Table("outcome", "rules", "decisions", title="Decisions", title_justify="left")
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        decision = row["decision"]
        rules = ", ".join(hit["rule"] for hit in decision.get("hits", ())[:SHOWN_RULES])
        counted[str(decision.get("outcome", "record")).lower(), rules] += 1
    for (outcome, rules), number in sorted(counted.items()):
        table.add_row(outcome, rules, str(number))
    return table


def _cases(rows: list[Row], play: Play) -> Table:
    table = Table("when", "member", "rule", "outcome", "state", "points", title="Cases")
    table.title_justify = "left"
    names = {person.member: person.name for person in play.town.people.values()}
    for row in reversed(rows):
        when = datetime.fromtimestamp(row["opened_ms"] / 1000, tz=UTC)
        table.add_row(
            f"{when:%H:%M:%S}",
            names.get(row["member"], row["member"]),
            row["rule"],
            row["outcome"],
            row["state"],
            str(row["strikes"]),
        )
    return table


def _balances(rows: list[Row], play: Play) -> Table:
    table = Table("account", "asset", "balance", title="Balances", title_justify="left")
    table.columns[2].justify = "right"
    names = {f"member:{person.member}": person.name for person in play.town.people.values()}
    for row in sorted(rows, key=lambda row: -int(row["balance"])):
        table.add_row(names.get(row["path"], row["path"]), row["asset"], f"{row['balance']:,}")
    return table


async def _check(home: Home) -> tuple[bool, str]:
    """Run ``reeve ledger check`` as an operator would; whether all is well, and in a few words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "reeve",
        "ledger",
        "check",
        "--json",
        env={**os.environ, "REEVE_HOME": str(home.folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await process.communicate()
    if process.returncode != 0:
        return False, (told or complaint).decode().strip()[-400:]
    return True, f"{len(json.loads(told)['invariants'])} invariants hold on the live database"
