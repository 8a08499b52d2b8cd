"""The books of a network as files: every row, once, as it was at one moment."""

import asyncio
import csv

from arro3.io import read_parquet

from ledger.export import CsvFile, export
from ledger.store.tables import TABLES
from reeve.parquet import ParquetFile
from tests.integration.ledger.test_verb import reeve
from tests.ledger_books import NETWORK, SCENE, capture, fund, hold, pay, reverse

ASSET_TABLES = ("accounts", "postings", "holds")
PLAIN = {"whole": str, "text": str, "instant": lambda at: at.isoformat()}


async def fill(store):
    """Book something of every table, a neighbour's too, and words that a file could trip over."""
    gift = fund("ann", 2**62, purpose='comma, "quote"\nline 新年快乐')
    elsewhere = SCENE.__class__(network="elsewhere")
    await store.book([gift, reverse(gift), fund("ann", 100), fund("eve", 5, scene=elsewhere)])
    placed = await store.book([hold("member:ann", "treasury", 30), hold("issuer", "house", 1)])
    await store.book([capture(placed.verdicts[0].hold_id, 10), pay("member:ann", "member:bob", 1)])


def columns_of(path):
    table = read_parquet(path).read_all()
    return {name: table[name].to_pylist() for name in table.schema.names}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_csv_and_parquet_hold_the_same_and_all_of_it(store, books_url, pool, tmp_path):
    await fill(store)

    as_csv = await export(books_url, "ledger", NETWORK, tmp_path, CsvFile)
    as_parquet = await export(books_url, "ledger", NETWORK, tmp_path, ParquetFile)

    assert as_csv == as_parquet == {"accounts": 4, "transactions": 5, "postings": 10, "holds": 2}
    for table in TABLES:
        columns = columns_of(tmp_path / f"{table.name}.parquet")
        rows = rows_of(tmp_path / f"{table.name}.csv")
        for name, kind in table.columns:
            told = ["" if value is None else PLAIN[kind](value) for value in columns[name]]
            assert told == [row[name] for row in rows], name
    postings = columns_of(tmp_path / "postings.parquet")
    stored = await pool.fetch(
        "SELECT amount, recorded_at FROM posting WHERE network = $1 ORDER BY txn_id, leg", NETWORK
    )
    assert postings["amount"] == [row["amount"] for row in stored]
    assert postings["recorded_at"] == [row["recorded_at"] for row in stored]
    assert sum(postings["amount"]) == 0


async def test_an_export_is_of_one_moment_while_others_book(store, books_url, tmp_path):
    await store.book([fund("ann", 1_000)])

    async def write():
        for _ in range(40):
            await store.book([pay("member:ann", "member:bob", 1)])

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        for number in range(4):
            folder = tmp_path / str(number)
            folder.mkdir()
            await export(books_url, "ledger", NETWORK, folder, CsvFile)

    for number in range(4):
        folder = tmp_path / str(number)
        accounts = {row["path"]: int(row["balance"]) for row in rows_of(folder / "accounts.csv")}
        postings = rows_of(folder / "postings.csv")
        assert len(postings) == 2 * len(rows_of(folder / "transactions.csv"))
        for path, balance in accounts.items():
            assert balance == sum(int(row["amount"]) for row in postings if row["path"] == path)


async def test_an_operator_writes_them_by_one_command(store, books_url, tmp_path):
    await fill(store)
    into = tmp_path / "new" / "folder"
    words = ["export", "--network", NETWORK, "--into", str(into), "--format", "parquet"]

    status, told, _ = await reeve(books_url, *words)

    assert (status, told.split()[:2]) == (0, ["4", "accounts.parquet"])
    assert {name: len(columns_of(into / f"{name}.parquet")["asset"]) for name in ASSET_TABLES} == {
        "accounts": 4, "postings": 10, "holds": 2,
    }  # fmt: skip
