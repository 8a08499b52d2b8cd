"""One rule: what it looks at and what follows, as its author wrote it, checked and typed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import AllOf, Condition, condition_from
from policy.core.conditions.people import POWER_MAX
from policy.core.conditions.timetable import During
from policy.core.consequences import (
    Consequences,
    Where,
    Wording,
    is_of_nobody,
    read_consequences,
    read_wording,
)
from policy.core.document import Listing, Mapping, Node, Scalar
from policy.core.examples import NO_EXAMPLES, Examples, read_examples
from policy.core.kinds import EVENT_KINDS, SPEECH, EventKind
from policy.core.reading import ID_HINT, Place, Reader, is_id, nearest

RULES_MAX = 50_000
RULE_KEYS = (
    "id", "why", "kinds", "exempt", "when", "unless", "then", "otherwise", "fulfilled", "failure",
    "examples", "permit",
)  # fmt: skip
EXEMPT_KEYS = ("roles", "power", "members")
Failure = Literal["open", "closed", "hold"]
FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Whom no rule acts on: by role, by Matrix power level (None: nobody by power), by id."""

    roles: tuple[str, ...] = ()
    power: int | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at (`when`, not `unless`) and what follows.

    A rule that looks at no speech and says no `when` holds of all that it looks at.
    `otherwise` follows instead when what `then` expects has not come in time. `exempt` stands in
    place of the rulebook's own, None where that is meant. `failure` says what follows where it
    cannot be judged in time: nothing (open), as if it held (closed), or a review (hold). `permit`
    names what staff can let a member do beforehand, so that the rule spares them.
    """

    id: str
    why: Wording
    kinds: frozenset[EventKind]
    when: Condition
    unless: Condition | None
    then: Consequences
    otherwise: Consequences | None
    exempt: Exempt | None = None
    failure: Failure = "open"
    examples: Examples = NO_EXAMPLES
    permit: str = ""


def read_exempt(reader: Reader, node: Node, path: str = "exempt") -> Exempt:
    """Return whom rules do not act on."""
    if isinstance(node, Scalar) and node.value == "nobody":
        return Exempt()
    found = reader.mapping(node, path, EXEMPT_KEYS)
    roles: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    if "roles" in found:
        roles = reader.texts(found["roles"], f"{path}.roles", "a role")
    if "members" in found:
        members = reader.texts(found["members"], f"{path}.members", "a member's id")
    power = None
    if "power" in found:
        power = reader.integer(found["power"], f"{path}.power", 1, POWER_MAX)
    return Exempt(roles, power, members)


def read_rules(where: Where, node: Node, known: dict[str, Place]) -> Iterator[Rule]:
    """Yield the rules that could be read. `known` are the places of all ids, of other parts too."""
    reader = where.reader
    if not isinstance(node, Listing):
        reader.wrong_shape(node, "rules", "a list of rules")
        return
    if len(node.items) > RULES_MAX:
        reader.fault(node, "rules", f"more than {RULES_MAX} rules")
        return
    for item, path in reader.items(node, "rules", "a rule"):
        rule = _read_rule(where, item, path, known)
        if rule is not None:
            yield rule


def _read_rule(where: Where, node: Node, path: str, known: dict[str, Place]) -> Rule | None:
    reader, source = where.reader, where.source
    found = reader.mapping(node, path, RULE_KEYS, ("id", "why", "then"))
    name = _read_id(reader, found["id"], f"{path}.id", known) if "id" in found else None
    why = read_wording(reader, found["why"], f"{path}.why") if "why" in found else None
    kinds = _read_kinds(reader, found["kinds"], f"{path}.kinds") if "kinds" in found else SPEECH
    exempt = None
    if "exempt" in found:
        exempt = read_exempt(reader, found["exempt"], f"{path}.exempt")
    when: Condition | None = None if not kinds or set(kinds) & set(SPEECH) else AllOf(())
    if "when" in found:
        when = condition_from(source, found["when"], f"{path}.when")
    elif when is None and isinstance(node, Mapping):
        hint = "say of which messages it holds" if "kinds" in found else ""
        reader.fault(node, path, '"when" is missing', hint)
    unless = None
    if "unless" in found:
        unless = condition_from(source, found["unless"], f"{path}.unless")
    then, otherwise = _read_then(where, node, found, path)
    if "clock" in kinds:
        _look_at_clock(reader, node, path, found, (kinds, when, then))
    failure: Failure = "open"
    if "failure" in found:
        word = reader.choice(found["failure"], f"{path}.failure", FAILURES, "failure policy")
        failure = next((known for known in FAILURES if known == word), failure)
    examples = NO_EXAMPLES
    if "examples" in found:
        examples = read_examples(reader, found["examples"], f"{path}.examples", where.source.tiers)
    permit = _read_permit(reader, found["permit"], f"{path}.permit") if "permit" in found else ""
    for key, value in found.items():
        reader.mark(("rule", name or "", key), value)
    if name is None or why is None or when is None or then is None:
        return None
    seen = frozenset(kinds)
    return Rule(name, why, seen, when, unless, then, otherwise, exempt, failure, examples, permit)


def _look_at_clock(
    reader: Reader,
    node: Node,
    path: str,
    found: dict[str, Node],
    read: tuple[tuple[EventKind, ...], Condition | None, Consequences | None],
) -> None:
    """Note what a rule for the clock may not be: when it strikes there is nobody to act on."""
    kinds, when, then = read
    if len(kinds) > 1:
        reason = "a clock is about nobody, and the other kinds are about somebody"
        reader.fault(found["kinds"], f"{path}.kinds", reason, "write a rule of its own")
    if when is not None and not _strikes(when):
        hint = 'such as time: {weekdays: [sun], at: "20:00"}'
        reader.fault(found.get("when", node), f"{path}.when", "no time says when it strikes", hint)
    if then is not None and not is_of_nobody(then):
        reason = "when a clock strikes there is nobody to act on"
        reader.fault(
            found["then"], f"{path}.then", reason, "write announce, nudge, digest, praise or packet"
        )


def _strikes(condition: Condition) -> bool:
    if isinstance(condition, During):
        return condition.strikes
    return any(map(_strikes, BY_TYPE[type(condition)].parts(condition)))


def _read_then(
    where: Where, node: Node, found: dict[str, Node], path: str
) -> tuple[Consequences | None, Consequences | None]:
    reader = where.reader
    then = None
    if "then" in found:
        then = read_consequences(where, found["then"], f"{path}.then")
    later: dict[str, Consequences | None] = {"otherwise": None, "fulfilled": None}
    for key in later:
        if key not in found:
            continue
        later[key] = read_consequences(replace(where, nested=True), found[key], f"{path}.{key}")
        if then is not None and not any(then.expects()):
            reader.fault(found[key], f"{path}.{key}", "nothing is expected in `then`")
    if then is not None:
        then = then.completed(later["otherwise"], later["fulfilled"])
        if then.incomplete and not found.keys() & later.keys():
            reader.fault(
                node, path, '"otherwise" is missing', "say what follows if it does not come"
            )
    return then, later["otherwise"]


def _read_id(reader: Reader, node: Node, path: str, known: dict[str, Place]) -> str | None:
    name = reader.text(node, path)
    if name is None:
        return None
    if not is_id(name):
        reader.fault(node, path, f'"{name[:40]}" is no id for a rule', ID_HINT)
        return None
    here = Place(node.line, node.column, reader.within)
    other = known.setdefault(name, here)
    if other != here:
        where = f" of {other.within}" if other.within != reader.within and other.within else ""
        reason = f'"{name}" is the id of another rule, on line {other.line}{where}'
        hint = f"include it without: [{name}]" if reader.within else ""
        reader.fault(node, path, reason, hint)
    return name


def _read_permit(reader: Reader, node: Node, path: str) -> str:
    name = reader.text(node, path, "what is permitted, such as ads,") or ""
    if name and (not is_id(name) or name.isdigit()):
        reader.fault(node, path, f'"{name[:40]}" cannot be named in a command', ID_HINT)
    return name


def _read_kinds(reader: Reader, node: Node, path: str) -> tuple[EventKind, ...]:
    found = reader.texts(node, path, "a kind of event")
    for word in found:
        if word not in EVENT_KINDS:
            reader.fault(node, path, f'no such kind: "{word[:40]}"', nearest(word, EVENT_KINDS))
    return tuple(kind for kind in EVENT_KINDS if kind in found)
