"""``reeve export``: EVENTS as JSON, one event a line, as ``reeve replay`` reads it."""

import argparse
import asyncio
import os
import sys

import orjson

from chassis.errors import Explained
from contracts import codec, subjects
from contracts.values import Event
from reeve.bus import operator_bus
from reeve.stack.errors import Unusable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--network", default="", help="only what belongs to this network")
    parser.add_argument("--group", default="", help="only what belongs to this group")


def run(options: argparse.Namespace) -> int:
    """Write the events that are stored now, in their order."""
    try:
        return asyncio.run(_export(options))
    except Explained as fault:
        raise Unusable(str(fault)) from fault


async def _export(options: argparse.Namespace) -> int:
    malformed = 0
    async with operator_bus(os.environ) as bus:
        async for batch in bus.read(subjects.EVENTS, "ev.>"):
            for delivery in batch:
                try:
                    event = codec.decode(Event, delivery.data)
                except codec.Malformed as fault:
                    malformed += 1
                    sys.stderr.write(f"{subjects.EVENTS}:{delivery.seq}: {fault}\n")
                    continue
                if options.network in ("", event.network) and options.group in ("", event.group):
                    sys.stdout.buffer.write(orjson.dumps(codec.to_json(event)) + b"\n")
    return 1 if malformed else 0
