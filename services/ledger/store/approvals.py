"""What waits for a second person, and from which amount on, in its rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contracts.codec import decode, encode
from contracts.values import DecideRequest, LedgerCommand, Reverse
from ledger.core.books import Batch, Books
from ledger.core.commands import NAMES, Body, Command
from ledger.core.requests import Request, request_id
from ledger.store.budgets import House
from ledger.store.packets import to_scene

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

    Source = asyncpg.Pool[Record] | asyncpg.Connection[Record]

LIMITS = """
    SELECT l.network, l.account, l.asset, l.above
    FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (network, account, asset)
    JOIN approval_limit AS l USING (network, account, asset)
"""

SAY_LIMITS = """
    INSERT INTO approval_limit (network, account, asset, above, said_at)
    SELECT network, account, asset, above, $5
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
        AS made (network, account, asset, above)
    ON CONFLICT (network, account, asset) DO UPDATE SET above = excluded.above,
        said_at = excluded.said_at
"""

LOCK_REQUESTS = """
    SELECT id, network, group_id, platform, channel, thread, parent, connection, account, asset,
        amount, key, body, seed, asked_by,
        (extract(epoch FROM asked_at) * 1000)::bigint AS asked_ms,
        (extract(epoch FROM expires_at) * 1000)::bigint AS expires_ms,
        state, decided_by, decided_key, why
    FROM payout_request WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""

COLUMNS = (
    "id", "network", "group_id", "platform", "channel", "thread", "parent", "connection", "account",
    "asset", "amount", "what", "key", "body", "seed", "asked_by", "asked_at", "expires_at", "state",
    "decided_by", "decided_key", "why", "decided_at",
)  # fmt: skip

DECIDE = """
    UPDATE payout_request AS r SET state = m.state, decided_by = m.decided_by,
        decided_key = m.decided_key, why = m.why, decided_at = $1
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
        AS m (id, state, decided_by, decided_key, why)
    WHERE r.id = m.id
"""

SHOW_LIMITS = """
    SELECT network, account, asset, above FROM approval_limit
    WHERE network = $1 AND above IS NOT NULL ORDER BY account, asset
"""

_REQUEST = """
    SELECT * FROM (
        SELECT r.id, r.number, r.network, r.group_id AS group, r.account, r.asset, s.scale,
            r.amount, r.what, r.body, r.asked_by, r.asked_at, r.expires_at, r.decided_by,
            r.decided_at, r.why, i.txn_id, i.packet_id, i.hold_id,
            CASE WHEN r.state = 'waiting' AND r.expires_at <= clock() THEN 'expired'
                ELSE r.state END AS state
        FROM payout_request AS r
        JOIN asset AS s ON s.code = r.asset
        LEFT JOIN inbox AS i ON i.network = r.network AND i.key = r.decided_key
    ) AS shown
"""
REQUEST = f"{_REQUEST} WHERE id = $1"
REQUESTS = f"""
    {_REQUEST}
    WHERE network = $1 AND number < $2 AND ($3::text IS NULL OR state = $3)
    ORDER BY number DESC LIMIT $4
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def read_requests(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> list[Command]:
    """Lock and read what ``commands`` decide on or take back; return what that asks for."""
    named = {c.body.request_id for c in commands if isinstance(c.body, DecideRequest)}
    named |= {
        request_id(c.scene.network, c.body.command_id)
        for c in commands
        if isinstance(c.body, Reverse)
    }
    if not named:
        return []
    rows = await connection.fetch(LOCK_REQUESTS, list(named))
    books.requests |= {row["id"]: _request(row) for row in rows}
    return [request.command() for request in books.requests.values()]


async def read_limits(connection: "Connection", books: Books, house: House) -> None:
    """Read above which amounts what leaves accounts of the ``house`` waits for a second person."""
    if house:
        for network, account, asset, above in await connection.fetch(
            LIMITS, *zip(*house, strict=True)
        ):
            books.limits[network, account, asset] = above


async def write_requests(connection: "Connection", batch: Batch, at: datetime) -> None:
    """Write what was said of limits, what waits now, and what was decided."""
    if batch.limits:
        said = [(*key, above) for key, above in batch.limits.items()]
        await connection.execute(SAY_LIMITS, *zip(*said, strict=True), at)
    rows = [_asked(one, at) for one in batch.requests.values() if not one.stored]
    if rows:
        await connection.copy_records_to_table("payout_request", records=rows, columns=COLUMNS)
    decided = [
        (one.id, one.state, one.decided_by, one.decided_key, one.why)
        for one in batch.requests.values()
        if one.stored
    ]
    if decided:
        await connection.execute(DECIDE, at, *zip(*decided, strict=True))


async def list_limits(source: "Source", network: str) -> "list[Record]":
    """Return above which amounts what leaves an account waits."""
    return await source.fetch(SHOW_LIMITS, network)


async def find_request(source: "Source", request_id: str) -> "Record | None":
    """Return one request, or ``None``."""
    return await source.fetchrow(REQUEST, request_id)


async def list_requests(
    source: "Source", network: str, *, before: int, state: str | None, limit: int
) -> "list[Record]":
    """Return requests of a network with a number below ``before``, newest first."""
    return await source.fetch(REQUESTS, network, before, state, limit)


def asked_for(row: "Record") -> Body:
    """Return the body of the command that waits."""
    body = decode(LedgerCommand, row["body"]).body
    assert body is not None, "only commands wait"
    return body


def _request(row: "Record") -> Request:
    plain = (
        "id", "account", "asset", "amount", "key", "seed", "asked_by", "asked_ms", "expires_ms",
        "state", "decided_by", "decided_key", "why",
    )  # fmt: skip
    said = {name: row[name] for name in plain}
    return Request(scene=to_scene(row), body=asked_for(row), stored=True, **said)


def _asked(request: Request, at: datetime) -> tuple[object, ...]:
    scene = request.scene
    place = scene.place
    return (
        request.id, scene.network, scene.group, scene.platform, place.channel, place.thread,
        place.parent, scene.connection, request.account, request.asset, request.amount,
        NAMES[type(request.body)], request.key, encode(LedgerCommand(body=request.body)),
        request.seed, request.asked_by, at, _EPOCH + timedelta(milliseconds=request.expires_ms),
        request.state, request.decided_by, request.decided_key, request.why,
        None if request.state == "waiting" else at,
    )  # fmt: skip
