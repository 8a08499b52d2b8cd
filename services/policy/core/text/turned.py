"""Letters turned upside down: ʇoıpı reads as idiot, backwards, and idioʇ as it stands."""

import re
from collections.abc import Iterator
from typing import Final

from policy.core.text.look import Look
from policy.core.text.view import Edit

# Each letter as it is drawn upside down; what turned gives another plain letter stands below.
_PAIRS: Final = "ɐaɔcǝeɟfƃgɓgɥhᴉiıiɾjʞkʃlɯmɹrʇtʌvʍwʎy∀aƆcƎeℲf⅁g⋊k⅃lԀpᴚr⊥t∩uΛv⅄y"
_TURNED: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_EITHER_WAY: Final = dict(zip("bdlnopqsuxz69", "qpluodbsnxz96", strict=True))
# What folding leaves of them; each tells that some text may be turned.
SIGNS: Final = "ɐǝɥᴉʞɯɹʇʌʍʎ"
_RUN = re.compile(r"\S+(?: \S+)*")
_WORD = re.compile(r"\S+")
TURNED_MIN = 2


def turned(look: Look) -> Iterator[Edit]:
    """Yield the edits that read what is turned: backwards where all of it is."""
    text = look.text
    if not any(sign in text for sign in SIGNS):
        return
    for line in _RUN.finditer(text):
        for start, end, whole in _stretches(look, line.start(), line.end()):
            written = [look.written(at) for at in range(start, end)]
            if whole:
                meant = [_TURNED.get(c) or _EITHER_WAY.get(c, c) for c in reversed(written)]
                yield Edit(start, end, "".join(meant), "reversed")
            else:
                for at, one in enumerate(written, start):
                    if one in _TURNED:
                        yield Edit(at, at + 1, _TURNED[one], "look-alike")


def _stretches(look: Look, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of words that are turned as a whole, and words with some turned letters."""
    run: list[tuple[int, int, int]] = []
    for word in _WORD.finditer(look.text, start, end):
        written = [look.written(at) for at in range(*word.span())]
        one = (*word.span(), sum(c in _TURNED for c in written))
        if all(c in _TURNED or c in _EITHER_WAY or not c.isalpha() for c in written):
            run.append(one)
            continue
        yield from _of_run(run)
        yield from _of_run([one], can=False)
        run = []
    yield from _of_run(run)


def _of_run(
    run: list[tuple[int, int, int]], *, can: bool = True
) -> Iterator[tuple[int, int, bool]]:
    if can and sum(signs for _, _, signs in run) >= TURNED_MIN:
        yield run[0][0], run[-1][1], True
    else:
        yield from ((start, end, False) for start, end, signs in run if signs)
