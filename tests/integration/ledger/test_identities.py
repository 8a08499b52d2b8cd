"""The accounts of one person in the database and over REST: one share, by whichever door."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from ledger.store.booking import Store
from ledger.verify import verify
from tests.integration.ledger.conftest import READER
from tests.ledger_books import NETWORK, belongs, fund, send, take

BOB = {"network": NETWORK, "member": "bob", "identity": "Bob", "why": "said so on both sides"}


async def codes(store, *commands):
    return [verdict.code for verdict in (await store.book(commands)).verdicts]


@pytest.fixture
async def packet(store):
    """A packet of 4 shares that ann sent."""
    return (await store.book([fund("ann", 100), send("ann", 40, 4)])).verdicts[1].packet_id


@pytest.mark.parametrize("where", ["", "named"])
async def test_whoever_took_no_other_account_of_theirs_takes(store, packet, sound, where):
    where = where and packet
    await store.book([belongs("bob", "Bob"), belongs("rob", "Bob")])

    first = await codes(store, take("bob", where))
    again = await codes(store, take("rob", where), take("cid", where))

    assert (first, again) == ([""], ["identity_taken", ""])
    await sound()


async def test_what_is_known_later_holds_for_what_was_taken_before(store, packet, sound):
    assert packet
    took = await codes(store, take("bob"))
    known = await codes(store, belongs("bob", "Bob"), belongs("rob", "Bob"), take("rob"))
    parted = await codes(store, belongs("rob", ""), take("rob"))

    assert (took, known, parted) == ([""], ["", "", "identity_taken"], ["", ""])
    await sound()


async def test_of_all_accounts_of_a_person_at_once_one_gets_a_share(store, pool, packet, sound):
    names = [f"bob{n}" for n in range(12)]
    await store.book([belongs(name, "Bob") for name in names])
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]

    async with asyncio.TaskGroup() as tasks:
        took = [
            tasks.create_task(codes(stores[n % 4], take(name, packet)))
            for n, name in enumerate(names)
        ]

    assert Counter(task.result()[0] for task in took) == {"": 1, "identity_taken": 11}
    await sound()


async def test_accounts_are_linked_and_parted_over_rest(rest, store, packet, pool, sound):
    linked = await rest("POST", "/v1/identities", BOB, key="a")
    twin = await rest("POST", "/v1/identities", BOB | {"member": "rob"}, key="b")
    viewer = await rest("POST", "/v1/identities", BOB, key="a", token=READER)
    in_chat = await codes(store, take("bob"))
    form = {"network": NETWORK, "member": "rob"}
    refused = await rest("POST", f"/v1/packets/{packet}/claims", form, key="c")
    page = await rest("GET", "/v1/identities", network=NETWORK, limit=1)
    rest_of_it = await rest("GET", "/v1/identities", network=NETWORK, cursor=page.body["next"])
    parted = await rest("POST", "/v1/identities", BOB | {"identity": "", "member": "rob"}, key="d")
    left = await rest("GET", "/v1/identities", network=NETWORK, identity="Bob")
    given = await rest("POST", f"/v1/packets/{packet}/claims", form, key="e")

    assert [one.status for one in (linked, twin, viewer, parted)] == [200, 200, 403, 200]
    assert (in_chat, refused.status, refused.body["code"]) == ([""], 409, "identity_taken")
    shown = [one["member"] for one in page.body["items"] + rest_of_it.body["items"]]
    assert shown == ["rob", "bob"]
    assert [one["member"] for one in left.body["items"]] == ["bob"]
    assert given.status == 201
    entries = await rest("GET", "/v1/audit", network=NETWORK)
    said = [one["said"] for one in entries.body["items"] if one["deed"] == "set_identity"]
    assert said[-1] == {name: BOB[name] for name in ("member", "identity", "why")}
    assert await pool.fetchval("SELECT count(*) FROM person_account") == 2
    await sound()


async def test_who_is_linked_unseen_is_found(store, superuser, books_url, sound):
    await store.book([belongs("bob", "Bob"), belongs("rob", "Bob")])
    await sound()
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute('UPDATE audit_entry SET said = said || \'{"member": "eve"}\'')

    assert not (await verify(books_url, "ledger", {})).sound


@pytest.mark.parametrize("statement", ["DELETE FROM person_account", "TRUNCATE person_account"])
async def test_what_was_said_of_an_account_is_never_removed(store, pool, statement):
    await store.book([belongs("bob", "Bob")])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)
