"""Poaching: invitations to other groups, in links, numbers and words."""

import re
from dataclasses import dataclass
from typing import Final

from policy.core.automaton import Term
from policy.core.checks import CLUES_MAX, Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Ask, Every, Occurs
from policy.core.seen import Clue, Seen
from policy.core.text.fold import fold

# Over folded text: full stops, colons and digits of every width are those of ASCII there.
PATTERNS: Final = (
    r"(?:discord(?:app)?\.com/invite|discord\.gg|dsc\.gg|discord\.me)/[a-z0-9-]+",
    r"(?:t|telegram)\.me/(?:\+|joinchat/)[a-z0-9_-]+",
    r"chat\.whatsapp\.com/[a-z0-9]+",
    r"matrix\.to/#/(?:[#!]|%23|%21)[a-z0-9._:-]+",
    r"(?:qq|扣扣|企鹅|微信|wx|vx|tg|电报|飞机) ?群 ?(?:号码?)? ?:? ?[a-z0-9_-]{5}[a-z0-9_-]*",
    r"(?:加|进|入|来) ?(?:我们?的?|这个|新|q|裙|qq)? ?[群裙] ?(?:号码?)? ?:? ?[0-9]{5}[0-9]*",
    r"(?:换|互换|互推|交换) ?[群裙]|[群裙] ?(?:互换|互推|换[群裙])",
    r"(?:扫码|扫描?二维码|识别二维码) ?(?:进|入|加)[群裙]",
    r"\bjoin (?:my|our|the) (?:new )?(?:discord|telegram|whatsapp|signal|matrix|qq)\b",
)
_COMPILED: Final = tuple(re.compile(pattern) for pattern in PATTERNS)


@dataclass(frozen=True, slots=True)
class Invites(Condition):
    """The message invites to another group than these."""

    partners: tuple[str, ...]


def _read_invites(source: Source, node: Node, path: str) -> Condition | None:
    if _is_any(node):
        return Invites(())
    reader = source.reader
    found = reader.mapping(node, path, ("except",), ("except",))
    if "except" not in found:
        return None
    partners = reader.texts(found["except"], f"{path}.except", "an address, code or number")
    return Invites(tuple(fold(partner) for partner in partners))


def _is_any(node: Node) -> bool:
    return getattr(node, "value", None) == "any"


def _check_invites(checks: Checks, condition: Invites) -> Check:
    terms = {checks.term(Term(pattern, "patterns")): n for n, pattern in enumerate(PATTERNS)}
    needs = frozenset(terms)
    partners = condition.partners

    def met(seen: Seen) -> list[int]:
        return [term for term in sorted(needs & seen.hits.keys()) if invites(seen, term)]

    def invites(seen: Seen, term: int) -> bool:
        if not partners:
            return True
        text = seen.hits[term].view.text
        found = (match[0] for match in _COMPILED[terms[term]].finditer(text))
        return not all(any(partner in one for partner in partners) for one in found)

    def clues(seen: Seen) -> list[Clue]:
        return [seen.clue("invites", term, "") for term in met(seen)[:CLUES_MAX]]

    return Check(Every((Occurs(needs), Ask(lambda seen: bool(met(seen))))), clues)


KINDS: Final = (
    Kind(
        name="invites",
        read=_read_invites,
        check=_check_invites,
        type=Invites,
        cost_us=0.5,
        about=About(
            summary=(
                "The message invites to another group: a link of Discord, Telegram, WhatsApp or "
                "Matrix, a group number of QQ or WeChat, an exchange of groups."
            ),
            value="`any`, or `{except: [...]}` with addresses, codes or numbers of partners",
            absent="Without an invitation it does not hold.",
            example="invites: {except: [discord.gg/partner]}",
        ),
        schema={
            "anyOf": [
                {"enum": ["any"]},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["except"],
                    "properties": {"except": {"type": "array", "items": {"type": "string"}}},
                },
            ]
        },
    ),
)
