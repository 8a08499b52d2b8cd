"""What the command says to operators, by language: labels, sentences, the page of a backtest."""

import argparse
import os
from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len, set_cell_size

from policy.core.messages import LANGUAGES, Language, catalogue, filled

TEXTS: Final = catalogue(__name__)
LABEL, NAME, COLUMN = 10, 40, 9  # cells of a label, of the name of a row, of a number in it


def say(language: Language, key: str, **fields: object) -> str:
    """Return the text of ``key`` with its fields filled in; of two forms, that for ``n``."""
    return filled(TEXTS[language][key], fields)


def language_argument(parser: argparse.ArgumentParser, of: str) -> None:
    """Declare ``--language``; without it, the environment says which."""
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=spoken(os.environ),
        help=f"{of} (default: what LC_ALL, LC_MESSAGES or LANG say, else en)",
    )


def spoken(environment: Mapping[str, str]) -> Language:
    """Return the language of the environment; English where it names none that is known."""
    said = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, said), "").lower().startswith("zh") else "en"


def labelled(language: Language, key: str, what: str, *, indent: int = 0) -> str:
    """Return a line with a label before it; a Chinese letter is as wide as two others."""
    return " " * indent + padded(say(language, key), LABEL - indent) + " " + what


def padded(text: str, cells: int) -> str:
    """Return a text with spaces after it, so that it is at least so wide on a terminal."""
    return text + " " * (cells - cell_len(text))


def row(name: str, *cells: object) -> str:
    """Return a row of a table: a name to the left, and what follows to the right of its column."""
    shown = map(str, cells)
    first = padded(set_cell_size(name, NAME) if cell_len(name) > NAME else name, NAME)
    return first + "".join(" " * max(1, COLUMN - cell_len(cell)) + cell for cell in shown)
