"""A rule that holds of what is seen."""

from dataclasses import dataclass

from policy.core.compiled import CompiledRule
from policy.core.conduct import Permit
from policy.core.consequences import Consequences
from policy.core.seen import Clue


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, and why. `exempt` says why it does not act, where it does not.

    `stale`: the rule counts, and has acted on most of what it counted here already; then it goes on
    deleting, and does not punish once more. `permit` is what spared somebody, where staff did.
    """

    rule: CompiledRule
    then: Consequences
    clues: tuple[Clue, ...]
    exempt: str = ""
    stale: bool = False
    permit: Permit | None = None
