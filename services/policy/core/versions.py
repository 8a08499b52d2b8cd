"""Why something was done, in three versions, from the decision and its rulebook alone.

What is told in a room (`public`) names the rule and shows a listed word masked, so that nobody
learns there how to get round it. The person it hits may read the very characters in `private`.
`staff` see every rule that matched, what is listed, where it stood, and the events that count.
"""

from collections.abc import Callable, Iterator
from typing import Final, Literal

from contracts.values import Actor, Decision, DeleteMessage, Outcome, RuleHit, Saw, Span
from policy.core import money
from policy.core.explain import (
    COMMAS,
    NAME_MAX,
    asset_name,
    length_of_time,
    masked,
    moment,
    next_on,
    plain,
    sanction_done,
)
from policy.core.messages import TEXTS, Language, filled, say, sentences
from policy.core.name_cards import FIELDS
from policy.core.rulebook import Rule, Rulebook

Version = Literal["public", "private", "staff"]
VERSIONS: Final[tuple[Version, ...]] = ("public", "private", "staff")
FINE_MAX = 3
EVENTS_SHOWN = 10
SEEN_MAX = 120
DIGEST_SHOWN = 12
_OF_ASSETS = ("paid_", "reputation_")
_ENDS = ".!?。！？…"


def told(version: Version, language: Language, book: Rulebook, decision: Decision) -> str:
    """Return the explanation of a decision; "" where nothing was done to anybody.

    `book` is the rulebook that the decision names.
    """
    if version == "staff":
        return "\n".join(_staff(language, book, decision))
    rule = _rule(book, decision.acted)
    hit = next((hit for hit in decision.hits if hit.rule == decision.acted), None)
    if rule is None or hit is None:
        return ""
    what = seen(language, hit, exactly=version == "private")
    return sentences(
        language,
        _done(language, book, decision),
        because(language, rule),
        say(language, "seen", what=what) if what else "",
        fine(language, hit),
        _next(language, book, decision, rule),
        _appeal(version, language, decision),
    )


def because(language: Language, rule: Rule) -> str:
    """Return which rule it was and why it exists."""
    why = rule.why.inside(language).strip()
    why = why if why[-1] in _ENDS else f"{why}{'.' if language == 'en' else '。'}"
    return say(language, "rule", rule=rule.id, why=why)


def seen(language: Language, hit: RuleHit, *, exactly: bool) -> str:
    """Return what a rule saw first, for a sentence; "" where it says nothing of it."""
    return _seen(language, hit, hit.saw[0], exactly=exactly) if hit.saw else ""


def fine(language: Language, hit: RuleHit) -> str:
    """Return the smallest change with which the rule would not have held."""
    found: dict[str, None] = {}
    for saw in hit.saw:
        key = _key(language, f"fine_{saw.kind}", saw)
        if not saw.spare and key in TEXTS[language]:
            found[filled(TEXTS[language][key], _Fields(language, saw))] = None
    return say(language, "fine", what=COMMAS[language].join([*found][:FINE_MAX])) if found else ""


def outcome_name(language: Language, outcome: Outcome) -> str:
    """Return what an outcome is called."""
    return say(language, f"outcome_{max(outcome, Outcome.ALLOW).name.lower()}")


def exempted(language: Language, exempt: str) -> str:
    """Return in words why a rule did not act, from what a hit says of it; "" where it did."""
    reason, _, detail = exempt.partition(" ")
    if reason == "permit":
        thing, _, by = detail.partition(": ")
        return say(language, "spared_permit", thing=plain(thing, NAME_MAX), by=plain(by, NAME_MAX))
    key = f"spared_{reason}"
    known = key in TEXTS[language] and (detail or reason == "member")
    return say(language, key, detail=plain(detail, NAME_MAX)) if known else exempt


def _rule(book: Rulebook, rule_id: str) -> Rule | None:
    return next((rule for rule in book.rules if rule.id == rule_id), None)


def _seen(language: Language, hit: RuleHit, saw: Saw, *, exactly: bool) -> str:
    key = _key(language, saw.kind, saw)
    text = hit.spans[saw.span - 1].text if 0 < saw.span <= len(hit.spans) else ""
    shown = plain(text, SEEN_MAX) if exactly else masked(text)
    return filled(TEXTS[language][key], _Fields(language, saw, masked=shown))


def _key(language: Language, kind: str, saw: Saw) -> str:
    """Return the nearest message there is: of what was counted, of a list, or of the kind."""
    for key in (f"{kind}_{saw.measure}", f"{kind}_listed" if saw.listed else kind):
        if key in TEXTS[language]:
            return key
    return kind


class _Fields(dict[str, object]):
    """The fields of a text about something that was seen, each made when the text asks for it."""

    def __init__(self, language: Language, saw: Saw, **known: object) -> None:
        super().__init__(known)
        self._language, self._saw = language, saw

    def __missing__(self, field: str) -> object:
        found = self[field] = _FIELDS[field](self._language, self._saw)
        return found


def _window(language: Language, saw: Saw) -> str:
    return length_of_time(language, saw.window_ms)


def _asset(saw: Saw) -> str:
    return saw.listed if saw.kind.startswith(_OF_ASSETS) else ""


def _what(language: Language, saw: Saw) -> str:
    counted = f"what_{saw.measure}"
    return say(language, counted) if counted in TEXTS[language] else saw.said


def _by(language: Language, saw: Saw) -> str:
    by = [f"by_{each}" for each in saw.listed.split("+")]
    return "".join(say(language, each) for each in by if each in TEXTS[language])


def _listed(language: Language, saw: Saw) -> str:
    asset = _asset(saw)
    if asset:
        return asset_name(language, asset)
    listed = plain(saw.listed, NAME_MAX)
    if saw.kind == "name_card":
        for field in FIELDS:
            listed = listed.replace(f"{{{field}}}", say(language, f"card_{field}"))
    return listed


_FIELDS: Final[dict[str, Callable[[Language, Saw], object]]] = {
    "count": lambda _, saw: money.shown(saw.count, _asset(saw)),
    "limit": lambda _, saw: money.shown(saw.threshold, _asset(saw)),
    "n": lambda _, saw: max(1, abs(saw.threshold - saw.count)),
    "window": _window,
    "span": _window,
    "listed": _listed,
    "what": _what,
    "by": _by,
}


def _done(language: Language, book: Rulebook, decision: Decision) -> str:
    subject = decision.subject.id if decision.subject is not None else ""
    deletes = any(  # an inviter who answers for a guest wrote nothing
        isinstance(action.body, DeleteMessage) and _is(action.target, subject)
        for action in decision.actions
    )
    removed = say(language, "removed") if deletes else ""
    if decision.sanction is Outcome.UNSPECIFIED:
        return removed
    span = {"at_ms": decision.at_ms, "until_ms": decision.until_ms}
    return sentences(language, removed, sanction_done(language, book, decision.sanction, **span))


def _is(target: Actor | None, member: str) -> bool:
    return target is None or target.id in ("", member)


def _next(language: Language, book: Rulebook, decision: Decision, rule: Rule) -> str:
    _, ladder = book.ladder_of(_offence(rule))
    if ladder is None or not any(hit.points for hit in decision.hits):
        return ""
    return next_on(language, ladder, decision.strikes)


def _offence(rule: Rule) -> str:
    """Return of which kind the points are that a rule gives, at once or later."""
    later = (then for effect in rule.then.all() for then in effect.inner())
    return next((then.offence for then in (rule.then, *later) if then.points), "")


def _appeal(version: Version, language: Language, decision: Decision) -> str:
    """Return how to appeal against what can be appealed."""
    appealable = decision.outcome >= Outcome.DELETE or any(hit.points for hit in decision.hits)
    if decision.sanction >= Outcome.MUTE or appealable:
        if version == "private":
            return say(language, "appeal_here")
        if decision.sanction >= Outcome.KICK:
            return say(language, "appeal_away")
        return say(language, "appeal_muted" if decision.sanction is Outcome.MUTE else "appeal_how")
    return ""


def _staff(language: Language, book: Rulebook, decision: Decision) -> Iterator[str]:
    at = moment(decision.at_ms, book.zone, seconds=True)
    outcome = outcome_name(language, decision.outcome)
    yield say(
        language,
        "staff_decision",
        decision=decision.id,
        event=decision.event_id,
        at=at,
        outcome=outcome,
        rule=decision.acted or "–",
        strikes=decision.strikes,
        rulebook=f"{book.name} {decision.rulebook[:DIGEST_SHOWN]}",
    )
    for hit in decision.hits:
        yield from _staff_hit(language, hit)


def _staff_hit(language: Language, hit: RuleHit) -> Iterator[str]:
    asked, spared = outcome_name(language, hit.outcome), exempted(language, hit.exempt)
    key = "staff_exempt" if spared else "staff_rule"
    yield say(language, key, rule=hit.rule, outcome=asked, points=hit.points, exempt=spared)
    for saw in hit.saw:
        yield f"    {_seen(language, hit, saw, exactly=True)}"
    for span in hit.spans:
        yield f"    {_place(language, span)}"
    if hit.event_ids:
        shown = list(hit.event_ids[-EVENTS_SHOWN:])
        more = ["…"] if len(hit.event_ids) > EVENTS_SHOWN else []
        events = COMMAS[language].join([*more, *shown])
        yield f"    {say(language, 'staff_events', n=len(hit.event_ids), events=events)}"


def _place(language: Language, span: Span) -> str:
    return say(
        language,
        "staff_span",
        term=plain(span.term, SEEN_MAX),
        text=plain(span.text, SEEN_MAX),
        view=span.view,
        start=span.start,
        end=span.end,
    )
