"""What `!rules` shows: the charter, each rule with its reason, who decides, every exemption."""

from policy.core.explain import COMMAS, NAME_MAX, plain
from policy.core.messages import Language, say
from policy.core.rulebook import Rulebook
from policy.core.rules import Exempt

ABOUT_MAX = 300
WHY_MAX = 120
PAGE_CHARACTERS = 1_800  # less than the shortest message that a platform lets through


def pages(book: Rulebook, language: Language) -> list[str]:
    """Return the charter in pages of whole lines, each short enough for one message."""
    found: list[list[str]] = [[]]
    room = PAGE_CHARACTERS
    for line in lines(book, language):
        if found[-1] and len(line) >= room:
            found.append([])
            room = PAGE_CHARACTERS
        found[-1].append(line)
        room -= len(line) + 1
    return ["\n".join(page) for page in found]


def page(book: Rulebook, language: Language, wanted: int) -> str:
    """Return one page, from 1, and how to get the next; of too high a number the last."""
    every = pages(book, language)
    number = min(max(wanted, 1), len(every))
    if number == len(every):
        return every[-1]
    more = say(language, "rules_next", page=number + 1, pages=len(every))
    return f"{every[number - 1]}\n{more}"


def lines(book: Rulebook, language: Language) -> list[str]:
    """Return all that is shown, what concerns everybody first."""
    charter = book.charter
    found = [say(language, "rules", name=plain(book.name, WHY_MAX))]
    for key, wording in (("about", charter.about), ("audience", charter.audience)):
        if wording is not None:
            text = plain(wording.inside(language), ABOUT_MAX)
            found.append(say(language, f"charter_{key}", text=text))
    found.append(_for_all(language, "exempt_all", "exempt_nobody", book.exempt))
    staff, hosts = whom(language, book.staff), whom(language, book.hosts)
    found += [say(language, "charter_staff", whom=staff)] if staff else []
    found += [say(language, "charter_hosts", whom=hosts)] if hosts else []
    for rule in book.rules:
        why = plain(rule.why.inside(language), WHY_MAX)
        found.append(say(language, "rules_line", rule=rule.id, why=why))
    for rule in book.rules:
        if rule.failure != "open":
            found.append(say(language, f"failure_{rule.failure}", rule=rule.id))
        if rule.permit:
            found.append(say(language, "permit_rule", rule=rule.id, thing=rule.permit))
        if rule.exempt is not None:
            told = _for_all(language, "exempt_rule", "exempt_none", rule.exempt, rule.id)
            found.append(told)
    return found


def _for_all(language: Language, key: str, without: str, exempt: Exempt, rule: str = "") -> str:
    spared = whom(language, exempt)
    return say(language, key if spared else without, whom=spared, rule=rule)


def whom(language: Language, exempt: Exempt) -> str:
    """Return who these people are; "" where they are nobody."""
    comma = COMMAS[language]
    found: list[str] = []
    if exempt.roles:
        roles = comma.join(plain(role, NAME_MAX) for role in exempt.roles)
        found.append(say(language, "exempt_roles", roles=roles))
    if exempt.power is not None:
        found.append(say(language, "exempt_power", power=exempt.power))
    if exempt.members:
        members = comma.join(plain(member, NAME_MAX) for member in exempt.members)
        found.append(say(language, "exempt_members", members=members))
    return comma.join(found)
