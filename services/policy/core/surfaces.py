"""The surfaces of what a member puts before others: each place where the same text could stand.

A rule looks at all that the member wrote; `in` narrows it. The name shown beside a message was not
written with it, so a rule about messages looks at it only where it says `in: names`.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from contracts.values.view import ActorView, AttachmentView, ContentView
from policy.core.kinds import EventKind
from policy.core.text.fold import fold
from policy.core.text.look import Look

SURFACES: Final = {
    "text": "what is said, or asked with a command, and the reason somebody gives",
    "formatted": "the formatted form of a message, where it reads otherwise than the plain one",
    "attachments": "names and descriptions of attached files",
    "forwards": "messages passed on, and names of what is attached to them",
    "embeds": "previews that came with a message",
    "polls": "question and answers of a poll",
    "names": "the name shown: of who joins or renames themselves; of an author only if asked for",
    "titles": "the title of a thread",
    "topics": "name and topic of the group",
}
OF_KIND: Final[dict[EventKind, str]] = {
    "join": "names", "profile": "names", "thread": "titles", "group": "topics",
}  # fmt: skip
LOOKS_MAX = 40

_BREAK = re.compile(
    r"<(?:br|/?p|/?div|/?li|/?h[1-6]|/?tr|/?blockquote)\b[^<>]{0,200}>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def others(content: ContentView) -> Iterator[Look]:
    """Yield what a message says beside its text, at most `LOOKS_MAX` texts."""
    found = _beside(content)
    for _, (surface, text) in zip(range(LOOKS_MAX), found, strict=False):
        yield Look(text, surface)


def name(actor: ActorView) -> Look:
    """Return the look at the name that is shown beside what somebody says."""
    return Look(actor.display_name, "names")


def _beside(content: ContentView) -> Iterator[tuple[str, str]]:
    formatted = content.html
    if formatted:
        plain = unformatted(formatted)
        if _bare(plain) != _bare(content.text):
            yield "formatted", plain
    for attached in content.attachments:
        yield from (("attachments", text) for text in _of_file(attached) if text)
    for forward in content.forwards:
        if forward.text:
            yield "forwards", forward.text
        for attached in forward.attachments:
            yield from (("forwards", text) for text in _of_file(attached) if text)
    for embed in content.embeds:
        yield from (("embeds", text) for text in (embed.title, embed.description) if text)
    poll = content.poll
    if poll.question:
        yield "polls", poll.question
    for answer in poll.answers:
        yield "polls", answer


def _of_file(attached: AttachmentView) -> tuple[str, str, str]:
    # The ending of a name would be glued to a word whose letters are set apart by dots.
    return attached.name, attached.name.rpartition(".")[0], attached.alt_text


def unformatted(formatted: str) -> str:
    """Return what an HTML text reads as; the quoted message of a reply is left out."""
    before, quoted, after = formatted.partition("<mx-reply>")
    text = before + after.partition("</mx-reply>")[2] if quoted else formatted
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()


def _bare(text: str) -> str:
    return "".join(fold(text).split())
