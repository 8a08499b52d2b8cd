"""How long one decision takes: the view made, the text looked at, the rules asked, memory kept."""

from time import process_time

from contracts.codec import encode, view_event
from contracts.values import Content, MessageCreated, RulebookAdopted
from policy.core.compile import compile_rulebook
from policy.core.engine import Engine
from policy.core.rulebook import parse
from policy.core.state import State
from policy.core.text import Look
from policy.core.text.hints import hints
from tests.bench.figure import ROOT, Figure
from tests.unit.policy.core.room import GROUP, make_event

ROUNDS = 5
RULEBOOK = ROOT / "rulebooks" / "starter.yaml"


async def figures(bench):
    compiled = compile_rulebook(parse(RULEBOOK.read_text()))
    messages = [encode(event) for event in _events(bench.lines(bench.scaled(40_000)))]
    adopted = encode(make_event(RulebookAdopted(digest=compiled.digest, groups=(GROUP,))))
    decided = [_decide_us(compiled, adopted, messages) for _ in range(ROUNDS)]
    viewed = [_view_us(messages) for _ in range(ROUNDS)]
    texts = [view_event(data).payload.content.text for data in messages]
    scanned = [_scan_us(compiled, texts) for _ in range(ROUNDS)]
    return [
        Figure(
            name="judge.decide_us",
            value=min(decided),
            unit="us",
            reference=min(viewed),
            reference_is="the view alone",
            better="less",
        ),
        Figure(
            name="judge.stage_us.fold",
            value=min(map(_fold_us, [texts] * ROUNDS)),
            unit="us",
            better="less",
        ),
        Figure(
            name="judge.stage_us.hints",
            value=min(map(_hints_us, [texts] * ROUNDS)),
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


def _decide_us(compiled, adopted, messages):
    engine = Engine(State(), {compiled.digest: compiled})
    engine.decide(view_event(adopted), 1)
    started = process_time()
    for seq, data in enumerate(messages, 2):
        engine.decide(view_event(data), seq)
    return (process_time() - started) / len(messages) * 1e6


def _view_us(messages):
    started = process_time()
    for data in messages:
        view_event(data)
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


def _hints_us(texts):
    looks = [Look(text) for text in texts]
    started = process_time()
    for look in looks:
        hints(look)
    return (process_time() - started) / len(texts) * 1e6
