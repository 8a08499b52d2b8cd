"""What of a text somebody else said: lines quoted with >, and what stands between quotation marks.

Straight marks count in pairs within a line, the others from where they open to where they close.
What is quoted is covered, so that all else stays where it was.
"""

from typing import Final

from policy.core.spoilers import COVER

PAIRS: Final = {"“": "”", "„": "“", "«": "»", "「": "」", "『": "』", '"': '"', "＂": "＂"}
QUOTED_MAX: Final = 500  # characters; what is longer is no quotation
_OPENS: Final = frozenset(PAIRS)


def without_quotes(text: str) -> str:
    """Return the text, each quoted character covered; the same if none is."""
    if ">" not in text and _OPENS.isdisjoint(text):
        return text
    return "\n".join(_covered(line) for line in text.split("\n"))


def _covered(line: str) -> str:
    if line.lstrip().startswith(">"):
        return COVER * len(line)
    kept: list[str] = []
    at = 0
    while at < len(line):
        shuts = PAIRS.get(line[at], "")
        end = line.find(shuts, at + 1, at + QUOTED_MAX + 2) if shuts else -1
        if end < 0:
            kept.append(line[at])
            at += 1
        else:
            kept.append(COVER * (end + 1 - at))
            at = end + 1
    return "".join(kept)
