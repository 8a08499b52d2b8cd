"""Key-value buckets: the newest value of each key in a stream of its own (ADR-8 of NATS)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.bus.api import STREAM_EXISTS, Api, ApiFault
from chassis.bus.errors import Fenced, Taken
from chassis.bus.publish import TTL, Outgoing, Publisher
from chassis.bus.store import Store

OPERATION = "KV-Operation"
DELETED = frozenset({"DEL", "PURGE"})
MARKER_REASON = "Nats-Marker-Reason"
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's value, the revision that changes with every write, and when it was written."""

    key: str
    value: bytes
    revision: int
    stored_ms: int


class Bucket:
    """Keys and values; keys are made of letters, digits and ``-_=./``."""

    def __init__(self, publisher: Publisher, store: Store, name: str) -> None:
        self._publisher = publisher
        self._store = store
        self._name = name
        self._stream = f"KV_{name}"
        self._prefix = f"$KV.{name}."

    async def get(self, key: str) -> Entry | None:
        """Return the key's entry; ``None`` when there is none, or no more."""
        found = await self._store.last(self._stream, self._prefix + key)
        if found is None or _is_gone(found.headers):
            return None
        return Entry(key, found.data, found.seq, found.stored_ms)

    async def put(self, key: str, value: bytes, *, ttl_s: float | None = None) -> int:
        """Write the key whatever it held, and return its revision."""
        return await self._write(key, value, None, _lifetime(ttl_s))

    async def create(self, key: str, value: bytes, *, ttl_s: float | None = None) -> int:
        """Write a key that does not exist, for ``ttl_s`` seconds or for ever.

        Raises:
            Taken: It exists.
        """
        try:
            return await self._write(key, value, 0, _lifetime(ttl_s))
        except Taken:
            found = await self._store.last(self._stream, self._prefix + key)
            if found is None or not _is_gone(found.headers):
                raise
            return await self._write(key, value, found.seq, _lifetime(ttl_s))

    async def update(
        self, key: str, value: bytes, revision: int, *, ttl_s: float | None = None
    ) -> int:
        """Write a key that still has ``revision``.

        Raises:
            Taken: It was written or deleted meanwhile.
        """
        return await self._write(key, value, revision, _lifetime(ttl_s))

    async def delete(self, key: str, *, revision: int | None = None) -> None:
        """Forget the key, if it still has ``revision`` where one is given.

        Raises:
            Taken: It has another revision.
        """
        await self._write(key, b"", revision, {OPERATION: "DEL"})

    async def keys(self) -> list[str]:
        """Return all keys in alphabetical order."""
        found: dict[str, bool] = {}
        async for batch in self._store.read(self._stream, f"{self._prefix}>"):
            for delivery in batch:
                key = delivery.subject.removeprefix(self._prefix)
                found[key] = not _is_gone(delivery.headers)
        return sorted(key for key, is_there in found.items() if is_there)

    async def _write(
        self, key: str, value: bytes, revision: int | None, headers: dict[str, str]
    ) -> int:
        subject = self._prefix + key
        message = Outgoing(subject=subject, data=value, headers=headers, expected_seq=revision)
        try:
            return (await self._publisher.send([message]))[0].seq
        except Fenced as fault:
            raise Taken(self._name, key) from fault


async def ensure_bucket(api: Api, name: str, ttl_s: float | None, *, replicas: int = 1) -> None:
    """Make the bucket unless it exists; ``ttl_s`` bounds the age of every entry."""
    if await api.find(f"STREAM.INFO.KV_{name}") is not None:
        return
    config: dict[str, Any] = {
        "name": f"KV_{name}",
        "subjects": [f"$KV.{name}.>"],
        "max_msgs_per_subject": 1,
        "max_age": 0 if ttl_s is None else int(ttl_s * _NS),
        "allow_rollup_hdrs": True,
        "allow_direct": True,
        "allow_msg_ttl": True,
        "deny_delete": True,
        "discard": "new",
        "storage": "file",
        "num_replicas": replicas,
    }
    if ttl_s is not None and ttl_s < 120:  # noqa: PLR2004 - the server's default window, in s
        config["duplicate_window"] = config["max_age"]
    try:
        await api.call(f"STREAM.CREATE.KV_{name}", config)
    except ApiFault as fault:
        if fault.code != STREAM_EXISTS:
            raise


def _lifetime(ttl_s: float | None) -> dict[str, str]:
    return {} if ttl_s is None else {TTL: f"{max(1, round(ttl_s))}s"}


def _is_gone(headers: Mapping[str, str]) -> bool:
    return headers.get(OPERATION) in DELETED or MARKER_REASON in headers
