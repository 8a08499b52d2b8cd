"""The charter: what a group is about, for whom, and by what its talk is known."""

from dataclasses import dataclass
from typing import Final

from policy.core.consequences.kind import Wording, read_wording
from policy.core.document import Node
from policy.core.reading import Reader
from policy.core.theme import Theme

CHARTER_KEYS: Final = ("about", "audience", "theme")
THEME_KEYS: Final = ("words", "links", "examples")
TEXTS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Charter:
    """What members are told of their group; None: nothing is said. `theme` is for the score."""

    about: Wording | None = None
    audience: Wording | None = None
    theme: Theme | None = None


NOTHING: Final = Charter()


def read_charter(reader: Reader, node: Node) -> Charter:
    """Return the charter, as far as it could be read."""
    found = reader.mapping(node, "charter", CHARTER_KEYS)
    wordings = {
        key: read_wording(reader, found[key], f"charter.{key}")
        for key in ("about", "audience")
        if key in found
    }
    theme = _read_theme(reader, found["theme"]) if "theme" in found else None
    return Charter(wordings.get("about"), wordings.get("audience"), theme)


def _read_theme(reader: Reader, node: Node) -> Theme | None:
    path = "charter.theme"
    found = reader.mapping(node, path, THEME_KEYS)
    texts = {key: reader.texts(value, f"{path}.{key}", "a text") for key, value in found.items()}
    for key, written in texts.items():
        if len(written) > TEXTS_MAX:
            reader.fault(found[key], f"{path}.{key}", f"there are more than {TEXTS_MAX}")
    if not any(texts.values()):
        reader.fault(node, path, "nothing tells the theme", "write words, links or examples")
        return None
    return Theme(**texts)
