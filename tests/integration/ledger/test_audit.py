"""Who changed what is told by an entry, in the transaction of the change."""

import asyncpg
import pytest

from contracts.values import FreezePacket
from ledger.core.standings import MeritTerms
from ledger.store.ratings import say_terms
from tests.integration.ledger.conftest import COLON, READER
from tests.ledger_books import (
    GROUP,
    NETWORK,
    SCENE,
    announce_open,
    bound,
    close,
    fund,
    make_command,
    send,
)

LIMIT = {"network": NETWORK, "path": "member:ann", "ceiling": 500, "why": "a child\u2019s"}
GOLD = {"class": "points", "transferable": True}


async def listed(rest, network=NETWORK, **query):
    answer = await rest("GET", "/v1/audit", token=READER, network=network, **query)
    assert answer.status == 200, answer.body
    return answer.body


async def test_who_bounded_an_account_is_told_with_what_they_said(rest, sound):
    await rest("POST", "/v1/accounts", LIMIT, key="k")
    await rest("POST", "/v1/accounts", LIMIT, key="k")
    refused = await rest("POST", "/v1/accounts", {**LIMIT, "path": "packet:x"}, key="l")
    await rest("POST", "/v1/accounts", {**LIMIT, "state": "frozen"}, key="k:1", token=COLON)

    items = (await listed(rest))["items"]

    assert refused.status == 409
    assert [(item["caller"], item["deed"], item["key"]) for item in items] == [
        ("operator:b", "set_account", "rest:operator%3Ab:k:1"),
        ("operator", "set_account", "rest:operator:k"),
    ]
    assert items[1]["said"]["why"] == LIMIT["why"]
    assert items[0]["said"]["state"] == "frozen"
    await sound()


async def test_who_declared_an_asset_is_told_in_every_network_once(rest):
    for _ in range(2):
        await rest("PUT", "/v1/assets/gold", GOLD)
    await rest("PUT", "/v1/assets/gold", {**GOLD, "scale": 2})

    [item] = (await listed(rest, network="elsewhere"))["items"]

    assert (item["caller"], item["deed"], item["network"]) == ("operator", "declare_asset", "")
    assert (item["said"]["code"], item["said"]["scale"]) == ("gold", 0)


async def test_who_said_how_reputation_counts_is_told_with_all_that_they_said(rest):
    level = {"name": "known", "at_least": 9, "keep": 5, "givers": 2, "days": 0, "labels": ["a"]}
    terms = {"half_life_days": 7, "per_giver": 1, "per_member": 2, "per_pair": 3, "serial": 4}
    said = {**terms, "seeds": ["@ann:example.org"], "levels": [level]}

    answer = await rest("PUT", "/v1/reputation/terms", {"network": NETWORK, "group": "!g", **said})
    wrong = {"network": NETWORK, **said, "levels": [{**level, "keep": 10}]}
    refused = await rest("PUT", "/v1/reputation/terms", wrong)

    [item] = (await listed(rest))["items"]
    assert (answer.body, refused.status) == (said, 409)
    assert (item["caller"], item["deed"]) == ("operator", "set_merit_terms")
    assert item["said"] == {"group_id": "!g", **said}


async def test_terms_that_leave_no_entry_do_not_hold(pool, superuser):
    await superuser.execute("ALTER TABLE audit_entry ADD CONSTRAINT never CHECK (false) NOT VALID")

    with pytest.raises(asyncpg.CheckViolationError):
        await say_terms(pool, NETWORK, "", MeritTerms(serial=3), "operator")

    assert await pool.fetchval("SELECT count(*) FROM merit_terms") == 0


async def test_who_froze_and_withdrew_a_packet_is_told_and_the_clock_is_not(rest, store):
    await store.book([fund("ann", 100)])
    sent = await store.book([send("ann", 10, 2), send("ann", 10, 2)])
    first, second = [verdict.packet_id for verdict in sent.verdicts]
    ice = {"network": NETWORK, "frozen": True, "by": "mod", "why": "a complaint"}
    await rest("POST", f"/v1/packets/{first}/freeze", ice, key="f")
    withdrawn = {"network": NETWORK, "why": "withdrawn", "by": "mod"}
    await rest("POST", f"/v1/packets/{first}/close", withdrawn, key="w")
    await store.book([close(second, "expired"), announce_open(second)])

    items = (await listed(rest))["items"]

    assert [(item["deed"], item["said"]["by"]) for item in items] == [
        ("close_packet", "mod"),
        ("freeze_packet", "mod"),
    ]


async def test_what_came_by_the_stream_is_told_under_its_action(rest, store):
    await store.book([bound("member:ann", ceiling=7, key="action-1"), fund("ann", 5)])

    [item] = (await listed(rest))["items"]

    assert (item["caller"], item["key"]) == ("", "action-1")


async def test_money_that_was_moved_over_rest_is_told_with_who_asked_once(rest, store, sound):
    await store.book([fund("ann", 100)])
    gift = {"network": NETWORK, "source": "member:ann", "destination": "treasury", "amount": 7}
    for _ in range(2):
        await rest("POST", "/v1/transfers", gift, key="gift")
    refused = await rest("POST", "/v1/transfers", {**gift, "amount": 700}, key="more")
    hold = {"network": NETWORK, "account": "member:ann", "destination": "house", "amount": 3}
    held = (await rest("POST", "/v1/holds", hold, key="hold", token=COLON)).body
    whole = {"network": NETWORK, "amount": 3}
    captured = await rest("POST", f"/v1/holds/{held['id']}/captures", whole, key="capture")

    items = (await listed(rest))["items"]

    assert (refused.status, captured.status) == (409, 201)
    assert [(item["caller"], item["deed"], item["said"].get("amount")) for item in items] == [
        ("operator", "capture_hold", 3),
        ("operator:b", "place_hold", 3),
        ("operator", "transfer", 7),
    ]
    assert items[2]["said"]["destination"] == "treasury"
    await sound()


async def test_no_entry_tells_the_password_of_a_packet(rest, store, pool):
    await store.book([fund("ann", 100)])
    form = {"network": NETWORK, "group": GROUP, "sender": "ann", "total": 10, "shares": 2}
    locked = {**form, "terms": {"password": "Sesame", "tiers": ["known"]}}
    packet = (await rest("POST", "/v1/packets", locked, key="send")).body
    claim = {"network": NETWORK, "member": "bob", "password": "Sesame", "tier": "known"}
    taken = await rest("POST", f"/v1/packets/{packet['id']}/claims", claim, key="take")

    take, send_ = (await listed(rest))["items"]

    assert taken.status == 201, taken.body
    assert (take["deed"], take["said"]["member"]) == ("take_share", "bob")
    assert (send_["deed"], send_["said"]["terms"]) == ("send_packet", {"tiers": ["known"]})
    assert await pool.fetchval("SELECT count(*) FROM audit_entry WHERE said::text ~* 'sesame'") == 0


async def test_a_network_is_told_of_its_own_page_by_page(rest, store):
    elsewhere = SCENE.__class__(network="elsewhere")
    await store.book([bound(f"member:m{n}", ceiling=7, key=f"a{n}") for n in range(5)])
    await store.book([bound("member:eve", ceiling=7, scene=elsewhere)])

    seen, cursor = [], {}
    while cursor is not None:
        page = await listed(rest, limit="2", **cursor)
        seen += [item["key"] for item in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None

    assert seen == ["a4", "a3", "a2", "a1", "a0"]


async def test_a_batch_that_cannot_be_written_leaves_no_entry(pool, store, superuser):
    await superuser.execute("ALTER TABLE batch ADD CONSTRAINT never CHECK (false) NOT VALID")

    with pytest.raises(asyncpg.CheckViolationError):
        await store.book([bound("member:ann", ceiling=7)])

    assert await pool.fetchval("SELECT count(*) FROM audit_entry") == 0


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit_entry SET key = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
async def test_an_entry_stays_as_it_was_written(pool, superuser, store, change):
    await store.book([bound("member:ann", ceiling=7)])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(change)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
        await superuser.execute(change)


async def test_a_refusal_changes_nothing_and_leaves_no_entry(pool, store):
    frozen = make_command(FreezePacket(packet_id="a" * 26, frozen=True, by="mod"))

    batch = await store.book([frozen, bound("packet:x", ceiling=7)])

    assert all(verdict.code for verdict in batch.verdicts)
    assert await pool.fetchval("SELECT count(*) FROM audit_entry") == 0


async def test_assets_come_in_pages(rest):
    seen, cursor = [], {}
    while cursor is not None:
        page = (await rest("GET", "/v1/assets", limit="2", **cursor)).body
        seen += [item["code"] for item in page["items"]]
        cursor = {"cursor": page["next"]} if page["next"] else None

    assert {"CNY", "USD", "coins", "points", "reputation"} <= set(seen)
    assert len(seen) == len(set(seen))
