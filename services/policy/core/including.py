"""The parts of a rulebook: its own text, and the sets it includes, each with its parameters.

Of a set its parameters, lists and rules are taken, and what it includes itself; who includes it may
give its parameters other values and choose among its rules.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from policy.core import document
from policy.core.bundle import SETS_MAX, included
from policy.core.document import REFERENCE, Listing, Node, Scalar
from policy.core.parameters import Parameters, read_parameters, with_values
from policy.core.reading import Reader, nearest

ENTRY_KEYS = ("from", "with", "only", "without")
PARTS_OF_A_SET = ("parameters", "lists", "rules", "include")


@dataclass(frozen=True, slots=True)
class Part:
    """One text's share in a rulebook; `name` is that of the set, "" the book itself.

    `found` are the values of its keys, with every parameter replaced.
    """

    name: str
    found: dict[str, Node]
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class _Entry:
    """A set that is named, with what whoever includes it says of it."""

    name: str
    node: Node
    path: str
    values: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    only: tuple[tuple[str, Node], ...] | None = None
    without: tuple[tuple[str, Node], ...] = ()


class Parts:
    """Reads the parts of a text, its own first, then each set in the order in which it is named.

    `known` are names of sets that one might have meant.
    """

    def __init__(
        self, reader: Reader, text: str, keys: Collection[str], known: Collection[str] = ()
    ) -> None:
        self._reader = reader
        self._keys = keys
        self._known = known
        self._sets = included(text) if "\n---" in text else {}
        self._has_uses = "${" in text
        self._taken: set[str] = set()

    def all(self, root: Node) -> Iterator[Part]:
        """Yield every part; `reader.within` says whose it is until the next is asked for."""
        required = ["name", "language"]
        written = {key.value for key, _ in root.pairs} if isinstance(root, document.Mapping) else ()
        if "include" not in written and "lists" not in written:
            required.append("rules")
        found = self._reader.mapping(root, "", self._keys, required)
        part = self._part("", found, None)
        yield part
        yield from self._sets_of(part)

    def _sets_of(self, part: Part) -> Iterator[Part]:
        if "include" not in part.found:
            return
        for entry in list(self._entries(part.found["include"])):
            if entry.name in self._taken:
                if entry.values or entry.only is not None or entry.without:
                    reason = f'"{entry.name}" is included twice'
                    self._reader.fault(entry.node, entry.path, reason, "say all of it at one place")
                continue
            inner = self._included(entry)
            if inner is not None:
                yield inner
                yield from self._sets_of(inner)
            self._reader.within = part.name

    def _included(self, entry: _Entry) -> Part | None:
        root = self._sets.get(entry.name)
        if root is None:
            hint = nearest(entry.name, self._known)
            self._reader.fault(entry.node, entry.path, f'no such set: "{entry.name}"', hint)
            return None
        if len(self._taken) >= SETS_MAX:
            self._reader.fault(entry.node, entry.path, f"more than {SETS_MAX} sets")
            return None
        self._taken.add(entry.name)
        outside = self._reader.within
        self._reader.within = entry.name
        found = self._reader.mapping(root, "", self._keys)
        found = {key: node for key, node in found.items() if key in PARTS_OF_A_SET}
        part = self._part(entry.name, found, (entry, outside))
        if "rules" in part.found:
            part.found["rules"] = self._chosen(part.found["rules"], entry, outside)
        return part

    def _part(self, name: str, found: dict[str, Node], by: tuple[_Entry, str] | None) -> Part:
        reader = self._reader
        parameters = Parameters()
        if "parameters" in found:
            parameters = read_parameters(reader, found["parameters"])
        if by is not None:
            entry, outside = by
            reader.within = outside
            with_values(reader, parameters, entry.values, f"{entry.path}.with")
            reader.within = name
        if self._has_uses:
            found = {
                key: node if key == "parameters" else parameters.into(reader, node, key)
                for key, node in found.items()
            }
        return Part(name, found, parameters)

    def _chosen(self, rules: Node, entry: _Entry, outside: str) -> Node:
        """Return the rules without those that are not wanted; nothing is read of these."""
        if not isinstance(rules, Listing) or (entry.only is None and not entry.without):
            return rules
        ids = [_id_of(item) for item in rules.items]
        self._reader.within = outside
        for name, node in (*(entry.only or ()), *entry.without):
            if name not in ids:
                known = [one for one in ids if one]
                reason = f'{entry.name} has no rule "{name[:40]}"'
                self._reader.fault(node, entry.path, reason, nearest(name, known))
        self._reader.within = entry.name
        left_out = {name for name, _ in entry.without}
        if entry.only is not None:
            left_out |= set(ids) - {name for name, _ in entry.only}
        items = tuple(
            Scalar(item.line, item.column, "", plain=True, cut=True) if name in left_out else item
            for name, item in zip(ids, rules.items, strict=True)
        )
        return rules._replace(items=items)

    def _entries(self, node: Node) -> Iterator[_Entry]:
        reader = self._reader
        for item, path in reader.items(node, "include", "a set such as builtin:scams"):
            if not isinstance(item, document.Mapping):
                name = self._name(item, path)
                if name is not None:
                    yield _Entry(name, item, path)
                continue
            found = reader.mapping(item, path, ENTRY_KEYS, ("from",))
            name = self._name(found["from"], f"{path}.from") if "from" in found else None
            only, without = (
                tuple(self._ids(found[key], f"{path}.{key}")) if key in found else None
                for key in ("only", "without")
            )
            values = self._values(found["with"], f"{path}.with") if "with" in found else {}
            if name is not None:
                yield _Entry(name, found["from"], path, values, only, without or ())

    def _name(self, node: Node, path: str) -> str | None:
        name = self._reader.text(node, path, "the name of a set")
        if name is not None and not REFERENCE.fullmatch(name):
            hint = "write builtin:NAME, published:NAME or sha256:DIGEST"
            self._reader.fault(node, path, f'"{name[:40]}" is no name of a set', hint)
            return None
        return name

    def _ids(self, node: Node, path: str) -> Iterator[tuple[str, Node]]:
        for item, place in self._reader.items(node, path, "the id of a rule"):
            name = self._reader.text(item, place, "the id of a rule")
            if name is not None:
                yield name, item

    def _values(self, node: Node, path: str) -> dict[str, tuple[Scalar, Node]]:
        if not isinstance(node, document.Mapping):
            self._reader.wrong_shape(node, path, "a mapping of parameters to values")
            return {}
        return {key.value: (key, value) for key, value in self._reader.pairs(node, path)}


def _id_of(rule: Node) -> str:
    pairs = rule.pairs if isinstance(rule, document.Mapping) else ()
    found = (node.value for key, node in pairs if key.value == "id" and isinstance(node, Scalar))
    return next(found, "")
