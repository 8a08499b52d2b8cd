"""The books of a network as files: every row, once, as it was at one moment."""

import asyncio
import csv
import io

from arro3.io import read_parquet

from ledger.export import CsvFile, export
from ledger.parquet import ParquetFile
from ledger.store.tables import TABLES
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


async def test_what_a_spreadsheet_would_run_is_text_and_numbers_stay_numbers(
    store, books_url, tmp_path
):
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=b", "'quoted"]
    await store.book([fund("ann", 9, purpose=word) for word in words])

    await export(books_url, "ledger", NETWORK, tmp_path, CsvFile)
    _, statement, _ = await reeve(
        books_url, "statement", "--network", NETWORK, "--account", "issuer", "--csv"
    )

    purposes = [row["purpose"] for row in rows_of(tmp_path / "transactions.csv")]
    assert purposes == [f"'{word}" for word in words[:6]] + words[6:]
    lines = list(csv.DictReader(io.StringIO(statement, newline="")))
    assert [line["purpose"] for line in lines] == purposes
    assert {line["amount"] for line in lines} == {"-9"}
    amounts = {row["amount"] for row in rows_of(tmp_path / "postings.csv")}
    assert amounts == {"9", "-9"}


async def test_a_file_where_the_folder_should_be_is_one_sentence(books_url, tmp_path):
    (tmp_path / "file").write_text("here first")
    for into in (tmp_path / "file", tmp_path / "file" / "below"):
        words = ["export", "--network", NETWORK, "--into", str(into)]

        status, _, complaint = await reeve(books_url, *words)

        assert (status, complaint) == (
            2,
            f"reeve: {into} is no folder, and none can be made there.\n",
        )
