"""From the tree of an expression to a test: every type is checked, nothing is left to run time.

What an expression says it says in two ways, where it holds and where its contrary does; where a
value is absent or undefined neither holds. `&&` and `||` then come out as in CEL: one side that
is undefined does not matter where the other decides.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, cast

from policy.core.expr.syntax import (
    Binary,
    Call,
    ListOf,
    Literal,
    Name,
    Refused,
    Ternary,
    Tree,
    Unary,
)
from policy.core.ir import (
    Among,
    Arith,
    Choose,
    Compare,
    Const,
    Every,
    Field,
    FieldType,
    Finds,
    Flag,
    Negated,
    Relate,
    Relation,
    Size,
    Some,
    Test,
    ToDouble,
    Value,
)

PARTS_MAX = 500
NUMBERS: Final = ("int", "double")
FUNCTIONS: Final = ("contains", "startsWith", "endsWith", "matches", "size", "double")
_CONTRARY: Final[dict[str, Relation]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ALWAYS: Final = Every(())
_NEVER: Final = Some(())
_SIGNS: Final = {"int": "+-*/%", "double": "+-*/", "string": "+", "strings": "", "bool": ""}
_SAID: Final = {
    "int": "a whole number", "double": "a double", "string": "a text", "bool": "yes or no",
    "strings": "a list of texts",
}  # fmt: skip


class Typer:
    """Makes tests of trees. `read` are the fields that were named, in order."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self.read: dict[str, Field] = {}
        self.patterns: list[tuple[int, str]] = []
        self._parts = 0

    def test(self, tree: Tree, *, wanted: bool = True) -> Test:  # noqa: PLR0911 -- one a form
        """Return the test that holds where the tree is true, or false if that is `wanted`.

        Raises:
            Refused: a type does not fit, or a name is not known.
        """
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise Refused(tree.at, "this expression says too much at once", "make it two")
        match tree:
            case Unary(sign="!", of=of):
                return self.test(of, wanted=not wanted)
            case Binary(sign="&&" | "||" as sign, left=left, right=right):
                both = (self.test(left, wanted=wanted), self.test(right, wanted=wanted))
                return Every(both) if (sign == "&&") == wanted else Some(both)
            case Ternary(test=test, then=then, other=other):
                first = Every((self.test(test), self.test(then, wanted=wanted)))
                second = (self.test(test, wanted=False), self.test(other, wanted=wanted))
                return Some((first, Every(second)))
            case Binary(sign="==" | "!=" as sign) if self._is_bool(tree.left):
                return self._same(tree, wanted=wanted == (sign == "=="))
            case Binary(sign="in"):
                return self._among(tree, wanted=wanted)
            case Binary(sign="<" | "<=" | ">" | ">=" | "==" | "!="):
                return self._relation(tree, wanted=wanted)
            case Call(function="contains" | "startsWith" | "endsWith" | "matches"):
                return self._of_text(tree, wanted=wanted)
        return self._flag(tree, wanted=wanted)

    def _flag(self, tree: Tree, *, wanted: bool) -> Test:
        if isinstance(tree, Literal) and isinstance(tree.value, bool):
            return _ALWAYS if tree.value == wanted else _NEVER
        if isinstance(tree, Name):
            field = self._field(tree)
            if field.type == "bool":
                return Flag(field) if wanted else Negated(Flag(field))
        _, kind = self.value(tree)
        hint = "compare it with something" if kind in NUMBERS else ""
        raise Refused(tree.at, f"yes or no belongs here, and this is {_SAID[kind]}", hint)

    def _is_bool(self, tree: Tree) -> bool:  # noqa: PLR0911 -- one case for each form
        match tree:
            case Literal(value=value):
                return isinstance(value, bool)
            case Name():
                return self._field(tree).type == "bool"
            case Unary(sign=sign):
                return sign == "!"
            case Binary(sign=sign):
                return sign not in ("+", "-", "*", "/", "%")
            case Call(function=function):
                return function in ("contains", "startsWith", "endsWith", "matches")
            case Ternary(then=then):
                return self._is_bool(then)
        return False

    def _same(self, tree: Binary, *, wanted: bool) -> Test:
        left, right = tree.left, tree.right
        yes = Every((self.test(left), self.test(right, wanted=wanted)))
        no = Every((self.test(left, wanted=False), self.test(right, wanted=not wanted)))
        return Some((yes, no))

    def _among(self, tree: Binary, *, wanted: bool) -> Test:
        value, kind = self.value(tree.left)
        if isinstance(tree.right, ListOf):
            constants = [self._constant(tree, kind, item) for item in tree.right.items]
            if not constants:
                raise Refused(tree.right.at, "nothing is in an empty list")
            if kind == "string" and isinstance(value, Field) and wanted:
                return Among(value, frozenset(cast(str, const.value) for const in constants))
            tests = tuple(_equals(value, const, wanted=wanted) for const in constants)
            return Some(tests) if wanted else Every(tests)
        listed, list_kind = self.value(tree.right)
        if (kind, list_kind) != ("string", "strings"):
            reason = f"`in` looks for a text in a list, not {_SAID[kind]} in {_SAID[list_kind]}"
            raise Refused(tree.at, reason, "write the list in brackets")
        if wanted and isinstance(value, Const) and isinstance(listed, Field):
            return Among(listed, frozenset((cast(str, value.value),)))
        return Relate("in", value, listed, negated=not wanted)

    def _constant(self, tree: Binary, kind: FieldType, item: Tree) -> Const:
        const, item_kind = self.value(item)
        if not isinstance(const, Const):
            raise Refused(item.at, "a list here has constants only", "compare with == and ||")
        if kind != item_kind and not (kind in NUMBERS and item_kind in NUMBERS):
            reason = f"{_SAID[kind]} is never {_SAID[item_kind]}"
            raise Refused(item.at, reason, f"what is before `in` stands at {tree.left.at + 1}")
        return const

    def _relation(self, tree: Binary, *, wanted: bool) -> Test:
        (left, kind), (right, other) = self.value(tree.left), self.value(tree.right)
        numbers = kind in NUMBERS and other in NUMBERS
        if not numbers and (kind != other or kind == "strings"):
            reason = f"{_SAID[kind]} cannot be compared with {_SAID[other]}"
            hint = "use size() for how many there are" if "strings" in (kind, other) else ""
            raise Refused(tree.at, reason, hint)
        sign = tree.sign
        if sign == "!=":
            sign, wanted = "==", not wanted
        if isinstance(left, Const) and not isinstance(right, Const):
            left, right, sign = right, left, _TURNED.get(sign, sign)
        if sign == "==":
            return _equals(left, right, wanted=wanted)
        relation = cast(Relation, sign)
        if numbers and isinstance(left, Field) and isinstance(right, Const):
            turned = relation if wanted else _CONTRARY[sign]
            return Compare(left, turned, cast(float, right.value))
        return Relate(relation, left, right, negated=not wanted)

    def _of_text(self, tree: Call, *, wanted: bool) -> Test:
        subject, argument = self._arguments(tree, "string", "string")
        if tree.function != "matches":
            relation = cast(Relation, tree.function)
            return Relate(relation, subject, argument, negated=not wanted)
        if not isinstance(argument, Const):
            raise Refused(tree.arguments[1].at, "a pattern has to be written out here")
        pattern = cast(str, argument.value)
        self.patterns.append((tree.arguments[1].at, pattern))
        return Finds(pattern, subject, negated=not wanted)

    def _arguments(self, tree: Call, *kinds: FieldType) -> list[Value]:
        if len(tree.arguments) != len(kinds):
            reason = f'"{tree.function}" takes {len(kinds)}, not {len(tree.arguments)}'
            raise Refused(tree.at, reason, "what stands before the dot counts")
        found: list[Value] = []
        for argument, kind in zip(tree.arguments, kinds, strict=True):
            value, got = self.value(argument)
            if got != kind:
                reason = f'"{tree.function}" takes {_SAID[kind]}, and this is {_SAID[got]}'
                raise Refused(argument.at, reason)
            found.append(value)
        return found

    def _field(self, tree: Name) -> Field:
        field = self._fields.get(tree.name)
        if field is None:
            close = get_close_matches(tree.name.lower()[:64], sorted(self._fields), n=1, cutoff=0.5)
            hint = f'did you mean "{close[0]}"?' if close else "the reference lists all fields"
            raise Refused(tree.at, f'nothing is called "{tree.name[:40]}"', hint)
        self.read[field.name] = field
        return field

    def value(self, tree: Tree) -> tuple[Value, FieldType]:
        """Return the value of a tree, and its type."""
        self._parts += 1
        match tree:
            case Literal(value=value) if not isinstance(value, bool):
                kind = {int: "int", float: "double", str: "string"}[type(value)]
                return Const(value), cast(FieldType, kind)
            case Name():
                field = self._field(tree)
                if field.type != "bool":
                    return field, field.type
            case Ternary():
                return self._choice(tree)
            case Unary(sign="-", of=of):
                return self._minus(tree.at, *self.value(of))
            case Binary(sign="+" | "-" | "*" | "/" | "%"):
                return self._arithmetic(tree)
            case Call():
                return self._call(tree)
        wrong = "a list" if isinstance(tree, ListOf) else "yes or no"
        raise Refused(tree.at, f"a number or a text belongs here, not {wrong}")

    def _minus(self, at: int, value: Value, kind: FieldType) -> tuple[Value, FieldType]:
        if kind == "int":
            return Arith("-", Const(0), value, kind), kind
        if kind == "double":
            return Arith("*", Const(-1.0), value, kind), kind
        raise Refused(at, f"- takes a number, and this is {_SAID[kind]}")

    def _choice(self, tree: Ternary) -> tuple[Value, FieldType]:
        (then, kind), (other, other_kind) = self.value(tree.then), self.value(tree.other)
        if kind != other_kind:
            reason = f"this is {_SAID[kind]} or {_SAID[other_kind]}; it has to be one of them"
            raise Refused(tree.at, reason)
        test, contrary = self.test(tree.test), self.test(tree.test, wanted=False)
        return Choose(test, contrary, then, other), kind

    def _arithmetic(self, tree: Binary) -> tuple[Value, FieldType]:
        (left, kind), (right, other) = self.value(tree.left), self.value(tree.right)
        sign = tree.sign
        if kind != other:
            reason = f"{_SAID[kind]} {sign} {_SAID[other]} does not go together"
            both = {kind, other} == set(NUMBERS)
            hint = "write 2.0 for 2, or double(...) around a whole number" if both else ""
            raise Refused(tree.at, reason, hint)
        if sign not in _SIGNS[kind]:
            raise Refused(tree.at, f"there is no {sign} of {_SAID[kind]}")
        return Arith(sign, left, right, kind), kind  # type: ignore[arg-type] # one of its signs

    def _call(self, tree: Call) -> tuple[Value, FieldType]:
        if tree.function == "size" and len(tree.arguments) == 1:
            value, kind = self.value(tree.arguments[0])
            if kind in NUMBERS:
                raise Refused(tree.at, f'"size" is of a text or a list, not of {_SAID[kind]}')
            return Size(value), "int"
        if tree.function == "double" and len(tree.arguments) == 1:
            value, kind = self.value(tree.arguments[0])
            if kind not in NUMBERS:
                raise Refused(tree.at, f'"double" is of a number, not of {_SAID[kind]}')
            return (ToDouble(value) if kind == "int" else value), "double"
        if tree.function in FUNCTIONS:
            raise Refused(tree.at, f'"{tree.function}" does not fit here')
        close = get_close_matches(tree.function, FUNCTIONS, n=1, cutoff=0.5)
        hint = f'did you mean "{close[0]}"?' if close else "known: " + ", ".join(sorted(FUNCTIONS))
        raise Refused(tree.at, f'there is no function "{tree.function[:40]}"', hint)


def _equals(left: Value, right: Value, *, wanted: bool) -> Test:
    if wanted and isinstance(left, Field) and isinstance(right, Const):
        if isinstance(right.value, str):
            return Among(left, frozenset((right.value,)))
        return Compare(left, "==", cast(float, right.value))
    return Relate("==", left, right, negated=not wanted)
