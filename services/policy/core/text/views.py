"""The chain of views of one text: folded, then without markup, joined, each letter as it is meant.

Each is made only where the one before has something for it; `plain` is the last. The loose view and
the spoken one are made from that.
"""

from policy.core.text.joined import gaps, holds_together, narrowed, starts_apart
from policy.core.text.letters import Splits, letters
from policy.core.text.look import Look
from policy.core.text.marks import marks
from policy.core.text.view import Rewritten, View

# From what shows the text as it is to what guesses most; a hit is named after its last kind.
KINDS = (
    "original", "folded", "simplified", "styled", "markup", "emoji", "reversed", "look-alike",
    "split", "digits", "joined", "leet", "repeats", "covered", "masked", "homophone", "pinyin",
)  # fmt: skip
LOSSY = frozenset(("masked", "homophone", "pinyin"))
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Views:
    """The views of `look`, with the characters in `splits` put together from their components.

    `letters_alone`: every word of `plain` is one of the look, for only white space was taken out.
    """

    __slots__ = ("_joined", "_lettered", "letters_alone", "look", "plain")

    def __init__(
        self, look: Look, splits: Splits, *, marked: bool, apart: bool, wide: bool
    ) -> None:
        self.look = look
        view: View = look
        edits = marks(look) if marked else []
        if edits:
            view = Rewritten(view, edits)
        self._joined: Rewritten | None = None
        self.letters_alone = not (apart or edits)
        if apart or wide or edits:
            edits = narrowed(view.text) if self.letters_alone else gaps(view.text)
            if edits:
                view = self._joined = Rewritten(view, edits)
        edits = letters(look, view, splits)
        if edits:
            self.letters_alone = False
        self._lettered: Rewritten | None = None
        if edits:
            view = self._lettered = Rewritten(view, edits)
        self.plain = view

    def holds(self, start: int, end: int, *, loose: bool) -> bool:
        """Tell whether a term met at these characters of `plain` counts as one."""
        if self._joined is None:
            return True
        if self._lettered is not None:
            start, end = self._lettered.back(start, end)
        return holds_together(self._joined, start, end, loose=loose)

    def mostly(self, start: int, end: int) -> bool:
        """Tell whether these characters are most of a run of letters that were set apart."""
        joined = self._joined
        if joined is None:
            return False
        kinds = self.plain.kinds(start, end)
        return "joined" in kinds and starts_apart(self.plain, start, end)


def kind_of(look: Look, view: View, start: int, end: int, last: str = "") -> str:
    """Return the name of the view in which these characters were read."""
    kinds = [*view.kinds(start, end), last] if last else list(view.kinds(start, end))
    if kinds:
        return max(kinds, key=_RANK.__getitem__)
    first, beyond = view.span(start, end)
    return "original" if look.original[first:beyond] == view.text[start:end] else "folded"
