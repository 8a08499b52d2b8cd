"""What an automaton looks for, laid out: every word in all forms in which it is read."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

from policy.core.steps import Steps
from policy.core.text.covered import Covered
from policy.core.text.hints import LETTERS, LOOSE
from policy.core.text.letters import Splits
from policy.core.text.loose import SIZE_MIN, canonical
from policy.core.text.spoken import spoken
from policy.core.text.terms import PATTERN_FLAGS, Term, Word, literal, word_of
from policy.core.text.views import LOSSY

TERMS_AT_ONCE: Final = 250
DIGEST_BYTES: Final = 16
Forms = dict[str, list[Word]]


class Layout:
    """Terms and the words among them, by form; `hints` are what else is looked for, as bytes.

    `literals` and `patterns` are looked for in the folded text, in this order, and then `hints`.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self.words: dict[int, Word] = {}
        self.bare: Forms = {}
        self.tight: Forms = {}
        self.loose: Forms = {}
        self.spoken: Forms = {}
        self.covered = Covered(())
        self.patterns: list[int] = []
        self.literals: tuple[str, ...] = ()
        self.hints: dict[bytes, int] = {}
        self.splits = Splits("")
        self.digest = b""
        self._chinese: set[str] = set()  # of words
        self._named = blake2b(digest_size=DIGEST_BYTES)

    def add(self, first: int) -> None:
        """Lay out some terms more, from the first on that is not laid out."""
        words: list[Word] = []
        guessed: list[Word] = []
        for number in range(first, min(first + TERMS_AT_ONCE, len(self.terms))):
            term = self.terms[number]
            name = (term.written, term.kind, term.reach, *term.views, *term.surfaces)
            self._named.update("\0".join(name).encode("utf-8", "surrogatepass") + b"\n")
            if term.kind == "patterns":
                self.patterns.append(number)
                continue
            word = self.words[number] = word_of(number, term)
            words.append(word)
            _put(self.bare, word.bare, word)
            if word.reach == "loose" or not LOSSY.isdisjoint(term.views):
                guessed.append(word)
                _put(self.spoken, spoken(word.bare), word)
        followed = [word for word in words if word.reach != "strict"]
        for word in followed:
            self._chinese.update(_chinese(word.bare))
            if word.tight != word.bare:
                _put(self.tight, word.tight, word)
        for form, word in _loose(followed):
            _put(self.loose, form, word)
        self.covered.add(followed)
        self.covered.guess(guessed)

    def finish(self) -> None:
        """Lay out what follows from all terms together."""
        followed = [
            self.terms[number].written
            for number in self.patterns
            if self.terms[number].reach != "strict"
        ]
        chinese = "".join(sorted(self._chinese))
        self.splits = Splits(chinese + "".join(sorted(_chinese("".join(followed)))))
        self.literals = tuple(dict.fromkeys((*self.bare, *self.tight)))
        self.hints = {(character * 2).encode(): LOOSE for character in chinese}
        self.hints |= {parts.encode(): LETTERS for parts in self.splits.wholes}
        self.digest = self._named.digest()

    def expressions(self) -> tuple[list[bytes], list[int]]:
        """Return what is looked for in the folded text as Hyperscan wants it, and its flags."""
        expressions = [literal(text.encode()) for text in self.literals]
        # Not "single match": that makes compiling ten times slower and scanning no faster.
        expressions += [self.terms[number].written.encode() for number in self.patterns]
        expressions += [literal(data) for data in self.hints]
        flags = [0] * len(self.literals) + [PATTERN_FLAGS] * len(self.patterns)
        return expressions, flags + [0] * len(self.hints)


def lay_out(terms: Sequence[Term]) -> Steps[Layout]:
    """Lay out terms, some at a time."""
    layout = Layout(terms)
    for first in range(0, len(layout.terms), TERMS_AT_ONCE):
        layout.add(first)
        yield
    layout.finish()
    return layout


def _chinese(text: str) -> set[str]:
    return {character for character in text if "\u3400" <= character <= "\u9fff"}


def _put(forms: Forms, form: str, word: Word) -> None:
    if form:
        forms.setdefault(form, []).append(word)


def _loose(words: Iterable[Word]) -> Iterable[tuple[str, Word]]:
    """Yield the words in the canonical alphabet of the loose view, all read in one go."""
    long = [word for word in words if len(word.tight) >= SIZE_MIN or not word.bare.isascii()]
    written = [(text, word) for word in long for text in dict.fromkeys((word.bare, word.tight))]
    read = canonical("\n".join(text for text, _ in written)).split("\n")
    for place, (text, word) in enumerate(written):
        # A text that has line breaks itself is read by itself.
        yield read[place] if len(read) == len(written) else canonical(text), word
