"""What is found of a rulebook: faults, for which it is refused, and warnings."""

from collections.abc import Mapping

from policy.core.document import FAULTS_MAX, Fault
from policy.core.reading import Place
from policy.core.rulebook import Reading
from policy.core.rules import Rule

NOWHERE = Place(1, 1)


class Findings:
    """Collects what is found of what was read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.places: Mapping[tuple[str, ...], Place] = reading.places
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def fault(self, rule: Rule, key: str, reason: str, suggestion: str = "") -> None:
        """Refuse a rule because of one of its keys."""
        self._add(self.faults, rule, key, reason, suggestion)

    def warning(self, rule: Rule, key: str, reason: str, suggestion: str = "") -> None:
        """Ask to look at a key of a rule again."""
        self._add(self.warnings, rule, key, reason, suggestion)

    def line(self, rule: Rule) -> str:
        """Return where a rule stands, to be named at another one."""
        place = self.places.get(("rule", rule.id, "id"), NOWHERE)
        return f"line {place.line}" + (f" of {place.within}" if place.within else "")

    def _add(self, found: list[Fault], rule: Rule, key: str, reason: str, suggestion: str) -> None:
        place = self.places.get(("rule", rule.id, key)) or self.places.get(
            ("rule", rule.id, "id"), NOWHERE
        )
        add(found, place, f"rule {rule.id}.{key}", reason, suggestion)


def add(found: list[Fault], place: Place, path: str, reason: str, suggestion: str = "") -> None:
    """Note one more, as long as there are not too many."""
    if len(found) < FAULTS_MAX:
        fault = Fault(place.line, place.column, path, reason, suggestion, place.within)
        found.append(fault)
