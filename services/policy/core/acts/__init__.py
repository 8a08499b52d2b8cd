"""How consequences are carried out: a function for each type that is not merged with others.

Sanctions, removal and points are, so `carry_out` knows them itself. To add another, add its type
and function to the `ACTS` of a family, or a family here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from policy.core.acts import (
    doors,
    expectations,
    harvest,
    liability,
    members,
    review,
    rewards,
    speech,
)
from policy.core.consequences import Effect
from policy.core.hits import Hit
from policy.core.scene import Scene

Act = Callable[[Scene, Hit, Any], None]

_FAMILIES = (speech, review, expectations, members, doors, liability, harvest, rewards)
ACTS: Final[Mapping[type[Effect], Act]] = {
    effect: act for family in _FAMILIES for effect, act in family.ACTS.items()
}
