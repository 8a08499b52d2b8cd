"""From the text of an expression to a tree of places, in the grammar of CEL without its macros.

Length and depth are bounded, nothing is looked back at, so reading takes linear time.
"""

import re
from dataclasses import dataclass
from typing import Final

LENGTH_MAX = 1_000
DEPTH_MAX = 16
CHAIN_MAX = 48
INT_MAX = (1 << 63) - 1

_TOKEN = re.compile(
    r"(?P<space>(?:\s+|//[^\n]*)+)"
    r"|(?P<double>(?:[0-9]+\.[0-9]+|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|[0-9]+[eE][+-]?[0-9]{1,4})"
    r"|(?P<int>0x[0-9a-fA-F]+|[0-9]+)(?![A-Za-z_0-9])"
    r"|(?P<raw>[rR](?:\"[^\"\n]*\"|'[^'\n]*'))"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:().,\[\]])"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "`": "`"}
_LEVELS: Final = (
    ("||",), ("&&",), ("<", "<=", ">", ">=", "==", "!=", "in"), ("+", "-"), ("*", "/", "%"),
)  # fmt: skip  # from what binds least to what binds most


class Refused(Exception):
    """The text is no expression. `at` is the index of the character that is wrong."""

    def __init__(self, at: int, reason: str, suggestion: str = "") -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    at: int
    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Name:
    """A field by its whole name, dots included."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list as written."""

    at: int
    items: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-`."""

    at: int
    sign: str
    of: "Tree"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and a sign between them."""

    at: int
    sign: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Ternary:
    """`test ? then : other`."""

    at: int
    test: "Tree"
    then: "Tree"
    other: "Tree"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments; what stands before the dot is the first."""

    at: int
    function: str
    arguments: "tuple[Tree, ...]"


Tree = Literal | Name | ListOf | Unary | Binary | Ternary | Call


@dataclass(frozen=True, slots=True)
class _Token:
    at: int
    kind: str
    text: str


def tree_of(text: str) -> Tree:
    """Return the tree of an expression.

    Raises:
        Refused: it is none, or it is too long or too deep.
    """
    if len(text) > LENGTH_MAX:
        raise Refused(LENGTH_MAX, f"this expression is longer than {LENGTH_MAX} characters")
    parser = _Parser(_tokens(text))
    tree = parser.ternary(0)
    token = parser.token
    if token.kind != "end":
        raise Refused(token.at, f'"{token.text}" does not belong here')
    if _depth(tree) > CHAIN_MAX:
        reason = f"more than {CHAIN_MAX} operations hang on one another here"
        raise Refused(tree.at, reason, "use `in` and a list, or several conditions")
    return tree


def parts_of(tree: Tree) -> "tuple[Tree, ...]":
    """Return the trees right inside a tree."""
    match tree:
        case ListOf(items=parts) | Call(arguments=parts):
            return parts
        case Unary(of=of):
            return (of,)
        case Binary(left=left, right=right):
            return (left, right)
        case Ternary(test=test, then=then, other=other):
            return (test, then, other)
    return ()


def _depth(tree: Tree) -> int:
    depth = 0
    level: tuple[Tree, ...] = (tree,)
    while level:
        depth += 1
        level = tuple(part for one in level for part in parts_of(one))
    return depth


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            wrong = text[at]
            if wrong in "\"'":
                raise Refused(at, "this text has no end", f"close it with {wrong}")
            hints = {"=": "write == to compare", "&": "write &&", "|": "write ||"}
            raise Refused(at, f'"{wrong}" does not belong here', hints.get(wrong, ""))
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(_Token(at, kind, match[0]))
        at = match.end()
    found.append(_Token(len(text), "end", "the end"))
    return found


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def token(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._tokens[self._place]
        self._place += token.kind != "end"
        return token

    def _takes(self, *signs: str) -> _Token | None:
        token = self.token
        return self._take() if token.kind in ("sign", "name") and token.text in signs else None

    def _expect(self, sign: str) -> None:
        if self._takes(sign) is None:
            raise Refused(self.token.at, f'"{sign}" belongs here, not {_shown(self.token)}')

    def ternary(self, depth: int) -> Tree:
        if depth > DEPTH_MAX:
            raise Refused(self.token.at, f"this expression is more than {DEPTH_MAX} levels deep")
        test = self._binary(0, depth)
        sign = self._takes("?")
        if sign is None:
            return test
        then = self.ternary(depth + 1)
        self._expect(":")
        return Ternary(sign.at, test, then, self.ternary(depth + 1))

    def _binary(self, level: int, depth: int) -> Tree:
        if level == len(_LEVELS):
            return self._unary(depth)
        left = self._binary(level + 1, depth)
        while (sign := self._takes(*_LEVELS[level])) is not None:
            left = Binary(sign.at, sign.text, left, self._binary(level + 1, depth))
        return left

    def _unary(self, depth: int) -> Tree:
        sign = self._takes("!", "-")
        if sign is None:
            return self._member(depth)
        if depth > DEPTH_MAX:
            raise Refused(sign.at, f"this expression is more than {DEPTH_MAX} levels deep")
        if sign.text == "-" and self.token.kind in ("int", "double"):
            return self._calls(_number(self._take(), negative=True), depth)
        return Unary(sign.at, sign.text, self._unary(depth + 1))

    def _member(self, depth: int) -> Tree:
        return self._calls(self._primary(depth), depth)

    def _calls(self, tree: Tree, depth: int) -> Tree:
        while self._takes(".") is not None:
            name = self._take()
            if name.kind != "name":
                raise Refused(name.at, f"a name belongs here, not {_shown(name)}")
            if self._takes("(") is not None:
                tree = Call(name.at, name.text, (tree, *self._items(")", depth)))
            elif isinstance(tree, Name):
                tree = Name(tree.at, f"{tree.name}.{name.text}")
            else:
                raise Refused(name.at, f'nothing here has a "{name.text}"')
        return tree

    def _items(self, end: str, depth: int) -> tuple[Tree, ...]:
        items: list[Tree] = []
        if self._takes(end) is not None:
            return ()
        while True:
            items.append(self.ternary(depth + 1))
            if self._takes(",") is None:
                self._expect(end)
                return tuple(items)

    def _primary(self, depth: int) -> Tree:  # noqa: PLR0911 -- one case for each sort of value
        token = self._take()
        if token.kind in ("int", "double"):
            return _number(token, negative=False)
        if token.kind == "raw":
            return Literal(token.at, token.text[2:-1])
        if token.kind == "string":
            return Literal(token.at, _unescaped(token))
        if token.text == "(":
            inner = self.ternary(depth + 1)
            self._expect(")")
            return inner
        if token.text == "[":
            return ListOf(token.at, self._items("]", depth))
        if token.text in ("true", "false"):
            return Literal(token.at, token.text == "true")
        if token.kind == "name" and token.text != "in":
            if self._takes("(") is not None:
                return Call(token.at, token.text, self._items(")", depth))
            return Name(token.at, token.text)
        raise Refused(token.at, f"a value belongs here, not {_shown(token)}")


def _shown(token: _Token) -> str:
    return token.text if token.kind == "end" else f'"{token.text}"'


def _number(token: _Token, *, negative: bool) -> Literal:
    sign = -1 if negative else 1
    if token.kind == "double":
        return Literal(token.at, sign * float(token.text))
    value = sign * int(token.text, 16 if token.text.startswith("0x") else 10)
    if not -INT_MAX - 1 <= value <= INT_MAX:
        raise Refused(token.at, f"{token.text[:20]} is beyond 64 bits")
    return Literal(token.at, value)


def _unescaped(token: _Token) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            character = chr(int(match[1], 16))
            if "\ud800" <= character <= "\udfff":
                at = token.at + 1 + match.start()
                raise Refused(
                    at, f'"\\u{match[1]}" is half a character', "write the character itself"
                )
            return character
        known = _ESCAPES.get(match[2])
        if known is None:
            at = token.at + 1 + match.start()
            raise Refused(at, f'"\\{match[2]}" stands for nothing', "write \\\\ for a backslash")
        return known

    return _ESCAPE.sub(replaced, token.text[1:-1])
