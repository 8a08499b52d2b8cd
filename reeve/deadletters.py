"""``reeve dead-letters``: what could not be judged, booked or carried out, and why."""

import argparse
import asyncio
import base64
import json
import os
import sys
from datetime import UTC, datetime

from chassis.bus import Delivery
from chassis.bus.inbox import ORIGIN_SEQ, ORIGIN_STREAM, ORIGIN_SUBJECT, REASON, SERVICE
from chassis.errors import Explained
from contracts import subjects
from reeve.bus import operator_bus
from reeve.stack.errors import Unusable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "--json", action="store_true", help="print JSON for programs, with the message's own bytes"
    )


def run(options: argparse.Namespace) -> int:
    """Show what was given up, oldest first; 1 when there is any."""
    try:
        return asyncio.run(_show(as_json=options.json))
    except Explained as fault:
        raise Unusable(str(fault)) from fault


async def _show(*, as_json: bool) -> int:
    shown = 0
    async with operator_bus(os.environ) as bus:
        async for batch in bus.read(subjects.DLQ, "dlq.>"):
            for letter in batch:
                sys.stdout.write((_json(letter) if as_json else _line(letter)) + "\n")
                shown += 1
    return 1 if shown else 0


def _line(letter: Delivery) -> str:
    headers = letter.headers
    stream = headers.get(ORIGIN_STREAM) or letter.subject.rpartition(".")[2].upper()
    place = headers.get(ORIGIN_SEQ) or headers.get(ORIGIN_SUBJECT, "")
    by = f" ({headers[SERVICE]})" if headers.get(SERVICE) else ""
    line = f"{_at(letter)}  {stream}:{place}{by}: {headers.get(REASON, 'no reason was given')}"
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line
    )


def _json(letter: Delivery) -> str:
    headers = letter.headers
    return json.dumps(
        {
            "at": _at(letter),
            "stream": headers.get(ORIGIN_STREAM, ""),
            "seq": headers.get(ORIGIN_SEQ, ""),
            "subject": headers.get(ORIGIN_SUBJECT, ""),
            "service": headers.get(SERVICE, ""),
            "reason": headers.get(REASON, ""),
            "data": base64.b64encode(letter.data).decode(),
        }
    )


def _at(letter: Delivery) -> str:
    return datetime.fromtimestamp(letter.stored_ms / 1000, tz=UTC).isoformat(timespec="seconds")
