"""One tree of settings, network to channel: what is in force, and where each key comes from.

A layer is a rulebook text, whole or in part. With `inherits: true` what it leaves out comes from
the level above; without, only what is locked there does. `locked: [ladder, rules.scam-links]` keeps
a key, and all below it, from being set further down. A setting is a top-level key, a key of a
mapping below it (`packets.asset`), or a key of a rule (`rules.flood.when`); it is taken whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policy.core import document
from policy.core.bundle import bundled, missing, sets_of
from policy.core.document import Fault, Listing, Node, Scalar
from policy.core.layered import INHERITS, LOCKED, OFF, RULES, At, Held, Layer, Place, shown, written
from policy.core.reading import Reader
from policy.core.rulebook import InvalidRulebook, Rulebook, parse


@dataclass(frozen=True, slots=True)
class LayerFault:
    """One thing wrong with the layers together, at the place that has to be changed.

    `places` are those of the tree where it makes a rulebook wrong.
    """

    layer: Layer
    fault: Fault
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.layer}:{self.fault}"


LOCKS_MAX = 1_000
_ANSWERS = {"true": True, "yes": True, "false": False, "no": False}


class InvalidLayers(Exception):
    """The layers do not come to a rulebook. `faults` names every fault, each with its layer."""

    def __init__(self, faults: Sequence[LayerFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: what is in force (YAML), from where, who locked it, and what it overrides.

    `locked` is the place of the lock that keeps it; None: it may be overridden further down.
    `overridden` are the values of the levels above that are not in force, nearest first.
    """

    key: str
    value: str
    place: Place
    locked: Place | None
    overridden: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class Effective:
    """What is in force at `layer`, the lowest: a whole rulebook, and each of its settings.

    `places` tell where the values of the merged text were written; none: in the layer itself.
    """

    text: str
    rulebook: Rulebook
    settings: Mapping[str, Setting]
    layer: Layer
    places: Mapping[At, Place]

    def placed(self, fault: Fault) -> LayerFault:
        """Return a fault of the merged text at the place that has to be changed."""
        return _placed(fault, self.places, self.layer)

    def where(self, key: str) -> list[Setting]:
        """Return the setting of this key, or all those below it; none where nothing is set."""
        below = f"{key}."
        return [one for name, one in self.settings.items() if name == key or name.startswith(below)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that two places do not have in common; "" where one has none."""

    key: str
    one: str
    other: str


def merge(layers: Sequence[Layer]) -> Effective:
    """Return what is in force below `layers`, the highest first.

    Raises:
        InvalidLayers: with every fault found, each with its layer, line, column and a hint.
    """
    assert layers, "there is a rulebook of the network, or nothing to merge"
    merging = _Merging()
    for layer in layers:
        merging.add(layer)
    if merging.faults:
        raise InvalidLayers(merging.faults)
    text, places = written(layers, merging.found)
    text = _with_sets(text, layers)
    try:
        rulebook = parse(text)
    except InvalidRulebook as invalid:
        raise InvalidLayers(
            [_placed(fault, places, layers[-1]) for fault in invalid.faults]
        ) from None
    settings = {key: merging.setting(key) for key in merging.found}
    return Effective(text, rulebook, settings, layers[-1], places)


def _with_sets(text: str, layers: Sequence[Layer]) -> str:
    """Return the text with the sets that it includes, as the lowest layer has them."""
    known: dict[str, str] = {}
    for layer in layers:
        known |= sets_of(layer.text)
    while found := {name: known[name] for name in missing(text) if name in known}:
        text = bundled(text, found)
    return text


def _placed(fault: Fault, places: Mapping[At, Place], last: Layer) -> LayerFault:
    if fault.within:
        return LayerFault(last, fault)
    place = places.get((fault.line, fault.column)) or Place(last, fault.line, fault.column)
    return LayerFault(place.layer, replace(fault, line=place.line, column=place.column))


def differences(one: Effective, other: Effective) -> list[Difference]:
    """Return every key whose value differs, in the order of the keys."""
    keys = sorted(one.settings.keys() | other.settings.keys())
    pairs = [(key, _value(one, key), _value(other, key)) for key in keys]
    return [Difference(key, mine, theirs) for key, mine, theirs in pairs if mine != theirs]


def _value(effective: Effective, key: str) -> str:
    setting = effective.settings.get(key)
    return "" if setting is None else setting.value


class _Merging:
    """Takes layer after layer; `found` has the values of each key, the newest last."""

    def __init__(self) -> None:
        self.found: dict[str, list[Held]] = {}
        self.locks: dict[str, Place] = {}
        self.faults: list[LayerFault] = []

    def add(self, layer: Layer) -> None:
        root, faults = document.tree(layer.text)
        reader = Reader()
        reader.faults += faults
        if root is not None and not isinstance(root, document.Mapping):
            reader.wrong_shape(root, "", "a mapping of settings")
        elif root is not None:
            self._read(reader, layer, dict(reader.pairs(root, "")))
        self.faults += [LayerFault(layer, fault) for fault in sorted(reader.faults)]

    def _read(self, reader: Reader, layer: Layer, written: Mapping[Scalar, Node]) -> None:
        named = {key.value: node for key, node in written.items()}
        inherits = INHERITS in named and _read_flag(reader, named[INHERITS], INHERITS)
        locked = _read_locks(reader, named[LOCKED]) if LOCKED in named else ()
        if not inherits:
            self.found = {key: held for key, held in self.found.items() if self._lock(key)}
        for key, node in _settings(reader, written):
            self._set(reader, layer, key, node)
        for key, node in locked:
            if self._lock(key) is None:
                self.locks[key] = Place(layer, node.line, node.column)

    def _set(self, reader: Reader, layer: Layer, key: str, node: Node) -> None:
        lock = self._lock(key)
        if lock is not None:
            reader.fault(
                node,
                key,
                f"the {lock.layer} has locked this on its line {lock.line}",
                "leave it away here, or have it unlocked there",
            )
            return
        place = Place(layer, node.line, node.column)
        rule = key.rpartition(".")[0]
        if key.startswith(f"{RULES}.") and key.endswith(f".{OFF}"):
            if _read_flag(reader, node, key):
                for known in [one for one in self.found if one.startswith(f"{rule}.")]:
                    del self.found[known]
            return
        first, _, rest = key.partition(".")
        if rest:
            self.found.pop(first, None)
        else:
            below = f"{key}."
            self.found = {
                one: held for one, held in self.found.items() if not one.startswith(below)
            }
        self.found.setdefault(key, []).append(Held(node, place))

    def _lock(self, key: str) -> Place | None:
        """Return the lock on a key or on what it is part of."""
        parts = key.split(".")
        prefixes = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
        return next((self.locks[one] for one in prefixes if one in self.locks), None)

    def setting(self, key: str) -> Setting:
        """Return what is known of a key."""
        *above, held = self.found[key]
        overridden = tuple((one.place, shown(one)) for one in reversed(above))
        return Setting(key, shown(held), held.place, self._lock(key), overridden)


def _read_flag(reader: Reader, node: Node, path: str) -> bool:
    answer = reader.choice(node, path, _ANSWERS, "answer")
    return answer is not None and _ANSWERS[answer]


def _read_locks(reader: Reader, node: Node) -> list[tuple[str, Node]]:
    items = list(reader.items(node, LOCKED, "a key such as ladder or rules.flood"))
    if len(items) > LOCKS_MAX:
        reader.fault(node, LOCKED, f"more than {LOCKS_MAX} locks")
        return []
    locks = [(reader.text(item, place, "a key"), item) for item, place in items]
    return [(key, item) for key, item in locks if key is not None]


def _settings(reader: Reader, written: Mapping[Scalar, Node]) -> Iterator[tuple[str, Node]]:
    for key, node in written.items():
        if key.value in (INHERITS, LOCKED):
            continue
        if key.value == RULES and isinstance(node, Listing):
            yield from _rules(reader, node)
        elif isinstance(node, document.Mapping):
            for name, value in reader.pairs(node, key.value):
                yield f"{key.value}.{name.value}", value
        else:
            yield key.value, node


def _rules(reader: Reader, node: Listing) -> Iterator[tuple[str, Node]]:
    seen: dict[str, int] = {}
    for item, place in reader.items(node, RULES, "a rule"):
        if not isinstance(item, document.Mapping):
            reader.wrong_shape(item, place, "a rule")
            continue
        pairs = dict(reader.pairs(item, place))
        name = next((node for key, node in pairs.items() if key.value == "id"), None)
        if not isinstance(name, Scalar) or not name.value or "." in name.value:
            reader.fault(item, place, '"id" is missing', "a rule is known by its id")
            continue
        if name.value in seen:
            reason = f'"{name.value}" is the id of another rule, on line {seen[name.value]}'
            reader.fault(name, place, reason)
            continue
        seen[name.value] = name.line
        for key, value in pairs.items():
            if key.value != "id" or len(pairs) == 1:
                yield f"{RULES}.{name.value}.{key.value}", value
