"""``reeve ledger check`` as an operator runs it."""

import asyncio
import json
import os
import sys

from tests.ledger_books import fund


async def reeve(url, *words):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reeve", "ledger", "check", *words,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, complaint = await process.communicate()
    return process.returncode, told.decode(), complaint.decode()


async def test_sound_books_are_told_to_be_sound(store, books_url):
    await store.book([fund("ann", 10)])

    status, told, _ = await reeve(books_url)

    assert (status, told.splitlines()[-1]) == (0, "The books are sound.")


async def test_books_that_were_tampered_with_are_found_and_named(store, superuser, books_url):
    await store.book([fund("ann", 10)])
    await superuser.execute("UPDATE account SET balance = 11 WHERE path = 'member:ann'")

    status, told, _ = await reeve(books_url, "--json")

    report = json.loads(told)
    assert (status, report["sound"]) == (1, False)
    assert {each["name"] for each in report["invariants"] if each["faults"]} == {"I2", "I3"}


async def test_a_database_without_books_is_one_sentence(database):
    url = await database("ledger")

    status, _, complaint = await reeve(url)

    assert (status, complaint) == (1, "reeve: There are no books in this database yet.\n")
