"""A rulebook and the sets it includes as one text, so that one digest names everything.

`include` names other rulebooks: `builtin:NAME` comes with Reeve, `published:NAME` is the newest one
published under that name, `sha256:DIGEST` one text. When a rulebook is published they are looked up
and follow its own text as further YAML documents, word for word, each behind one that is its name.
Whoever has the text can then read and judge by it, without looking anything up.
"""

import re
from collections.abc import Mapping

from policy.core import document
from policy.core.document import REFERENCE, Listing, Node, Scalar, documents

SETS_MAX = 32
_MARK = re.compile(rf'^--- "({REFERENCE.pattern})"\n---\n', re.MULTILINE)


def own(text: str) -> str:
    """Return what the author of a rulebook wrote, without the sets."""
    first = _MARK.search(text)
    return text[: first.start()] if first else text


def sets_of(text: str) -> dict[str, str]:
    """Return the sets that stand in a text, by name."""
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {mark[1]: text[mark.end() : end] for mark, end in zip(marks, ends, strict=False)}


def bundled(text: str, sets: Mapping[str, str]) -> str:
    """Return the text with these sets behind it; one that it has already stays as it is."""
    known = sets_of(text)
    for name, body in sets.items():
        for inner, part in {name: own(body), **sets_of(body)}.items():
            if inner not in known:
                known[inner] = part
                text = f'{_ended(text)}--- "{inner}"\n---\n{_without_mark(part)}\n'
    return text


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _without_mark(text: str) -> str:
    # A line stays a line, so that places are those of the file.
    return re.sub(r"\A---[ \t]*$", "", text.strip("\n"), count=1, flags=re.MULTILINE)


def missing(text: str) -> list[str]:
    """Return the sets that are named in a text or in a set, and do not stand in it."""
    known = included(text)
    read = documents(text).all[:1]
    roots = [*(one.root for one in read), *known.values()]
    named = dict.fromkeys(name for root in roots for name in _named(root))
    return [name for name in named if name not in known][: max(0, SETS_MAX - len(known))]


def included(text: str) -> dict[str, Node]:
    """Return the documents of the sets that stand in a text, by name."""
    read = documents(text).all
    return {
        header.root.value: body.root
        for header, body in zip(read[1::2], read[2::2], strict=False)
        if isinstance(header.root, Scalar)
    }


def _named(root: Node) -> list[str]:
    if not isinstance(root, document.Mapping):
        return []
    found: list[str] = []
    for key, node in root.pairs:
        if key.value != "include":
            continue
        for entry in node.items if isinstance(node, Listing) else (node,):
            if isinstance(entry, document.Mapping):
                values = [value for name, value in entry.pairs if name.value == "from"]
            else:
                values = [entry]
            found += [
                value.value
                for value in values
                if isinstance(value, Scalar) and REFERENCE.fullmatch(value.value)
            ]
    return found
