"""Which member a command names: by mention, by id, or by the name that is shown."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from policy.core.called import plain_name
from policy.core.scene import Scene

WORDS_MAX: Final = 6  # of a name that is written without quotation marks


class Named(NamedTuple):
    """The id of whom a command names, and the words behind; `is_unclear`: several are called so."""

    member: str
    rest: Sequence[str]
    is_unclear: bool = False


def named(scene: Scene, args: Sequence[str]) -> Named:
    """Return whom the first words of a command name; of whom nobody knows the word is the id.

    A mention says it without a doubt; its words in the text are passed over.
    """
    if not args:
        return Named("", ())
    mentions = scene.seen.content.mentions if scene.seen is not None else ()
    if len(mentions) == 1:
        member: str = mentions[0]
        return Named(member, args[_words_of(scene, member, args) :])
    people = scene.room.members.people
    if args[0] in people.young or args[0] in people.old:
        return Named(args[0], args[1:])
    for length in range(min(WORDS_MAX, len(args)), 0, -1):
        found = scene.room.members.called_so(plain_name(args[:length]))
        if found:
            member = found[0] if len(found) == 1 else ""
            return Named(member, args[length:], is_unclear=len(found) > 1)
    bare = args[0].strip("<@!>") if args[0].startswith("<@") else args[0]
    return Named(bare, args[1:])


def _words_of(scene: Scene, member: str, args: Sequence[str]) -> int:
    """Return how many words of a command are the mention of a member, as clients write it."""
    record = scene.room.members.find(member, scene.draft.at_ms)
    name = record.profile.name if record is not None else ""
    words = len(name.split())
    return words if words and plain_name(args[:words]) == plain_name(name.split()) else 1
