"""What Reeve says in a Matrix room: the content of its messages. Pure."""

from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote

from orjson import dumps

from contracts.values import Action, Announce, DirectNotice, Reply

ACTION_KEY = "dev.reeve.action"
"""The key by which our own events tell which action they are the effect of."""
ABOUT_KEY = "dev.reeve.about"
"""The key by which a notice in private tells which room it is about."""
TEXT_LIMIT_BYTES = 28_000
"""Of a text, as JSON and HTML write it: it is twice in an event of at most 65,536 bytes."""

_KINDS = {"image": "m.image", "video": "m.video", "audio": "m.audio"}


def content(action: Action) -> dict[str, Any]:
    """The message that an action to speak asks for.

    It is a notice, since that is the form no other bot answers to.
    """
    body = action.body
    if not isinstance(body, Reply | DirectNotice | Announce):
        raise TypeError(f"{type(body).__name__} is nothing to say")
    said = _cut(body.text)
    message: dict[str, Any] = {
        "msgtype": "m.notice",
        "body": said,
        "m.mentions": {},
        ACTION_KEY: action.id,
    }
    if isinstance(body, Reply):
        _mention(message, action, said)
        relation = _relation(action, body)
        if relation:
            message["m.relates_to"] = relation
    if isinstance(body, DirectNotice) and action.place is not None and action.place.channel:
        message[ABOUT_KEY] = action.place.channel
    return message


def files(action: Action) -> list[dict[str, Any]]:
    """The pictures and other files that an announcement shows, one message each."""
    body = action.body
    shown = body.attachments if isinstance(body, Announce) else ()
    return [
        {
            "msgtype": _KINDS.get(one.media_type.partition("/")[0], "m.file"),
            "body": one.name or "file",
            "url": one.handle,
            "info": {"mimetype": one.media_type, "size": one.size_bytes},
            "m.mentions": {},
            ACTION_KEY: action.id,
        }
        for one in shown
        if one.handle.startswith("mxc://") and not one.encrypted
    ]


def aside(action: Action) -> Action:
    """The same answer for somebody who cannot answer it in the room, to be told in private."""
    body = action.body
    assert isinstance(body, Reply)
    return replace(action, body=DirectNotice(text=body.text))


def _cut(words: str) -> str:
    """Return as much of ``words`` as fits, with a mark where they were cut."""
    size = 0
    for at, character in enumerate(words):
        size += max(len(dumps(character)), len(dumps(_html(character)))) - 2
        if size > TEXT_LIMIT_BYTES:
            return words[:at] + "…"
    return words


def _mention(message: dict[str, Any], action: Action, said: str) -> None:
    target, body = action.target, action.body
    if target is None or not target.id or not isinstance(body, Reply) or not body.mention:
        return
    name = target.display_name or target.id
    address = f"https://matrix.to/#/{quote(target.id, safe='@:')}"
    message["body"] = f"{name}: {said}"
    message["format"] = "org.matrix.custom.html"
    message["formatted_body"] = (
        f'<a href="{address}">{escape(name, quote=False)}</a>: {_html(said)}'
    )
    message["m.mentions"] = {"user_ids": [target.id]}


def _html(words: str) -> str:
    return escape(words, quote=False).replace("\n", "<br>")


def _relation(action: Action, body: Reply) -> dict[str, Any]:
    thread = action.place.thread if action.place is not None else ""
    relation: dict[str, Any] = {"rel_type": "m.thread", "event_id": thread} if thread else {}
    if body.message_id:
        relation["m.in_reply_to"] = {"event_id": body.message_id}
    if thread:
        relation["is_falling_back"] = False
    return relation
