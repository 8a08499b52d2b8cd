"""Packets with terms, and what the staff does to packets, over REST."""

from tests.integration.ledger.test_rest import sent
from tests.ledger_books import NETWORK


async def test_a_packet_says_who_may_take_of_it_and_never_its_password(rest, sound):
    terms = {"share_min": 2, "tiers": ["wise"], "tenure_s": 60, "password": "Sesame"}
    packet = await sent(rest, terms=terms)
    claim = {"network": NETWORK, "member": "bob", "tier": "wise", "since": "2020-01-01T00:00:00Z"}
    path = f"/v1/packets/{packet['id']}/claims"

    wrong = await rest("POST", path, claim, key="1")
    right = await rest("POST", path, {**claim, "password": "sesame"}, key="2")
    seen = (await rest("GET", f"/v1/packets/{packet['id']}")).body

    assert (wrong.status, wrong.body["code"], right.status) == (409, "password_wrong", 201)
    assert (seen["locked"], seen["share_min"]) == (True, 2)
    assert seen["terms"] == {"members": [], "tiers": ["wise"], "tenure_ms": 60_000, "reputation": 0}
    await sound()


async def test_the_staff_freezes_frees_and_withdraws_a_packet(rest, sound):
    packet = await sent(rest)
    path = f"/v1/packets/{packet['id']}"
    frozen = {"network": NETWORK, "frozen": True, "by": "mod", "why": "stolen"}

    first = await rest("POST", f"{path}/freeze", frozen, key="1")
    claim = {"network": NETWORK, "member": "bob"}
    refused = await rest("POST", f"{path}/claims", claim, key="2")
    freed = await rest("POST", f"{path}/freeze", {**frozen, "frozen": False}, key="3")
    taken = await rest("POST", f"{path}/claims", claim, key="4")
    recalled = await rest("POST", f"{path}/close", {"network": NETWORK}, key="5")
    ended = await rest("POST", f"{path}/close", {"network": NETWORK, "why": "withdrawn"}, key="6")

    assert (first.body["frozen"], refused.body["code"]) == (True, "packet_frozen")
    assert (freed.body["frozen"], taken.status) == (False, 201)
    assert (recalled.body["code"], ended.status) == ("packet_started", 200)
    steps = (await rest("GET", path)).body["steps"]
    assert [(step["what"], step["by"], step["why"]) for step in steps] == [
        ("frozen", "mod", "stolen"), ("freed", "mod", "stolen"), ("withdrawn", "", ""),
    ]  # fmt: skip
    await sound()


async def test_a_packet_is_drawn_in_the_language_asked_for_and_runs_nothing(rest):
    packet = await sent(rest)
    claim = {"network": NETWORK, "member": "@<b>:example.org"}
    await rest("POST", f"/v1/packets/{packet['id']}/claims", claim, key="1")

    drawn = await rest("GET", f"/v1/packets/{packet['id']}/picture", lang="zh")
    missing = await rest("GET", f"/v1/packets/{'a' * 26}/picture")

    assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert drawn.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "的红包" in drawn.body
    assert "&lt;b&gt;" in drawn.body
    assert (missing.status, missing.body["code"]) == (404, "packet_unknown")
