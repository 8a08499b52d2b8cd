"""Numbers written as words: 幺三五 is 135, and so is one three five."""

import re
from collections.abc import Iterator
from typing import Final

from policy.core.text.view import Edit

_PAIRS = "零0〇0○0一1壹1幺1二2贰2两2三3叁3四4肆4五5伍5六6陆6七7柒7八8捌8九9玖9"
NUMERALS: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_HAN_DIGITS = "".join(NUMERALS)
_EITHER = f"[{_HAN_DIGITS}0-9]"
_RUN = re.compile(f"{_EITHER}(?:[ .\\-_,，、·]{{0,2}}{_EITHER}){{2,}}")
_NUMERAL = re.compile(f"[{_HAN_DIGITS}]")
SPOKEN: Final = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_NAMES = "|".join(sorted(SPOKEN))
_NAME_RUN = re.compile(f"\\b(?:{_NAMES})(?:[ .,-]{{1,2}}(?:{_NAMES})){{3,}}\\b")
_NAME = re.compile(_NAMES)


def numbers(text: str) -> Iterator[Edit]:
    """Yield the edits that read numerals in a row as digits."""
    if not text.isascii():
        for run in _RUN.finditer(text):
            for found in _NUMERAL.finditer(text, *run.span()):
                yield Edit(found.start(), found.end(), NUMERALS[found[0]], "digits")
    for run in _NAME_RUN.finditer(text):
        for name in _NAME.finditer(text, *run.span()):
            yield Edit(name.start(), name.end(), SPOKEN[name[0]], "digits")
