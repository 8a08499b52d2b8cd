"""Odd things that a Matrix client can send: JSON as it goes over the wire, each with its name."""

import json
from typing import Any

DEEP = 60
HUGE = 60_000


def _nested(depth: int) -> dict[str, Any]:
    content: dict[str, Any] = {"end": True}
    for _ in range(depth):
        content = {"in": content}
    return content


def _text(**more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": "an ordinary line", **more}


MESSAGES: dict[str, dict[str, Any] | bytes] = {
    "nothing": {},
    "no msgtype": {"body": "who needs a type"},
    "no body": {"msgtype": "m.text"},
    "body is a number": {"msgtype": "m.text", "body": 42},
    "body is a list": {"msgtype": "m.text", "body": ["a", {"b": []}]},
    "body is null": {"msgtype": "m.text", "body": None},
    "msgtype is a list": {"msgtype": ["m.text"], "body": "hm"},
    "unknown msgtype": {"msgtype": "m.smell", "body": "roses", "intensity": 3},
    "huge body": {"msgtype": "m.text", "body": "long " * (HUGE // 5)},
    "huge body in Chinese": {"msgtype": "m.text", "body": "长" * (HUGE // 3)},
    "huge formatted body": _text(format="org.matrix.custom.html", formatted_body="<b>" * 15_000),
    "deeply nested": _text(more=_nested(DEEP)),
    "too deeply nested": json.dumps(_text(), separators=(",", ":"))[:-1].encode()
    + b',"more":'
    + b"[" * 20_000
    + b"]" * 20_000
    + b"}",
    "null characters": {"msgtype": "m.text", "body": "be\x00fore\x00"},
    "lone surrogate": b'{"msgtype":"m.text","body":"half a \\ud83d face"}',
    "lone surrogate as a key": b'{"msgtype":"m.text","body":"x","\\udc00":"\\udfff"}',
    "control characters": {"msgtype": "m.text", "body": "".join(map(chr, range(1, 160)))},
    "writing from the right": {"msgtype": "m.text", "body": "\u202e\u2066" * 500 + "moronic"},
    "piled marks": {"msgtype": "m.text", "body": "o" + "\u0316\u0301" * 8_000},
    "no spaces at all": {"msgtype": "m.text", "body": "\u200b" * 20_000},
    "huge number": b'{"msgtype":"m.text","body":"x","n":123456789012345678901234567890}',
    "relation is a string": _text(**{"m.relates_to": "$other"}),
    "edit of a number": _text(**{"m.relates_to": {"rel_type": "m.replace", "event_id": 5}}),
    "edit without content": _text(**{"m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}}),
    "edit into a string": _text(
        **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}, "m.new_content": "ha"}
    ),
    "thread of a list": _text(**{"m.relates_to": {"rel_type": "m.thread", "event_id": ["$x"]}}),
    "reply to an object": _text(**{"m.relates_to": {"m.in_reply_to": {"event_id": {"a": 1}}}}),
    "mentions are a string": _text(**{"m.mentions": "everybody"}),
    "mentions of numbers": _text(**{"m.mentions": {"user_ids": [1, None, {"x": 2}]}}),
    "picture without address": {"msgtype": "m.image", "body": "cat.png", "info": "none"},
    "file of negative size": {"msgtype": "m.file", "body": "x", "info": {"size": -(2**53) + 1}},
    "place without place": {"msgtype": "m.location", "body": "here", "geo_uri": 7},
    "command of nothing": {"msgtype": "m.text", "body": "!"},
    "command of spaces": {"msgtype": "m.text", "body": "!   \t  "},
    "packet without end": {"msgtype": "m.text", "body": f"!packet {'9' * 400} 3"},
    "packet of less than nothing": {"msgtype": "m.text", "body": "!packet -5 -1"},
    "packet of words": {"msgtype": "m.text", "body": "!packet ten three"},
    "packet with a long greeting": {
        "msgtype": "m.text",
        "body": "!packet 6 2 lucky " + "hi " * 9_000,
    },
    "grab of a path": {"msgtype": "m.text", "body": "!grab ../../etc/passwd"},
    "grab of SQL": {"msgtype": "m.text", "body": "!grab '; DROP TABLE packet; --"},
    "many words": {"msgtype": "m.text", "body": "!help " + "x " * 20_000},
}

OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "unknown type": ("dev.odd.thing", {"anything": [1, 2, {"x": None}]}),
    "reaction to nothing": ("m.reaction", {}),
    "reaction to a string": ("m.reaction", {"m.relates_to": "yes"}),
    "reaction with a huge key": (
        "m.reaction",
        {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "k" * 50_000}},
    ),
    "sticker of nothing": ("m.sticker", {"body": None, "url": []}),
    "poll without question": ("m.poll.start", {"m.poll": {"question": 3, "answers": "two"}}),
    "encrypted rubbish": ("m.room.encrypted", {"algorithm": 3, "ciphertext": {"a": "b"}}),
    "call of a list": ("m.call.member", {"memberships": "none"}),
}
