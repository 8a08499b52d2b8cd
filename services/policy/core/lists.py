"""Banks: named lists of words, patterns, domains, members and hashes that rules refer to."""

from collections.abc import Mapping

from policy.core import document
from policy.core.conditions.kind import LIST_KINDS, NamedList
from policy.core.conditions.terms import read_member
from policy.core.document import Node
from policy.core.reading import ID_HINT, Reader, is_id

LISTS_MAX = 200
TERMS_MAX = 100_000
PATTERNS_MAX = 2_000


def read_lists(reader: Reader, node: Node) -> dict[str, NamedList]:
    """Return the lists written at `node`, by name."""
    lists: dict[str, NamedList] = {}
    if not isinstance(node, document.Mapping):
        reader.wrong_shape(node, "lists", "a mapping of names to lists")
        return lists
    if len(node.pairs) > LISTS_MAX:
        reader.fault(node, "lists", f"more than {LISTS_MAX} lists")
        return lists
    for key, value in reader.pairs(node, "lists"):
        path = f"lists.{key.value[:40]}"
        if is_id(key.value):
            reader.mark(("list", key.value), key)
            lists[key.value] = _read_list(reader, key.value, value, path)
        else:
            reader.fault(key, path, f'"{key.value[:40]}" is no name for a list', ID_HINT)
    return lists


def _read_list(reader: Reader, name: str, node: Node, path: str) -> NamedList:
    found = reader.mapping(node, path, LIST_KINDS)
    if len(found) != 1:
        if isinstance(node, document.Mapping) and len(found) == len(node.pairs):
            reader.fault(node, path, f"exactly one of {', '.join(LIST_KINDS)} belongs here")
        # A list with faults is still a list: what names it shall not be a fault as well.
        return NamedList(name, "words", ())
    ((kind, value),) = ((kind, found[kind]) for kind in LIST_KINDS if kind in found)
    items = list(reader.items(value, f"{path}.{kind}", f"one of the {kind}"))
    most = PATTERNS_MAX if kind == "patterns" else TERMS_MAX
    if len(items) > most:
        reader.fault(value, f"{path}.{kind}", f"more than {most} of the {kind}")
        items = items[:most]
    members = [read_member(reader, item, place, kind) for item, place in items]
    known = dict.fromkeys(member for member in members if member is not None)
    return NamedList(name, kind, tuple(known))


def joined(
    reader: Reader, lists: Mapping[str, NamedList], others: Mapping[str, NamedList]
) -> dict[str, NamedList]:
    """Return both; of a name that both have, and of one kind, the list has what both have."""
    found = dict(lists)
    for name, other in others.items():
        known = found.get(name, other)
        if known.kind != other.kind:
            reason = f"a list of {known.kind} has this name already"
            reader.note(reader.places["list", name], f"lists.{name}", reason)
            continue
        members = dict.fromkeys((*known.members, *other.members))
        found[name] = NamedList(name, known.kind, tuple(members))
    return found
