"""Who it is: roles, power, a member by id."""

from dataclasses import dataclass
from typing import Final

from policy.core import fields
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import read_members
from policy.core.document import Node
from policy.core.ir import Among, Compare

POWER_MAX = 1 << 53
_TEXTS: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}


@dataclass(frozen=True, slots=True)
class HasRole(Condition):
    """The author has one of the roles."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasPower(Condition):
    """The author has at least this Matrix power level."""

    at_least: int


@dataclass(frozen=True, slots=True)
class IsMember(Condition):
    """The author is one of these."""

    members: tuple[str, ...]
    lists: tuple[str, ...] = ()


def _read_role(source: Source, node: Node, path: str) -> Condition | None:
    return HasRole(source.reader.texts(node, path, "a role"))


def _read_power(source: Source, node: Node, path: str) -> Condition | None:
    at_least = source.reader.integer(node, path, -POWER_MAX, POWER_MAX)
    return None if at_least is None else HasPower(at_least)


def _read_member(source: Source, node: Node, path: str) -> Condition | None:
    return IsMember(*read_members(source, node, path, "members"))


def _check_role(_checks: Checks, condition: HasRole) -> Check:
    return Check(Among(fields.ROLES, frozenset(condition.roles)))


def _check_power(_checks: Checks, condition: HasPower) -> Check:
    return Check(Compare(fields.POWER, ">=", condition.at_least))


def _check_member(checks: Checks, condition: IsMember) -> Check:
    listed = [member for name in condition.lists for member in checks.lists[name].members]
    return Check(Among(fields.MEMBER, frozenset((*condition.members, *listed))))


KINDS: Final = (
    Kind(
        name="role",
        read=_read_role,
        check=_check_role,
        type=HasRole,
        cost_us=0.3,
        about=About(
            summary="The author has one of these roles.",
            value="a list of roles",
            absent="Where the platform tells no roles it does not hold.",
            example="role: [moderator, admin]",
        ),
        schema=_TEXTS,
    ),
    Kind(
        name="power",
        read=_read_power,
        check=_check_power,
        type=HasPower,
        cost_us=0.2,
        about=About(
            summary="The author's Matrix power level is at least this.",
            value="a whole number",
            absent="Where the platform tells none, it is 0.",
            example="power: 50",
        ),
        schema={"type": "integer"},
    ),
    Kind(
        name="member",
        read=_read_member,
        check=_check_member,
        type=IsMember,
        cost_us=0.1,
        about=About(
            summary="The author is one of these, by id.",
            value="a list of members' ids; `list:NAME` means all of a list",
            absent="Where nobody is known to have done it, it does not hold.",
            example='member: ["@bridge:example.org"]',
        ),
        schema=_TEXTS,
    ),
)
