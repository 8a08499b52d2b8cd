"""The reference of conditions, from what each kind says of itself."""

from collections.abc import Iterator
from typing import Any

from policy.core.conditions import CONDITIONS
from policy.core.conditions.kind import Kind
from policy.core.surfaces import SURFACES
from policy.core.text.views import KINDS as KINDS_OF_VIEW

MARK = (
    "<!-- What follows is written by `python -m reeve.reference` from the code; "
    "do not edit it. -->\n"
)
"""What stands before it on the page is written by hand."""

VIEWS = """
Instead of the list of `words` or `pattern`, a mapping: `any` is the list.
`disguises` is `strict` (the folded text alone), `normal`, or `loose`: any gap between Chinese
characters is a disguise then, and what is only guessed counts: pinyin, homophones, and words of
which the first letter and the length are left (`f***`, `傻*`).
`views` names the views that count beside the folded text: {views}.
`in` names the surfaces that are looked at, all but the author's name by default:

| surface | what stands there |
| --- | --- |
"""

TABLE = """
| condition | value | where there is nothing to look at | cost |
| --- | --- | --- | --- |
"""


def render_conditions(page: str) -> str:
    """Return the page anew: its own words, surfaces, a table of conditions, and their sections."""
    head = page.partition(MARK)[0]
    views = ", ".join(f"`{view}`" for view in KINDS_OF_VIEW)
    surfaces = "".join(f"| `{name}` | {told} |\n" for name, told in SURFACES.items())
    rows = "".join(_row(kind) for kind in CONDITIONS.values())
    sections = "".join("\n".join(_section(kind)) for kind in CONDITIONS.values())
    return "".join([head, MARK, VIEWS.format(views=views), surfaces, TABLE, rows, sections])


def _row(kind: Kind[Any]) -> str:
    about = kind.about
    value, absent = (text.replace("|", "\\|") for text in (about.value, about.absent))
    return f"| [`{kind.name}`](#{kind.name}) | {value} | {absent} | {_cost(kind)} |\n"


def _section(kind: Kind[Any]) -> Iterator[str]:
    about = kind.about
    yield f"\n## `{kind.name}`\n"
    yield about.summary
    yield f"Value: {about.value}."
    yield from about.notes
    yield f"{about.absent} Cost: {_cost(kind)}."
    yield f"\n```yaml\n{about.example}\n```\n"


def _cost(kind: Kind[Any]) -> str:
    return f"{kind.cost_us:g} µs"
