"""Check rulebooks as publishing them would, without a server: one finding a line, or JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from policy.core.analysis.review import Review, review
from policy.sets import builtin, with_builtin

FINE, FINDINGS, MISUSE = 0, 1, 2
COSTS_SHOWN = 20


def check(path: Path, *, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Write every fault of the rulebook at ``path`` as ``path:line:column: message``.

    Warnings follow, marked as such, and what each rule costs. Returns 0 when there is no fault, 1
    when there are some, 2 when the file cannot be read.
    """
    text = _read(path, err)
    if text is None:
        return MISUSE
    found = reviewed(text)
    out.writelines(f"{fault.at(str(path))}\n" for fault in found.faults)
    for warning in found.warnings:
        place = f"{warning.within or path}:{warning.line}:{warning.column}"
        out.write(f"{place}: warning: {warning.told}\n")
    if found.faults:
        return FINDINGS
    _write_costs(path, found, out)
    return FINE


def check_as_json(
    paths: Sequence[Path], *, out: TextIO = sys.stdout, err: TextIO = sys.stderr
) -> int:
    """Write what is found of all rulebooks as one JSON document; the answer is as of `check`."""
    status = FINE
    told: list[dict[str, object]] = []
    for path in paths:
        text = _read(path, err)
        if text is None:
            status = MISUSE
            continue
        found = reviewed(text)
        told.append(_as_json(path, found))
        status = max(status, FINDINGS if found.faults else FINE)
    out.write(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n")
    return status


def reviewed(text: str) -> Review:
    """Return what is found of a rulebook, with the sets that come with Reeve."""
    return review(with_builtin(text), known_sets=tuple(builtin()))


def _read(path: Path, err: TextIO) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        err.write(f"{path} cannot be read: {reason}\n")
        return None


def _write_costs(path: Path, found: Review, out: TextIO) -> None:
    cost, costs = found.cost, found.cost.rules
    rules = f"{len(costs)} rule{'s' if len(costs) != 1 else ''}"
    spent = f"{cost.always_us:.1f} to {cost.us:.1f} µs a message"
    out.write(f"{path}: fine; {rules}, {spent} of a budget of {found.rulebook.budget_us} µs\n")
    for one in costs[:COSTS_SHOWN]:
        asked = "" if one.always else "  where something wakes it"
        out.write(f"  {one.us:6.2f} µs  {one.rule}{asked}\n")
    if len(costs) > COSTS_SHOWN:
        out.write(f"  and {len(costs) - COSTS_SHOWN} that cost less\n")


def _as_json(path: Path, found: Review) -> dict[str, object]:
    return {
        "file": str(path),
        "digest": found.rulebook.digest,
        "faults": [asdict(fault) for fault in found.faults],
        "warnings": [asdict(warning) for warning in found.warnings],
        "costs": [asdict(cost) for cost in found.cost.rules],
        "always_us": found.cost.always_us,
        "us": found.cost.us,
        "budget_us": found.rulebook.budget_us,
    }
