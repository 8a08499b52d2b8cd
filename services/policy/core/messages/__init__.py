"""What Reeve says in chats, by language. Every language has the same keys with the same fields."""

from typing import Final, Literal

from policy.core.messages import en, zh

Language = Literal["en", "zh"]

TEXTS: Final[dict[Language, dict[str, str | tuple[str, str]]]] = {"en": en.TEXTS, "zh": zh.TEXTS}
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
