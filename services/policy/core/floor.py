"""The floor: for a while only speakers and hosts post in a channel; the rest become questions."""

from collections.abc import Collection, Sequence
from typing import Final

from contracts import ids
from contracts.values import Actor, DeleteMessage, TimerSet
from policy.core import explain
from policy.core.addresses import address_of
from policy.core.conduct import (
    FLOORS_MAX,
    QUESTIONS_MAX,
    SAID_MAX,
    SPEAKERS_MAX,
    Floor,
    Question,
    Said,
)
from policy.core.effects import OWN, SAFETY
from policy.core.explain import COMMAS, NAME_MAX, length_of_time, moment
from policy.core.messages import say
from policy.core.reading import UNITS_MS, duration_ms
from policy.core.sanctions import exemption
from policy.core.scene import Scene
from policy.core.seen import Seen
from policy.core.state import Room
from policy.core.text.fold import fold

NAMES: Final = {
    "floor": "floor", "讲台": "floor", "话筒": "floor", "只看老师": "words", "只看嘉宾": "words",
}  # fmt: skip
WORDS: Final = frozenset(("words", "回看"))
ENDS: Final = frozenset(("end", "结束", "stop"))
LENGTH_MS: Final = 60 * UNITS_MS["m"]
LENGTH_MAX_MS: Final = UNITS_MS["d"]
QUESTION_MAX: Final = 300
SAID_SHOWN_MAX: Final = 120
PAGE: Final = 20


def is_host(scene: Scene, seen: Seen) -> bool:
    """Return whether somebody may give the floor, and speaks whoever has it."""
    book = scene.compiled.rulebook
    return bool(exemption(book.hosts, seen) or exemption(book.staff, seen))


def asked(scene: Scene, args: Sequence[str]) -> str:
    """Do what is asked about the floor; return what to answer."""
    if args and fold(args[0]) in WORDS:
        return words(scene, args[1:])
    return run(scene, args)


def run(scene: Scene, args: Sequence[str]) -> str:
    """Give the floor, or end it; return what to answer."""
    if scene.seen is None or not is_host(scene, scene.seen):
        return say(scene.language, "not_host")
    channel = scene.draft.person().channel
    floors = scene.room.conduct.floors
    if args and fold(args[0]) in ENDS:
        floor = floors.get(channel)
        if floor is None:
            return say(scene.language, "floor_none")
        scene.draft.cancelled.append(floor.timer)
        end(scene, channel)
        return ""
    speakers = [word for word in args if duration_ms(word) is None][:SPEAKERS_MAX]
    lengths = [duration_ms(word) for word in args if duration_ms(word) is not None]
    length_ms = lengths[0] if lengths else LENGTH_MS
    is_wrong = length_ms is None or not UNITS_MS["s"] <= length_ms <= LENGTH_MAX_MS
    if not speakers or len(lengths) > 1 or is_wrong or length_ms is None:
        return say(scene.language, "usage_floor")
    if channel in floors:
        scene.draft.cancelled.append(floors[channel].timer)
        end(scene, channel)
    elif len(floors) >= FLOORS_MAX:
        return say(scene.language, "floor_many")
    _give(scene, channel, speakers, length_ms)
    return ""


def _give(scene: Scene, channel: str, speakers: list[str], length_ms: int) -> None:
    draft = scene.draft
    until_ms = draft.at_ms + length_ms
    timer = ids.timer_id(draft.view.id, OWN, "floor")
    draft.timers.append(TimerSet(id=timer, purpose="floor", subject_id=channel, due_ms=until_ms))
    names = [explain.plain(_name(scene, speaker), NAME_MAX) for speaker in speakers]
    scene.room.conduct.floors[channel] = Floor(
        timer=timer,
        host=draft.person(),
        speakers=speakers,
        names=names,
        until_ms=until_ms,
        event_id=draft.view.id,
    )
    told = say(
        scene.language,
        "floor_given",
        names=COMMAS[scene.language].join(names),
        length=length_of_time(scene.language, length_ms),
        until=moment(until_ms, scene.compiled.rulebook.zone),
    )
    draft.announce(told, effect="floor")


def _name(scene: Scene, member: str) -> str:
    record = scene.room.members.find(member, scene.draft.at_ms)
    known = record.profile.name if record is not None else ""
    return known or member.removeprefix("@").partition(":")[0]


def follow(scene: Scene) -> None:
    """Keep what is out of turn as a question, and note what a speaker says."""
    (_keep if asks(scene) else _note)(scene)


def asks(scene: Scene) -> bool:
    """Return whether a message is out of turn, since somebody else has the floor."""
    seen = scene.seen
    if seen is None or seen.kind not in ("message", "edit") or not scene.room.conduct.floors:
        return False
    floor = scene.room.conduct.floors.get(scene.draft.person().channel)
    return floor is not None and not (
        floor.is_held_by(seen.member, seen.actor.display_name) or is_host(scene, seen)
    )


def _keep(scene: Scene) -> None:
    """Take a message out of turn away, and keep it as a question."""
    draft, seen = scene.draft, scene.seen
    assert seen is not None, "somebody spoke"
    if draft.is_removed:
        return  # what a rule takes away is no question
    draft.act(
        DeleteMessage(message_id=draft.message_id),
        effect="floor",
        reason=say(scene.language, "floor_reason"),
        priority=SAFETY,
    )
    floor = scene.room.conduct.floors[draft.person().channel]
    text = explain.plain(scene.text, QUESTION_MAX)
    if seen.kind == "edit" or not text:
        return
    if len(floor.questions) >= QUESTIONS_MAX:
        floor.more += 1
        return
    name = explain.plain(draft.person().name or seen.member, NAME_MAX)
    floor.questions.append(Question(name, text))


def _note(scene: Scene) -> None:
    """Note what a speaker said, so that it can be read alone; an edit replaces what it edits."""
    draft, seen = scene.draft, scene.seen
    floor = scene.room.conduct.floors.get(draft.person().channel)
    if floor is None or seen is None or seen.kind not in ("message", "edit") or draft.is_removed:
        return
    if not floor.is_held_by(seen.member, seen.actor.display_name):
        return
    text = explain.plain(scene.text, SAID_SHOWN_MAX)
    known = next((one for one in floor.said if one.message_id == draft.message_id), None)
    if known is not None:
        known.text = text
    elif seen.kind == "edit":
        return
    elif len(floor.said) < SAID_MAX:
        floor.said.append(Said(draft.message_id, text))
    else:
        floor.unsaid += 1


def forget(room: Room, gone: Collection[str]) -> None:
    """Forget what was taken away: nobody reads it here either."""
    for floors in (room.conduct.floors, room.conduct.heard):
        for floor in floors.values():
            floor.said = [one for one in floor.said if one.message_id not in gone]


def words(scene: Scene, args: Sequence[str]) -> str:
    """Return what the speakers said and nothing else: of the floor that runs, or the last one."""
    place = scene.draft.person()
    conduct, language = scene.room.conduct, scene.language
    floor = conduct.floors.get(place.channel) or conduct.heard.get(place.channel)
    if floor is None or not floor.said:
        return say(language, "words_none")
    pages = -(-len(floor.said) // PAGE)
    page = int(args[0]) if args and args[0].isascii() and args[0].isdigit() else 1
    first = PAGE * (min(max(page, 1), pages) - 1)
    lines = [say(language, "words", names=COMMAS[language].join(floor.names), n=len(floor.said))]
    for number, one in enumerate(floor.said[first : first + PAGE], first + 1):
        where = address_of(scene.draft.event, place.channel, one.message_id)
        lines.append(say(language, "words_line", number=number, text=one.text, link=where))
    if first + PAGE < len(floor.said):
        lines.append(say(language, "words_next", page=first // PAGE + 2, pages=pages))
    elif floor.unsaid:
        lines.append(say(language, "floor_unsaid", n=floor.unsaid))
    return "\n".join(lines)


def end(scene: Scene, channel: str) -> None:
    """Give the channel back to all, and list what was asked."""
    conduct = scene.room.conduct
    floor = conduct.floors.pop(channel)
    conduct.heard.pop(channel, None)
    if len(conduct.heard) >= FLOORS_MAX:
        del conduct.heard[min(conduct.heard, key=lambda one: (conduct.heard[one].until_ms, one))]
    conduct.heard[channel] = floor
    language = scene.language
    lines = [say(language, "floor_ended", names=COMMAS[language].join(floor.names))]
    lines += [
        say(language, "floor_question", name=one.name, text=one.text) for one in floor.questions
    ]
    if floor.more:
        lines.append(say(language, "floor_more", n=floor.more))
    if floor.said:
        lines.append(say(language, "floor_words", n=len(floor.said)))
    with scene.about(floor.host, scene.compiled, f"{floor.timer} ", always=True) as then:
        then.draft.subject = Actor()
        then.draft.announce("\n".join(lines), effect=f"{then.tag}floor")
