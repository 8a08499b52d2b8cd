"""Making streams and consumers what the contracts say they are. Safe to repeat."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from chassis.bus.api import CONSUMER_EXISTS, STREAM_EXISTS, Api, ApiFault
from chassis.bus.errors import Unavailable
from contracts.subjects import Stream

log = structlog.get_logger(__name__)

# Servers tell their JetStream API level: 2 is NATS 2.12, the first with scheduled messages.
API_LEVEL = 2
_NS = 1_000_000_000


async def provision(api: Api, streams: Iterable[Stream], *, replicas: int = 1) -> None:
    """Create each stream or bring its configuration up to date.

    Raises:
        Unavailable: The server is too old for what the streams need.
        ApiFault: JetStream refused a configuration.
    """
    level = (await api.call("INFO")).get("api", {}).get("level", 0)
    if level < API_LEVEL:
        raise Unavailable(
            f"this NATS server has JetStream API level {level}; Reeve needs NATS 2.12 or newer, "
            "which has scheduled messages"
        )
    for stream in streams:
        config = stream_config(stream, replicas)
        try:
            await api.call(f"STREAM.CREATE.{stream.name}", config)
        except ApiFault as fault:
            if fault.code != STREAM_EXISTS:
                raise
            await api.call(f"STREAM.UPDATE.{stream.name}", config)
            log.info("bus.stream_updated", stream=stream.name)


def stream_config(stream: Stream, replicas: int) -> dict[str, Any]:
    """Return the stream as JetStream's API wants it; times are in nanoseconds there."""
    return {
        "name": stream.name,
        "description": stream.description,
        "subjects": list(stream.subjects),
        "retention": stream.retention,
        "storage": "file",
        "num_replicas": replicas,
        "max_age": stream.max_age_s * _NS,
        "max_msg_size": stream.max_message_bytes,
        "duplicate_window": stream.dedupe_s * _NS,
        "discard": "old" if stream.retention == "limits" else "new",
        "allow_direct": stream.allow_direct,
        "allow_msg_ttl": stream.allow_msg_ttl,
        "allow_msg_schedules": stream.allow_msg_schedules,
        # Timers are cancelled by purging their subject.
        "deny_purge": False,
    }


async def ensure_consumer(
    api: Api,
    stream: str,
    name: str,
    *,
    filter_subjects: Sequence[str],
    ack_wait_s: float,
    max_ack_pending: int,
    max_deliver: int,
) -> None:
    """Create a durable consumer with explicit acknowledgements, or bring it up to date."""
    config = {
        "name": name,
        "durable_name": name,
        "deliver_policy": "all",
        "ack_policy": "explicit",
        "filter_subjects": list(filter_subjects),
        "ack_wait": int(ack_wait_s * _NS),
        "max_ack_pending": max_ack_pending,
        "max_deliver": max_deliver,
    }
    subject = f"CONSUMER.CREATE.{stream}.{name}"
    body = {"stream_name": stream, "config": config}
    try:
        await api.call(subject, {**body, "action": "create"})
    except ApiFault as fault:
        if fault.code not in CONSUMER_EXISTS:
            raise
        await api.call(subject, {**body, "action": "update"})
