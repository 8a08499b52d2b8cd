"""One look at a text: the original, its folded view, and what of it is scanned."""

from policy.core.text.fold import EXAMINED_MAX, SIMPLIFIED, fold, origins
from policy.core.text.view import View


class Look(View):
    """The first view of a text, from which the others are made.

    `original` holds at most `EXAMINED_MAX` code points; `folded` is its folded view, `scanned` the
    same as UTF-8, which is what the automaton reads. `may_link` is False once it was seen that
    there is no link in it.
    """

    __slots__ = ("_origins", "_same", "length", "may_link", "original", "surface")

    def __init__(self, text: str, surface: str = "") -> None:
        self.length = len(text)
        self.surface = surface
        self.original = text = text if self.length <= EXAMINED_MAX else text[:EXAMINED_MAX]
        super().__init__(fold(text))
        self._same = len(self.text) == len(text) and text.isascii()
        self._origins: list[int] | None = None
        self.may_link = True

    @property
    def folded(self) -> str:
        """The folded view in characters."""
        return self.text

    @property
    def origins(self) -> list[int]:
        """For each folded character the index in `original` of the one it came from."""
        if self._origins is None:
            self._origins = origins(self.original)
        return self._origins

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where folded characters `start` to `end` (exclusive, not empty) were written."""
        if self._same:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1

    def kinds(self, start: int, end: int) -> tuple[str, ...]:
        """Return "simplified" where traditional characters were read as simplified ones."""
        first, last = self.span(start, end)
        written = self.original[first:last]
        return ("simplified",) if any(c in SIMPLIFIED for c in written) else ()

    def written(self, at: int) -> str:
        """Return the character as written that a folded one came from."""
        return self.original[self.span(at, at + 1)[0]]
