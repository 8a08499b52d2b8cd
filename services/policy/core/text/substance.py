"""What of a text says something."""

import re


def substance(text: str) -> int:
    """Count the graphemes that say something: letters and digits of any script, marks not counted.

    White space, punctuation and emoji say nothing (S1); quoted lines and mentions are the caller's
    to leave out.
    """
    if text.isascii():
        return len(text.encode().translate(None, _EMPTY_TALK))
    others = _HAN.sub("", text)
    letters = len(text) - len(others) + sum(map(str.isalnum, others))
    # Conjoining vowels and finals of Hangul belong to the syllable before them.
    return letters - len(_CONJOINING.findall(text)) if _CONJOINING.search(text) else letters


_EMPTY_TALK = bytes(code for code in range(128) if not chr(code).isalnum())
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_CONJOINING = re.compile("[\u1160-\u11ff]")
