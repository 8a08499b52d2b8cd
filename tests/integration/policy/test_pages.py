"""Lists come in pages, and go on only from where a page ended."""

from urllib.parse import quote

import pytest

from chassis.cursors import to_cursor
from policy.core.rulebook import digest
from tests.integration.policy.story import BOOK, NETWORK

PAGED = [
    "rulebooks", f"rulebooks/adoptions?network={NETWORK}", "cases", "decisions", "trials", "undos",
    "layers/networks", f"highlights?network={NETWORK}", f"answers?network={NETWORK}", "brakes",
    f"rules/quality?network={NETWORK}",
]  # fmt: skip
NOT_OURS = [
    "x", "", "e30", "4", "AAAA", to_cursor(""), to_cursor("a", "b", "c"), to_cursor(-(10**30), "x"),
    to_cursor(10**30, "x"), to_cursor("\u0661", "x"), to_cursor("1e3", "x"),
]  # fmt: skip


@pytest.mark.parametrize("path", PAGED)
async def test_a_cursor_that_no_page_told_is_refused_and_breaks_nothing(rest, path):
    where = f"/v1/{path}{'&' if '?' in path else '?'}limit=2"

    page = await rest("GET", where)
    answers = [await rest("GET", f"{where}&cursor={quote(cursor)}") for cursor in NOT_OURS]

    assert (page.status, page.body["items"], page.body["next"]) == (200, [], None)
    codes = {(answer.status, answer.body.get("code")) for answer in answers}
    assert codes <= {(400, "invalid_cursor"), (200, None)}
    assert (400, "invalid_cursor") in codes


async def test_trials_undos_and_networks_come_in_pages(rest):
    await rest("POST", "/v1/rulebooks", {"source": BOOK})
    for number in range(5):
        adopted = {"source": BOOK, "network": f"n{number}"}
        assert (await rest("POST", "/v1/rulebooks", adopted)).status == 201
        shadow = {"network": f"n{number}"}
        begun = await rest("POST", f"/v1/rulebooks/{digest(BOOK)}/shadow", shadow)
        assert begun.status == 201, begun.body
        undo = {"network": f"n{number}", "rulebook": digest(BOOK), "reason": "wrong"}
        assert (await rest("PUT", f"/v1/undos/u{number}", undo)).status == 201

    async def pages(path):
        seen, cursor = [], {}
        while cursor is not None:
            page = (await rest("GET", f"/v1/{path}", limit="2", **cursor)).body
            seen.append(page["items"])
            cursor = {"cursor": page["next"]} if page["next"] else None
        return seen

    networks, trials, undos = [await pages(path) for path in ("layers/networks", "trials", "undos")]

    assert networks == [["n0", "n1"], ["n2", "n3"], ["n4"]]
    assert [len(page) for page in trials] == [len(page) for page in undos] == [2, 2, 1]
    assert {one["network"] for page in trials for one in page} == {f"n{n}" for n in range(5)}
    assert {one["id"] for page in undos for one in page} == {f"u{n}" for n in range(5)}


async def everything(rest, path, **query):
    """Return the items of all pages, two on each, as nobody gave them at once."""
    seen, cursor = [], {}
    while cursor is not None:
        page = (await rest("GET", f"/v1/{path}", limit="2", **query, **cursor)).body
        assert len(page["items"]) == 2 or page["next"] is None, page
        seen += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    return seen


async def test_brakes_come_in_pages_newest_first(rest, pool):
    await pool.executemany(
        "INSERT INTO brake_window (network, scope, name, minute_ms, sanctions, tripped) "
        "VALUES ($1, 'rule', $2, $3, 1, true)",
        [(f"n{n % 2}", f"rule {name}", 60_000 * n) for n in range(3) for name in "ab"],
    )

    found = await everything(rest, "brakes")
    one_network = await everything(rest, "brakes", network="n0")

    told = [(one["minute_ms"] // 60_000, one["name"][-1]) for one in found]
    assert told == [(2, "a"), (2, "b"), (1, "a"), (1, "b"), (0, "a"), (0, "b")]
    assert [one["minute_ms"] // 60_000 for one in one_network] == [2, 2, 0, 0]


async def test_drift_comparison_and_quality_come_in_pages(rest):
    where = {"network": NETWORK, "platform": "matrix"}
    await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK})
    part = "inherits: true\ntell: private\nname: quiet\nlanguage: zh\n"
    for group in ("!a", "!b", "!c"):
        put = await rest("PUT", "/v1/layers", {**where, "group": group, "source": part})
        assert put.status == 200, put.body

    paths = {
        "layers/drift": {"network": NETWORK},
        "layers/comparison": {**where, "group": "!a", "other": "!d"},
        "rules/quality": {"network": NETWORK},
    }
    for path, query in paths.items():
        whole = (await rest("GET", f"/v1/{path}", limit="500", **query)).body
        assert len(whole["items"]) > 2, f"{path}: {whole}"
        assert await everything(rest, path, **query) == whole["items"]
        wrong = await rest("GET", f"/v1/{path}", cursor=to_cursor("a", "b"), **query)
        assert (wrong.status, wrong.body["code"]) == (400, "invalid_cursor")


async def test_a_time_that_no_row_can_have_is_refused(rest):
    answer = await rest("GET", "/v1/rules/quality", network=NETWORK, since_ms=str(1 << 63))

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
