"""A view: another reading of a text, with the way back to the characters as written.

A view is made from another by edits that do not overlap, so the way back is the edits read the
other way round: total, in range, and as long as the view.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters `start` to `end` of a view read as `text`; `kind` says what made them so.

    What is as long as before stands for it one by one; the kind "reversed" turns the order round.
    """

    start: int
    end: int
    text: str
    kind: str


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order of place; of two that overlap the earlier, then longer, stays."""
    kept: list[Edit] = []
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end, edit.kind)):
        if edit.start >= last:
            kept.append(edit)
            last = edit.end
    return kept


class View:
    """A text as it is scanned: `text` in characters and `scanned` the same as UTF-8."""

    __slots__ = ("scanned", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.scanned = text.encode("utf-8", "replace")

    def character(self, byte: int) -> int:
        """Return the index of the character that starts at `byte`."""
        if len(self.scanned) == len(self.text):
            return byte
        return len(self.scanned[:byte].decode("utf-8", "ignore"))

    def bytes(self, start: int, end: int) -> tuple[int, int]:
        """Return the same place in bytes."""
        first = len(self.text[:start].encode("utf-8", "replace"))
        return first, first + len(self.text[start:end].encode("utf-8", "replace"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters `start` to `end` (exclusive, not empty) were written."""
        raise NotImplementedError

    def kinds(self, start: int, end: int) -> tuple[str, ...]:
        """Return what kinds of edits made these characters, the last made last."""
        raise NotImplementedError


class Rewritten(View):
    """A view made from `source` by `edits`, which are in order and do not overlap."""

    __slots__ = ("_starts", "edits", "source")

    def __init__(self, source: View, edits: Sequence[Edit]) -> None:
        self.source = source
        self.edits = edits
        parts: list[str] = []
        self._starts: list[int] = []
        before = source.text
        last = length = 0
        for start, end, text, _ in edits:
            length += start - last
            self._starts.append(length)
            length += len(text)
            parts += (before[last:start], text)
            last = end
        parts.append(before[last:])
        super().__init__("".join(parts))

    def within(self, start: int, end: int) -> list[Edit]:
        """Return the edits that touch these characters; what was taken out at an edge does not."""
        found: list[Edit] = []
        for number in range(bisect_right(self._starts, start - 1), len(self.edits)):
            at = self._starts[number]
            if at >= end:
                break
            if self.edits[number].text or at > start:
                found.append(self.edits[number])
        number = bisect_right(self._starts, start - 1) - 1
        if number >= 0 and self._starts[number] + len(self.edits[number].text) > start:
            found.insert(0, self.edits[number])
        return found

    def taken_out(self, at: int) -> bool:
        """Tell whether something was taken out right before character `at`."""
        number = bisect_right(self._starts, at) - 1
        while number >= 0 and self._starts[number] == at:
            if not self.edits[number].text:
                return True
            number -= 1
        return False

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters of `source` these are made from."""
        first, last = self._one_back(start), self._one_back(end - 1)
        return min(first[0], last[0]), max(first[1], last[1])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters `start` to `end` (exclusive, not empty) were written."""
        return self.source.span(*self.back(start, end))

    def kinds(self, start: int, end: int) -> tuple[str, ...]:
        """Return what kinds of edits made these characters, the last made last."""
        own = [edit.kind for edit in self.within(start, end)]
        return tuple(dict.fromkeys((*self.source.kinds(*self.back(start, end)), *own)))

    def _one_back(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return at, at + 1
        start, end, text, kind = self.edits[number]
        within = at - self._starts[number]
        if within >= len(text):
            found = end + within - len(text)
            return found, found + 1
        if len(text) != end - start:
            return start, end
        found = end - 1 - within if kind == "reversed" else start + within
        return found, found + 1
