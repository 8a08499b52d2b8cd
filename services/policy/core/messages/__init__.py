"""What Reeve says, by language. Every language has the same keys with the same fields.

What is said in chats stands beside this module; others keep a catalogue of their own beside theirs.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal, TypeAlias

import yaml

Language = Literal["en", "zh"]
Text: TypeAlias = "str | tuple[str, str]"
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")


def catalogue(package: str) -> dict[Language, dict[str, Text]]:
    """Return the texts that a package keeps in a file for each language."""
    found: dict[Language, dict[str, Text]] = {}
    for language in LANGUAGES:
        text = (files(package) / f"{language}.yaml").read_text(encoding="utf-8")
        written: dict[str, str | list[str]] = yaml.load(text, Loader=yaml.CSafeLoader)
        found[language] = {
            key: one if isinstance(one, str) else (one[0], one[1]) for key, one in written.items()
        }
    return found


TEXTS: Final = catalogue(__name__)
JOINT: Final[dict[Language, str]] = {"en": " ", "zh": ""}


def say(language: Language, key: str, **fields: object) -> str:
    """Return the text of `key` with its fields filled in.

    Raises:
        KeyError: no such text, or a field that it needs is not given.
    """
    return filled(TEXTS[language][key], fields)


def filled(text: Text, fields: Mapping[str, object]) -> str:
    """Return a text with its fields filled in.

    Where a text has two forms, the first is for `n` of one and the second for all others.

    Raises:
        KeyError: a field that it needs is not given.
    """
    if isinstance(text, tuple):
        text = text[0] if fields["n"] == 1 else text[1]
    return text.format_map(fields)


def sentences(language: Language, *parts: str) -> str:
    """Return the parts that are not empty as one paragraph."""
    return JOINT[language].join(part for part in parts if part)
