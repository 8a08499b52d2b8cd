"""Packets in their rows: locked and read, with who has taken of them, and written."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from contracts.values import Place, SetIdentity, SplitMode, TakeShare
from ledger.core.books import Books
from ledger.core.conditions import Conditions
from ledger.core.packets import PacketState, Scene
from ledger.store.persons import could_be

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]

LOCK_PACKETS = """
    SELECT id, number, network, group_id, platform, channel, thread, parent, connection, sender,
        source, asset, total, shares, mode, greeting, seed,
        (extract(epoch FROM opened_at) * 1000)::bigint AS opened_ms,
        (extract(epoch FROM expires_at) * 1000)::bigint AS expires_ms,
        taken, amount_taken, refunded, best_member, best_amount, state, closed_why,
        share_min, share_max, (extract(epoch FROM opens_at) * 1000)::bigint AS opens_ms, told_open,
        frozen, rain, rain_total, rain_drops, terms
    FROM packet WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""

CLAIMS = """
    SELECT c.packet_id, c.member
    FROM unnest($1::text[], $2::text[]) AS asked (packet_id, member)
    JOIN packet_claim AS c USING (packet_id, member)
"""

IDENTITIES = """
    SELECT found.packet_id, found.identity
    FROM unnest($1::text[], $2::text[]) AS asked (packet_id, identity)
    CROSS JOIN LATERAL (
        SELECT c.packet_id, c.identity FROM packet_claim AS c
        WHERE c.packet_id = asked.packet_id AND c.identity = asked.identity AND c.identity <> ''
        LIMIT 1
    ) AS found
"""

SHARES = """
    SELECT s.packet_id, s.slot, s.amount
    FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS asked (packet_id, after, upto)
    JOIN packet_share AS s
        ON s.packet_id = asked.packet_id AND s.slot > asked.after AND s.slot <= asked.upto
"""


async def read_claims(
    connection: "Connection",
    books: Books,
    takes: Sequence[tuple[Scene, TakeShare]],
    told: Sequence[tuple[str, SetIdentity]],
) -> None:
    """Read who among the askers has a share, and as many shares as could be asked for."""
    wanted = list(_targets(books, takes))
    pairs: set[tuple[str, str]] = set()
    persons: set[tuple[str, str]] = set()
    for target, body in wanted:
        network = books.packets[target].scene.network
        members, names = could_be(books, network, body, told)
        pairs |= {(target, member) for member in members}
        persons |= {(target, name) for name in names}
    if not pairs:
        return
    for row in await connection.fetch(CLAIMS, *zip(*pairs, strict=True)):
        books.claims.add((row["packet_id"], row["member"]))
    if persons:
        for row in await connection.fetch(IDENTITIES, *zip(*persons, strict=True)):
            books.identities.add((row["packet_id"], row["identity"]))
    asked = Counter(target for target, _ in wanted)
    ranges = [
        (name, books.packets[name].taken, books.packets[name].taken + count)
        for name, count in asked.items()
        if books.packets[name].state == "open"
    ]
    if ranges:
        for row in await connection.fetch(SHARES, *zip(*ranges, strict=True)):
            books.shares[row["packet_id"], row["slot"]] = row["amount"]


def _targets(
    books: Books, takes: Sequence[tuple[Scene, TakeShare]]
) -> Iterator[tuple[str, TakeShare]]:
    """Yield every packet that each command could take of."""
    for scene, body in takes:
        named: Iterable[str] = [body.packet_id]
        if not body.packet_id:
            named = books.recent.get((scene.network, scene.group), ())
        for target in named:
            if target in books.packets:
                yield target, body


def to_scene(row: "Record") -> Scene:
    return Scene(
        network=row["network"],
        group=row["group_id"],
        platform=row["platform"],
        place=Place(channel=row["channel"], thread=row["thread"], parent=row["parent"]),
        connection=row["connection"],
    )


def to_packet(row: "Record") -> PacketState:
    return PacketState(
        id=row["id"],
        number=row["number"],
        scene=to_scene(row),
        sender=row["sender"],
        source=row["source"],
        asset=row["asset"],
        total=row["total"],
        shares=row["shares"],
        mode=SplitMode[row["mode"].upper()],
        greeting=row["greeting"],
        seed=row["seed"],
        opened_ms=row["opened_ms"],
        expires_ms=row["expires_ms"],
        taken=row["taken"],
        amount_taken=row["amount_taken"],
        refunded=row["refunded"],
        best_member=row["best_member"],
        best_amount=row["best_amount"],
        state=row["state"],
        closed_why=row["closed_why"],
        share_min=row["share_min"],
        share_max=row["share_max"] or 0,
        opens_ms=row["opens_ms"] or 0,
        told_open=row["told_open"],
        frozen=row["frozen"],
        rain=row["rain"],
        rain_total=row["rain_total"],
        rain_drops=row["rain_drops"],
        conditions=read_conditions(row["terms"]),
    )


def read_conditions(kept: str | None) -> Conditions | None:
    """Return who may take, as `conditions_row` kept it."""
    if kept is None:
        return None
    found = json.loads(kept)
    found |= {name: tuple(found[name]) for name in ("members", "tiers") if name in found}
    return Conditions(**found)


def conditions_row(conditions: Conditions | None) -> str | None:
    """Return what is kept of who may take: what asks for something, as JSON."""
    if conditions is None:
        return None
    found = {name: getattr(conditions, name) for name in Conditions.__dataclass_fields__}
    return json.dumps({name: value for name, value in found.items() if value}, ensure_ascii=False)
