"""The kinds of event that a rule can look at, by the names that rulebooks use."""

from typing import Final, Literal

EventKind = Literal[
    "message", "edit", "command", "join", "leave", "kick", "ban", "invite", "profile", "role",
    "reaction", "group", "thread", "packet", "share", "payment", "refund", "transfer", "report",
    "incident", "tick", "clock",
]  # fmt: skip

SPEECH: Final[tuple[EventKind, ...]] = ("message", "edit", "command")
"""What a rule looks at that does not say."""

KIND_OF: Final[dict[str, EventKind]] = {
    "message_created": "message",
    "message_edited": "edit",
    "command_invoked": "command",
    "member_joined": "join",
    "member_left": "leave",
    "member_kicked": "kick",
    "member_banned": "ban",
    "member_invited": "invite",
    "profile_changed": "profile",
    "role_changed": "role",
    "reaction_added": "reaction",
    "group_changed": "group",
    "thread_created": "thread",
    "thread_changed": "thread",
    "packet_sent": "packet",
    "packet_share_taken": "share",
    "payment_received": "payment",
    "payment_returned": "refund",
    "transferred": "transfer",
    "reported": "report",
    "incident": "incident",
    "member_silent": "tick",
}
"""The kind of an event by the name of its payload; of others no rule is asked.

A tick wakes the judge and is no more than that; each member of whom it finds that they have been
silent for long is an event of its own, and that is what rules look at. A clock strikes when its
timer is due, and is about nobody.
"""

EVENT_KINDS: Final[tuple[EventKind, ...]] = (*dict.fromkeys(KIND_OF.values()), "clock")
