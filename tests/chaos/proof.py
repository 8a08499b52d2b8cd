"""The proofs: each takes the evidence and returns every fault it finds, a sentence each. Pure.

They believe no service. What happened is taken from the homeserver, what was concluded is judged
again, and what was done is counted in the rooms.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from contracts.values import (
    ActionOutcome,
    Gap,
    LedgerRefused,
    Malformed,
    OutcomeStatus,
    PacketSent,
    PacketShareTaken,
    TimerDue,
)
from tests.chaos.again import batches, decided, planned
from tests.chaos.evidence import Evidence, Raw

ACTION_KEY = "dev.reeve.action"
ABOUT_KEY = "dev.reeve.about"
LEDGER = "ledger"
WITHHELD = frozenset({"protected", "braked", "dropped"})
ENDED = {
    OutcomeStatus.DONE: "done",
    OutcomeStatus.ALREADY: "done",
    OutcomeStatus.GONE: "gone",
    OutcomeStatus.DENIED: "denied",
    OutcomeStatus.FAILED: "failed",
}
VISIBLE = frozenset(
    {"delete_message", "reply", "announce", "direct_notice", "kick", "ban", "unban"}
)
"""Kinds whose effect carries the action's id in the room."""


def nothing_lost(evidence: Evidence) -> Iterator[str]:
    """Every event of the homeserver is in EVENTS once; within a room in order, without a gap."""
    ids = Counter(each.event.id for each in evidence.events)
    yield from (f"event {one} is {n} times in EVENTS" for one, n in ids.items() if n > 1)
    keys = Counter(
        each.event.dedup_key for each in evidence.events if each.event.platform == "matrix"
    )
    for room, acknowledged in evidence.said.items():
        spoken = {one["event_id"] for one in evidence.timelines[room] if _is_speech(one)}
        missing = acknowledged - spoken
        yield from (
            f"the homeserver forgot {one}, which it acknowledged" for one in sorted(missing)
        )
        for one in sorted(acknowledged | spoken):
            if keys[one] != 1:
                yield f"{one} in {room} was said once and is {keys[one]} times in EVENTS"
    for each in evidence.events:
        if isinstance(each.event.payload, Gap | Malformed):
            yield f"the log tells of a gap or a fault: {each.event.payload}"
    yield from _in_order(evidence)


def decisions_unchanged(evidence: Evidence) -> Iterator[str]:
    """Judging the log again, undisturbed, gives the committed batches byte for byte."""
    for partition in range(evidence.partitions):
        yield from decided(evidence, partition)


def effects_once(evidence: Evidence) -> Iterator[str]:
    """Every planned action was carried out once, has one outcome, and its case knows it."""
    wanted = planned(evidence)
    yield from _recorded(evidence, wanted)
    outcomes = _outcomes(evidence)
    shown, copied = _shown(evidence)
    yield from (f"action {one} has {n} events in the rooms" for one, n in shown.items() if n > 1)
    yield from (f"action {one} was copied {n} times" for one, n in copied.items() if n > 1)
    yield from _redactions(evidence)
    for one, held in evidence.actions.items():
        if held.executor == LEDGER or held.state in WITHHELD:
            continue
        found = outcomes.get(one, [])
        if len(found) != 1:
            yield f"action {one} ({held.kind}) has {len(found)} outcomes in EVENTS"
            continue
        (outcome,) = found
        if held.state != ENDED[outcome.status]:
            yield f"action {one} ended {outcome.status.name}, and its record says {held.state}"
        if outcome.status is OutcomeStatus.FAILED:
            yield f"action {one} ({held.kind}) was given up: {outcome.fault}"
        if outcome.status is OutcomeStatus.DONE and held.kind in VISIBLE and shown[one] != 1:
            yield f"action {one} ({held.kind}) is said to be done, and no room shows it"
    yield from (
        f"an outcome tells of {one}, which nobody planned" for one in outcomes.keys() - wanted
    )


def cases_told(evidence: Evidence) -> Iterator[str]:
    """What REST tells of a case's actions is how they ended."""
    for one, held in evidence.actions.items():
        if not held.case_id:
            continue
        told = evidence.steps.get(held.case_id, {}).get(one)
        if told != held.state:
            yield f"case {held.case_id} tells {told} of action {one}, which is {held.state}"
        if held.state in {"planned", "published"} and held.executor != LEDGER:
            yield f"action {one} ({held.kind}) of case {held.case_id} never ended"


def voices_restored(evidence: Evidence) -> Iterator[str]:
    """After the last mute was lifted, every room's power levels are what they were, exactly."""
    for room, before in evidence.levels_before.items():
        if evidence.levels_after[room] != before:
            yield f"the levels of {room} were {before} and are {evidence.levels_after[room]}"


def timers_once(evidence: Evidence) -> Iterator[str]:
    """Every timer that was set fired once, unless it was cancelled."""
    fired = Counter(
        each.event.payload.timer_id
        for each in evidence.events
        if isinstance(each.event.payload, TimerDue)
    )
    yield from (f"timer {one} fired {n} times" for one, n in fired.items() if n > 1)
    decisions = [decision for batch in batches(evidence) for decision in batch.decisions]
    wound = {timer.id for decision in decisions for timer in decision.timers}
    cancelled = {timer for decision in decisions for timer in decision.cancelled_timers}
    yield from (f"timer {one} never fired" for one in sorted(wound - cancelled - fired.keys()))
    yield from (f"timer {one} fired, and nobody set it" for one in sorted(fired.keys() - wound))


def books_balanced(evidence: Evidence) -> Iterator[str]:
    """Each order was answered once, nobody has two shares of a packet, and no point was made."""
    answers: Counter[str] = Counter()
    shares: Counter[tuple[str, str]] = Counter()
    for each in evidence.events:
        fact = each.event.payload
        if isinstance(fact, PacketSent | PacketShareTaken | LedgerRefused):
            answers[fact.command_id] += 1
        if isinstance(fact, PacketShareTaken):
            shares[fact.packet_id, fact.member] += 1
    for one, held in evidence.actions.items():
        if held.executor == LEDGER and held.state not in WITHHELD and answers[one] != 1:
            yield f"the ledger answered order {one} {answers[one]} times"
    for (packet, member), n in shares.items():
        if n > 1:
            yield f"{member} took {n} shares of packet {packet}"
    for asset, granted in evidence.granted.items():
        if evidence.balances.get(asset) != granted:
            yield f"{granted} {asset} were granted, and {evidence.balances.get(asset)} are there"


PROOFS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    nothing_lost,
    decisions_unchanged,
    effects_once,
    cases_told,
    voices_restored,
    timers_once,
    books_balanced,
)


def _is_speech(raw: Raw) -> bool:
    return raw["type"] == "m.room.message"


def _in_order(evidence: Evidence) -> Iterator[str]:
    """The gateway numbers what it sees in a room; the log must have the numbers in a row."""
    last: defaultdict[str, int] = defaultdict(int)
    for each in evidence.events:
        room = each.event.place.channel if each.event.place is not None else ""
        if not each.event.place_sequence or room not in evidence.said:
            continue
        if each.event.place_sequence != last[room] + 1:
            yield f"in {room}, number {each.event.place_sequence} follows on {last[room]}"
        last[room] = each.event.place_sequence


def _outcomes(evidence: Evidence) -> dict[str, list[ActionOutcome]]:
    found: defaultdict[str, list[ActionOutcome]] = defaultdict(list)
    for each in evidence.events:
        if isinstance(each.event.payload, ActionOutcome):
            found[each.event.payload.action_id].append(each.event.payload)
    return dict(found)


def _shown(evidence: Evidence) -> tuple[Counter[str], Counter[str]]:
    """How many Matrix events carry each action's id, and how many more are private copies.

    Whoever is muted could not answer in the group, so replies to them are copied to their own room.
    """
    shown: Counter[str] = Counter()
    copied: Counter[str] = Counter()
    for timeline in evidence.timelines.values():
        for raw in timeline:
            one = raw["content"].get(ACTION_KEY)
            if one is None:
                continue
            held = evidence.actions.get(one)
            is_copy = ABOUT_KEY in raw["content"] and held is not None and held.kind == "reply"
            (copied if is_copy else shown)[one] += 1
    return shown, copied


def _redactions(evidence: Evidence) -> Iterator[str]:
    for room, timeline in evidence.timelines.items():
        targets = Counter(
            raw.get("redacts") or raw["content"].get("redacts")
            for raw in timeline
            if raw["type"] == "m.room.redaction"
        )
        yield from (
            f"{one} in {room} was redacted {n} times" for one, n in targets.items() if n > 1
        )


def _recorded(evidence: Evidence, wanted: frozenset[str]) -> Iterator[str]:
    held = evidence.actions.keys()
    yield from (f"action {one} was decided and never recorded" for one in sorted(wanted - held))
    yield from (
        f"action {one} is on record, and nobody decided it" for one in sorted(held - wanted)
    )
