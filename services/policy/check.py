"""Check a rulebook as publishing it would, without a server: one finding a line."""

import sys
from pathlib import Path
from typing import TextIO

from policy.core.compile import compile_rulebook
from policy.core.cost import cost_of
from policy.core.rulebook import InvalidRulebook, parse

FINE, FINDINGS, MISUSE = 0, 1, 2


def check(path: Path, *, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Write every fault of the rulebook at ``path`` as ``path:line:column: message``.

    Of a sound one, write on ``err`` what it costs.

    Returns 0 when there is none, 1 when there are, 2 when the file cannot be read.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        err.write(f"{path} cannot be read: {reason}\n")
        return MISUSE
    try:
        rulebook = parse(text, source=str(path))
        compile_rulebook(rulebook)
    except InvalidRulebook as fault:
        out.write(f"{fault}\n")
        return FINDINGS
    cost = cost_of(rulebook)
    always, budget = f"{cost.always_us:.1f}", rulebook.budget_us
    spent = f"{always} to {cost.us:.1f} µs a message of a budget of {budget} µs"
    err.write(f"{path}: {spent}; the dearest: {cost.dearest}\n")
    return FINE
