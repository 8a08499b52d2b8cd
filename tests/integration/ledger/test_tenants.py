"""The database itself keeps the books of networks apart, whoever writes."""

import asyncpg
import pytest

from tests.ledger_books import SCENE, bound, fund, hold, send, take

TRESPASSES = {
    "a posting to another network's account": (
        "posting",
        """
        INSERT INTO posting VALUES
            (1, 5, 'harbour', 4, 'points', 5, 5, 9, now()),
            (1, 6, 'harbour', 4, 'points', -5, 0, 10, now())
        """,
    ),
    "a posting in another asset than its account": (
        "posting",
        """
        INSERT INTO posting VALUES
            (1, 5, 'harbour', 1, 'coins', 5, 5, 9, now()),
            (1, 6, 'harbour', 1, 'coins', -5, 0, 10, now())
        """,
    ),
    "a posting of another network's transaction": (
        "posting",
        """
        INSERT INTO posting VALUES
            (2, 5, 'harbour', 1, 'points', 5, 5, 9, now()),
            (2, 6, 'harbour', 1, 'points', -5, 0, 10, now())
        """,
    ),
    "a posting to no account": (
        "posting",
        """
        INSERT INTO posting VALUES
            (1, 5, 'harbour', 99, 'points', 5, 5, 1, now()),
            (1, 6, 'harbour', 99, 'points', -5, 0, 2, now())
        """,
    ),
    "a word on another network's account": (
        "account_bound",
        "INSERT INTO account_bound VALUES (4, 1, 9, 'harbour', 0, 0, 5, 'open', '', now())",
    ),
    "a step of another network's hold": (
        "hold_step",
        """
        INSERT INTO hold_step
        SELECT id, 9, 'elsewhere', 'released', 1, NULL, 9, 1, now() FROM hold
        """,
    ),
    "a share of another network's packet": (
        "packet_share",
        "INSERT INTO packet_share SELECT id, 9, 'elsewhere', 1 FROM packet",
    ),
    "a claim on another network's packet": (
        "packet_claim",
        "INSERT INTO packet_claim SELECT id, 'eve', 9, 'elsewhere', 1, 1, now() FROM packet",
    ),
}


@pytest.fixture
async def two_networks(store):
    """Books of two networks: accounts 1 and 2 are the harbour's, 3 and 4 are of elsewhere."""
    elsewhere = SCENE.__class__(network="elsewhere")
    batch = await store.book(
        [
            fund("ann", 100),
            fund("eve", 100, scene=elsewhere),
            bound("member:ann", 0, 500),
            hold("member:ann", "treasury", 5),
            send("ann", 10, 2),
            take("bob"),
        ]
    )
    assert {verdict.code for verdict in batch.verdicts} == {""}


@pytest.mark.usefixtures("two_networks")
async def test_what_each_network_writes_about_its_own_is_let_through(pool, sound):
    rows = await pool.fetch("SELECT id, network FROM account WHERE id < 5 ORDER BY id")

    assert [row["network"] for row in rows] == ["harbour", "harbour", "elsewhere", "elsewhere"]
    await sound()


@pytest.mark.usefixtures("two_networks")
@pytest.mark.parametrize("trespass", TRESPASSES)
async def test_the_database_refuses(pool, trespass):
    table, statement = TRESPASSES[trespass]

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await pool.execute(statement)

    assert refused.value.constraint_name == f"{table}_within_its_network"


@pytest.mark.usefixtures("two_networks")
@pytest.mark.parametrize("trespass", TRESPASSES)
async def test_nothing_but_its_trigger_refuses(pool, superuser, trespass):
    """Without the trigger the row gets in, so no other constraint stands in for it."""
    table, statement = TRESPASSES[trespass]
    await superuser.execute(f"DROP TRIGGER {table}_within_its_network ON {table}")

    await pool.execute(statement)
