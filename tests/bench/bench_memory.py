"""What remembering takes: for each key of a window, each member and each group; and its snapshot.

Members say three things each, real lines, as the engine hears them. Of what is allocated meanwhile
everything counts that lives on afterwards: keys, places in dictionaries, and what Python adds. What
a partition keeps however many members it has, the ids of its newest events, is there before.
A window's key is one member in one window, with the marks of the three; a member who spells a word
that is looked for is the dearest, and is told apart.
"""

import gc
import tracemalloc
from time import process_time

from contracts.codec import encode, view_event
from contracts.values import Content, MessageCreated, RulebookAdopted
from policy.core.compile import compile_rulebook
from policy.core.counters import Windows
from policy.core.counting import count
from policy.core.engine import Engine
from policy.core.rulebook import parse
from policy.core.seen import Seen
from policy.core.state import RECENT_MAX, State
from tests.bench.figure import ROOT, Figure
from tests.unit.policy.core.room import make_event

MEMBERS = 10_000  # of a group
GROUPS = 10
EACH = 3
SPELLED = ("i", "d", "i")  # of a word of the rulebook
SPELLING = 1_000  # members of a group: all of them are kept
RULEBOOK = ROOT / "rulebooks" / "starter.yaml"


async def figures(bench):
    compiled = compile_rulebook(parse(RULEBOOK.read_text()))
    members = bench.scaled(MEMBERS)
    said = [text for _, text in bench.lines(members * EACH)]
    key_bytes, per_room = _windows(compiled, members, said)
    spelled_bytes, _ = _windows(compiled, SPELLING, SPELLED)
    state, member_bytes = _rooms(compiled, members // 5, said)
    started = process_time()
    size = len(state.snapshot())
    snapshot_ms = (process_time() - started) * 1e3
    room_bytes = _empty_rooms(compiled, bench.scaled(20_000))
    return [
        Figure(
            name="judge.bytes_per_window_key",
            value=key_bytes,
            unit="B",
            budget=300,
            better="less",
        ),
        Figure(name="judge.windows_per_member", value=per_room, unit="", better="less"),
        Figure(
            name="judge.bytes_per_window_key_spelling",
            value=spelled_bytes,
            unit="B",
            better="less",
        ),
        Figure(name="judge.bytes_per_member", value=member_bytes, unit="B", better="less"),
        Figure(name="judge.bytes_per_group", value=room_bytes, unit="B", better="less"),
        Figure(
            name="judge.snapshot_ms_per_mb",
            value=snapshot_ms / size * 1e6,
            unit="ms",
            better="less",
        ),
        Figure(
            name="judge.window_bytes_max_per_group",
            value=compiled.counted.bytes_max,
            unit="B",
            better="less",
        ),
    ]


def _message(number, member, group, at_ms, text="hello"):
    payload = MessageCreated(
        message_id=f"$message{number}:example.org", content=Content(text=text, form="text")
    )
    return encode(
        make_event(payload, number=number, at_ms=at_ms, who=f"member{member}", group=group)
    )


def _windows(compiled, members, said):
    """Return what one key of a window takes, and how many keys a member has."""
    kept = [Windows() for _ in range(GROUPS)]
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(members * GROUPS * EACH):
        member, windows = number // EACH % members, kept[number // (members * EACH)]
        text = said[number % len(said)]
        view = view_event(_message(number, member, "!g:example.org", number, text))
        seen = Seen(
            "message",
            view.payload.content,
            view.actor,
            now_ms=view.received_ms,
            automaton=compiled.automaton,
            event=view,
        )
        seen.windows = windows
        count(compiled.counted, windows, seen, view.id)
    del seen, view
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    keys = sum(len(rings) for windows in kept for rings in windows.rings.values())
    return (after - before) / keys, keys / (members * GROUPS)


def _warm(compiled):
    """Return a judge that has seen so many events that no more is kept of them."""
    engine = Engine(State(), {compiled.digest: compiled})
    adopted = make_event(RulebookAdopted(digest=compiled.digest), group="")
    engine.decide(view_event(encode(adopted)), 1)
    for number in range(2 * RECENT_MAX):
        engine.decide(view_event(_message(-number, 1, "!warm:example.org", 0)), 1)
    gc.collect()
    return engine


def _rooms(compiled, members, said):
    """Return a memory of members in groups, and what each member takes in it, all told."""
    tracemalloc.start()
    engine = _warm(compiled)
    before, _ = tracemalloc.get_traced_memory()
    for number in range(1, members * GROUPS * EACH + 1):
        group = f"!{number // (members * EACH)}:example.org"
        member, text = number // EACH % members, said[number % len(said)]
        data = _message(number, member, group, number * 1000, text)
        engine.decide(view_event(data), number + 1)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return engine.state, (after - before) / (members * GROUPS)


def _empty_rooms(compiled, rooms):
    """Return what a group takes in which one member has spoken once."""
    rooms = min(rooms, 15_000)
    tracemalloc.start()
    engine = _warm(compiled)
    before, _ = tracemalloc.get_traced_memory()
    for number in range(1, rooms + 1):
        engine.decide(view_event(_message(number, 1, f"!{number}:e", number)), number + 1)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / rooms
