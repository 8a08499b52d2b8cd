"""Who shares in what the house earns, in its rows: rules, and the payments that they split."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from contracts.values import SetSplit
from ledger.core.books import Batch, Books, SplitRule
from ledger.core.bounds import SUSPENSE
from ledger.core.commands import Command
from ledger.core.payments import Part
from ledger.core.splitting import places

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

    Source = asyncpg.Pool[Record] | asyncpg.Connection[Record]

RULES = """
    SELECT r.id, r.network, r.group_id, r.purpose, r.version, r.accounts, r.shares
    FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (network, group_id, purpose)
    CROSS JOIN LATERAL (
        SELECT * FROM split_rule AS r
        WHERE r.network = asked.network AND r.group_id = asked.group_id
            AND r.purpose = asked.purpose
        ORDER BY r.version DESC LIMIT 1
    ) AS r
"""

PARTS = """
    SELECT payment_id, accounts, shares, payees
    FROM payment_split WHERE payment_id = ANY ($1::text[])
"""

RULE_COLUMNS = (
    "id", "network", "group_id", "purpose", "version", "accounts", "shares", "said_at",
)  # fmt: skip
PARTS_COLUMNS = ("payment_id", "network", "rule_id", "accounts", "shares", "payees")

_RULE = """
    SELECT * FROM (
        SELECT r.id, r.number, r.network, r.group_id AS group, r.purpose, r.version, r.accounts,
            r.shares, r.said_at, cardinality(r.accounts) > 0 AND NOT EXISTS (
                SELECT FROM split_rule AS newer
                WHERE newer.network = r.network AND newer.group_id = r.group_id
                    AND newer.purpose = r.purpose AND newer.version > r.version
            ) AS holds
        FROM split_rule AS r
    ) AS shown
"""
RULE = f"{_RULE} WHERE id = $1"
LIST = f"""
    {_RULE}
    WHERE network = $1 AND number < $2 AND (holds OR NOT $3)
    ORDER BY number DESC LIMIT $4
"""


async def read_splits(connection: "Connection", books: Books, commands: Sequence[Command]) -> None:
    """Read the rules that ``commands`` say anew, and those that payments may be split by."""
    asked = set(_asked(books, commands))
    if asked:
        for row in await connection.fetch(RULES, *zip(*asked, strict=True)):
            id_, network, group, purpose, version, accounts, shares = row
            parts = tuple(zip(accounts, shares, strict=True))
            rule = SplitRule(id_, network, group, purpose, version, parts)
            books.splits[network, group, purpose] = rule


def _asked(books: Books, commands: Sequence[Command]) -> Iterator[tuple[str, str, str]]:
    for command in commands:
        if isinstance(command.body, SetSplit):
            yield command.scene.network, command.body.group, command.body.purpose
    for payment in books.payments.values():
        if not payment.parts or payment.differs:
            scene = payment.scene
            yield from ((scene.network, *one) for one in places(scene.group, payment.purpose))


async def read_parts(
    source: "Source | Connection", payments: Sequence[str]
) -> dict[str, tuple[Part, ...]]:
    """Return the parts of those of ``payments`` that are shared."""
    return {row["payment_id"]: to_parts(row) for row in await source.fetch(PARTS, payments)}


def to_parts(row: "Record") -> tuple[Part, ...]:
    """Return the parts of one payment, in their order."""
    return tuple(map(Part, row["accounts"], row["shares"], row["payees"]))


def paid_accounts(books: Books, commands: Sequence[Command]) -> Iterator[tuple[str, str, str]]:
    """Yield network, path and asset of each account that payments may reach by ``commands``."""
    said = [(c.scene.network, c.body.parts) for c in commands if isinstance(c.body, SetSplit)]
    for payment in books.payments.values():
        scene, asset = payment.scene, payment.asset
        paths = {payment.destination, *(part.account for part in payment.parts)}
        if not payment.parts or payment.differs:
            keys = [(scene.network, *one) for one in places(scene.group, payment.purpose)]
            rules = [books.splits[key] for key in keys if key in books.splits]
            paths |= {account for rule in rules for account, _ in rule.parts}
            fresh = [part for whose, parts in said if whose == scene.network for part in parts]
            paths |= {part.account for part in fresh}
        paths |= {f"receivable:{path}" for path in paths} | {payment.cashbox, SUSPENSE}
        yield from ((scene.network, path, asset) for path in paths)


async def write_splits(connection: "Connection", batch: Batch, at: datetime) -> None:
    """Write what was said of splits, and who shares in the payments that came in."""
    said = [
        (rule.id, rule.network, rule.group, rule.purpose, rule.version,
         [account for account, _ in rule.parts], [share for _, share in rule.parts], at)
        for rule in batch.splits
    ]  # fmt: skip
    if said:
        await connection.copy_records_to_table("split_rule", records=said, columns=RULE_COLUMNS)
    shared = [
        (payment.id, payment.scene.network, rule.id, *map(list, zip(*payment.parts, strict=True)))
        for payment, rule in batch.shared
    ]
    if shared:
        await connection.copy_records_to_table(
            "payment_split", records=shared, columns=PARTS_COLUMNS
        )


async def find_rule(source: "Source", rule_id: str) -> "Record | None":
    """Return one version of a rule, or ``None``."""
    return await source.fetchrow(RULE, rule_id)


async def list_rules(
    source: "Source", network: str, *, before: int, holding: bool, limit: int
) -> "list[Record]":
    """Return rules with a number below ``before``, newest first; ``holding``: those in force."""
    return await source.fetch(LIST, network, before, holding, limit)
