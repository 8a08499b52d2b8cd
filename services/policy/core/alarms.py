"""What happens when a timer of a group is due: a review, a floor, an appeal, the clock, calm."""

from contracts.codec import EventView
from contracts.values import Actor
from policy.core import floor
from policy.core.acts.review import rings
from policy.core.appeals import APPEAL, remind, waiting
from policy.core.happenings import NO_CONTENT
from policy.core.lateness import heed, look_again
from policy.core.noticing import wind
from policy.core.sanctions import judge
from policy.core.scene import Scene
from policy.core.seen import Seen
from policy.core.state import Room


def book_of(room: Room, view: EventView, in_force: str) -> str:
    """Return the rulebook under which a timer rings; "" where nobody waits for it."""
    due = view.timer_due
    held = room.conduct.held.get(due.subject_id)
    if held is not None and due.timer_id in (held.timer, held.reminder):
        return held.rulebook
    taken = room.conduct.floors.get(due.subject_id)
    waits = taken is not None and taken.timer == due.timer_id
    waits = waits or (due.purpose == APPEAL and waiting(room, due.timer_id) is not None)
    own = (room.clock.timer, room.strain.timer)
    return in_force if waits or due.timer_id in own else ""


def ring(scene: Scene, view: EventView) -> None:
    """End a review that nobody decided, or a floor; remind the staff; let the clock strike."""
    due, room = view.timer_due, scene.room
    late_ms = view.received_ms - due.due_ms if due.due_ms else 0
    if room.strain.timer == due.timer_id:
        look_again(scene.draft, room, scene.compiled, late_ms)
        return
    heed(scene.draft, room, scene.compiled, late_ms)
    held = room.conduct.held.get(due.subject_id)
    if room.clock.timer == due.timer_id:
        strike(scene, view)
    elif held is not None and due.timer_id in (held.timer, held.reminder):
        rings(scene, held, due.timer_id)
    elif due.purpose == APPEAL:
        filed = waiting(room, due.timer_id)
        assert filed is not None, "somebody waits for it"
        remind(scene, filed)
    else:
        floor.end(scene, due.subject_id)


def strike(scene: Scene, view: EventView) -> None:
    """Let the rules look that wait for this minute, however late it is, and wind the clock up."""
    draft, compiled, clock = scene.draft, scene.compiled, scene.room.clock
    draft.subject = Actor()
    seen = Seen(
        "clock",
        NO_CONTENT,
        Actor(),
        now_ms=clock.due_ms,
        automaton=compiled.automaton,
        text="",
        event=view,
        room=scene.room,
    )
    clock.book, clock.timer, clock.due_ms = "", "", 0
    if compiled.counted.clock is not None:
        wind(draft, clock, compiled.counted.clock)
    scene.follow(scene, judge(compiled, seen))
