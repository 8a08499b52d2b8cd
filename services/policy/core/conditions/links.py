"""Links: where they lead, and whether anything is said beside them."""

from dataclasses import dataclass
from typing import Final

from policy.core import fields
from policy.core.checks import CLUES_MAX, Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import read_members
from policy.core.document import Node, Scalar
from policy.core.imitation import BRANDS_MAX, Brands
from policy.core.ir import Ask, Compare, Every
from policy.core.links import listed
from policy.core.seen import Clue, Seen

IMITATES_US: Final = 2.0  # of a host met before; what one pretends is remembered


@dataclass(frozen=True, slots=True)
class LinkTo(Condition):
    """The message names a host of these domains or below; with neither, it has any link at all."""

    members: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColdLink(Condition):
    """The message has a link and fewer than `graphemes` graphemes of substance beside it."""

    graphemes: int


@dataclass(frozen=True, slots=True)
class Imitates(Condition):
    """The message names a host that pretends to be one of these domains."""

    members: tuple[str, ...]
    lists: tuple[str, ...]


def _read_link(source: Source, node: Node, path: str) -> Condition | None:
    if isinstance(node, Scalar) and node.value == "any":
        return LinkTo((), ())
    members, lists = read_members(source, node, path, "domains")
    return LinkTo(members, lists) if members or lists else None


def _read_imitates(source: Source, node: Node, path: str) -> Condition | None:
    members, lists = read_members(source, node, path, "domains")
    known = (*members, *(name for one in lists for name in source.lists[one].members))
    if len(known) > BRANDS_MAX:
        source.reader.fault(node, path, f"more than {BRANDS_MAX} domains to be imitated")
        return None
    return Imitates(members, lists) if known else None


def _read_cold_link(source: Source, node: Node, path: str) -> Condition | None:
    graphemes = source.reader.integer(node, path, 1, 1_000)
    return None if graphemes is None else ColdLink(graphemes)


def _check_link(checks: Checks, condition: LinkTo) -> Check:
    domains = dict.fromkeys(condition.members, "")
    for name in condition.lists:
        for member in checks.lists[name].members:
            domains.setdefault(member, name)
    if not domains:
        return Check(Compare(fields.LINKS, ">", 0), _link_clues)

    def clues(seen: Seen) -> list[Clue]:
        found: list[Clue] = []
        for link in seen.links:
            host = listed(link, domains)
            if host:
                found.append(Clue("link", link.start, link.end, host, domains[host]))
        return found[:CLUES_MAX]

    def holds(seen: Seen) -> bool:
        return any(listed(link, domains) for link in seen.links)

    return Check(Ask(holds, given=Compare(fields.HOSTS, ">", 0)), clues)


def _link_clues(seen: Seen) -> list[Clue]:
    return [Clue("link", link.start, link.end, link.host) for link in seen.clickable[:CLUES_MAX]]


def _check_imitates(checks: Checks, condition: Imitates) -> Check:
    domains = dict.fromkeys(condition.members, "")
    for name in condition.lists:
        for member in checks.lists[name].members:
            domains.setdefault(member, name)
    brands = Brands(domains)

    def clues(seen: Seen) -> list[Clue]:
        found: list[Clue] = []
        for link in seen.links:
            domain = brands.feigned(link)
            if domain:
                found.append(Clue("imitates", link.start, link.end, domain, domains[domain]))
        return found[:CLUES_MAX]

    def holds(seen: Seen) -> bool:
        return any(map(brands.feigned, seen.links))

    return Check(Ask(holds, given=Compare(fields.HOSTS, ">", 0), cost_us=IMITATES_US), clues)


def _check_cold_link(_checks: Checks, condition: ColdLink) -> Check:
    graphemes = condition.graphemes

    def clues(seen: Seen) -> list[Clue]:
        return [
            Clue(
                "cold_link",
                link.start,
                link.end,
                link.host,
                "",
                "graphemes",
                seen.own_words,
                graphemes,
            )
            for link in seen.clickable[:CLUES_MAX]
        ]

    few = Compare(fields.OWN_WORDS, "<", graphemes)
    return Check(Every((Compare(fields.LINKS, ">", 0), few)), clues)


KINDS: Final = (
    Kind(
        name="link",
        read=_read_link,
        check=_check_link,
        type=LinkTo,
        cost_us=1.0,
        about=About(
            summary=(
                "The message names a host of these domains or below them, clickable or not; or "
                "`any`: it has any link that a client makes clickable."
            ),
            value="a list of domains, `list:NAME` for all of a list; or `any`",
            absent="Without a link it does not hold.",
            example="link: [list:hosts, example.org]",
            notes=(
                "Links of the formatted form count too.",
                (
                    "Hosts are compared in canonical form: user names, ports, percent-escapes, "
                    "look-alike dots and trailing dots are undone, names outside ASCII become "
                    "punycode, and numbers become the IPv4 address they are."
                ),
            ),
        ),
        schema={
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        },
    ),
    Kind(
        name="imitates",
        read=_read_imitates,
        check=_check_imitates,
        type=Imitates,
        cost_us=IMITATES_US,
        about=About(
            summary=(
                "The message names a host that pretends to be one of these domains: it reads "
                "alike, is a slip of the pen away from it, or has words such as `gift`, `login` or "
                "`free` beside its name."
            ),
            value="a list of domains, `list:NAME` for all of a list",
            absent="Without a link it does not hold.",
            example="imitates: [list:hosts, example.org]",
            notes=(
                (
                    "The domains themselves and all below them pretend nothing; name all that are "
                    "the brand's own, and those of its friends."
                ),
                "Names of fewer than four letters are not looked for.",
                (
                    "It holds as well where one of the domains stands before the host as a user "
                    "name, `https://example.org@other.example`, or is the label of a link."
                ),
            ),
        ),
        schema={
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        },
    ),
    Kind(
        name="cold_link",
        read=_read_cold_link,
        check=_check_cold_link,
        type=ColdLink,
        cost_us=1.0,
        about=About(
            summary=(
                "The message has a clickable link, and beside its links fewer than so many "
                "graphemes of substance (see `min_length`) of its author's own."
            ),
            value="a number of graphemes",
            absent="Without a link it does not hold.",
            example="cold_link: 8",
        ),
        schema={"type": "integer", "minimum": 1, "maximum": 1000},
    ),
)
