"""``reeve explain EVENT``: everything about one event, for staff."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from chassis.bus import Delivery
from chassis.errors import Explained
from contracts.codec import decode, to_json
from contracts.values import Event
from policy.proof.nearly import Nearly, Watched
from reeve.past import Past, the_past
from reeve.rest import Rest, policy_rest
from reeve.stack.errors import Unusable

TEXT_MAX = 500
MISSING = 404


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "event", metavar="EVENT", help="its id or how it begins, its message's id, or its number"
    )
    parser.add_argument(
        "--language", choices=("en", "zh"), default="en", help="of the explanations"
    )
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
        sys.stdout.write("\n".join(_lines(told)) + "\n")
    return 0


async def _explain(wanted: str, language: str) -> dict[str, Any]:
    rest = policy_rest()
    async with the_past(rest, Watched) as past:
        delivery = await past.event(wanted)
        event = decode(Event, delivery.data)
        partition = int(delivery.subject.split(".")[1])
        made = await past.about(event.id, partition)
        nearly, in_force = await _nearly(past, delivery, event, partition)
    told: dict[str, Any] = {
        "event": to_json(event) | {"seq": delivery.seq, "partition": partition},
        "rulebook": in_force,
        "nearly": [{"rule": one.rule, "missing": one.missing} for one in nearly],
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
    past: Past, delivery: Delivery, event: Event, partition: int
) -> tuple[tuple[Nearly, ...], str]:
    """Return which rules nearly held, and the digest of what was in force: as it was then."""
    seat = await past.seat(partition, delivery.seq)
    await past.judge(seat, delivery.seq - 1)
    place = event.place.channel if event.place else ""
    digest = seat.state.in_force(event.network, event.group, event.platform, place)
    book = past.books.get(digest)
    if not isinstance(book, Watched):
        return (), digest
    book.nearly = ()
    await past.judge(seat, delivery.seq)
    return book.nearly, digest


def _asked(rest: Rest, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    answer = rest.call("GET", path, query=query)
    return None if answer.status == MISSING else answer.checked("It cannot be told")


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    event, decision, case = told["event"], told["decision"], told["case"]
    yield f"event      {event['id']} (number {event['seq']}, partition {event['partition']})"
    yield f"where      {event['network']} / {event.get('group', '')}"
    yield f"when       {_moment(event.get('received_ms', 0))}"
    actor = event.get("actor", {})
    yield f"who        {actor.get('display_name', '')} {actor.get('id', '')}".rstrip()
    spoken = event.get("message_created") or event.get("message_edited") or {}
    text = spoken.get("content", {}).get("text", "")
    if text:
        yield f"said       {' '.join(text.split())[:TEXT_MAX]}"
    yield f"rulebook   {told['rulebook'] or 'none was in force'}"
    if decision is None:
        yield "decision   nothing was decided"
    else:
        yield f"decision   {decision['id']}: {decision.get('outcome', 'ALLOW').lower()}"
        yield from _hits(decision)
    for one in told["nearly"]:
        yield f"nearly     {one['rule']}: {one['missing']}"
    if told["explanation"]:
        yield ""
        yield told["explanation"]["staff"]
        if told["explanation"]["private"]:
            yield f"told       {told['explanation']['private']}"
    if case is not None:
        yield ""
        yield from _case(case)


def _hits(decision: Mapping[str, Any]) -> Iterator[str]:
    for hit in decision.get("hits", ()):
        exempt = f" (exempt: {hit['exempt']})" if hit.get("exempt") else ""
        counted = f" {hit.get('count', 0)} of {hit['threshold']}" if hit.get("threshold") else ""
        yield f"held       {hit['rule']}{counted}{exempt}"
        for span in hit.get("spans", ()):
            start, end = span.get("start", 0), span.get("end", 0)
            yield f"  saw      {span.get('text', '')!r} at {start}-{end} ({span.get('view', '')})"
        for event_id in hit.get("event_ids", ())[-10:]:
            yield f"  counted  {event_id}"


def _case(case: Mapping[str, Any]) -> Iterator[str]:
    yield f"case       {case['case']['id']}: {case['case']['state']}"
    for step in case["actions"]:
        fault = f": {step['fault']}" if step["fault"] else ""
        yield f"  {step['kind']:<16} {step['state']}{fault}"
    others = [one["id"] for one in case["decisions"]]
    yield f"  decisions {', '.join(others)}"


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
