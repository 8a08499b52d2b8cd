"""How long one decision takes: the view made, the text looked at, the rules asked, memory kept."""

import json
import os
import subprocess
import sys
from time import process_time

from chassis.memory import settle
from contracts.codec import encode, view_event
from contracts.values import Content, MessageCreated, RulebookAdopted
from policy import native
from policy.core.compile import compile_rulebook
from policy.core.engine import Engine
from policy.core.rulebook import parse
from policy.core.state import State
from policy.core.text.look import Look
from tests.bench.figure import ROOT, Figure
from tests.unit.policy.core.room import GROUP, make_event

ROUNDS = 5
RULEBOOK = ROOT / "rulebooks" / "starter.yaml"


async def figures(bench):
    lines = bench.lines(bench.scaled(40_000))
    compiled = compile_rulebook(parse(RULEBOOK.read_text()))
    messages = [encode(event) for event in _events(lines)]
    decided, interpreted = (_apart(lines, interpreted) for interpreted in ("", "1"))
    texts = [view_event(data).payload.content.text for data in messages]
    scanned = [_scan_us(compiled, texts) for _ in range(ROUNDS)]
    return [
        Figure(
            name="judge.decide_us",
            value=decided,
            unit="us",
            reference=interpreted,
            reference_is="us interpreted",
            better="less",
        ),
        Figure(
            name="judge.stage_us.fold",
            value=min(map(_fold_us, [texts] * ROUNDS)),
            unit="us",
            better="less",
        ),
        Figure(name="judge.stage_us.look_and_scan", value=min(scanned), unit="us", better="less"),
    ]


def _events(lines):
    for number, (nick, text) in enumerate(lines, 2):
        payload = MessageCreated(
            message_id=f"$message{number}:example.org", content=Content(text=text, form="text")
        )
        yield make_event(payload, number=number, at_ms=number * 1500, who=nick)


def decide_us(lines):
    """The least that deciding on one of these lines took, with memory laid out as the judge's."""
    compiled = compile_rulebook(parse(RULEBOOK.read_text()))
    messages = [encode(event) for event in _events(lines)]
    adopted = encode(make_event(RulebookAdopted(digest=compiled.digest, groups=(GROUP,))))
    settle()
    return min(_decide_us(compiled, adopted, messages) for _ in range(ROUNDS))


def _apart(lines, interpreted):
    """Return the same of a process of its own, whose core is machine code or is interpreted."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_rules"],
        cwd=ROOT,
        env={**os.environ, native.INTERPRETED: interpreted},
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout)


def _decide_us(compiled, adopted, messages):
    engine = Engine(State(), {compiled.digest: compiled})
    engine.decide(view_event(adopted), 1)
    started = process_time()
    for seq, data in enumerate(messages, 2):
        engine.decide(view_event(data), seq)
    return (process_time() - started) / len(messages) * 1e6


def _scan_us(compiled, texts):
    started = process_time()
    for text in texts:
        compiled.automaton.scan(Look(text))
    return (process_time() - started) / len(texts) * 1e6


def _fold_us(texts):
    started = process_time()
    for text in texts:
        Look(text)
    return (process_time() - started) / len(texts) * 1e6


if __name__ == "__main__":
    sys.stdout.write(str(decide_us(json.load(sys.stdin))))
