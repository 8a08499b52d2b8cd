"""What each condition costs, measured by hand: `python -m tests.bench.conditions [NAME]`.

A message is judged by a book that looks at the text, knows members and keeps a window, as every
book of some size does, and by the same book with one more rule whose condition is the example of
its section; the difference is what the condition takes, with what is kept for it. Told is the
dearest sort of message beside what the certificate says; what is off by more than twice is
marked. A condition that holds is not told, since what follows costs more.

Time is CPU time of an ordinary machine, on which a million additions in a plain loop take 35 ms:
the least that anything took here is divided by how much longer such a loop takes here at the least.
"""

import sys
from itertools import cycle, islice
from time import thread_time

from contracts.codec import encode, view_event
from contracts.values import Attachment, Content, MessageCreated, RulebookAdopted
from policy.core.compile import compile_rulebook
from policy.core.conditions import CONDITIONS
from policy.core.cost import cost_of
from policy.core.engine import Engine
from policy.core.rulebook import parse
from policy.core.state import State
from tests.unit.policy.core.room import GROUP, make_event

ROUNDS = 9
ADDITIONS = 200_000
ADDITION_US = 0.035  # on an ordinary machine
MESSAGES = 600
STRUCTURE = ("all", "any", "not")
LINK = "See https://example.net/walks/42 for the way along the river, and bring warm things. " * 2
SORTS = {
    "english": Content(
        text=f"{'I walked along the river after work and saw two herons, ' * 2}!"[:100]
    ),
    "chinese": Content(
        text=("周末一起去看展吗？票我来买，下午三点在地铁口见，谢谢大家。" * 4)[:100]
    ),
    "link and file": Content(text=LINK[:100], attachments=(Attachment(name="way.pdf"),)),
}
BOOK = """
name: measured
language: en
budget_us: 1000
lists:
  insults: {words: [idiot]}
  hosts: {domains: [example.com]}
  phrases: {patterns: [abc+]}
tiers: [{name: newcomer}, {name: regular}]
charter: {theme: {words: [heron, river]}}
rules:
  - {id: look, why: The text is looked at., when: {words: [nonesuch]}, then: notice}
  - {id: ask, why: Each message asks., when: {max_length: 9999}, then: notice}
  - {id: know, why: Members are known., when: {joined: {younger_than: 1s}}, then: notice}
  - {id: keep, why: Windows are kept., when: {flood: {messages: 900, within: 1h}}, then: notice}
"""


def book(name):
    """Return the book to measure against, or one with the example of a condition."""
    if not name:
        return compile_rulebook(parse(BOOK))
    example = CONDITIONS[name].about.example.replace("\n", "\n      ")
    rule = "  - id: measured\n    why: It is measured.\n    then: notice\n    when:\n"
    return compile_rulebook(parse(f"{BOOK}{rule}      {example}\n"))


def messages(content):
    """Return encoded messages of forty people in turn, one each second and a half."""
    people = islice(cycle(range(40)), MESSAGES)
    return [
        encode(
            make_event(
                MessageCreated(message_id=f"$m{number}:example.org", content=content),
                number=number,
                at_ms=number * 1_500,
                who=f"member{who}",
            )
        )
        for number, who in enumerate(people, 2)
    ]


def addition_us():
    """Return what one addition of a plain loop takes."""
    started = thread_time()
    for number in range(ADDITIONS):
        _ = number + 1
    return (thread_time() - started) * 1e6 / ADDITIONS


def decide_us(compiled, data):
    """Return microseconds a message, and in how many something followed."""
    engine = Engine(State(), {compiled.digest: compiled})
    adopted = encode(make_event(RulebookAdopted(digest=compiled.digest, groups=(GROUP,))))
    engine.decide(view_event(adopted), 1)
    views = [view_event(each) for each in data]
    started = thread_time()
    held = sum(engine.decide(view, seq) is not None for seq, view in enumerate(views, 2))
    return (thread_time() - started) / len(views) * 1e6, held


def cost_us(name, data):
    """Return what a condition costs on messages of one sort; None where its rule holds."""
    base, measured = book(""), book(name)
    runs = [
        (addition_us(), decide_us(base, data), decide_us(measured, data)) for _ in range(ROUNDS)
    ]
    if any(held for _, _, (_, held) in runs):
        return None
    took_us = min(us for _, _, (us, _) in runs) - min(us for _, (us, _), _ in runs)
    return took_us * ADDITION_US / min(us for us, _, _ in runs)


def listed_us(name):
    """Return what the certificate says that a condition costs."""
    return cost_of(book(name).rulebook).us - cost_of(book("").rulebook).us


def main():
    """Print a line for each condition."""
    slower = min(addition_us() for _ in range(ROUNDS)) / ADDITION_US
    sys.stdout.write(f"plain loops take {slower:.2f} times as long as on an ordinary machine\n")
    encoded = {sort: messages(content) for sort, content in SORTS.items()}
    for name in sys.argv[1:] or [one for one in CONDITIONS if one not in STRUCTURE]:
        found = {sort: cost_us(name, data) for sort, data in encoded.items()}
        known = {sort: us for sort, us in found.items() if us is not None}
        listed = listed_us(name)
        if not known:
            sys.stdout.write(f"{name:18} {listed:5.1f} µs listed; it holds of every sort\n")
            continue
        sort = max(known, key=known.__getitem__)
        off = not listed / 2 <= max(known[sort], 0.1) <= listed * 2
        told = ", ".join(f"{us:.2f} {sort}" for sort, us in known.items())
        mark = "OFF" if off else "   "
        us = f"{listed:5.1f} µs listed, {known[sort]:5.2f} measured"
        sys.stdout.write(f"{name:18} {us} {mark} ({told})\n")


if __name__ == "__main__":
    main()
