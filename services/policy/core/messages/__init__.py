"""What Reeve says in chats, by language. Every language has the same keys with the same fields."""

from importlib.resources import files
from typing import Final, Literal

import yaml

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")


def _read(language: Language) -> dict[str, str | tuple[str, str]]:
    text = (files(__name__) / f"{language}.yaml").read_text(encoding="utf-8")
    written: dict[str, str | list[str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {
        key: text if isinstance(text, str) else (text[0], text[1]) for key, text in written.items()
    }


TEXTS: Final = {language: _read(language) for language in LANGUAGES}
JOINT: Final[dict[Language, str]] = {"en": " ", "zh": ""}


def say(language: Language, key: str, **fields: object) -> str:
    """Return the text of `key` with its fields filled in.

    Where a text has two forms, the first is for `n` of one and the second for all others.

    Raises:
        KeyError: no such text, or a field that it needs is not given.
    """
    text = TEXTS[language][key]
    if isinstance(text, tuple):
        text = text[0] if fields["n"] == 1 else text[1]
    return text.format_map(fields)


def sentences(language: Language, *parts: str) -> str:
    """Return the parts that are not empty as one paragraph."""
    return JOINT[language].join(part for part in parts if part)
