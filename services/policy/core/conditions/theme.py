"""How far what is said keeps to the theme that the charter names."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import NUMBERS, Range, read_numbers, schema
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.seen import Clue, ClueKind, Seen
from policy.core.theme import FULL, Theme, scorer_of


@dataclass(frozen=True, slots=True)
class OnTheme(Condition):
    """The score of the text against the theme is in this range."""

    range: Range
    theme: Theme


def _read_theme(source: Source, node: Node, path: str) -> Condition | None:
    found = read_numbers(source, node, path)
    if source.theme is None:
        hint = "write words or examples under `charter: {theme: …}`"
        source.reader.fault(node, path, "this book's charter names no theme", hint)
        return None
    return None if found is None else OnTheme(found, source.theme)


def _check_theme(_checks: Checks, condition: OnTheme) -> Check:
    scorer, wanted = scorer_of(condition.theme), condition.range
    kind: ClueKind = wanted.clue("theme")  # type: ignore[assignment] # one of two

    def score(seen: Seen) -> int | None:
        return scorer.score(seen.look.folded, (link.host for link in seen.links))

    def holds(seen: Seen) -> bool:
        found = score(seen)
        return found is not None and wanted.has(found)

    return Check(Ask(holds), lambda seen: [Clue(kind, count=score(seen) or 0, limit=wanted.bound)])


KINDS: Final = (
    Kind(
        name="theme",
        read=_read_theme,
        check=_check_theme,
        type=OnTheme,
        cost_us=15.0,
        about=About(
            summary=(
                "How far the text keeps to the theme of the [charter](rulebook.md#charter), from "
                "0 (not at all) to 100."
            ),
            value="a mapping of `at_least` and `below`, each a number",
            absent="Of texts of fewer than three words or pairs of characters none holds.",
            example="theme: {below: 20}",
            notes=(
                (
                    "A listed word or host, or what stands in the example messages oftener than in "
                    "ordinary talk, counts, against the length of the text."
                ),
                (
                    "A score advises: a rule that looks at nothing else may remind, say something "
                    "or nudge a host, and is refused if it does more."
                ),
            ),
        ),
        schema=schema(NUMBERS, {"type": "integer", "minimum": 0, "maximum": FULL}),
    ),
)
