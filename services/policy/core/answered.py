"""Which stored answer a message asks for."""

from policy.core.harvest import Answer, Harvest
from policy.core.seen import Seen


def asked(harvest: Harvest, seen: Seen) -> Answer | None:
    """Return the stored answer to what a message asks: of several, that of the longest keyword."""
    if seen.kind != "message" or not harvest.answers:
        return None
    text = seen.look.folded
    found = [keyword for keyword in harvest.answers if keyword in text and _stands(keyword, text)]
    if not found:
        return None
    return harvest.answers[max(found, key=lambda keyword: (len(keyword), keyword))]


def _stands(keyword: str, text: str) -> bool:
    """Return whether a keyword stands somewhere by itself and not inside a word of letters."""
    at = text.find(keyword)
    while at >= 0:
        end = at + len(keyword)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (_joins(before, keyword[0]) or _joins(keyword[-1], after)):
            return True
        at = text.find(keyword, end)
    return False


def _joins(left: str, right: str) -> bool:
    return (left + right).isascii() and left.isalnum() and right.isalnum()
