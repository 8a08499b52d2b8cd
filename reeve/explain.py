"""``reeve explain EVENT``: everything about one event, for staff."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from chassis.bus import Delivery
from chassis.errors import Explained
from contracts.codec import decode, to_json
from contracts.values import Event, Outcome
from policy.core.compile import compile_rulebook
from policy.core.messages import Language
from policy.core.versions import exempted, outcome_name
from policy.proof.nearly import Nearly, Watch
from reeve.past import Past, the_past
from reeve.rest import Rest, policy_rest
from reeve.stack.errors import Unusable
from reeve.texts import labelled, language_argument, say

TEXT_MAX = 500
MISSING = 404


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "event", metavar="EVENT", help="its id or how it begins, its message's id, or its number"
    )
    language_argument(parser, "of all that is told")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def run(options: argparse.Namespace) -> int:
    """Explain; 1 where there is no such event, or several."""
    try:
        told = asyncio.run(_explain(options.event, options.language))
    except Explained as fault:
        raise Unusable(str(fault)) from fault
    if options.json:
        sys.stdout.buffer.write(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        sys.stdout.write("\n".join(_lines(told, options.language)) + "\n")
    return 0


async def _explain(wanted: str, language: Language) -> dict[str, Any]:
    rest = policy_rest()
    watch = Watch()
    async with the_past(rest, partial(compile_rulebook, watch=watch)) as past:
        delivery = await past.event(wanted)
        event = decode(Event, delivery.data)
        partition = int(delivery.subject.split(".")[1])
        made = await past.about(event.id, partition)
        nearly, in_force = await _nearly(past, watch, delivery, event, partition)
    told: dict[str, Any] = {
        "event": to_json(event) | {"seq": delivery.seq, "partition": partition},
        "rulebook": in_force,
        "nearly": [{"rule": one.rule, "missing": _missing(one, language)} for one in nearly],
        "decision": None,
        "explanation": None,
        "case": None,
    }
    if made is None:
        return told
    told["decision"] = to_json(made.decision)
    where = f"/v1/decisions/{made.decision.id}/explanation"
    told["explanation"] = _asked(rest, where, {"language": language})
    if made.decision.case_id:
        told["case"] = _asked(rest, f"/v1/cases/{made.decision.case_id}", {})
    return told


async def _nearly(
    past: Past, watch: Watch, delivery: Delivery, event: Event, partition: int
) -> tuple[tuple[Nearly, ...], str]:
    """Return which rules nearly held, and the digest of what was in force: as it was then."""
    seat = await past.seat(partition, delivery.seq)
    await past.judge(seat, delivery.seq - 1)
    place = event.place.channel if event.place else ""
    digest = seat.state.in_force(event.network, event.group, event.platform, place)
    watch.nearly.clear()
    await past.judge(seat, delivery.seq)
    return watch.nearly.get(digest, ()), digest


def _asked(rest: Rest, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    answer = rest.call("GET", path, query=query)
    return None if answer.status == MISSING else answer.checked("It cannot be told")


def _missing(one: Nearly, language: Language) -> str:
    value = f"{one.value:g}"
    key = f"nearly_{one.missing}"
    return say(language, key, field=one.field, relation=one.relation, value=value)


def _lines(told: Mapping[str, Any], language: Language) -> Iterator[str]:
    line = partial(labelled, language)
    event, decision, case = told["event"], told["decision"], told["case"]
    yield line("event", say(language, "event_number", **{"partition": 0, **event}))
    yield line("where", f"{event['network']} / {event.get('group', '')}")
    yield line("when", _moment(event.get("received_ms", 0)))
    actor = event.get("actor", {})
    yield line("who", f"{actor.get('display_name', '')} {actor.get('id', '')}".rstrip())
    spoken = event.get("message_created") or event.get("message_edited") or {}
    text = spoken.get("content", {}).get("text", "")
    if text:
        yield line("said", " ".join(text.split())[:TEXT_MAX])
    yield line("rulebook", told["rulebook"] or say(language, "no_rulebook"))
    if decision is None:
        yield line("decision", say(language, "no_decision"))
    else:
        outcome = outcome_name(language, Outcome[decision.get("outcome", "ALLOW")])
        yield line("decision", f"{decision['id']}: {outcome}")
        yield from _hits(decision, language)
    for one in told["nearly"]:
        yield line("nearly", f"{one['rule']}: {one['missing']}")
    if told["explanation"]:
        yield ""
        yield told["explanation"]["staff"]
        if told["explanation"]["private"]:
            yield line("told", told["explanation"]["private"])
    if case is not None:
        yield ""
        yield from _case(case, language)


def _hits(decision: Mapping[str, Any], language: Language) -> Iterator[str]:
    line = partial(labelled, language)
    for hit in decision.get("hits", ()):
        held = [hit["rule"]]
        if hit.get("threshold"):
            held.append(
                say(language, "count_of", count=hit.get("count", 0), limit=hit["threshold"])
            )
        if hit.get("exempt"):
            held.append(say(language, "exempt", why=exempted(language, hit["exempt"])))
        yield line("held", " ".join(held))
        for span in hit.get("spans", ()):
            where = {"start": span.get("start", 0), "end": span.get("end", 0)}
            text, view = repr(span.get("text", "")), span.get("view", "")
            yield line("saw", say(language, "saw_at", text=text, view=view, **where), indent=2)
        for event_id in hit.get("event_ids", ())[-10:]:
            yield line("counted", event_id, indent=2)


def _case(case: Mapping[str, Any], language: Language) -> Iterator[str]:
    yield labelled(language, "case", f"{case['case']['id']}: {case['case']['state']}")
    for step in case["actions"]:
        fault = f": {step['fault']}" if step["fault"] else ""
        yield f"  {step['kind']:<16} {step['state']}{fault}"
    others = [one["id"] for one in case["decisions"]]
    yield labelled(language, "decisions", ", ".join(others), indent=2)


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
