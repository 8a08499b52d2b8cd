"""Expressions: what no other condition says, in a subset of CEL over the table of fields."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import pattern_fault
from policy.core.document import Node
from policy.core.expr.syntax import LENGTH_MAX, Refused, tree_of
from policy.core.expr.typed import Typer
from policy.core.fields import FIELDS
from policy.core.ir import Field, Test
from policy.core.predicate import values_of
from policy.core.seen import Clue, Seen

CLUE_MAX = 200


@dataclass(frozen=True, slots=True)
class Expression(Condition):
    """A test, and the fields it reads, in the order in which they are written."""

    written: str
    test: Test
    read: tuple[Field, ...]


def _read(source: Source, node: Node, path: str) -> Condition | None:
    written = source.reader.text(node, path, "an expression")
    if written is None:
        return None
    typer = Typer(FIELDS)
    try:
        test = typer.test(tree_of(written))
        _refuse_slow(typer.patterns)
    except Refused as refused:
        before = written[: refused.at]
        line, column = before.count("\n") + 1, refused.at - before.rfind("\n")
        reason = f"at {line}:{column} of the expression: {refused.reason}"
        source.reader.fault(node, path, reason, refused.suggestion)
        return None
    return Expression(written, test, tuple(typer.read.values()))


def _refuse_slow(patterns: list[tuple[int, str]]) -> None:
    for at, pattern in patterns:
        fault = pattern_fault(pattern)
        if fault is not None:
            raise Refused(at, *fault)


def _check(_checks: Checks, condition: Expression) -> Check:
    measured = [field for field in condition.read if field.type in ("int", "double", "bool")]
    values = values_of(measured)

    def clues(seen: Seen) -> list[Clue]:
        pairs = zip(measured, values(seen), strict=True)
        told = "; ".join(f"{field.name} = {_shown(value)}" for field, value in pairs)
        return [Clue("expression", said=told[:CLUE_MAX])] if told else []

    return Check(condition.test, clues)


def _shown(value: object) -> str:
    if value is None:
        return "?"
    return f"{value:.2f}" if isinstance(value, float) else str(value).lower()


KINDS: Final = (
    Kind(
        name="expr",
        read=_read,
        check=_check,
        type=Expression,
        cost_us=1.0,
        about=About(
            summary="An expression in a subset of CEL holds.",
            value=f"a text of at most {LENGTH_MAX:,} characters",
            absent=(
                "Where a value is absent or undefined, neither the expression nor its contrary "
                "holds; but `&&` and `||` hold, or do not, where the other side decides."
            ),
            example="expr: \"caps > 0.9 && text_len > 20 && !('moderator' in author.roles)\"",
            notes=("[Expressions](expressions.md) has the language and all fields.",),
        ),
        schema={"type": "string", "minLength": 1, "maxLength": LENGTH_MAX},
    ),
)
