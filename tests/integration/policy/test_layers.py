"""The tree of settings, by REST and by command, as an operator meets it."""

import asyncio
import os

import pytest

from contracts import subjects
from contracts.codec import decode
from contracts.values import Event
from policy.core.rulebook import digest, parse
from reeve.cli import main
from reeve.stack.access import api_key_file
from reeve.stack.home import Home, StackRecord, write_privately
from reeve.stack.processes import identify
from tests.integration.policy.conftest import READER, WRITER
from tests.integration.policy.story import BOOK, NETWORK, PARTITIONS

GROUP = {"network": NETWORK, "platform": "matrix", "group": "!a"}
QUIET = "inherits: true\ntell: private\n"
LOCKED = f"{BOOK}\nlocked: [tell]\n"


@pytest.fixture
async def says(rest):
    """Lets a place say something."""

    async def say(source, **place):
        return await rest("PUT", "/v1/layers", {"network": NETWORK, "source": source, **place})

    return say


async def told(bus):
    return [
        (event.payload.platform, event.payload.groups, event.payload.channels, event.payload.digest)
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
        for event in [decode(Event, delivery.data)]
    ]


async def test_a_group_inherits_from_its_network_and_changes_with_it(bus, rest, says):
    await says(BOOK)
    await says(QUIET, platform="matrix", group="!a")

    answer = await says(BOOK.replace("name: test", "name: other"))

    assert [one["group"] for one in answer.body] == ["", "!a"]
    shown = await rest("GET", "/v1/layers/effective", token=READER, **GROUP)
    book = parse(shown.body["source"])
    assert (book.name, book.private, book.digest) == ("other", True, answer.body[1]["digest"])
    assert len(await told(bus)) == 2 * PARTITIONS + 2


async def test_saying_the_same_again_changes_nothing(bus, says):
    for _ in range(2):
        await says(BOOK)
        answer = await says(QUIET, platform="matrix", group="!a")

    assert answer.status == 200
    assert answer.body == []
    assert len(await told(bus)) == PARTITIONS + 1


async def test_a_platform_and_a_channel_have_their_place_in_the_tree(bus, rest, says):
    await says(BOOK)
    await says("inherits: true\ntimezone: '+08:00'\n", platform="matrix")
    await says(QUIET, platform="matrix", group="!a")
    await says("inherits: true\nname: reading\n", platform="matrix", group="!a", channel="!r")

    shown = await rest("GET", "/v1/layers/effective", **GROUP, channel="!r")

    book = parse(shown.body["source"])
    assert (book.name, book.private, book.zone.name) == ("reading", True, "UTC+08:00")
    heard = {(platform, groups, channels) for platform, groups, channels, _ in await told(bus)}
    assert heard == {("", (), ()), ("matrix", (), ()), ("", ("!a",), ()), ("", ("!a",), ("!r",))}


async def test_what_is_locked_above_is_refused_below_with_both_places(bus, says):
    await says(LOCKED)

    answer = await says(QUIET, platform="matrix", group="!a")

    assert (answer.status, answer.body["code"]) == (422, "invalid_layers")
    (fault,) = answer.body["errors"]
    line = LOCKED.splitlines().index("locked: [tell]") + 1
    assert fault["where"] == "group !a:2:7"
    assert fault["reason"].startswith(f"tell: the network has locked this on its line {line}")
    assert len(await told(bus)) == PARTITIONS


async def test_a_lock_that_a_group_already_breaks_is_refused_and_changes_nothing(rest, says):
    await says(BOOK)
    await says(QUIET, platform="matrix", group="!a")

    answer = await says(LOCKED)

    assert answer.body["code"] == "invalid_layers"
    shown = await rest("GET", "/v1/layers/effective", network=NETWORK)
    assert shown.body["source"] == BOOK


async def test_a_layer_is_looked_at_like_a_rulebook_at_every_place_it_concerns(bus, says):
    rule = "{id: bets, why: Nobody bets here., when: {words: [bet]}, then: delete, examples: "
    await says(f"{BOOK}  - {rule}{{match: [I bet]}}}}\n")
    await says("inherits: true\ntell: private\n", platform="matrix", group="!a")

    answer = await says(f"{BOOK}  - {rule}{{match: [I wager]}}}}\n")

    assert (answer.status, answer.body["code"]) == (422, "invalid_layers")
    (fault,) = answer.body["errors"]
    assert fault["where"].startswith(f"network:{len(BOOK.splitlines()) + 1}:")
    assert "this should match, and does not" in fault["reason"]
    assert fault["reason"].endswith("(in network, group !a)")
    assert len(await told(bus)) == PARTITIONS + 1


async def test_a_rulebook_published_whole_is_a_layer_too_and_drift_shows_what_was_done_by_hand(
    rest, says
):
    await rest("POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK})
    await says(QUIET, platform="matrix", group="!a")
    other = BOOK.replace("name: test", "name: other")
    await rest("POST", "/v1/rulebooks", {"source": other, "network": NETWORK})

    drift = await rest("GET", "/v1/layers/drift", network=NETWORK)

    assert [(one["group"], one["keys"], one["by_hand"]) for one in drift.body["items"]] == [
        ("", [], False),
        ("!a", ["tell"], True),
    ]
    assert (await rest("GET", "/v1/layers/networks")).body["items"] == [NETWORK]


async def test_two_groups_are_compared(rest, says):
    await says(BOOK)
    await says(QUIET, platform="matrix", group="!a")

    answer = await rest("GET", "/v1/layers/comparison", **GROUP, other="!b")

    assert answer.body["items"] == [{"key": "tell", "one": "private", "other": ""}]


async def test_what_is_not_there_is_said(rest, says):
    nothing = await rest("GET", "/v1/layers/effective", network="nowhere")
    drift = await rest("GET", "/v1/layers/drift", network="nowhere")
    await says(BOOK)
    key = await rest("GET", "/v1/layers/effective", network=NETWORK, key="laddder")
    channel = await says(QUIET, channel="!r")

    assert [one.status for one in (nothing, drift, key, channel)] == [404, 404, 404, 422]
    assert "laddder" in key.body["detail"]


async def test_places_set_at_the_same_time_all_count(rest, says):
    await says(BOOK)

    async with asyncio.TaskGroup() as tasks:
        for number in range(8):
            tasks.create_task(says(QUIET, platform="matrix", group=f"!{number}"))
        tasks.create_task(says(BOOK.replace("name: test", "name: last")))

    for number in range(8):
        shown = await rest("GET", "/v1/layers/effective", network=NETWORK, group=f"!{number}")
        book = parse(shown.body["source"])
        assert (book.name, book.private) == ("last", True)
    drift = await rest("GET", "/v1/layers/drift", network=NETWORK)
    assert not any(one["by_hand"] for one in drift.body["items"])


async def test_the_commands_show_where_a_value_comes_from(tmp_path, monkeypatch, capsys, rest):
    home = Home(tmp_path / "home")
    home.make()
    write_privately(api_key_file(home), WRITER)
    addresses = {"policy REST": f"{rest.url}/docs"}
    me = identify(os.getpid())
    home.write_record(StackRecord(pid=me.pid, born=me.born, state="ready", addresses=addresses))
    monkeypatch.setenv("REEVE_HOME", str(home.folder))
    monkeypatch.setenv("COLUMNS", "160")
    book, part = tmp_path / "book.yaml", tmp_path / "part.yaml"
    book.write_text(LOCKED.replace("[tell]", "[ladder]"))
    part.write_text("inherits: true\ntell: private\nname: quiet\n")
    there = ["--platform", "matrix", "--group", "!a"]

    async def reeve(*words):
        status = await asyncio.to_thread(main, ["rulebook", *words])
        return status, capsys.readouterr().out

    assert (await reeve("set", str(book), "--network", NETWORK))[0] == 0
    status, said = await reeve("set", str(part), *there)
    assert (status, said.split()[1:]) == (0, ["group", "!a"])
    status, said = await reeve("where", "name", "--group", "!a")
    assert [word for word in said.split() if word in ("quiet", "test", "group", "network,")]
    assert "test (network, line" in said
    assert "channel !r" in (await reeve("set", str(part), *there, "--channel", "!r"))[1]
    assert (await reeve("show", "--group", "!a"))[1].startswith("name: quiet")
    assert "network, line" in (await reeve("where", "ladder", "--group", "!a"))[1]
    assert "private" in (await reeve("compare", "!a", "!b"))[1]
    assert (await reeve("compare", "!b", "!c"))[1] == "They do not differ.\n"
    assert "tell" in (await reeve("drift"))[1]
    part.write_text("inherits: true\nladder: {steps: []}\n")
    status, said = await reeve("set", str(part), *there)
    assert (status, said.split(":")[0]) == (1, "group !a")
    assert await asyncio.to_thread(main, ["rulebook", "where", "x", "--channel", "!r"]) == 1
    assert "belongs to one" in capsys.readouterr().err
    assert digest(book.read_text())
