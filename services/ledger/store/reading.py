"""Read and lock what a batch of commands touches: first the shard, then packets, holds, accounts.

Every lock is taken in the order of the key, so two writers never wait for each other in a ring.
What is read after a lock is current, since each statement sees what was committed before it began.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.values import (
    BarMember,
    ClosePacket,
    FreezePacket,
    OpenPacket,
    PlaceHold,
    Reverse,
    SendPacket,
    SetAccount,
    SetIdentity,
    SetStanding,
    TakeShare,
    Transfer,
    WriteOff,
)
from ledger.core.books import Bar, Booked, Books, Standing, Tally, Terms
from ledger.core.bounds import SUSPENSE
from ledger.core.commands import Body, Command, Verdict
from ledger.core.debts import owed_by
from ledger.core.postings import Account, Asset
from ledger.core.reversing import booking_key
from ledger.core.taking import REPUTATION
from ledger.store.approvals import read_limits, read_requests
from ledger.store.budgets import read_budgets, taken_from
from ledger.store.holds import read_holds
from ledger.store.maturing import read_maturities
from ledger.store.packets import LOCK_PACKETS, read_claims, to_packet
from ledger.store.payments import read_payments
from ledger.store.persons import read_persons
from ledger.store.splits import paid_accounts, read_splits

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]

LOCK_SHARD = """
    SELECT next_batch, next_txn, next_account, next_seq, last_hash
    FROM shard WHERE id = $1 FOR NO KEY UPDATE
"""

ANSWERS = """
    SELECT i.network, i.key, i.body_hash, i.code, i.detail, i.txn_id, i.packet_id, i.slot,
        i.amount, i.shares_left, i.hold_id, (extract(epoch FROM i.recorded_at) * 1000)::bigint
    FROM unnest($1::text[], $2::text[]) AS asked (network, key)
    JOIN inbox AS i USING (network, key)
"""

RECENT = """
    SELECT p.id
    FROM unnest($1::text[], $2::text[]) AS asked (network, group_id)
    JOIN packet AS p USING (network, group_id)
    WHERE p.state = 'open'
    UNION
    SELECT newest.id
    FROM unnest($1::text[], $2::text[]) AS asked (network, group_id)
    CROSS JOIN LATERAL (
        SELECT p.id FROM packet AS p
        WHERE p.network = asked.network AND p.group_id = asked.group_id
        ORDER BY p.number DESC LIMIT 1
    ) AS newest
"""

LOCK_ACCOUNTS = """
    SELECT a.network, a.path, a.asset, a.id, a.balance, a.held, a.floor, a.ceiling, a.version,
        a.state
    FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (network, path, asset)
    JOIN account AS a USING (network, path, asset)
    ORDER BY a.id FOR NO KEY UPDATE OF a
"""

BARS = """
    SELECT b.network, b.group_id, b.member,
        coalesce((extract(epoch FROM b.until_at) * 1000)::bigint, 0) AS until_ms,
        (extract(epoch FROM b.decided_at) * 1000)::bigint AS since_ms
    FROM unnest($1::text[], $2::text[]) AS asked (network, member)
    JOIN packet_bar AS b USING (network, member)
"""

TALLIES = """
    SELECT t.network, t.what, t.whose, t.about, t.since_ms, t.number, t.amount
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
        AS asked (network, what, whose, about)
    JOIN packet_tally AS t USING (network, what, whose, about)
    ORDER BY t.network, t.what, t.whose, t.about FOR NO KEY UPDATE OF t
"""

BOOKED = """
    SELECT t.id, t.network, t.kind, r.id IS NOT NULL AS is_reversed, a.path, p.asset, p.amount
    FROM unnest($1::bigint[]) AS asked (id)
    JOIN txn AS t USING (id)
    LEFT JOIN txn AS r ON r.reverses = t.id
    JOIN posting AS p ON p.txn_id = t.id
    JOIN account AS a ON a.id = p.account_id
    ORDER BY t.id, p.leg
"""

_ENDING = (ClosePacket, OpenPacket, FreezePacket)
"""Commands that name a packet and take nothing of it."""

NOW = """
    SELECT (extract(epoch FROM greatest(clock(), recorded_at)) * 1000)::bigint
    FROM (SELECT) AS once LEFT JOIN batch ON id = $1
"""
"""A batch is never recorded before the one it follows, whatever the clock does meanwhile."""

STANDINGS = """
    SELECT network, group_id, asset, member, s.standing, s.level, s.labels, s.givers, s.days, s.day,
        s.upto_txn
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
        AS asked (network, group_id, asset, member)
    JOIN standing AS s USING (network, group_id, asset, member)
"""

ASSETS = "SELECT code, class, transferable, giftable FROM asset"


@dataclass(frozen=True, slots=True)
class ShardHead:
    """Where a shard's numbering and its chain stand; its row is locked until the batch commits."""

    next_batch: int
    next_txn: int
    next_account: int
    next_seq: int
    last_hash: bytes


async def lock_shard(connection: "Connection", shard: int) -> ShardHead:
    """Wait for the shard's turn, and return where it stands."""
    row = await connection.fetchrow(LOCK_SHARD, shard)
    if row is None:
        raise LookupError(f"the ledger has no shard {shard}")
    return ShardHead(*row)


async def read_assets(connection: "Connection") -> dict[str, Asset]:
    """Return everything that is counted, by its code."""
    rows = await connection.fetch(ASSETS)
    return {row["code"]: Asset(*row) for row in rows}


async def read_books(
    connection: "Connection",
    head: ShardHead,
    commands: Sequence[Command],
    *,
    assets: dict[str, Asset],
    terms: Terms,
) -> Books:
    """Lock and return all that ``commands`` may touch."""
    books = Books(
        now_ms=0,
        next_txn=head.next_txn,
        next_account=head.next_account,
        assets=assets,
        terms=terms,
    )
    await _read_answers(connection, books, commands)
    fresh = [c for c in commands if (c.scene.network, c.key) not in books.answers]
    fresh += await read_requests(connection, books, _besides(fresh))
    others = _besides(fresh)
    await _read_decisions(connection, books)
    await read_persons(connection, books, others)
    await _read_packets(connection, books, others)
    await read_holds(connection, books, others)
    await read_payments(connection, books, others)
    await read_splits(connection, books, others)
    await read_maturities(connection, books, fresh)
    await _read_bars(connection, books, others)
    await _read_standings(connection, books, others)
    await _read_tallies(connection, books, others)
    house = taken_from(books, fresh)
    await read_budgets(connection, books, house)
    await read_limits(connection, books, house)
    await _read_booked(connection, books, others)
    await _read_accounts(connection, books, fresh)
    books.now_ms = await connection.fetchval(NOW, head.next_batch - 1)
    return books


def _besides(commands: Sequence[Command]) -> list[Command]:
    """Return those that are no transfers: most are, and little but accounts is read for them."""
    return [command for command in commands if type(command.body) is not Transfer]


async def _read_answers(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    asked = {(command.scene.network, command.key) for command in commands}
    asked |= set(_reversed(_besides(commands)))
    networks, keys = zip(*asked, strict=True)
    for row in await connection.fetch(ANSWERS, networks, keys):
        verdict = Verdict(*row)
        books.answers[verdict.network, verdict.key] = verdict


async def _read_decisions(connection: "Connection", books: Books) -> None:
    """Read the answers to the commands that approved what others would take back."""
    keys = [(r.scene.network, r.decided_key) for r in books.requests.values() if r.decided_key]
    if keys:
        for row in await connection.fetch(ANSWERS, *zip(*keys, strict=True)):
            verdict = Verdict(*row)
            books.answers[verdict.network, verdict.key] = verdict


def _reversed(commands: Iterable[Command]) -> Iterator[tuple[str, str]]:
    """Yield network and key of each command that one of ``commands`` would take back."""
    for command in commands:
        if isinstance(command.body, Reverse):
            yield command.scene.network, command.body.command_id


async def _read_booked(connection: "Connection", books: Books, commands: Sequence[Command]) -> None:
    answers = [
        books.answers.get((network, booking_key(books, network, key)))
        for network, key in _reversed(commands)
    ]
    numbers = {answer.txn_id for answer in answers if answer and answer.txn_id is not None}
    if not numbers:
        return
    for row in await connection.fetch(BOOKED, sorted(numbers)):
        booked = Booked(row["network"], row["kind"], [], is_reversed=row["is_reversed"])
        booked = books.booked.setdefault(row["id"], booked)
        booked.legs.append((row["path"], row["asset"], row["amount"]))


async def _read_packets(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    takes = [(c.scene, c.body) for c in commands if isinstance(c.body, TakeShare)]
    named = {body.packet_id for _, body in takes if body.packet_id}
    named |= {c.body.packet_id for c in commands if isinstance(c.body, _ENDING)}
    groups = {(s.network, s.group) for s, body in takes if not body.packet_id}
    if groups:
        rows = await connection.fetch(RECENT, *zip(*groups, strict=True))
        named |= {row["id"] for row in rows}
    if not named:
        return
    for row in await connection.fetch(LOCK_PACKETS, list(named)):
        packet = to_packet(row)
        books.packets[packet.id] = packet
    for packet in sorted(books.packets.values(), key=lambda packet: -packet.number):
        place = (packet.scene.network, packet.scene.group)
        if place in groups:
            books.recent.setdefault(place, []).append(packet.id)
    told = [(c.scene.network, c.body) for c in commands if isinstance(c.body, SetIdentity)]
    await read_claims(connection, books, takes, told)


async def _read_bars(connection: "Connection", books: Books, commands: Sequence[Command]) -> None:
    asked = {
        (command.scene.network, command.body.member)
        for command in commands
        if isinstance(command.body, (TakeShare, BarMember))
    }
    if asked:
        for row in await connection.fetch(BARS, *zip(*asked, strict=True)):
            network, group, member, until_ms, since_ms = row
            books.bars[network, group, member] = Bar(until_ms, since_ms)


async def _read_standings(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    rated = [p.scene for p in books.packets.values() if p.conditions and p.conditions.reputation]
    asked: set[tuple[str, str, str, str]] = set()
    for command in commands:
        scene, body = command.scene, command.body
        if isinstance(body, SetStanding):
            asked.add((scene.network, scene.group, body.asset, body.member))
        elif isinstance(body, TakeShare):
            asked |= {(s.network, s.group, REPUTATION, body.member) for s in rated}
    if asked:
        for row in await connection.fetch(STANDINGS, *zip(*asked, strict=True)):
            standing, level, labels, *rest = row[4:]
            books.standings[tuple(row[:4])] = Standing(standing, level, tuple(labels), *rest)


async def _read_tallies(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    asked = set(_counted(books, commands))
    if asked:
        for row in await connection.fetch(TALLIES, *zip(*asked, strict=True)):
            network, what, whose, about, *counted = row
            books.tallies[network, what, whose, about] = Tally(*counted)


def _counted(books: Books, commands: Sequence[Command]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what caps count of what ``commands`` would do."""
    terms, default = books.terms, books.terms.default_asset
    given = {packet.asset for packet in books.packets.values()}
    given |= {c.body.asset or default for c in commands if isinstance(c.body, SendPacket)}
    locked = [p for p in books.packets.values() if p.conditions and p.conditions.password_hash]
    for command in commands:
        body, network, group = command.body, command.scene.network, command.scene.group
        if isinstance(body, SendPacket):
            asset = body.asset or default
            if terms.sender_cap and body.sender:
                yield network, "sender", body.sender, asset
            if terms.group_cap:
                yield network, "group", group, asset
        elif isinstance(body, TakeShare):
            if terms.receiver_cap:
                yield from ((network, "receiver", body.member, asset) for asset in given)
            yield from (
                (network, "password", body.member, packet.id)
                for packet in locked
                if packet.scene.network == network and packet.id == (body.packet_id or packet.id)
            )


async def _read_accounts(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    wanted = _accounts_of(commands, books)
    if not wanted:
        return
    for row in await connection.fetch(LOCK_ACCOUNTS, *zip(*wanted, strict=True)):
        account = Account(*row)
        account.stored = True
        books.accounts[account.network, account.path, account.asset] = account


def _accounts_of(commands: Sequence[Command], books: Books) -> set[tuple[str, str, str]]:
    """Return network, path and asset of each account that ``commands`` may touch."""
    default = books.terms.default_asset
    given = {packet.asset for packet in books.packets.values()}
    given |= {c.body.asset or default for c in commands if type(c.body) is SendPacket}
    wanted: set[tuple[str, str, str]] = set()
    for packet in books.packets.values():
        network = packet.scene.network
        wanted |= {(network, path, packet.asset) for path in (packet.escrow, packet.source)}
    for hold in books.holds.values():
        network = hold.scene.network
        wanted |= {(network, path, hold.asset) for path in (hold.account, hold.destination)}
    wanted |= set(paid_accounts(books, _besides(commands)))
    for booked in books.booked.values():
        wanted |= {(booked.network, path, asset) for path, asset, _ in booked.legs}
    for command in commands:
        network = command.scene.network
        wanted.update([(network, *named) for named in _named(command.body, default, given)])
        if books.terms.opening_grant:
            wanted.add((network, "issuer", default))
    return wanted


def _named(body: Body, default: str, given: set[str]) -> set[tuple[str, str]]:
    """Return path and asset of each account that one command names, packets' own aside."""
    match body:
        case Transfer():
            paths = [body.source, body.destination, *([SUSPENSE] if body.or_suspense else [])]
        case PlaceHold():
            paths = [body.account, body.destination]
        case SendPacket():
            paths = [body.source or f"member:{body.sender}"]
        case SetAccount():
            paths = [body.account]
        case WriteOff():
            paths = [body.bearer, owed_by(body.account)]
        case TakeShare():
            return {(f"member:{body.member}", asset) for asset in given}
        case ClosePacket():
            return {(SUSPENSE, asset) for asset in given}
        case _:
            return set()
    return {(path, body.asset or default) for path in paths}
