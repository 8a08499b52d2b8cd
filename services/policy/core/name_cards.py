"""Name cards: display names of a form such as `{number}-{name}-{occupation}`."""

import re
from dataclasses import dataclass
from typing import Final

from policy.core.text.fold import fold

NUMBER: Final = "number"
FIELDS: Final = (NUMBER, "name", "occupation", "place", "company", "text")
FORM_MAX = 100
FIELD_MAX = 40
_FIELD = re.compile(r"\{([^{}]*)\}")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Template:
    """A form of display names: literal texts between fields, one more than there are fields."""

    literals: tuple[str, ...]
    fields: tuple[str, ...]

    def fits(self, name: str, number: int) -> bool:
        """Return whether a name is of this form; its number must be that one, unless that is 0.

        A field is up to the first place where the literal after it stands, the last one up to the
        end of the name without the last literal: one pass, whatever is written.
        """
        name = " ".join(fold(name).split())
        if not name.startswith(self.literals[0]):
            return False
        at = len(self.literals[0])
        for index, field in enumerate(self.fields):
            after = self.literals[index + 1]
            last = index == len(self.fields) - 1
            end = len(name) - len(after) if last else name.find(after, at)
            if end < at or not name.startswith(after, end):
                return False
            if not _is_value(field, name[at:end].strip(), number):
                return False
            at = end + len(after)
        return True

    def shown(self, number: int) -> str:
        """Return the form as a member is told it, with their number filled in."""
        parts = [self.literals[0]]
        for field, after in zip(self.fields, self.literals[1:], strict=True):
            parts.append(f"{number}" if field == NUMBER and number else f"{{{field}}}")
            parts.append(after)
        return "".join(parts)


def _is_value(field: str, value: str, number: int) -> bool:
    if field == NUMBER:
        digits = value.isascii() and value.isdigit() and len(value) <= FIELD_MAX
        return digits and (not number or int(value) == number)
    return len(value) <= FIELD_MAX and any(character.isalpha() for character in value)


def template(written: str) -> Template | str:
    """Return the form that is written, or why it is none."""
    if len(written) > FORM_MAX:
        return f"this form is longer than {FORM_MAX} characters"
    fields = tuple(_FIELD.findall(written))
    if not fields:
        return "this form has no field"
    for field in fields:
        if field not in FIELDS:
            return f'no such field: "{field[:40]}"'
    literals = tuple(_SPACES.sub(" ", fold(part)) for part in _FIELD.split(written.strip())[::2])
    if any(not literal.strip() for literal in literals[1:-1]):
        return "two fields need something between them"
    return Template(literals, fields)
