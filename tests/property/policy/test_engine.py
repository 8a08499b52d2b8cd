"""Laws of judging: the same log gives the same bytes, wherever it is cut, stored or run."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.bus import Delivery
from contracts.codec import encode, view_event
from contracts.values import Origin, RulebookAdopted
from policy.core.compile import compile_rulebook
from policy.core.engine import Engine
from policy.core.rulebook import parse
from policy.core.state import State
from policy.seat import Seat
from policy.sets import with_builtin
from tests.unit.policy.core.room import GROUP, Room, make_event

ROOT = Path(__file__).resolve().parents[3]
STARTER = (ROOT / "rulebooks" / "starter.yaml").read_text()
FESTIVAL = (ROOT / "rulebooks" / "festival.zh.yaml").read_text()
# Every form that a test can take: looked up, asked, undefined, both sides of a choice.
FORMS = """
name: forms
language: en
ladder: {steps: [{at: 2, do: mute, for: 10m}]}
rules:
  - {id: loud, why: b, when: {expr: "caps > 0.5 && text_len > 4"}, then: {points: 1}}
  - {id: new, why: b, when: {expr: "author.joined_ms_ago < 5 || 3 / (links - 1) < 0"}, then: warn}
  - id: mixed
    why: b
    when: {any: [{words: idiot}, {all: [{link: any}, {power: 1}]}]}
    then: delete
  - {id: few, why: b, when: {min_length: 3, not: {expr: 'text.matches("^!")'}}, then: notice}
  - {id: many, why: b, when: {flood: {lines: 3, within: 30s}}, unless: {role: host}, then: warn}
  - {id: either, why: b, when: {expr: "size(text) > (links > 0 ? 9 : 30)"}, then: {reply: long}}
"""
# What waits, is owed, is held, is appealed, is told to others or to the inviter, or comes in turns.
WAITING = """
name: waiting
language: en
hosts: {power: 50}
tiers: [{name: guest}, {name: regular, when: {contributions: {at_least: 2}}}]
ladder: {decay: {points: 1, every: 1h}, steps: [{at: 1, do: warn}, {at: 3, do: mute, for: 10m}]}
rules:
  - {id: ask, why: b, when: {words: hello}, then: {hold: {for: 5m}}}
  - id: rude
    why: b
    when: {words: idiot}
    then: [delete, points: 2, inviter: {points: 1, within: 30d}]
  - id: sale
    why: b
    when: {words: sale}
    then: {expects: {thanks: any, within: 10m}}
    otherwise: [points: 1]
  - {id: spread, why: b, kinds: [message, incident], then: delete,
     when: {incident: {groups_at_least: 2, within: 1h}}}
  - {id: silent, why: b, kinds: [tick], when: {silent: {for: 1d}}, then: notice}
  - {id: night, why: b, when: {time: {from: "22:00", to: "06:00"}, link: any}, then: notice}
  - {id: rows, why: b, when: {in_a_row: {more_than: 2}}, then: notice}
  - {id: newcomer, why: b, kinds: [join], when: {joined: {younger_than: 1d}}, then: number}
"""
CHARTERS = [
    with_builtin((ROOT / "rulebooks" / f"{name}.yaml").read_text())
    for name in ("dream-factory", "paid-circle")
]
BOOKS = {
    book.digest: book
    for book in map(compile_rulebook, map(parse, (STARTER, FESTIVAL, FORMS, WAITING, *CHARTERS)))
}

FORMS_DIGEST = parse(FORMS).digest

texts = st.one_of(
    st.sampled_from(
        [
            "hello",
            "you idiot",
            "白痴",
            "for sale",
            "出售",
            "https://free-nitro.example",
            "www.a.com",
            "",
        ]
    ),
    st.text(max_size=60),
)
people = st.sampled_from(["ann", "bob", "cat"])
waits = st.sampled_from([0, 1, 300, 5_000, 40_000, 700_000, 90_000_000])
acts = st.one_of(
    st.tuples(st.just("says"), texts),
    st.tuples(st.just("edits"), texts),
    st.tuples(st.just("deletes"), st.sampled_from(["m1", "m2"])),
    st.tuples(
        st.just("commands"),
        st.sampled_from(
            ["!packet 500 10", "!packet x", "!抢", "!grab p1 x", "!rules", "!help", "!x"]
        ),
    ),
    st.tuples(st.just("packet"), people),
    st.tuples(st.sampled_from(["opened", "frozen"]), people),
    st.tuples(st.just("taken"), people),
    st.tuples(st.just("refused"), st.sampled_from(["already_taken", "what"])),
    st.tuples(st.just("closed"), st.sampled_from(["expired", "sold_out", ""])),
    st.tuples(st.just("due"), st.integers(0, 5)),
    st.tuples(st.just("adopt"), st.sampled_from(sorted(BOOKS))),
    st.tuples(st.just("layered"), st.sampled_from(sorted(BOOKS))),
    st.tuples(st.sampled_from(["joins", "invites", "kicked", "banned", "unbanned"]), people),
    st.tuples(st.sampled_from(["leaves", "looks", "ticks", "pays", "opens", "changes"]), texts),
    st.tuples(st.just("reports"), people),
    st.tuples(st.just("reacts"), st.sampled_from(["👍", "谢谢"])),
    st.tuples(st.just("incident"), st.sampled_from(["text", "member"])),
    st.tuples(
        st.just("reviews"), st.sampled_from(["approve", "refuse", "uphold", "reject", "what"])
    ),
    st.tuples(st.just("appeals"), texts),
    st.tuples(st.just("hears"), st.integers(0, 1)),
    st.tuples(
        st.just("commands"),
        st.sampled_from(
            ["!floor @bob:example.org 60m", "!floor end", "!agree", "!appeal 1", "!ok", "!发言权"]
        ),
    ),
)
stories = st.lists(
    st.tuples(acts, people, waits, st.sampled_from([*Origin]), st.sampled_from([0, 0, 0, 50])),
    max_size=40,
)


def tell(story):
    """Return the room that the story was played in."""
    room = Room(STARTER)
    room.books.update(BOOKS)
    at_ms = 0
    for (act, what), who, wait_ms, origin, power in story:
        at_ms += wait_ms
        _do(room, act, what, {"at_ms": at_ms, "who": who}, {"origin": origin, "power": power})
    return room


def _do(room, act, what, when, fields):
    match act:
        case "says" | "commands":
            getattr(room, act)(what, **when, **fields)
        case "edits":
            room.edits(what, message="m1", **when, **fields)
        case "deletes":
            room.deletes(what, **when)
        case "packet" | "opened" | "frozen":
            getattr(room, act)(sender=what, at_ms=when["at_ms"])
        case "taken":
            room.taken(what, 5, 3, at_ms=when["at_ms"])
        case "refused" | "closed":
            getattr(room, act)(what, at_ms=when["at_ms"])
        case "adopt":
            room.feed(RulebookAdopted(digest=what, groups=(GROUP,)), **when)
        case _:
            _also(room, act, what, when)


def _also(room, act, what, when):
    who, at_ms = when["who"], when["at_ms"]
    match act:
        case "due":
            timers = [timer for decision in room.decisions for timer in decision.timers]
            if timers:
                room.due(timers[what % len(timers)], at_ms=at_ms)
        case "layered":
            groups = (GROUP,) if who == "ann" else ()
            fact = RulebookAdopted(digest=what, groups=groups, channels=groups, platform="matrix")
            room.feed(fact, group="", **when)
        case "hears":
            told = [one.facts for one in room.decisions if one.facts]
            if told:
                room.hears(what % len(told[-1]), at_ms=at_ms)
        case "reviews" | "appeals" if any(one.case_id for one in room.decisions):
            if act == "appeals":
                room.appeals(who, -1, what, at_ms=at_ms)
            else:
                room.reviews(-1, what, reason="so", who=who, at_ms=at_ms)
        case "reviews" | "appeals":
            pass
        case _:
            FACTS[act](room, who, what, {"at_ms": at_ms})


FACTS = {
    "joins": lambda room, who, what, at: room.joins(who, by=what, **at),
    "leaves": lambda room, who, _what, at: room.leaves(who, **at),
    "kicked": lambda room, who, _what, at: room.kicked(who, **at),
    "banned": lambda room, who, _what, at: room.banned(who, **at),
    "unbanned": lambda room, who, _what, at: room.unbanned(who, **at),
    "invites": lambda room, who, what, at: room.invites(who, what, **at),
    "looks": lambda room, who, what, at: room.looks(who, name=what, **at),
    "ticks": lambda room, _who, _what, at: room.ticks(**at),
    "pays": lambda room, who, what, at: room.pays(who, 500, purpose=what, **at),
    "opens": lambda room, who, what, at: room.opens(who, what, **at),
    "changes": lambda room, who, what, at: room.changes(who, "name", what, **at),
    "reports": lambda room, who, what, at: room.reports(who, what, message="m1", **at),
    "reacts": lambda room, who, what, at: room.reacts(who, what, message="m1", **at),
    "incident": lambda room, who, what, at: room.incident(
        what, "m1", ["one", "two", GROUP], who=who, **at
    ),
}


def judged(events, *, restore_at=()):
    """Return the bytes of every decision, the digest and the snapshot."""
    engine = Engine(State(), BOOKS)
    found = []
    for seq, data in enumerate(events, 1):
        if seq in restore_at:
            engine = Engine(State.restore(engine.state.snapshot()), BOOKS)
        decision = engine.decide(view_event(data), seq)
        found.append(encode(decision) if decision is not None else b"")
    return found, engine.state.digest, engine.state.snapshot()


@given(stories)
@settings(max_examples=60, deadline=None)
def test_a_log_judged_again_gives_the_same_bytes(story):
    room = tell(story)

    again, digest, snapshot = judged(room.events)

    assert [data for data in again if data] == [encode(one) for one in room.decisions]
    assert (digest, snapshot) == (room.state.digest, room.state.snapshot())


@given(stories, st.sets(st.integers(1, 40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_memory_stored_and_loaded_anywhere_changes_nothing(story, restore_at):
    events = tell(story).events

    assert judged(events, restore_at=restore_at) == judged(events)


def ruled(events, sizes):
    """Return every decision and the digest of a log that was cut into batches of these sizes."""
    seat = Seat(0, State(), BOOKS, last_seq=0, dec_seq=0, log="log", owner="owner")
    heard = [Delivery("ev.0", data, seq=seq) for seq, data in enumerate(events, 1)]
    decisions = []
    for size in (*sizes, len(heard)):
        run, heard = heard[:size], heard[size:]
        while run:
            batch = seat.judge(run).batch
            decisions += map(encode, batch.decisions)
            run = run[batch.events :]
    return decisions, seat.state.digest, seat.state.snapshot()


@given(stories, st.lists(st.integers(1, 12), max_size=8))
@settings(max_examples=40, deadline=None)
def test_however_the_log_is_cut_into_batches_the_bytes_are_the_same(story, sizes):
    events = tell(story).events

    assert ruled(events, sizes) == ruled(events, ())


@given(stories)
@settings(max_examples=30, deadline=None)
def test_an_event_delivered_again_changes_nothing(story):
    room = tell(story)
    before = room.state.snapshot()

    again = [room.engine.decide(view_event(data), 99) for data in room.events]

    assert again == [None] * len(room.events)
    assert room.state.snapshot() == before


@given(stories)
@settings(max_examples=60, deadline=None)
def test_ids_of_actions_and_timers_are_never_used_twice(story):
    decisions = tell(story).decisions

    actions = [action.id for decision in decisions for action in decision.actions]
    timers = [timer.id for decision in decisions for timer in decision.timers]

    assert len(actions) == len(set(actions))
    assert len(timers) == len(set(timers))


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_text_stops_the_judge(text):
    room = Room(FESTIVAL)

    room.says(text)
    room.says("x", html=text)
    room.edits(text, message="m1")
    room.commands(f"!packet {text}")
    room.commands(f"!抢 {text}")


SCRIPT = """
from tests.property.policy.test_engine import judged
import hashlib, sys
events = [bytes.fromhex(line) for line in sys.stdin.read().split()]
found, digest, snapshot = judged(events)
print(hashlib.sha256(b"|".join(found) + digest + snapshot).hexdigest())
"""


def test_the_hash_seed_changes_nothing():
    room = Room(STARTER)
    room.books.update(BOOKS)
    for number in range(120):
        if number == 60:
            room.feed(RulebookAdopted(digest=FORMS_DIGEST, groups=(GROUP,)), at_ms=40_000)
        text = ["hello", "you idiot moron 白痴", "for sale promo code", "https://a.org"][number % 4]
        room.says(text, who=f"member{number % 7}", at_ms=number * 700)
    room.commands("!packet 500 10", who="ann", at_ms=50_000)
    fed = "\n".join(data.hex() for data in room.events)

    answers = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=fed,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(answers) == 1


def test_a_group_without_a_rulebook_is_not_judged():
    engine = Engine(State(), BOOKS)
    room = Room(STARTER, adopt=False)
    room.says("you idiot")

    assert room.decisions == []
    assert engine.decide(view_event(encode(make_event(None))), 1) is None
