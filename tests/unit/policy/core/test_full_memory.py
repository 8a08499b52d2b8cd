"""What is remembered has a cap, and what lies beyond it is let go, the idlest first."""

from contracts.values import Place, RulebookAdopted
from policy.core import counting, floor, incidents, ladders, ticks
from policy.core.windows import Generations
from tests.unit.policy.core.room import GROUP, Room, compiled_once
from tests.unit.policy.core.town import Town

HEAD = "name: n\nlanguage: en\n"


def test_of_kinds_of_offence_so_many_are_remembered_of_a_member(monkeypatch):
    monkeypatch.setattr(ladders, "OFFENCES_MAX", 1)
    ladder = "ladder: {repeat: {within: 1d, add: 5}, steps: [{at: 1, do: notice}]}\n"
    rules = ", ".join(
        f"{{id: {one}, why: b, when: {{words: {one}}}, then: {{points: {{n: 1, kind: {one}}}}}}}"
        for one in ("rude", "loud")
    )
    room = Room(f"{HEAD}{ladder}rules: [{rules}]")

    said = ["rude", "loud", "rude", "loud"]
    assert [room.says(text, at_ms=at).strikes for at, text in enumerate(said)] == [1, 2, 8, 9]


def test_windows_that_no_rule_asks_for_any_more_make_room_the_idlest_first(monkeypatch):
    monkeypatch.setattr(counting, "WINDOWS_MAX", 2)

    def book(asked, shared):
        count = f"{{count: {{of: {asked}, within: 1h, more_than: 5}}}}"
        share = f"{{share_of: {{where: {{words: {shared}}}, within: 1h, more_than: 99}}}}"
        both = [f"{{id: a, why: b, when: {count}, then: notice}}"]
        both += [f"{{id: c, why: b, when: {share}, then: notice}}"]
        return f"{HEAD}rules: [{', '.join(both)}]"

    room = Room(book("messages", "a"))
    for number, asked in enumerate([("messages", "a"), ("lines", "b"), ("emoji", "c")]):
        compiled = compiled_once(book(*asked))
        room.books[compiled.digest] = compiled
        fact = RulebookAdopted(digest=compiled.digest, groups=(GROUP,))
        room.feed(fact, at_ms=number * 1_000)
        room.says("a smile 🙂", at_ms=number * 1_000 + 1)

    windows = room.state.room("town", GROUP).windows
    assert sorted(windows.rings) == ["emoji", "lines"]
    assert len(windows.tallies) == 2


def test_an_incident_is_of_so_many_groups_the_newest():
    book = (
        f"{HEAD}rules: [{{id: spread, why: w, kinds: [message, incident], then: delete,"
        " when: {incident: {groups_at_least: 20, within: 10m}}}]"
    )
    town = Town(book, partitions=1)

    told = [
        town.says("an offer for all of you here", group=f"g{n:02}", who=f"m{n}", at_ms=n)
        for n in range(incidents.GROUPS_MAX + 3)
    ]

    counts = [max((hit.count for one in some for hit in one.hits), default=0) for some in told]
    assert counts == [0] * (incidents.GROUPS_MAX - 1) + [incidents.GROUPS_MAX] * 4


def test_only_so_many_groups_wait_for_time_to_pass(monkeypatch):
    monkeypatch.setattr(ticks, "GROUPS_MAX", 1)
    waiting = ticks.Ticks()

    assert waiting.wait("town", "one", 5_000)
    assert not waiting.wait("town", "two", 1_000)
    assert waiting.wait("town", "one", 4_000)
    assert waiting.due(9_000) == [("town", "one")]


def test_what_is_not_alike_and_has_the_same_handle_is_not_counted_with_it(monkeypatch):
    monkeypatch.setattr(incidents, "handle_of", lambda _key: "one handle for all")
    book = (
        f"{HEAD}rules: [{{id: spread, why: w, kinds: [message, incident], then: delete,"
        " when: {incident: {groups_at_least: 2, within: 10m}}}]"
    )
    town = Town(book, partitions=1)
    town.says("an offer for all of you here", group="one", at_ms=0)

    other = town.says("the weather is quite nice today", group="two", at_ms=1)
    same = town.says("an offer for all of you here", group="two", who="bob", at_ms=2)

    assert not any(one.hits for one in other)
    assert sum(bool(one.hits) for one in same) == 2


def test_what_speakers_said_is_kept_of_so_many_channels_and_told_with_its_address(monkeypatch):
    monkeypatch.setattr(floor, "FLOORS_MAX", 1)
    rule = "{id: a, why: b, when: {words: never}, then: notice}"
    room = Room(f"{HEAD}hosts: {{power: 50}}\nrules: [{rule}]")
    addresses = {
        "matrix": "https://matrix.to/#/one/",
        "discord": "https://discord.com/channels/!room:example.org/one/",
        "replay": "",
    }

    def does(command, channel, platform="matrix"):
        where = {"place": Place(channel=channel), "platform": platform}
        return room.commands(command, who="han", power=50, **where)

    def gives(channel):
        does("!floor @sue:example.org 5m", channel)
        room.says("what I know", who="sue", message=channel, place=Place(channel=channel))
        does("!floor end", channel)

    gives("one")
    for platform, address in addresses.items():
        (told,) = does("!只看老师", "one", platform).actions
        assert f"{address}{room.message_id('one')}" in told.body.text.replace("%24", "$")
    gives("two")
    assert sorted(room.state.room("town", GROUP).conduct.heard) == ["two"]


def test_whoever_has_the_last_place_of_a_window_has_it_in_no_other():
    flood = "{id: a, why: b, when: {flood: {characters: 20000, within: 1h}}, then: notice}"
    room = Room(f"{HEAD}rules: [{flood}]")
    (window,) = room.compiled.counted.windows

    for number in range(2 * window.cap + 2):  # each twice: known of old, they fill it once more
        room.says("hello", who=f"m{number % (window.cap + 1)}", at_ms=number)

    rings = room.state.room("town", GROUP).windows.rings["characters"]
    assert (len(rings.young), len(rings.old)) == (0, window.cap + 1)
    assert not Generations(1, 1).young
