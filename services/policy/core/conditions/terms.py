"""What rules look for, of each kind of list: how one is read, and when it is refused."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import hyperscan

from policy.core.automaton import PATTERN_FLAGS
from policy.core.conditions.kind import ListKind, Source
from policy.core.document import Node
from policy.core.links import canonical_host
from policy.core.reading import Reader, nearest
from policy.core.text.fold import fold

TERM_MAX = 200
PATTERN_MAX = 500
FAULTS_KEPT = 4_096  # patterns of which it is remembered; a rulebook is read more than once

_WANTED: Final[dict[ListKind, str]] = {
    "words": "a word",
    "patterns": "a pattern",
    "domains": "a domain",
    "members": "a member's id",
    "hashes": "a SHA-256 in hex",
}


def read_members(
    source: Source, node: Node, path: str, kind: ListKind
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is written in the rule itself, and the lists it names, each once."""
    members: list[str] = []
    lists: list[str] = []
    wanted = _WANTED[kind]
    for item, place in source.reader.items(node, path, wanted):
        written = source.reader.text(item, place, f"{wanted} or list:NAME")
        if written is None:
            continue
        if not written.startswith("list:"):
            member = read_member(source.reader, item, place, kind)
            members += [] if member is None else [member]
            continue
        name = written.removeprefix("list:")
        same_kind = {known.name for known in source.lists.values() if known.kind == kind}
        if name in same_kind:
            lists.append(name)
            source.reader.used.add(("list", name))
        elif name in source.lists:
            reason = f'"{name}" is a list of {source.lists[name].kind}; {kind} belong here'
            source.reader.fault(item, place, reason, nearest(name, same_kind))
        else:
            source.reader.fault(item, place, f'no such list: "{name}"', nearest(name, same_kind))
    return tuple(dict.fromkeys(members)), tuple(dict.fromkeys(lists))


def read_member(reader: Reader, node: Node, path: str, kind: ListKind) -> str | None:
    """Return one of a list as it will be looked for, or note why it cannot be."""
    written = reader.text(node, path)
    if written is None:
        return None
    return _READ[kind](reader, node, path, written)


def _read_id(_reader: Reader, _node: Node, _path: str, written: str) -> str | None:
    return written.strip()


def _read_domain(reader: Reader, node: Node, path: str, written: str) -> str | None:
    host = canonical_host(written.removeprefix("*."))
    if "." not in host:
        reader.fault(node, path, f'"{written[:60]}" is not a domain', "write it as example.org")
        return None
    return host


def _read_hash(reader: Reader, node: Node, path: str, written: str) -> str | None:
    bare = written.strip().lower()
    if not _SHA256.fullmatch(bare):
        reader.fault(node, path, f'"{written[:60]}" is no SHA-256', "write its 64 digits in hex")
        return None
    return bare


def _read_word(reader: Reader, node: Node, path: str, written: str) -> str | None:
    bare = fold(written).strip("* \t\n\r")
    if not bare:
        hint = "white space, accents and invisible characters alone cannot be looked for"
        reader.fault(node, path, "nothing is left of this word when it is folded", hint)
        return None
    if len(bare) > TERM_MAX:
        reader.fault(node, path, f"this word is longer than {TERM_MAX} characters")
        return None
    return written.strip()


def _read_pattern(reader: Reader, node: Node, path: str, written: str) -> str | None:
    if len(written) > PATTERN_MAX:
        reader.fault(node, path, f"this pattern is longer than {PATTERN_MAX} characters")
        return None
    folded: list[str] = []
    for character in written:
        seen = character if character.isascii() else fold(character)
        if len(seen) != 1:
            shown = f'"{character}" ' if character.isprintable() else ""
            reason = f"{shown}(U+{ord(character):04X}) never occurs in folded text"
            hint = f'write "{seen}"' if seen else "leave it away; it is not seen in messages either"
            reader.fault(node, path, reason, hint)
            return None
        folded.append(seen)
    pattern = "".join(folded)
    refused = pattern_fault(pattern)
    if refused:
        reader.fault(node, path, *refused)
        return None
    return pattern


_READ: Final[dict[ListKind, Callable[[Reader, Node, str, str], str | None]]] = {
    "words": _read_word,
    "patterns": _read_pattern,
    "domains": _read_domain,
    "members": _read_id,
    "hashes": _read_hash,
}


@lru_cache(FAULTS_KEPT)
def pattern_fault(pattern: str) -> tuple[str, str] | None:
    """Return why a pattern cannot run in linear time with its place known, and what to do."""
    database = hyperscan.Database()
    try:
        flags = PATTERN_FLAGS | hyperscan.HS_FLAG_SOM_LEFTMOST
        database.compile(expressions=[pattern.encode()], ids=[0], elements=1, flags=flags)
    except hyperscan.error as error:
        repeat = _REPEAT.search(pattern)
        if repeat is not None:
            reason = "a back-reference cannot run in linear time"
            return reason, f"write max_run: {int(repeat[1] or 1) + 1} instead"
        told = str(error).rstrip(".")
        for mark, reason, hint in _REFUSALS:
            if mark in told:
                return reason, hint
        return f"this pattern cannot be used: {told[:1].lower()}{told[1:]}", ""
    ends: set[int] = set()

    def on_match(_id: int, _start: int, end: int, _flags: int, _context: object) -> None:
        ends.add(end)

    database.scan(_ANY_TEXT.encode(), on_match)
    if len(ends) * 2 > len(_ANY_TEXT):
        return "this pattern matches almost anywhere", "say more exactly what it looks for"
    return None


_SHA256 = re.compile("[0-9a-f]{64}")
# One character again and again, as people write it: (.)\1{9,}, (\w)\1+.
_REPEAT = re.compile(r"\((?:\.|\\[wSD])\)\\1(?:\+|\{([0-9]{1,3}),?[0-9]*\})")
_ANY_TEXT = "a quick fox, 123 times 4.5; 敏捷的狐狸跳过了懒狗！ /x?y=z #end"
_REFUSALS = (
    ("Back-references", "back-references (\\1) cannot run in linear time", "write the repeat out"),
    ("Zero-width", "look-around cannot run in linear time", "use `not:` with a second pattern"),
    ("empty buffer", "this pattern matches where there is nothing", "use + for *, drop a ?"),
    ("too large", "this pattern is too large", "shorten its {repeats}"),
    ("never match", "this pattern can never match", "look at its ^, $ and \\b"),
)
