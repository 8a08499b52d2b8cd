"""Play a golden story: events in a room, and what is expected of each. The story is the document.

why: One sentence; it is what a failure says.
rulebook: starter            # of rulebooks/, or the text itself
events:
  - {at: 0s, who: ann, says: hello, expect: nothing}
  - {at: 1s, who: bob, says: you idiot, expect: {outcome: delete, actions: [delete, reply]}}
  - {at: 2s, joins: {who: cat, by: bob}, expect: nothing}

Whatever is no message names a method of the room, and is given to it: see `Room`.
"""

from contracts.codec import from_json
from contracts.values import Attachment, Content, LedgerCommand, Origin, Place
from policy.core.reading import duration_ms
from policy.sets import with_builtin
from tests.unit.policy.core.room import GROUP, Room

FACTS = {
    "packet", "taken", "closed", "refused", "transferred", "pays", "joins", "leaves", "kicked",
    "banned", "unbanned", "invites", "reacts", "looks", "changes", "opens", "given_roles",
    "reports", "ticks", "appeals", "undoes", "incident", "done", "opened", "frozen",
    "repaid",
}  # fmt: skip
ACTORS = ("name", "power", "roles", "is_self", "origin")
"""What an event may say of who acts; `channel` says where."""


def play(story, root):
    """Return the room it was played in, and what differs from what is expected, one line each."""
    text = story["rulebook"]
    if "\n" not in text:
        text = with_builtin((root / "rulebooks" / f"{text}.yaml").read_text())
    room = Room(text)
    at_ms = 0
    found = []
    for number, event in enumerate(story["events"], 1):
        at_ms = duration_ms(event["at"]) if "at" in event else at_ms + 1
        for repeat in range(event.get("times", 1)):
            at_ms += repeat and duration_ms(event.get("every", "100ms"))
            decision = _feed(room, event, at_ms)
        found += [f"event {number}: {line}" for line in _differences(event["expect"], decision)]
    return room, found


def _feed(room, event, at_ms):
    fields = {key: event[key] for key in ACTORS if key in event}
    if "channel" in event:
        fields["place"] = Place(channel=event["channel"])
    if "origin" in fields:
        fields["origin"] = Origin[fields["origin"].upper()]
    fields |= {"at_ms": at_ms, "who": event.get("who", "ann")}
    match event:
        case {"says": text}:
            attached = [
                Attachment(name=one) if isinstance(one, str) else from_json(Attachment, one)
                for one in event.get("attached", ())
            ]
            extra = {"html": event.get("html", ""), "message": event.get("message")}
            extra["form"] = event.get("form", "text")
            extra["beside"] = from_json(Content, event.get("beside", {}))
            if "reply_to" in event:
                extra["reply_to"] = room.message_id(event["reply_to"])
            extra["mentions"] = [f"@{name}:example.org" for name in event.get("mentions", ())]
            return room.says(text, attachments=attached, **extra, **fields)
        case {"edits": text, "message": message}:
            return room.edits(text, message=message, **fields)
        case {"deletes": message}:
            return room.deletes(message, **fields)
        case {"command": line}:
            if "reply_to" in event:
                fields["reply_to"] = room.message_id(event["reply_to"])
            fields["mentions"] = [f"@{name}:example.org" for name in event.get("mentions", ())]
            return room.commands(line, direct=event.get("direct", False), **fields)
    return _other(room, event, fields)


def _other(room, event, fields):  # noqa: PLR0911 -- as above
    at_ms = fields["at_ms"]
    match event:
        case {"says_long": length}:
            return room.says("x " * (length // 2), **fields)
        case {"edits_long": length, "message": message}:
            return room.edits("x " * (length // 2), message=message, **fields)
        case {"review": asked}:
            line = f"!{asked['verdict']} {room.case(asked['nth'])[:6]} {asked.get('reason', '')}"
            return room.commands(line, **fields)
        case {"proposal": asked}:
            waiting = room.state.room("town", GROUP).harvest.proposals
            name = waiting[asked["nth"]].id[:6]
            return room.commands(f"!{asked['verdict']} {name} {asked.get('reason', '')}", **fields)
        case {"rest": asked}:
            return room.reviews(**asked, **fields)
        case {"hears": number}:
            return room.hears(number, at_ms=at_ms)
        case {"due": purpose}:
            timers = [timer for decision in room.decisions for timer in decision.timers]
            timer = [timer for timer in timers if timer.purpose == purpose][event.get("nth", -1)]
            late = {"late_ms": duration_ms(event["late"])} if "late" in event else {}
            return room.due(timer, at_ms=at_ms, **late)
    (fact,) = FACTS & event.keys()
    return getattr(room, fact)(**event[fact], at_ms=at_ms)


def _differences(expect, decision):
    if expect == "nothing":
        return [] if decision is None else [f"expected nothing, got {_summary(decision)}"]
    if decision is None:
        return [f"expected {expect}, got nothing"]
    seen = _seen(decision)
    lines = [
        f"{key}: expected {expect[key]!r}, got {seen[key]!r}"
        for key in expect
        if key not in ("says", "silent_about") and expect[key] != seen[key]
    ]
    told = "\n".join(seen["texts"])
    lines += [
        f"does not say {text!r}: {told}" for text in expect.get("says", ()) if text not in told
    ]
    lines += [f"says {text!r}: {told}" for text in expect.get("silent_about", ()) if text in told]
    return lines


def _seen(decision):
    hits = decision.hits
    return {
        "outcome": decision.outcome.name.lower(),
        "rules": [hit.rule for hit in hits if not hit.exempt],
        "exempt": [f"{hit.rule}: {hit.exempt}" for hit in hits if hit.exempt],
        "spans": [span.text for hit in hits for span in hit.spans],
        "views": [span.view for hit in hits for span in hit.spans],
        "surfaces": [span.surface for hit in hits for span in hit.spans],
        "terms": [span.term for hit in hits for span in hit.spans],
        "evidence": max((len(hit.event_ids) for hit in hits), default=0),
        "count": max((hit.count for hit in hits), default=0),
        "points": sum(hit.points for hit in hits),
        "strikes": decision.strikes,
        "case": bool(decision.case_id),
        "actions": [_action(action) for action in decision.actions],
        "priorities": [action.priority for action in decision.actions],
        "texts": [action.body.text for action in decision.actions if hasattr(action.body, "text")],
        "facts": len(decision.facts),
        "harvested": [one.text for one in decision.harvested],
        "timers": [timer.purpose for timer in decision.timers],
        "cancelled": len(decision.cancelled_timers),
        "targets": [_short(action.target.id) for action in decision.actions],
        "resolution": decision.resolution.state if decision.resolution else "",
        "undone": list(decision.resolution.undone) if decision.resolution else [],
        "kept": list(decision.resolution.kept) if decision.resolution else [],
        "target": _short(decision.subject.id),
    }


def _short(member):
    return member.partition(":")[0].removeprefix("@")


def _action(action):
    body = action.body.body if isinstance(action.body, LedgerCommand) else action.body
    return type(body).__name__


def _summary(decision):
    return {key: value for key, value in _seen(decision).items() if value}
