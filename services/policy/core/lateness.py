"""A group that cannot be judged in time is told so, and told again when that is over (N10).

Nothing looks at a clock: what was received long before something that was judged already, and what
was carried out long after it was decided, says by its own stamps how late the judge is.
"""

from contracts import ids
from contracts.values import Actor, Place, TimerSet
from policy.core.compiled import Compiled
from policy.core.effects import OWN, Draft
from policy.core.explain import length_of_time
from policy.core.messages import say
from policy.core.reading import UNITS_MS
from policy.core.state import Room
from policy.core.strain import Late, Strain

PURPOSE = "late"
CALM_MS = 5 * UNITS_MS["m"]  # so long nothing may be late before it is over
TOLD_EVERY_MS = UNITS_MS["h"]


def heed(draft: Draft, room: Room, compiled: Compiled, late_ms: int) -> None:
    """Take note that something may be late by so much; tell the group, once until it is over."""
    late, strain, language = compiled.rulebook.late, room.strain, compiled.rulebook.language
    if late is None or late_ms < late.after_ms:
        return
    strain.last_ms = draft.at_ms
    if strain.timer:
        return
    _wait(draft, strain)
    strain.is_told = draft.at_ms - strain.told_ms >= TOLD_EVERY_MS or not strain.told_ms
    if strain.is_told:
        strain.told_ms = draft.at_ms
        span = length_of_time(language, late_ms // UNITS_MS["m"] * UNITS_MS["m"] or late_ms)
        _say(draft, late, say(language, "judged_late", span=span))


def look_again(draft: Draft, room: Room, compiled: Compiled, late_ms: int) -> None:
    """When some time has passed: it is over where nothing was late meanwhile, not even this."""
    late, strain, language = compiled.rulebook.late, room.strain, compiled.rulebook.language
    strain.timer = ""
    if late is None:
        return
    if late_ms >= late.after_ms or draft.at_ms - strain.last_ms < CALM_MS:
        _wait(draft, strain)
    elif strain.is_told:
        _say(draft, late, say(language, "judged_in_time"))


def _wait(draft: Draft, strain: Strain) -> None:
    strain.timer = ids.timer_id(draft.view.id, OWN, PURPOSE)
    due_ms = draft.at_ms + CALM_MS
    draft.timers.append(TimerSet(id=strain.timer, purpose=PURPOSE, due_ms=due_ms))


def _say(draft: Draft, late: Late, told: str) -> None:
    held = draft.place, draft.subject
    draft.place = Place(channel=late.channel) if late.channel else draft.place
    draft.subject = Actor()
    draft.announce(told, effect=PURPOSE)
    draft.place, draft.subject = held
