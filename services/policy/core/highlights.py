"""What is worth keeping: messages that staff or enough members keep, and how they are listed."""

from collections.abc import Collection, Sequence
from typing import Final

from contracts.values import Harvested, Origin
from policy.core import explain
from policy.core.addresses import address_of
from policy.core.compiled import Compiled
from policy.core.explain import NAME_MAX
from policy.core.floor import is_host
from policy.core.harvest import HIGHLIGHTS_MAX, Harvest, Highlight, Saying
from policy.core.messages import say
from policy.core.scene import Scene
from policy.core.seen import Seen
from policy.core.state import Room

NAMES: Final = {
    "keep": "keep", "收藏": "keep", "加精": "keep",
    "unkeep": "unkeep", "取消收藏": "unkeep", "取消加精": "unkeep",
    "kept": "kept", "精华": "kept",
}  # fmt: skip
KIND: Final = "highlight"
TEXT_MAX: Final = 200
LISTED_MAX: Final = 10
SHOWN_MAX: Final = 120


def remember(harvest: Harvest, seen: Seen) -> None:
    """Keep what was just said for some days, so that it can be kept for good."""
    event = seen.event
    assert event is not None, "somebody spoke"
    message: str = event.payload.message_id
    harvest.said.advance(seen.now_ms)
    known = harvest.said.get(message, seen.now_ms)
    if seen.kind == "edit" and known is None:
        return
    names = [one.name for one in seen.content.attachments if one.name]
    text = explain.plain(seen.look.original or " ".join(names), TEXT_MAX)
    name = explain.plain(seen.actor.display_name or seen.member, NAME_MAX)
    harvest.said.put(message, Saying(seen.member, name, event.place.channel, text), seen.now_ms)


def starred(compiled: Compiled, room: Room, seen: Seen) -> Highlight | None:
    """Return what a reaction makes a highlight, if it does."""
    keep, event = compiled.rulebook.keep, seen.event
    assert event is not None, "somebody reacted"
    if keep is None or event.origin in (Origin.BACKFILLED, Origin.REPLAYED):
        return None
    fact = event.reaction_added
    if fact.key not in keep.reactions or not seen.member:
        return None
    votes = vote(room.harvest, fact.message_id, seen.member, seen.now_ms, keep.votes)
    if votes < keep.votes:
        return None
    return _made(room.harvest, fact.message_id, seen.now_ms, by="", votes=votes)


def vote(harvest: Harvest, message: str, member: str, now_ms: int, enough: int) -> int:
    """Count who wants a message kept, nobody twice and not who wrote it; return how many do."""
    harvest.said.advance(now_ms)
    said = harvest.said.get(message, now_ms)
    if said is None:
        return 0
    harvest.votes.advance(now_ms)
    voters = harvest.votes.get(message, now_ms)
    if voters is None:
        voters = []
        harvest.votes.put(message, voters, now_ms)
    if member not in voters and member != said.member and len(voters) < enough:
        voters.append(member)
    return len(voters)


def _made(harvest: Harvest, message: str, now_ms: int, *, by: str, votes: int) -> Highlight | None:
    """Make a message a highlight; None: it is one already, or nobody remembers it."""
    said = harvest.said.get(message, now_ms)
    if said is None or any(one.message_id == message for one in harvest.highlights):
        return None
    harvest.number += 1
    found = Highlight(message, said, harvest.number, now_ms, by, votes)
    harvest.highlights.append(found)
    del harvest.highlights[:-HIGHLIGHTS_MAX]
    return found


def tell(scene: Scene, kept: Highlight) -> None:
    """Say that a message is a highlight from now on, and have it archived."""
    said = kept.said
    scene.draft.harvested.append(
        Harvested(
            kind=KIND,
            key=kept.message_id,
            text=said.text,
            member=said.member,
            name=said.name,
            by=kept.by,
            channel=said.channel,
            source=address_of(scene.draft.event, said.channel, kept.message_id),
        )
    )
    text = explain.plain(said.text, SHOWN_MAX)
    scene.draft.announce(say(scene.language, "kept", name=said.name, text=text), effect="kept")


def keep(scene: Scene, _args: Sequence[str]) -> str:
    """Keep the message that is replied to, or count one more who wants it; return the answer."""
    book, seen, harvest = scene.compiled.rulebook.keep, scene.seen, scene.room.harvest
    if book is None or seen is None:
        return say(scene.language, "keep_off")
    message, now_ms = seen.content.reply_to, scene.draft.at_ms
    if not message:
        return say(scene.language, "usage_keep")
    if any(one.message_id == message for one in harvest.highlights):
        return say(scene.language, "kept_before")
    votes = vote(harvest, message, seen.member, now_ms, book.votes)
    alone = is_host(scene, seen)
    if not alone and votes < book.votes:
        known = harvest.said.get(message, now_ms) is not None
        key = "keep_votes" if known else "keep_unknown"
        return say(scene.language, key, n=votes, votes=book.votes)
    kept = _made(harvest, message, now_ms, by=seen.member if alone else "", votes=votes)
    if kept is None:
        return say(scene.language, "keep_unknown")
    tell(scene, kept)
    return ""


def unkeep(scene: Scene, _args: Sequence[str]) -> str:
    """Keep the message that is replied to no longer: for staff, hosts, and whoever wrote it."""
    seen, harvest = scene.seen, scene.room.harvest
    message = seen.content.reply_to if seen is not None else ""
    kept = next((one for one in harvest.highlights if one.message_id == message), None)
    if kept is None or seen is None:
        return say(scene.language, "usage_unkeep")
    if seen.member != kept.said.member and not is_host(scene, seen):
        return say(scene.language, "not_host")
    scene.draft.harvested += forget(harvest, {message})
    return say(scene.language, "unkept")


def forget(harvest: Harvest, gone: Collection[str]) -> list[Harvested]:
    """Forget what was taken away; return of which highlights the archive has to hear."""
    for message in gone:
        harvest.said.drop(message)
        harvest.votes.drop(message)
    lost = [one.message_id for one in harvest.highlights if one.message_id in gone]
    harvest.highlights = [one for one in harvest.highlights if one.message_id not in gone]
    return [Harvested(kind=KIND, key=message) for message in lost]


def listed(scene: Scene, _args: Sequence[str]) -> str:
    """Return the newest highlights, as `!kept` shows them."""
    newest = scene.room.harvest.highlights[-LISTED_MAX:]
    if not newest:
        key = "kept_none" if scene.compiled.rulebook.keep is not None else "keep_off"
        return say(scene.language, key)
    return "\n".join([say(scene.language, "kept_head"), *lines(scene, newest)])


def lines(scene: Scene, highlights: Sequence[Highlight]) -> list[str]:
    """Return one line for each highlight: who said what, and where."""
    return [
        say(
            scene.language,
            "kept_line",
            number=number,
            name=one.said.name,
            text=explain.plain(one.said.text, SHOWN_MAX),
            link=address_of(scene.draft.event, one.said.channel, one.message_id),
        )
        for number, one in enumerate(highlights, 1)
    ]
