"""Permission given beforehand: staff lets a member do once what a rule would otherwise act on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from contracts.codec import EventView
from policy.core import explain
from policy.core.conduct import PERMITS_EACH_MAX, Permit
from policy.core.explain import COMMAS, NAME_MAX, moment
from policy.core.kinds import SPEECH, EventKind
from policy.core.messages import say
from policy.core.reading import UNITS_MS, duration_ms
from policy.core.rulebook import Rulebook
from policy.core.seen import Seen
from policy.core.text.fold import fold

if TYPE_CHECKING:
    from policy.core.hits import Hit
    from policy.core.scene import Scene

TIMES_MAX: Final = 20
LENGTH_MS: Final = 7 * UNITS_MS["d"]
LENGTH_MAX_MS: Final = 90 * UNITS_MS["d"]


def permitted(thing: str, seen: Seen) -> Permit | None:
    """Return the permission under which somebody does this; None where there is none left."""
    if not thing or seen.room is None:
        return None
    own = seen.room.conduct.permits.get(seen.member, seen.now_ms) or ()
    message = _message(seen.kind, seen.event)
    for permit in own:
        is_open = permit.left > 0 and seen.now_ms < permit.until_ms
        if permit.thing == thing and (is_open or (message and message in permit.used)):
            return permit
    return None


def use(scene: "Scene", hits: Sequence["Hit"]) -> None:
    """Use up the permissions that spared somebody, and tell them; edits of a text are free."""
    seen = scene.seen
    spared = {id(hit.permit): hit for hit in hits if hit.permit is not None}
    if not spared or seen is None or scene.draft.is_removed:
        return
    message = _message(seen.kind, seen.event)
    for hit in spared.values():
        permit = hit.permit
        if permit is None or (message and message in permit.used):
            continue
        permit.left -= 1
        permit.used += [message] if message else []
        told = say(scene.language, "permit_used", thing=permit.thing, by=permit.by, n=permit.left)
        scene.draft.reply(told, effect=f"{scene.tag}permit {permit.thing}", mention=False)


def give(scene: "Scene", member: str, words: Sequence[str]) -> str:
    """Let a member do something so many times, until some time; return what to answer.

    `words` are the rest of the command, folded.
    """
    things = things_of(scene.compiled.rulebook)
    if not things:
        return say(scene.language, "permit_nothing")
    lengths = [span for span in map(duration_ms, words) if span is not None]
    times = [int(word) for word in words if word.isascii() and word.isdigit()]
    named = [thing for thing in things if fold(thing) in words]
    length_ms, n = (*lengths, LENGTH_MS)[0], (*times, 1)[0]
    several = max(len(lengths), len(times), len(named)) > 1
    unknown = len(lengths) + len(times) + len(named) < len([w for w in words if w != "for"])
    fits = 0 < length_ms <= LENGTH_MAX_MS and 0 < n <= TIMES_MAX
    if several or unknown or not fits or not (named or len(things) == 1):
        return say(scene.language, "usage_permit", things=COMMAS[scene.language].join(things))
    thing = named[0] if named else things[0]
    now_ms = scene.draft.at_ms
    by = explain.plain(scene.draft.person().name or scene.draft.person().member, NAME_MAX)
    permits = scene.room.conduct.permits
    permits.advance(now_ms)
    own = [one for one in permits.get(member, now_ms) or () if now_ms < one.until_ms]
    permit = Permit(thing, n, now_ms + length_ms, by)
    permits.put(member, [permit, *own][:PERMITS_EACH_MAX], now_ms)
    until = moment(permit.until_ms, scene.compiled.rulebook.zone)
    name = explain.plain(member, NAME_MAX)
    return say(scene.language, "permit_given", name=name, thing=thing, n=n, until=until)


def things_of(book: Rulebook) -> list[str]:
    """Return what a permission can be given for, in the order of the book."""
    return list(dict.fromkeys(rule.permit for rule in book.rules if rule.permit))


def _message(kind: EventKind, event: EventView | None) -> str:
    if event is None or kind not in SPEECH:
        return ""
    message: str = event.payload.message_id
    return message
