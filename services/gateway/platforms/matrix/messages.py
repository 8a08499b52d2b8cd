"""What people say in a Matrix room, in our words: messages, edits, reactions, redactions, calls."""

import base64
import re

from contracts.values import (
    Attachment,
    Availability,
    CommandInvoked,
    Content,
    Embed,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    Poll,
    ReactionAdded,
    ReactionRemoved,
    VoiceChanged,
)
from gateway.platforms.matrix.fields import (
    ID_LIMIT,
    NOTHING,
    TEXT_LIMIT,
    Fault,
    Json,
    clean,
    integer,
    items,
    mapping,
    needed,
    strings,
    text,
)
from gateway.platforms.matrix.rooms import Memory, Room, Seen
from gateway.platforms.matrix.source import Draft, Source

FORMS = {
    "m.text": "text",
    "m.notice": "notice",
    "m.emote": "emote",
    "m.image": "image",
    "m.file": "file",
    "m.audio": "audio",
    "m.video": "video",
    "m.location": "location",
}
MENTIONS_LIMIT = 256
ANSWERS_LIMIT = 32
WORDS_LIMIT = 64

_FILES = frozenset({"m.image", "m.file", "m.audio", "m.video"})
_PILL = re.compile(r'href="https://matrix\.to/#/(@[^"?/]{1,255})')
_COMMAND = re.compile(r"[^\W\d][\w-]{0,31}")
_HASH = re.compile(r"[A-Za-z0-9+/]{43}=?")
_QUOTE_END = "</mx-reply>"


class Speech:
    """Readers of what is said; ``prefix`` has the marks of commands; empty, there are none."""

    def __init__(self, prefix: str) -> None:
        self.marks = tuple(prefix.split())

    def message(self, source: Source, room: Room, memory: Memory) -> list[Draft]:
        """A text, a file, a place; or the edit of one; or a command."""
        memory.seen[source.id] = Seen(source.sender)
        if source.redacted:
            return [_redacted(source)]
        relation = mapping(source.content, "m.relates_to")
        if relation.get("rel_type") == "m.replace":
            edit = _edit(source, relation, memory)
            if edit is not None:
                return [edit]
        content = _content(source.content, relation)
        thread = _thread(relation)
        command = None if source.sender == room.own else self._command(source, content)
        payload = command or MessageCreated(message_id=source.id, content=content)
        return [Draft(payload, thread=thread)]

    def _command(self, source: Source, content: Content) -> CommandInvoked | None:
        said = content.text.lstrip()
        mark = next((mark for mark in self.marks if said.startswith(mark)), "")
        if not mark or content.form != "text":
            return None
        words = said[len(mark) :].split(maxsplit=WORDS_LIMIT)
        # A space after the mark, or several marks, is a manner of speaking and no command.
        if not words or not said.startswith(mark + words[0]):
            return None
        if _COMMAND.fullmatch(words[0]) is None:
            return None
        return CommandInvoked(
            name=words[0].lower(),
            args=tuple(words[1:WORDS_LIMIT]),
            text=content.text,
            message_id=source.id,
            content=content,
        )


def sticker(source: Source, _room: Room, memory: Memory) -> list[Draft]:
    """A picture sent as a word."""
    memory.seen[source.id] = Seen(source.sender)
    if source.redacted:
        return [_redacted(source)]
    relation = mapping(source.content, "m.relates_to")
    body = needed(source.content, "body", "content", TEXT_LIMIT)
    content = Content(
        text=body,
        form="sticker",
        attachments=_attachments(source.content),
        reply_to=_reply(relation),
    )
    return [
        Draft(MessageCreated(message_id=source.id, content=content), thread=_thread(relation)),
    ]


def encrypted(source: Source, _room: Room, memory: Memory) -> list[Draft]:
    """A message of which only the sender, the thread and the fact of an edit can be seen."""
    memory.seen[source.id] = Seen(source.sender)
    if source.redacted:
        return [_redacted(source)]
    relation = mapping(source.content, "m.relates_to")
    thread = _thread(relation)
    content = Content(reply_to=_reply(relation))
    target = text(relation, "event_id")
    if relation.get("rel_type") == "m.replace" and _may_edit(source, target, memory):
        edited = MessageEdited(message_id=target, content=content, edit_id=source.id)
        return [Draft(edited, thread=thread, availability=Availability.ENCRYPTED)]
    made = MessageCreated(message_id=source.id, content=content)
    return [Draft(made, thread=thread, availability=Availability.ENCRYPTED)]


def poll(source: Source, _room: Room, memory: Memory) -> list[Draft]:
    """A question with answers to choose from; its text is judged like any other."""
    memory.seen[source.id] = Seen(source.sender)
    if source.redacted:
        return [_redacted(source)]
    found = mapping(source.content, "m.poll.start") or mapping(
        source.content, "org.matrix.msc3381.poll.start"
    )
    found = found or mapping(source.content, "m.poll")
    question = _extensible(mapping(found, "question"))
    if not question:
        raise Fault("the poll has no question")
    answers = [_extensible(answer) for answer in items(found, "answers", ANSWERS_LIMIT)]
    relation = mapping(source.content, "m.relates_to")
    content = Content(
        text="\n".join([question, *answers]),
        form="poll",
        poll=Poll(question=question, answers=tuple(answers)),
        reply_to=_reply(relation),
    )
    return [
        Draft(MessageCreated(message_id=source.id, content=content), thread=_thread(relation)),
    ]


def reaction(source: Source, _room: Room, memory: Memory) -> list[Draft]:
    """An emoji put to a message."""
    if source.redacted:
        memory.seen[source.id] = Seen(source.sender, reaction=True)
        return []
    relation = mapping(source.content, "m.relates_to")
    target = needed(relation, "event_id", "content.m.relates_to")
    key = needed(relation, "key", "content.m.relates_to")
    memory.seen[source.id] = Seen(source.sender, reaction=True, target=target, key=key)
    return [Draft(ReactionAdded(message_id=target, key=key, reaction_id=source.id))]


def redaction(source: Source, room: Room, memory: Memory) -> list[Draft]:
    """The removal of a message, or of a reaction.

    The target stands in the content from room version 11 on and beside it before; homeservers
    send both.
    """
    target = text(source.content, "redacts") or text(source.raw, "redacts")
    if not target:
        raise Fault("the redaction names no event")
    seen = memory.seen.get(target)
    if seen is not None and seen.reaction:
        removed = ReactionRemoved(message_id=seen.target, key=seen.key, reaction_id=target)
        return [Draft(removed)]
    deleted = MessageDeleted(
        message_ids=(target,),
        deleted_by=room.actor(source.sender),
        deleted_by_confidence=1.0,
        reason=text(source.content, "reason", TEXT_LIMIT),
    )
    return [Draft(deleted)]


def call(source: Source, room: Room, _memory: Memory) -> list[Draft]:
    """Somebody's presence in the room's call (MatrixRTC); an empty content means they left."""
    before, now = _call(source.previous), _call(source.content)
    if before == now:
        return []
    changed = VoiceChanged(
        member=room.actor(source.sender),
        channel=_call(source.content),
        previous_channel=_call(source.previous),
    )
    return [Draft(changed)]


def _call(content: Json) -> str:
    if not content or content.get("memberships") == []:
        return ""
    return text(content, "call_id") or "call"


def _redacted(source: Source) -> Draft:
    made = MessageCreated(message_id=source.id, content=Content())
    return Draft(made, availability=Availability.REDACTED)


def _edit(source: Source, relation: Json, memory: Memory) -> Draft | None:
    """The edit; ``None`` if the sender may not edit that message and it is only a message."""
    target = needed(relation, "event_id", "content.m.relates_to")
    if not _may_edit(source, target, memory):
        return None
    replacement = source.content.get("m.new_content")
    if not isinstance(replacement, dict):
        raise Fault("content.m.new_content is not an object")
    inner = mapping(replacement, "m.relates_to")
    edited = MessageEdited(
        message_id=target, content=_content(replacement, inner), edit_id=source.id
    )
    return Draft(edited, thread=_thread(inner))


def _may_edit(source: Source, target: str, memory: Memory) -> bool:
    """Only the author may; of a message nobody could look up, the homeserver is believed."""
    seen = memory.seen.get(target)
    return seen is None or seen.sender == source.sender


def _content(content: Json, relation: Json) -> Content:
    kind = needed(content, "msgtype", "content")
    body = needed(content, "body", "content", TEXT_LIMIT)
    html = text(content, "formatted_body", TEXT_LIMIT)
    reply_to = _reply(relation) if relation else ""
    if reply_to:
        body, html = _without_quote(body), _without_html_quote(html)
    mentions, everyone = _mentions(content, html)
    return Content(
        text=body,
        html=html,
        reply_to=reply_to,
        mentions=mentions,
        mentions_everyone=everyone,
        attachments=_attachments(content) if kind in _FILES else (),
        embeds=_location(content) if kind == "m.location" else (),
        form=FORMS.get(kind, kind),
    )


def _reply(relation: Json) -> str:
    if not relation or relation.get("is_falling_back") is True:
        return ""  # In a thread, old clients are shown the newest message as if it were answered.
    return text(mapping(relation, "m.in_reply_to"), "event_id")


def _thread(relation: Json) -> str:
    return text(relation, "event_id") if relation.get("rel_type") == "m.thread" else ""


def _without_quote(body: str) -> str:
    """The body without the quotation that clients before specification v1.13 put in front of it."""
    if not body.startswith("> "):
        return body
    lines = body.split("\n")
    first = next((at for at, line in enumerate(lines) if not line.startswith(">")), len(lines))
    if first < len(lines) and not lines[first]:
        return "\n".join(lines[first + 1 :])
    return body  # Without the empty line it is somebody's own quotation.


def _without_html_quote(html: str) -> str:
    if not html.startswith("<mx-reply>"):
        return html
    _, end, rest = html.partition(_QUOTE_END)
    return rest if end else html


def _mentions(content: Json, html: str) -> tuple[tuple[str, ...], bool]:
    declared = content.get("m.mentions")
    if isinstance(declared, dict):
        named = strings(items(declared, "user_ids", MENTIONS_LIMIT)) if declared else ()
        return named, declared.get("room") is True
    if "matrix.to" not in html:
        return (), False
    found = dict.fromkeys(clean(user, ID_LIMIT) for user in _PILL.findall(html))
    return tuple(found)[:MENTIONS_LIMIT], False


def _attachments(content: Json) -> tuple[Attachment, ...]:
    details = mapping(content, "info")
    file = mapping(content, "file")
    return (
        Attachment(
            handle=text(file, "url") or text(content, "url"),
            name=text(content, "filename") or text(content, "body"),
            media_type=text(details, "mimetype"),
            size_bytes=max(0, integer(details, "size")),
            alt_text=text(content, "body", TEXT_LIMIT) if "filename" in content else "",
            encrypted=file is not NOTHING,
            sha256=_sha256(text(mapping(file, "hashes"), "sha256")),
        ),
    )


def _sha256(written: str) -> str:
    """Return a hash in hex that is written in base64 without padding; "" where it is none."""
    if not _HASH.fullmatch(written):
        return ""
    return base64.b64decode(f"{written[:43]}=").hex()


def _location(content: Json) -> tuple[Embed, ...]:
    address = text(content, "geo_uri")
    return (Embed(url=address),) if address else ()


def _extensible(part: object) -> str:
    """The text of a part of a poll, in the stable form or one of its two older ones."""
    if not isinstance(part, dict):
        return ""
    forms = items(part, "m.text", 8)
    plain = [text(form, "body", TEXT_LIMIT) for form in forms if isinstance(form, dict)]
    old = text(part, "org.matrix.msc1767.text", TEXT_LIMIT) or text(part, "body", TEXT_LIMIT)
    return next((words for words in plain if words), old)
