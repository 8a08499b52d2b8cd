"""Who asked for what: an entry of what was asked for over REST, or moves no money. Pure."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote

from contracts.codec import to_json
from contracts.values import (
    AskPayment,
    AskRefund,
    ClosePacket,
    DecideRequest,
    FreezePacket,
    SendPacket,
    SetAccount,
    SetApproval,
    SetBudget,
    SetIdentity,
    SetMaturity,
    SetSplit,
    TakeShare,
)
from ledger.core.commands import NAMES, Body, Command

_REST = "rest"
_KEPT = (
    SetAccount,
    SetApproval,
    SetBudget,
    SetIdentity,
    SetMaturity,
    SetSplit,
    DecideRequest,
    FreezePacket,
    ClosePacket,
    AskPayment,
    AskRefund,
)


class Entry(NamedTuple):
    """The fields are the columns of the table; ``said`` is JSON."""

    network: str
    key: str
    deed: str
    said: str


def entry_of(command: Command) -> Entry | None:
    """Return what is kept of a command that was carried out; ``None``: others tell of it.

    What comes by the stream was decided elsewhere, and is told there; money it moves is in the
    books besides.
    """
    body = command.body
    by_clock = isinstance(body, ClosePacket) and body.why == "expired"
    if not command.key.startswith(f"{_REST}:") and (not isinstance(body, _KEPT) or by_clock):
        return None
    said = words(to_json(_without_password(body)))
    return Entry(command.scene.network, command.key, NAMES[type(body)], said)


def words(told: Mapping[str, object]) -> str:
    """Return JSON in the one way in which an entry has it, and its hash with it."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _without_password(body: Body) -> Body:
    if isinstance(body, TakeShare):
        return replace(body, password="")
    if isinstance(body, SendPacket) and body.terms is not None:
        return replace(body, terms=replace(body.terms, password=""))
    return body


def key_of(caller: str, word: str) -> str:
    """Return the key of what a caller of REST asks for by a word of theirs: nobody else's.

    Whatever characters the names hold: a name with a colon could end in another's word.
    """
    escaped = caller.replace("%", "%25").replace(":", "%3A")
    return f"{_REST}:{escaped}:{word}"


def caller_of(key: str) -> str:
    """Return who asked over REST; empty where it came by the stream."""
    kind, _, rest = key.partition(":")
    return unquote(rest.partition(":")[0]) if kind == _REST else ""
