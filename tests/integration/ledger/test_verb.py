"""``reeve ledger`` as an operator runs it."""

import asyncio
import json
import os
import sys

from tests.ledger_books import NETWORK, ask, fund, note, pay


async def reeve(url, *words):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reeve", "ledger", *words,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, complaint = await process.communicate()
    return process.returncode, told.decode(), complaint.decode()


async def test_sound_books_are_told_to_be_sound(store, books_url):
    await store.book([fund("ann", 10)])

    status, told, _ = await reeve(books_url, "check")

    assert (status, told.splitlines()[-1]) == (0, "The books are sound.")


async def test_books_that_were_tampered_with_are_found_and_named(store, superuser, books_url):
    await store.book([fund("ann", 10)])
    await superuser.execute("UPDATE account SET balance = 11 WHERE path = 'member:ann'")

    status, told, _ = await reeve(books_url, "check", "--json")

    report = json.loads(told)
    assert (status, report["sound"]) == (1, False)
    assert {each["name"] for each in report["invariants"] if each["faults"]} == {"I2", "I3"}


async def test_a_database_without_books_is_one_sentence(database):
    url = await database("ledger")

    status, _, complaint = await reeve(url, "check")

    assert (status, complaint) == (1, "reeve: There are no books in this database yet.\n")


async def test_a_statement_is_told_with_its_balances_in_whole_units(store, books_url):
    await store.book([fund("ann", 1_250, asset="CNY"), pay("issuer", "treasury", 7)])
    await store.book([pay("member:ann", "treasury", 199, asset="CNY", purpose="seat, two")])
    words = ["--network", NETWORK, "--account", "member:ann", "--asset", "CNY"]

    told = (await reeve(books_url, "statement", *words))[1].splitlines()
    table = (await reeve(books_url, "statement", *words, "--csv"))[1].splitlines()
    found = json.loads((await reeve(books_url, "statement", *words, "--json"))[1])
    past = json.loads(
        (await reeve(books_url, "statement", *words, "--json", "--until", "2020-01-01"))[1]
    )

    assert told[:2] + told[-1:] == [
        "member:ann in CNY",
        "opening balance 0.00",
        "closing balance 10.51",
    ]
    assert told[3].split()[2:] == ["-1.99", "10.51", "3", "transfer", "treasury", "seat,", "two"]
    assert table[2].split(",", 1)[1] == '3,transfer,-199,1051,treasury,"seat, two"'
    assert [entry["amount"] for entry in found["entries"]] == [1250, -199]
    assert (past["entries"], past["closing"]) == ([], 0)


async def test_what_a_member_wrote_adds_no_line_to_a_statement(store, books_url):
    forged = "seat\r\nclosing balance 9000\x1b[2K\u202e"
    await store.book([fund("ann", 7, purpose=forged)])
    words = ["--network", NETWORK, "--account", "member:ann"]

    told = (await reeve(books_url, "statement", *words))[1]
    found = json.loads((await reeve(books_url, "statement", *words, "--json"))[1])

    assert len(told.splitlines()) == 4
    assert told.splitlines()[2].endswith("seat\ufffd\ufffdclosing balance 9000\ufffd[2K\ufffd")
    assert found["entries"][0]["purpose"] == forged


async def test_an_instant_that_no_calendar_has_is_a_wrong_word(books_url):
    words = ["--network", NETWORK, "--at", "0001-01-01T00:00:00+14:00"]

    status, _, complaint = await reeve(books_url, "trial-balance", *words)

    assert (status, "argument --at: invalid" in complaint) == (2, True)


async def test_an_account_that_is_not_there_is_one_sentence(store, books_url):
    await store.book([fund("ann", 1)])
    words = ["--network", NETWORK, "--account", "member:bob"]

    status, _, complaint = await reeve(books_url, "statement", *words)

    assert (status, complaint) == (2, "reeve: harbour has no account member:bob in points.\n")


async def test_the_trial_balance_is_told_with_its_totals(store, books_url):
    await store.book([fund("ann", 1_250, asset="CNY"), fund("bob", 3)])

    status, told, _ = await reeve(books_url, "trial-balance", "--network", NETWORK)

    assert status == 0
    assert [line.split() for line in told.splitlines()] == [
        ["asset", "kind", "accounts", "debit", "credit"],
        ["CNY", "issuer", "1", "12.50", "0.00"],
        ["CNY", "member", "1", "0.00", "12.50"],
        ["points", "issuer", "1", "3", "0"],
        ["points", "member", "1", "0", "3"],
        ["CNY", "total", "12.50", "12.50"],
        ["points", "total", "3", "3"],
    ]


async def test_an_export_that_does_not_match_the_books_ends_with_one(books_url, store, tmp_path):
    payment = (await store.book([ask("ann", 990)])).verdicts[0].detail
    await store.book([note(payment, "captured", "pi_1", 990)])
    path = tmp_path / "export.csv"
    words = ["reconcile", str(path), "--provider", "stripe"]
    head = "PaymentIntent ID,Amount,Amount Refunded,Currency\n"

    path.write_text(f"{head}pi_1,9.90,0.00,cny\n")
    same = await reeve(books_url, *words)
    path.write_text(head)
    less = await reeve(books_url, *words, "--json")
    path.unlink()
    gone = await reeve(books_url, *words)

    assert same[:2] == (0, "1 match.\n")
    assert (less[0], json.loads(less[1])["untold"]) == (1, ["pi_1"])
    assert gone[0] == 1
    assert "No such file" in gone[2]
