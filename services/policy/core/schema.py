"""The JSON Schema of a rulebook, for editors: made from the registries, so that it knows them all.

It knows forms and names, not meanings: what it accepts may still be refused by `reeve check`. YAML
1.2 takes `5` and `true` for no texts, and a rulebook does; so a text may be any scalar here.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from policy.core.charter import CHARTER_KEYS, THEME_KEYS
from policy.core.conditions import CONDITIONS
from policy.core.conditions.kind import LIST_KINDS
from policy.core.consequences import KINDS
from policy.core.consequences.kind import DURATION_SCHEMA, Kind
from policy.core.consequences.sanctions import POINTS_MAX, SANCTIONS
from policy.core.consequences.wanted import WANTED_SCHEMAS
from policy.core.cost import BUDGET_MAX_US
from policy.core.document import REFERENCE
from policy.core.examples import (
    AMOUNT_MAX,
    AUTHOR_KEYS,
    DAYS,
    ONE_KEYS,
    SHARES_MAX,
    TIMES_MAX,
)
from policy.core.examples import KINDS as DONE_KINDS
from policy.core.holidays import CALENDARS
from policy.core.invariants import NEVER, SIGNALS_MAX
from policy.core.keeping import VOTES_MOST
from policy.core.kinds import EVENT_KINDS
from policy.core.parameters import NAME, TYPES
from policy.core.reading import ID_MAX
from policy.core.rulebook import KEYS
from policy.core.rules import FAILURES, RULE_KEYS
from policy.core.tiers import (
    CONTRIBUTION_MAX,
    MEMBER_KEYS,
    NAME_MAX,
    NUMBER_MAX,
    TIER_KEYS,
    TIERS_MAX,
)

Schema = dict[str, Any]
_SCALARS: Final = ("string", "number", "boolean")
_TEXT: Final[Schema] = {"type": list(_SCALARS)}
_DURATION: Final[Schema] = {"$ref": "#/$defs/duration"}
_CONDITION: Final[Schema] = {"$ref": "#/$defs/condition"}
_CONSEQUENCES: Final[Schema] = {"$ref": "#/$defs/consequences"}
_WORDING: Final[Schema] = {"$ref": "#/$defs/wording"}
_HASH: Final[Schema] = {"type": "string", "pattern": r"^\s*[0-9A-Fa-f]{64}\s*$|\$\{"}
_USE: Final[Schema] = {"type": "string", "pattern": r"\$\{"}
_SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
_NOTHING: Final = (None, True, "", "true")  # after the name of what takes no value
_ID: Final[Schema] = {"type": ["string", "integer"], "maxLength": ID_MAX}


def schema_text() -> str:
    """Return the schema as the file that is committed."""
    return json.dumps(rulebook_schema(), indent=1, ensure_ascii=False) + "\n"


def rulebook_schema() -> Schema:
    """Return the schema of a whole rulebook."""
    return {
        "$schema": _SCHEMA,
        "title": "Reeve rulebook",
        **_mapping(_top(), ("name", "language")),
        "anyOf": [{"required": [key]} for key in ("rules", "lists", "include")],
        "$defs": {
            "duration": _usable(DURATION_SCHEMA, inside=False),
            "wording": {"anyOf": [_TEXT, _mapping({"en": _TEXT, "zh": _TEXT})]},
            "condition": _conditions(),
            "consequences": _consequences(),
            "wanted": _mapping(_properties(WANTED_SCHEMAS), least=1),
            "rule": _rule(),
            "example": _example(),
            "ladder": _ladder(),
            "exempt": _exempt(),
        },
    }


def _top() -> Schema:
    return {
        **{key: {} for key in KEYS},
        "name": _TEXT,
        "language": {"enum": ["en", "zh"]},
        "timezone": _TEXT,
        "tell": {"enum": ["room", "private"]},
        "include": _several(_included()),
        "parameters": _named(_parameter(), NAME.pattern),
        "lists": _named(_mapping(_lists(), least=1, most=1)),
        **{key: {"$ref": "#/$defs/exempt"} for key in ("exempt", "staff", "hosts")},
        "ladder": {"$ref": "#/$defs/ladder"},
        "ladders": _named({"$ref": "#/$defs/ladder"}),
        "packets": _mapping(
            {
                "asset": _TEXT,
                "lifetime": _DURATION,
                "mode": _choice(("lucky", "equal")),
                "amount_max": _number(1, 10**12),
                "shares_max": _number(1, 10_000),
            }
        ),
        "members": _members(),
        "tiers": {"type": "array", "items": _tier(), "maxItems": TIERS_MAX},
        "holidays": _holidays(),
        "budget_us": _number(1, BUDGET_MAX_US),
        "charter": _charter(),
        "keep": _mapping({"votes": _number(1, VOTES_MOST), "reactions": _several(_TEXT)}),
        "appeals": _mapping({"within": _DURATION, "channel": _TEXT}),
        "late": _mapping({"after": _DURATION, "channel": _TEXT}),
        "answers": _mapping({"by": {"anyOf": [{"const": "staff"}, _CONDITION]}}, ("by",)),
        "invariants": _several(_invariant()),
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
    }


def _lists() -> Schema:
    """Return what each kind of list holds."""
    return {kind: _several(_HASH if kind == "hashes" else _TEXT) for kind in LIST_KINDS}


def _charter() -> Schema:
    theme = _mapping({key: _several(_TEXT) for key in THEME_KEYS}, least=1)
    keys = {"about": _WORDING, "audience": _WORDING, "theme": theme}
    return _mapping({key: keys[key] for key in CHARTER_KEYS})


def _rule() -> Schema:
    keys = {
        **{key: {} for key in RULE_KEYS},
        "id": _ID,
        "why": _WORDING,
        "kinds": _several(_choice(EVENT_KINDS)),
        "exempt": {"$ref": "#/$defs/exempt"},
        "when": _CONDITION,
        "unless": _CONDITION,
        "then": _CONSEQUENCES,
        "otherwise": _CONSEQUENCES,
        "fulfilled": _CONSEQUENCES,
        "failure": _choice(FAILURES),
        "permit": _ID,
        "examples": _mapping({key: _several({"$ref": "#/$defs/example"}) for key in _MATCHES}),
    }
    return _mapping(keys, ("id", "why", "then"))


_MATCHES: Final = ("match", "no_match")


def _conditions() -> Schema:
    properties = {
        name: {"description": kind.about.summary, **_usable(kind.schema)}
        for name, kind in CONDITIONS.items()
    }
    return _mapping(properties, least=1)


def _consequences() -> Schema:
    alone = [name for name, kind in KINDS.items() if kind.value != "needed"]
    properties = {
        name: {"description": kind.about.summary, **_value(kind)} for name, kind in KINDS.items()
    }
    return _several({"anyOf": [_choice(alone), _mapping(properties, least=1)]})


def _value(kind: Kind) -> Schema:
    """Return what may follow a consequence's name, where it is the key of a mapping."""
    if kind.value == "none":
        return {"enum": [*_NOTHING]}
    found: Schema = _usable(kind.schema)
    return {"anyOf": [{"enum": [*_NOTHING]}, found]} if kind.value == "optional" else found


def _members() -> Schema:
    keys = {"contribution": _number(1, CONTRIBUTION_MAX), "numbers_from": _number(1, NUMBER_MAX)}
    return _mapping({key: keys[key] for key in MEMBER_KEYS})


def _tier() -> Schema:
    keys = {
        "name": {**_TEXT, "maxLength": NAME_MAX},
        "when": _CONDITION,
        "keep": _CONDITION,
        "roles": _several(_TEXT),
        "packets": _choice(("yes", "no")),
        "announce": _WORDING,
    }
    return _mapping({key: keys[key] for key in TIER_KEYS}, ("name",))


def _holidays() -> Schema:
    day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    written = {"type": "string", "pattern": rf"^{day}(\.\.{day})?$"}
    days = _several({"anyOf": [written, _choice(CALENDARS)]})
    return {"anyOf": [*days["anyOf"], _mapping({"off": days, "work": days})]}


def _example() -> Schema:
    author = {
        **dict.fromkeys(("id", "name", "tier"), _TEXT),
        "roles": _several(_TEXT),
        "power": {"type": "integer"},
        **dict.fromkeys(("joined", "account"), _DURATION),
    }
    done = {
        **dict.fromkeys(("text", "html", "asset"), _TEXT),
        "amount": _number(1, AMOUNT_MAX),
        "shares": _number(1, SHARES_MAX),
        "kind": _choice(DONE_KINDS),
        "author": _mapping({key: author[key] for key in AUTHOR_KEYS}),
        "on": {"type": "string", "pattern": f"^({'|'.join(DAYS)}) [0-2][0-9]:[0-5][0-9]$"},
        **dict.fromkeys(("at", "every"), _DURATION),
        "times": _number(1, TIMES_MAX),
        "attached": _several(_TEXT),
        "reply": {"enum": [True, False, "true", "false"]},
        "setting": _choice(("name", "topic", "avatar", "pinned")),
    }
    one = _mapping({key: done[key] for key in ONE_KEYS}, least=1)
    several = _mapping({"messages": _several({"anyOf": [_TEXT, one]})}, ("messages",))
    return {"anyOf": [_TEXT, one, several]}


def _ladder() -> Schema:
    decay = {"points": _number(1, POINTS_MAX), "every": _DURATION}
    repeat = {"add": _number(1, POINTS_MAX), "within": _DURATION, "most": _number(1, 100)}
    step = {"at": _number(1, POINTS_MAX), "do": _choice(SANCTIONS), "for": _DURATION}
    return _mapping(
        {
            "decay": _mapping(decay, tuple(decay)),
            "repeat": _mapping(repeat, ("add", "within")),
            "steps": _several(_mapping(step, ("at", "do"))),
        },
        ("steps",),
    )


def _exempt() -> Schema:
    keys = {"roles": _several(_TEXT), "power": _number(1, 1 << 53), "members": _several(_TEXT)}
    return {"anyOf": [{"const": "nobody"}, _mapping(keys)]}


def _included() -> Schema:
    name = {"type": "string", "pattern": f"^(?:{REFERENCE.pattern})$"}
    ids = _several(_TEXT)
    keys = {
        "from": name,
        "with": _named({"type": [*_SCALARS, "array"]}, NAME.pattern),
        "only": ids,
        "without": ids,
    }
    return {"anyOf": [name, _mapping(keys, ("from",))]}


def _parameter() -> Schema:
    value = {"type": [*_SCALARS, "array"]}
    keys = {"type": _choice(TYPES), "why": _TEXT}
    bound = {
        "anyOf": [{"type": "integer"}, {"type": "string", "pattern": DURATION_SCHEMA["pattern"]}]
    }
    one = {**keys, "default": _TEXT, "min": bound, "max": bound}
    several = {**keys, "default": {"type": "array"}}
    return {"anyOf": [value, *(_mapping(each, ("default",)) for each in (one, several))]}


def _invariant() -> Schema:
    keys = {
        "why": _TEXT,
        "never": _several(_choice(NEVER)),
        "where": _CONDITION,
        "fewer_signals_than": _number(2, SIGNALS_MAX),
    }
    return _mapping(keys, ("why", "never"))


def _mapping(
    properties: Mapping[str, Any], required: Iterable[str] = (), *, least: int = 0, most: int = 0
) -> Schema:
    found: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    needed = list(required)
    bounds = {"required": needed, "minProperties": least, "maxProperties": most}
    return found | {key: value for key, value in bounds.items() if value}


def _named(value: Schema, pattern: str = r"[^\s]+") -> Schema:
    names = {"pattern": f"^(?:{pattern})$", "maxLength": ID_MAX}
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def _several(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _choice(words: Iterable[str]) -> Schema:
    return {"anyOf": [{"enum": list(words)}, _USE]}


def _number(low: int, high: int) -> Schema:
    return {"anyOf": [{"type": "integer", "minimum": low, "maximum": high}, _USE]}


def _usable(schema: Any, *, inside: bool = True) -> Any:  # noqa: ANN401 -- a schema, or part of one
    """Return a schema that takes `${name}` for every value, and any scalar for a text."""
    if isinstance(schema, list):
        return [_usable(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if schema.get("type") == "string" and inside and "pattern" not in schema:
        return {"type": list(_SCALARS)}
    # A value and a parameter in its place may both fit.
    found = {
        "anyOf" if key == "oneOf" else key: _properties(value)
        if key == "properties"
        else _usable(value)
        for key, value in schema.items()
    }
    is_value = schema.get("type") in ("integer", "number", "boolean", "array") or (
        "enum" in schema or "pattern" in schema or "const" in schema
    )
    return {"anyOf": [found, _USE]} if is_value else found


def _properties(properties: Mapping[str, Any]) -> Schema:
    return {key: _usable(value) for key, value in properties.items()}
