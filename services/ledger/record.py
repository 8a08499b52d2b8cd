"""Carry out what chat commands ask for: read actions, book them, and only then acknowledge."""

import asyncio
import secrets
from collections.abc import Sequence

import structlog

from chassis import telemetry
from chassis.bus import Bus, Delivery, Inbox
from chassis.stopping import Stopping
from contracts import subjects
from contracts.codec import Malformed, decode
from contracts.values import (
    Action,
    AskPayment,
    AskRefund,
    LedgerCommand,
    LinkPayment,
    NotePayment,
    Place,
    SendPacket,
)
from ledger.core.commands import Command, Verdict
from ledger.core.packets import SEED_BYTES, Scene
from ledger.core.refusals import Code
from ledger.door import Door, Unavailable, Unbookable

EXECUTOR = "ledger"
CONSUMER = "ledger"
BATCH = 500
AGAIN_S = 1.0
"""How long to wait for a database that is away; meanwhile the actions are held, in their order."""

_OF_PAYMENTS = (AskPayment, AskRefund, LinkPayment, NotePayment)

log = structlog.get_logger(__name__)


async def record(bus: Bus, door: Door, stopping: Stopping) -> None:
    """Book the actions for the ledger until ``stopping``."""
    await bus.ensure_consumer(
        subjects.ACTIONS, CONSUMER, filter_subjects=[subjects.action_filter(EXECUTOR)]
    )
    pending = telemetry.gauge("reeve_consumer_pending_messages")
    async with bus.pull(subjects.ACTIONS, CONSUMER, batch=BATCH) as inbox:
        while deliveries := await inbox.next(BATCH):
            pending.set(inbox.pending, consumer=CONSUMER)
            await carry_out(inbox, door, deliveries, stopping)


async def carry_out(
    inbox: Inbox, door: Door, deliveries: Sequence[Delivery], stopping: Stopping
) -> None:
    """Book ``deliveries`` together and acknowledge them; give up what can never be booked."""
    commands: list[Command] = []
    readable: list[Delivery] = []
    for delivery in deliveries:
        try:
            commands.append(to_command(delivery.data))
        except Malformed as fault:
            await inbox.give_up(delivery, reason=str(fault))
        else:
            readable.append(delivery)
    try:
        verdicts = await _book(inbox, door, readable, commands, stopping)
    except Unavailable:
        return  # stopping; unacknowledged, they come again
    except Unbookable as fault:
        if len(readable) == 1:
            await inbox.give_up(readable[0], reason=f"cannot be booked: {fault}")
            return
        for delivery in readable:
            await carry_out(inbox, door, [delivery], stopping)
    else:
        await _conclude(inbox, readable, verdicts)


async def _book(
    inbox: Inbox,
    door: Door,
    deliveries: Sequence[Delivery],
    commands: Sequence[Command],
    stopping: Stopping,
) -> list[Verdict]:
    """Book ``commands``, however long the database is away; `Unavailable` only when stopping."""
    while True:
        try:
            return await door.book(commands)
        except Unavailable as fault:
            log.warning("record.put_off", fault=str(fault), actions=len(deliveries))
            if stopping.is_set():
                raise
            await inbox.hold(deliveries)
            await asyncio.sleep(AGAIN_S)


async def _conclude(
    inbox: Inbox, deliveries: Sequence[Delivery], verdicts: Sequence[Verdict]
) -> None:
    done = []
    for delivery, verdict in zip(deliveries, verdicts, strict=True):
        if verdict.code == Code.KEY_REUSED:
            reason = f"action {verdict.key} asked for something else before"
            await inbox.give_up(delivery, reason=reason)
        else:
            done.append(delivery)
    await inbox.ack(done)


def to_command(data: bytes) -> Command:
    """Return the command in an encoded action; its key is the action's id.

    Raises:
        Malformed: it is no action, or none for the ledger.
    """
    action = decode(Action, data)
    if not isinstance(action.body, LedgerCommand) or action.body.body is None:
        raise Malformed("the action has no command for the ledger")
    if not action.id or not action.network:
        raise Malformed("the action has no id or no network")
    body = action.body.body
    if isinstance(body, _OF_PAYMENTS):
        raise Malformed("payments are asked for over REST, and told by their providers")
    return Command(
        key=action.id,
        scene=Scene(
            network=action.network,
            group=action.group,
            platform=action.platform,
            place=action.place or Place(),
            connection=action.connection,
        ),
        body=body,
        seed=secrets.token_bytes(SEED_BYTES) if isinstance(body, SendPacket) else b"",
        deadline_ms=action.deadline_ms,
    )
