"""What is attached: types, names and sizes of files, and pictures that come without a word."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from contracts.values.view import AttachmentView
from policy.core.checks import CLUES_MAX, Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import read_members
from policy.core.document import Node
from policy.core.fields import ATTACHMENTS
from policy.core.ir import Ask, Compare
from policy.core.seen import Clue, Seen
from policy.core.text.fold import fold

SIZE_MAX_MB = 100_000
MEGABYTE = 1_000_000
_KEYS: Final = ("types", "names", "over_mb", "handles", "hashes", "alone")
GLOB_MAX = 100


@dataclass(frozen=True, slots=True)
class Media(Condition):
    """Some file attached is of one of these types, has one of these names, is as large, and so on.

    What is not given makes no difference. `alone`: nothing is said beside it.
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    handles: tuple[str, ...]
    over_mb: int
    alone: bool
    hashes: tuple[str, ...] = ()
    hash_lists: tuple[str, ...] = ()


def _read_media(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, _KEYS)
    if not found:
        reader.wrong_shape(node, path, f"a mapping with one of {', '.join(_KEYS)}")
        return None
    globs: dict[str, tuple[str, ...]] = {}
    for key in ("types", "names", "handles"):
        if key in found:
            written = reader.texts(found[key], f"{path}.{key}", "a text, with * for anything")
            globs[key] = tuple(text if key == "handles" else fold(text) for text in written)
            if any(len(text) > GLOB_MAX for text in written):
                reader.fault(found[key], f"{path}.{key}", f"longer than {GLOB_MAX} characters")
    over_mb = 0
    if "over_mb" in found:
        over_mb = reader.integer(found["over_mb"], f"{path}.over_mb", 1, SIZE_MAX_MB) or 0
    alone = False
    if "alone" in found:
        yes = reader.choice(found["alone"], f"{path}.alone", ("true", "false"), "truth")
        alone = yes == "true"
    hashes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    if "hashes" in found:
        hashes, lists = read_members(source, found["hashes"], f"{path}.hashes", "hashes")
    types, names, handles = (globs.get(key, ()) for key in ("types", "names", "handles"))
    return Media(types, names, handles, over_mb, alone, hashes, lists)


def _check_media(checks: Checks, condition: Media) -> Check:
    over = condition.over_mb * MEGABYTE
    handles = frozenset(condition.handles)
    banks = (checks.lists[name].members for name in condition.hash_lists)
    hashes = frozenset(condition.hashes).union(*banks)

    def fits(attached: AttachmentView) -> bool:
        return (
            (not handles or attached.handle in handles)
            and (not hashes or attached.sha256 in hashes)
            and attached.size_bytes >= over
            and _like(attached.media_type, condition.types)
            and _like(attached.name, condition.names)
        )

    def fitting(seen: Seen) -> list[AttachmentView]:
        attached = seen.content.attachments
        if not attached or (condition.alone and seen.own_words):
            return []
        return [one for one in attached if fits(one)]

    def clues(seen: Seen) -> list[Clue]:
        return [
            Clue("media", 0, len(one.name), one.name, surface="attachments", quote=one.name)
            for one in fitting(seen)[:CLUES_MAX]
        ]

    return Check(Ask(lambda seen: bool(fitting(seen)), Compare(ATTACHMENTS, ">", 0)), clues)


def _like(text: str, globs: tuple[str, ...]) -> bool:
    if not globs:
        return True
    folded = fold(text)
    return any(fnmatchcase(folded, glob) for glob in globs)


_GLOBS: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_HASH: Final = {"type": "string", "pattern": r"^\s*[0-9A-Fa-f]{64}\s*$|^list:|\$\{"}
_HASHES: Final = {"anyOf": [_HASH, {"type": "array", "items": _HASH, "minItems": 1}]}
KINDS: Final = (
    Kind(
        name="media",
        read=_read_media,
        check=_check_media,
        type=Media,
        cost_us=2.0,
        about=About(
            summary="Some attached file is all that is written here.",
            value=(
                "a mapping of `types` (`image/*`), `names` (`*.exe`), `over_mb` (megabytes), "
                "`handles` and `hashes` (of known bad files: SHA-256 in hex, or `list:NAME` of a "
                "bank of `hashes`) and `alone` (nothing is said beside it)"
            ),
            absent="Without an attachment it does not hold.",
            example='media: {names: ["*.exe", "*.scr", "*.apk"]}',
            notes=(
                "Types, names and sizes are what the sender says; * stands for anything.",
                (
                    "A hash is known where the platform tells one, since files are not fetched: on "
                    "Matrix, of encrypted files, that of the encrypted bytes. So one upload is "
                    "known again wherever it is passed on, and the same file uploaded anew is not. "
                    "Discord tells none."
                ),
            ),
        ),
        schema={
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "types": _GLOBS,
                "names": _GLOBS,
                "handles": _GLOBS,
                "hashes": _HASHES,
                "over_mb": {"type": "integer", "minimum": 1, "maximum": SIZE_MAX_MB},
                "alone": {"type": "boolean"},
            },
        },
    ),
)
