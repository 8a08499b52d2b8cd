"""Payments in their rows: locked and read with what was said of them, written, and asked about."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from contracts.values import AcceptPayment, AskRefund, LinkPayment, NotePayment
from ledger.core.books import Batch, Books
from ledger.core.commands import Command, Letter
from ledger.core.payments import WHOLE, Part, PaymentState, Said, is_different, stand
from ledger.core.reconciling import Taken
from ledger.core.splitting import WAITING
from ledger.store.packets import to_scene
from ledger.store.splits import read_parts

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

    Source: TypeAlias = asyncpg.Connection[Record] | Connection

LOCK_PAYMENTS = """
    SELECT id, network, group_id, platform, channel, thread, parent, connection, member,
        destination, asset, amount, purpose, subject, provider, link, reference, payee, steps,
        (extract(epoch FROM asked_at) * 1000)::bigint AS asked_ms
    FROM payment WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""

SAID = """
    SELECT payment_id, (extract(epoch FROM recorded_at) * 1000)::bigint, what, object, amount
    FROM payment_step WHERE payment_id = ANY ($1::text[]) ORDER BY payment_id, step
"""

PAYMENT_COLUMNS = (
    "id", "network", "group_id", "platform", "channel", "thread", "parent", "connection", "member",
    "destination", "asset", "amount", "purpose", "subject", "provider", "link", "reference",
    "payee", "captured", "returned", "steps", "state", "asked_at", "changed_at",
)  # fmt: skip
STEP_COLUMNS = (
    "payment_id", "step", "network", "what", "object", "amount", "txn_id", "place", "batch_id",
    "recorded_at",
)  # fmt: skip

MOVE_PAYMENTS = """
    UPDATE payment AS p SET link = m.link, reference = m.reference, payee = m.payee,
        captured = m.captured, returned = m.returned, steps = m.steps, state = m.state,
        changed_at = $1::timestamptz
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::text[])
        AS m (id, link, reference, payee, captured, returned, steps, state)
    WHERE p.id = m.id
"""

KEEP = """
    INSERT INTO webhook (provider, event_id, network, payment_id, kind, code, detail, headers, raw,
        recorded_at)
    SELECT provider, event_id, network, payment_id, kind, code, detail, headers, raw, clock()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::bytea[])
        AS sent (provider, event_id, network, payment_id, kind, code, detail, headers, raw)
    ON CONFLICT (provider, event_id, network) DO NOTHING
"""

_PAYMENT = """
    SELECT id, number, network, group_id, platform, channel, member, destination, asset, amount,
        purpose, subject, provider, link, reference, captured, returned, state, asked_at, changed_at
    FROM payment
"""
PAYMENT = f"{_PAYMENT} WHERE id = $1"
PAYMENTS = f"""
    {_PAYMENT}
    WHERE network = $1 AND number < $2
        AND ($3::text IS NULL OR member = $3) AND ($4::text IS NULL OR state = $4)
    ORDER BY number DESC LIMIT $5
"""
STEPS = """
    SELECT step, what, object, amount, txn_id, recorded_at
    FROM payment_step WHERE payment_id = $1 ORDER BY step
"""
BY_OBJECT = """
    SELECT s.payment_id FROM payment_step AS s JOIN payment AS p ON p.id = s.payment_id
    WHERE s.object = $2 AND p.provider = $1 LIMIT 1
"""
CAPTURED = """
    SELECT s.object, p.captured, p.returned, p.asset
    FROM payment AS p JOIN payment_step AS s ON s.payment_id = p.id AND s.what = 'captured'
    WHERE p.provider = $1 AND ($2::timestamptz IS NULL OR s.recorded_at >= $2)
        AND ($3::timestamptz IS NULL OR s.recorded_at < $3)
    ORDER BY s.object
"""
LETTERS = """
    SELECT number, provider, event_id, network, payment_id, kind, code, detail, recorded_at
    FROM webhook WHERE number < $1 AND ($2::boolean IS NULL OR (code <> '') = $2)
    ORDER BY number DESC LIMIT $3
"""


async def read_payments(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    """Lock and read the payments that ``commands`` name."""
    bodies = [command.body for command in commands]
    named = {
        body.payment_id
        for body in bodies
        if isinstance(body, (LinkPayment, NotePayment, AskRefund, AcceptPayment))
    }
    if not named:
        return
    rows = await connection.fetch(LOCK_PAYMENTS, list(named))
    said: dict[str, set[Said]] = defaultdict(set)
    captured_ms: dict[str, int] = {}
    for payment_id, at_ms, *one in await connection.fetch(SAID, [row["id"] for row in rows]):
        said[payment_id].add(Said(*one))
        if one[0] == "captured":
            captured_ms[payment_id] = at_ms
    parts = await read_parts(connection, [row["id"] for row in rows if row["payee"]])
    for row in rows:
        whole = (Part(row["destination"], WHOLE, row["payee"]),) if row["payee"] else ()
        who = parts.get(row["id"], whole)
        different = is_different(row["amount"], said[row["id"]])
        payment = _payment(row, said[row["id"]], WAITING if different else who)
        payment.captured_ms = captured_ms.get(payment.id, 0)
        books.payments[payment.id] = payment


def _payment(row: "Record", said: set[Said], parts: tuple[Part, ...]) -> PaymentState:
    return PaymentState(
        id=row["id"],
        scene=to_scene(row),
        member=row["member"],
        destination=row["destination"],
        asset=row["asset"],
        amount=row["amount"],
        purpose=row["purpose"],
        subject=row["subject"],
        provider=row["provider"],
        asked_ms=row["asked_ms"],
        link=row["link"],
        reference=row["reference"],
        payee=row["payee"],
        parts=parts,
        steps=row["steps"],
        said=said,
        standing=stand(row["amount"], said),
    )


async def write_payments(
    connection: "Connection", batch: Batch, number: int, asked_at: Sequence[datetime], at: datetime
) -> None:
    """Write the payments of ``batch``, what was said of them, and the letters that said so."""
    rows = [_asked(one, when, at) for one, when in zip(batch.asked, asked_at, strict=True)]
    if rows:
        await connection.copy_records_to_table("payment", records=rows, columns=PAYMENT_COLUMNS)
    new = {payment.id for payment in batch.asked}
    moved = [
        (p.id, p.link, p.reference, p.payee, p.standing.captured, p.standing.returned, p.steps,
         p.standing.state)
        for p in batch.paid.values()
        if p.id not in new
    ]  # fmt: skip
    if moved:
        await connection.execute(MOVE_PAYMENTS, at, *zip(*moved, strict=True))
    steps = [(*step, number, at) for step in batch.payment_steps]
    if steps:
        await connection.copy_records_to_table("payment_step", records=steps, columns=STEP_COLUMNS)
    letters = [
        _kept(letter, verdict.network, verdict.code, verdict.detail)
        for letter, verdict in batch.letters
    ]
    if letters:
        await connection.execute(KEEP, *zip(*letters, strict=True))


def _asked(payment: PaymentState, asked_at: datetime, at: datetime) -> tuple[object, ...]:
    scene = payment.scene
    place = scene.place
    return (
        payment.id, scene.network, scene.group, scene.platform, place.channel, place.thread,
        place.parent, scene.connection, payment.member, payment.destination, payment.asset,
        payment.amount, payment.purpose, payment.subject, payment.provider, payment.link,
        payment.reference, payment.payee, payment.standing.captured, payment.standing.returned,
        payment.steps, payment.standing.state, asked_at, at,
    )  # fmt: skip


def _kept(letter: Letter, network: str, code: str, detail: str) -> tuple[object, ...]:
    return (
        letter.provider, letter.event_id, network, letter.payment_id, letter.kind, code, detail,
        letter.headers, letter.raw,
    )  # fmt: skip


async def captured(
    source: "Source",
    provider: str,
    since: datetime | None,
    until: datetime | None,
) -> dict[str, Taken]:
    """Return what was captured by a provider in a span of time, by the provider's ids."""
    rows = await source.fetch(CAPTURED, provider, since, until)
    return {charge: Taken(*taken) for charge, *taken in rows}


async def scales(source: "Source") -> dict[str, int]:
    """Return the digits of the minor unit of everything that can be paid."""
    rows = await source.fetch("SELECT code, scale FROM asset WHERE class = 'paid_credit'")
    return {row["code"]: row["scale"] for row in rows}


class Payments:
    """What can be asked about payments, and the letters about none."""

    def __init__(self, pool: "asyncpg.Pool[Record]") -> None:
        self._pool = pool

    async def payment(self, payment_id: str) -> "Record | None":
        """Return one payment, or ``None``."""
        return await self._pool.fetchrow(PAYMENT, payment_id)

    async def payments(
        self, network: str, *, before: int, member: str | None, state: str | None, limit: int
    ) -> "list[Record]":
        """Return payments with a number below ``before``, newest first."""
        return await self._pool.fetch(PAYMENTS, network, before, member, state, limit)

    async def steps(self, payment_id: str) -> "list[Record]":
        """Return everything that happened to a payment, in order."""
        return await self._pool.fetch(STEPS, payment_id)

    async def parts(self, payment_id: str) -> tuple[Part, ...]:
        """Return who shares in a payment; nobody where it is all the destination's."""
        return (await read_parts(self._pool, [payment_id])).get(payment_id, ())

    async def by_object(self, provider: str, name: str) -> str:
        """Return the id of the payment of which a provider's id was told; empty if of none."""
        return await self._pool.fetchval(BY_OBJECT, provider, name) or ""

    async def letters(self, *, before: int, kept: bool | None, limit: int) -> "list[Record]":
        """Return letters with a number below ``before``, newest first; ``kept``: without effect."""
        return await self._pool.fetch(LETTERS, before, kept, limit)

    async def keep(self, letter: Letter, code: str, detail: str = "") -> None:
        """Keep a letter from which nothing follows, and why."""
        row = _kept(letter, "", code, detail)
        await self._pool.execute(KEEP, *[[value] for value in row])
