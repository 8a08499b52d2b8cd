"""Who may say what on the bus: one NKEY and one allow-list for each process.

What is not allowed is denied by the server, so a gateway that was taken over cannot write a
decision, and nobody but the provisioner changes a stream.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass

import nkeys

from contracts import subjects
from reeve.stack.access import seed_file
from reeve.stack.errors import Unusable
from reeve.stack.home import Home

GIVE_UP = "dlq.*"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user of the bus: what it may publish. It hears its own inbox, ``_INBOX.<name>.>``."""

    name: str
    publish: tuple[str, ...]


def _looks(stream: str) -> tuple[str, ...]:
    """Read messages one by one, and know how many there are."""
    return (f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.STREAM.MSG.GET.{stream}")


def _consumes(stream: str, *consumers: str) -> tuple[str, ...]:
    """Own the consumers of these names; ``*`` for any, as a finite read needs."""
    return tuple(
        subject
        for consumer in consumers
        for subject in (
            f"$JS.API.CONSUMER.CREATE.{stream}.{consumer}",
            f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
            f"$JS.API.CONSUMER.DELETE.{stream}.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
            f"$JS.ACK.{stream}.{consumer}.>",
        )
    )


def _holds(bucket: str) -> tuple[str, ...]:
    """Read and write the keys of a bucket."""
    stream = f"KV_{bucket}"
    return (*_looks(stream), *_consumes(stream, "*"), f"$KV.{bucket}.>")


def identities(connection: str) -> tuple[Identity, ...]:
    """Return all users of the bus; ``connection`` is the gateway's name for its platform."""
    executor = subjects.name(connection)
    enforcers = [f"enforce-{executor}-{priority}" for priority in subjects.PRIORITIES]
    return (
        Identity("provisioner", ("$JS.API.>", "$KV.>")),
        Identity("ingest", ("ev.>", GIVE_UP, *_holds("cursors"))),
        Identity(
            "enforce",
            (
                "ev.>",
                GIVE_UP,
                *_consumes(subjects.ACTIONS, *enforcers),
                *_looks("KV_cursors"),
                *_holds("directs"),
                *_holds("done"),
                *_holds("mutes"),
            ),
        ),
        Identity(
            "judge",
            (
                "dec.*",
                GIVE_UP,
                *_looks(subjects.EVENTS),
                *_consumes(subjects.EVENTS, "*"),
                *_looks(subjects.DECISIONS),
                *_holds("judges"),
            ),
        ),
        Identity(
            "dispatch",
            (
                "act.*.*",
                "ev.>",
                "timers.set.*",
                "audit.*",
                GIVE_UP,
                f"$JS.API.STREAM.INFO.{subjects.EVENTS}",  # to know a log that was made anew
                *_consumes(subjects.DECISIONS, "policy-dispatch"),
                *_consumes(subjects.TIMERS, "policy-timers"),
                f"$JS.API.STREAM.PURGE.{subjects.TIMERS}",  # a timer is disarmed so
            ),
        ),
        Identity("ledger", ("ev.>", "audit.*", GIVE_UP, *_consumes(subjects.ACTIONS, "ledger"))),
        Identity("operator", ("ev.>", GIVE_UP, *_holds("cursors"), *_reads_everything())),
    )


def _reads_everything() -> tuple[str, ...]:
    """Read any log from end to end; a work queue only message by message, which takes nothing."""
    logs = [each.name for each in subjects.STREAMS if each.retention == "limits"]
    return (
        *(subject for each in subjects.STREAMS for subject in _looks(each.name)),
        *(subject for name in logs for subject in _consumes(name, "*")),
        *(f"$JS.API.CONSUMER.INFO.{each.name}.*" for each in subjects.STREAMS),
    )


def authorization(home: Home, users: Iterable[Identity]) -> str:
    """Return the ``authorization`` block of the server's configuration.

    Raises:
        Unusable: A file of ours holds no key.
    """
    block = [
        {
            "nkey": _public_key(home, each.name),
            "permissions": {
                "publish": {"allow": ["$JS.API.INFO", *each.publish]},
                "subscribe": {"allow": [f"_INBOX.{each.name}.>"]},
            },
        }
        for each in users
    ]
    return f"authorization {{ users: {json.dumps(block, indent=1)} }}"


def _public_key(home: Home, identity: str) -> str:
    """Return the public half of an identity's NKEY, whose seed is made at the first time."""
    path = seed_file(home, identity)
    seed = home.secret(path.name, _make_seed)
    try:
        key: str = nkeys.from_seed(bytearray(seed.encode())).public_key.decode()
    except (nkeys.NkeysError, ValueError) as fault:
        raise Unusable(f"{path} holds no key: remove it, and it is made anew.") from fault
    return key


def _make_seed() -> str:
    seed: bytes = nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)
    return seed.decode()
