"""What is typed to Reeve in private about a group: a command, as if it were typed there.

Whoever is muted, waits to be let in or was put out cannot speak in the group. They answer the
notice that they got; nothing else that is said in private is told to anybody.
"""

from collections.abc import Sequence
from dataclasses import replace

from contracts.values import CommandInvoked, Content
from gateway.platforms.matrix.fields import text
from gateway.platforms.matrix.rooms import Memory, Room
from gateway.platforms.matrix.source import Draft, Source
from gateway.platforms.matrix.speech import ABOUT_KEY


def told(room: Room, source: Source) -> None:
    """Note which room a notice of ours is about."""
    about = text(source.content, ABOUT_KEY)
    if about:
        room.tell(source.id, about)


def forget(room: Room, timeline: Sequence[object]) -> None:
    """Forget the notices that are about to be read again: a command before them meant others."""
    for raw in timeline if room.told else ():
        if isinstance(raw, dict):
            room.told.pop(text(raw, "event_id"), None)


def asked(
    room: Room, drafts: Sequence[Draft], memory: Memory
) -> tuple[Room, CommandInvoked] | None:
    """The group that is meant, and the command as it is about it; ``None`` where there is none.

    Meant is the group that the first word names, else that of the notice which is answered, else
    that of the newest notice. Only groups that notices were about can be named.
    """
    command = drafts[0].payload if drafts else None
    if not isinstance(command, CommandInvoked) or not room.told:
        return None
    newest = next(reversed(room.told.values()))
    group = memory.room(room.told.get(command.content.reply_to if command.content else "", newest))
    args = command.args
    for room_id in dict.fromkeys(room.told.values()):
        known = memory.room(room_id)
        if args and args[0] in (known.id, known.group):
            group, args = known, args[1:]
            break
    return group, replace(command, args=args, message_id="", content=Content(), direct=True)
