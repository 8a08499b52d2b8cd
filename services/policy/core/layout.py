"""What an automaton looks for, laid out: every word in all forms in which it is read.

Forms are dealt out to parts by what is written in them. Each part is found by a database of its
own, so that where a word is added, only what finds its part has to be made anew.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple
from zlib import crc32

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
# Every part more of the folded text is one scan more of each message, one of the loose view is not.
FOLDED_MAX: Final = 16_384  # terms to a part, about
LOOSE_MAX: Final = 8_192
Forms = dict[str, list[Word]]


class Part(NamedTuple):
    """Expressions for one database, numbered from 0, and the flags of each."""

    expressions: tuple[bytes, ...]
    flags: tuple[int, ...]

    @property
    def digest(self) -> bytes:
        """What tells it from other parts."""
        found = blake2b(digest_size=DIGEST_BYTES)
        for one in (*self.expressions, b",".join(b"%d" % flag for flag in self.flags)):
            found.update(len(one).to_bytes(4) + one)
        return found.digest()


class Parts(NamedTuple):
    """Those of each view that is scanned; none where nothing is looked for in it."""

    folded: tuple[Part, ...]
    loose: tuple[Part, ...]
    spoken: tuple[Part, ...]


class Layout:
    """Terms and the words among them, by form; `hints` are what else is looked for, as bytes.

    `literals` are those looked for in the folded text, part by part, and `loose_forms` those in the
    loose view. `patterns` and then `hints` follow on the literals of the first part.
    """

    def __init__(
        self, terms: Sequence[Term], *, folded_max: int = FOLDED_MAX, loose_max: int = LOOSE_MAX
    ) -> None:
        """Take the terms, and about how many of them go into one part."""
        self.terms = tuple(terms)
        self.words: dict[int, Word] = {}
        self.bare: Forms = {}
        self.tight: Forms = {}
        self.loose: Forms = {}
        self.spoken: Forms = {}
        self.covered = Covered(())
        self.patterns: list[int] = []
        self.literals: tuple[tuple[str, ...], ...] = ()
        self.loose_forms: tuple[tuple[str, ...], ...] = ()
        self.hints: dict[bytes, int] = {}
        self.splits = Splits("")
        self.digest = b""
        self._chinese: set[str] = set()  # of words
        # A text and the same without its spaces are in one part: which is met first is told there.
        self._folded = _Dealt(len(self.terms), folded_max)
        self._loose = _Dealt(len(self.terms), loose_max)
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
            _put(self.bare, word.bare, word, self._folded)
            if word.reach == "loose" or not LOSSY.isdisjoint(term.views):
                guessed.append(word)
                _put(self.spoken, spoken(word.bare), word)
        followed = [word for word in words if word.reach != "strict"]
        for word in followed:
            self._chinese.update(_chinese(word.bare))
            if word.tight != word.bare:
                _put(self.tight, word.tight, word, self._folded)
        for form, word in _loose(followed):
            _put(self.loose, form, word, self._loose)
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
        self.literals = self._folded.finish() or ((),)
        self.loose_forms = self._loose.finish()
        self.hints = {(character * 2).encode(): LOOSE for character in chinese}
        self.hints |= {parts.encode(): LETTERS for parts in self.splits.wholes}
        self.digest = self._named.digest()

    def parts(self) -> Parts:
        """Return what is looked for as Hyperscan wants it."""
        folded = [_of_literals(forms) for forms in self.literals]
        # Not "single match": that makes compiling ten times slower and scanning no faster.
        patterns = tuple(self.terms[number].written.encode() for number in self.patterns)
        hints = tuple(map(literal, self.hints))
        expressions, flags = folded[0]
        flags += (PATTERN_FLAGS,) * len(patterns) + (0,) * len(hints)
        folded[0] = Part((*expressions, *patterns, *hints), flags)
        return Parts(
            tuple(folded) if self.terms else (),
            tuple(_of_literals(forms) for forms in self.loose_forms),
            (_of_literals(self.spoken),) if self.spoken else (),
        )


class _Dealt:
    """Forms dealt out to as many parts as there are too many terms for one."""

    def __init__(self, terms: int, size_max: int) -> None:
        self._parts: list[dict[str, None]] = [{}]
        while len(self._parts) * size_max < terms:
            self._parts += [{} for _ in self._parts]

    def deal(self, form: str) -> None:
        """Put a form into its part."""
        written = form.replace(" ", "").encode("utf-8", "surrogatepass")
        self._parts[crc32(written) % len(self._parts)][form] = None

    def finish(self) -> tuple[tuple[str, ...], ...]:
        """Return the parts that have a form."""
        return tuple(tuple(forms) for forms in self._parts if forms)


def _of_literals(forms: Iterable[str]) -> Part:
    expressions = tuple(literal(form.encode()) for form in forms)
    return Part(expressions, (0,) * len(expressions))


def lay_out(
    terms: Sequence[Term], *, folded_max: int = FOLDED_MAX, loose_max: int = LOOSE_MAX
) -> Steps[Layout]:
    """Lay out terms, some at a time."""
    layout = Layout(terms, folded_max=folded_max, loose_max=loose_max)
    for first in range(0, len(layout.terms), TERMS_AT_ONCE):
        layout.add(first)
        yield
    layout.finish()
    return layout


def _chinese(text: str) -> set[str]:
    return {character for character in text if "\u3400" <= character <= "\u9fff"}


def _put(forms: Forms, form: str, word: Word, dealt: _Dealt | None = None) -> None:
    if form:
        forms.setdefault(form, []).append(word)
        if dealt is not None:
            dealt.deal(form)


def _loose(words: Iterable[Word]) -> Iterable[tuple[str, Word]]:
    """Yield the words in the canonical alphabet of the loose view, all read in one go."""
    long = [word for word in words if len(word.tight) >= SIZE_MIN or not word.bare.isascii()]
    written = [(text, word) for word in long for text in dict.fromkeys((word.bare, word.tight))]
    read = canonical("\n".join(text for text, _ in written)).split("\n")
    for place, (text, word) in enumerate(written):
        # A text that has line breaks itself is read by itself.
        yield read[place] if len(read) == len(written) else canonical(text), word
