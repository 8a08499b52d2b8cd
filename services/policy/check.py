"""Check a rulebook as publishing it would, without a server: one finding a line."""

import sys
from pathlib import Path
from typing import TextIO

from policy.core.compile import compile_rulebook
from policy.core.rulebook import InvalidRulebook, parse

FINE, FINDINGS, MISUSE = 0, 1, 2


def check(path: Path, *, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Write every fault of the rulebook at ``path`` as ``path:line:column: message``.

    Returns 0 when there is none, 1 when there are, 2 when the file cannot be read.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        err.write(f"{path} cannot be read: {reason}\n")
        return MISUSE
    try:
        compile_rulebook(parse(text, source=str(path)))
    except InvalidRulebook as fault:
        out.write(f"{fault}\n")
        return FINDINGS
    return FINE
