"""Measure against the budgets: ``python -m tests.bench.run [--quick] [--strict] [PART ...]``.

Prints a table and writes ``build/bench.json``: ``{name: {value, unit, reference, ratio}}``.
"""

import policy  # noqa: F401 -- first of all: its core is machine code as a whole, or not at all

# isort: split
import argparse
import asyncio
import importlib
import inspect
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figure import ROOT, Bench, Figure

FOLDER = Path(__file__).parent
REPORT = ROOT / "build" / "bench.json"
MARKS = {True: "[green]met", False: "[red]missed", None: ""}


def parts() -> list[str]:
    """Return the parts that have a bench module, in alphabetical order."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


async def measure(part: str, *, quick: bool) -> list[Figure]:
    """Return the figures of one part, with its servers stopped."""
    module = importlib.import_module(f"tests.bench.bench_{part}")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reeve-bench-")))
        found = module.figures(Bench(folder=folder, quick=quick, stack=stack))
        if inspect.isasyncgen(found):
            return [figure async for figure in found]
        return list(await found)


def table(figures: list[Figure]) -> Table:
    """Return what people read."""
    made = Table(title="Reeve, measured")
    for heading in ("figure", "value", "budget", "reference", "ratio", "budget", ""):
        made.add_column(heading, justify="left" if heading in {"figure", ""} else "right")
    for one in figures:
        sign = "≥" if one.better == "more" else "≤"
        made.add_row(
            one.name,
            f"{one.value:,.4g} {one.unit}" if one.value < 1000 else f"{one.value:,.0f} {one.unit}",
            f"{sign} {one.budget:,g}" if one.budget is not None else "",
            f"{one.reference:,.4g} {one.reference_is}" if one.reference is not None else "",
            f"{one.ratio:.3g}" if one.ratio is not None else "",
            f"{sign} {one.ratio_budget:g}" if one.ratio_budget is not None else "",
            MARKS[one.is_within],
        )
    return made


def save(figures: list[Figure]) -> None:
    """Write the report; figures of parts that were not measured now stay as they were."""
    REPORT.parent.mkdir(exist_ok=True)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    for one in figures:
        known[one.name] = {
            "value": one.value,
            "unit": one.unit,
            "reference": one.reference,
            "ratio": one.ratio,
        }
    REPORT.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n")


def main(arguments: list[str]) -> int:
    """Measure the parts asked for, or all; return 1 under --strict when a budget is missed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts())}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a look")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a budget is missed")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.parts) - set(parts())):
        parser.error(f"no such part: {', '.join(unknown)}")
    figures: list[Figure] = []
    for part in given.parts or parts():
        Console(stderr=True).print(f"measuring {part} ...")
        figures += asyncio.run(measure(part, quick=given.quick))
        save(figures)
    Console(width=140).print(table(figures))
    return int(given.strict and any(one.is_within is False for one in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
