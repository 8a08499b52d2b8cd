"""Rules that count, against a model that remembers everything and knows nothing of rings."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.values import Origin, Place, RulebookAdopted
from policy.core.compile import compile_rulebook
from policy.core.counting import Counted
from policy.core.rulebook import parse
from tests.unit.policy.core.room import GROUP, Room

RULES = """
own: {{count: {{of: messages, within: 5s, more_than: {limit}}}}}
all: {{count: {{of: characters, by: group, within: 9s, more_than: {more}}}}}
here: {{count: {{of: links, by: [channel, member], within: 9s, at_least: {limit}}}}}
same: {{count: {{of: messages, by: text, within: 7s, more_than: {limit}, where: {{words: [red]}}}}}}
many: {{distinct: {{of: members, by: [text], within: 8s, more_than: {few}}}}}
row: {{in_a_row: {{more_than: {limit}, within: 6s}}}}
"""
BOOK = "name: counts\nlanguage: en\nrules:\n" + "".join(
    f"  - {{{{id: {name}, why: w, then: delete, when: {when}}}}}\n"
    for name, _, when in (line.partition(": ") for line in RULES.split("\n") if line)
)
TEXTS = ("red fish", "Red, fish!", "blue", "https://a.example", "green red")
LENGTHS = {text: len(text) for text in TEXTS}
SAME = {"Red, fish!": "red fish"}

stories = st.lists(
    st.tuples(
        st.integers(0, 4_000),
        st.sampled_from(["ann", "bob", "cat"]),
        st.sampled_from(TEXTS),
        st.sampled_from(["one", "two"]),
        st.sampled_from([Origin.LIVE] * 4 + [Origin.BACKFILLED]),
    ),
    max_size=40,
)


def expected(said, now, limit, more, few):  # noqa: C901 -- one case for each rule
    """Return the rules that hold of the last of `said`."""
    at, who, text, where, origin = now
    if origin != Origin.LIVE:
        return set()
    live = [one for one in said if one[4] == Origin.LIVE]

    def within(span_ms):
        return [one for one in live if at - one[0] < span_ms]

    found = set()
    if sum(one[1] == who for one in within(5_000)) > limit:
        found.add("own")
    if sum(LENGTHS[one[2]] for one in within(9_000)) > more:
        found.add("all")
    here = [one for one in within(9_000) if one[1] == who and one[3] == where]
    if "https" in text and sum("https" in one[2] for one in here) >= limit:
        found.add("here")
    alike = [one for one in live if SAME.get(one[2], one[2]) == SAME.get(text, text)]
    if "red" in text.lower() and sum(at - one[0] < 7_000 for one in alike) > limit:
        found.add("same")
    if len({one[1] for one in alike if at - one[0] < 8_000}) > few:
        found.add("many")
    row = 0
    for one in reversed([one for one in live if one[3] == where]):
        if one[1] != who:
            break
        row += at - one[0] < 6_000
    if row > limit:
        found.add("row")
    return found


@given(stories, st.integers(1, 4), st.integers(8, 60), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_rules_hold_where_everything_ever_said_says_so(story, limit, more, few):
    room = Room(BOOK.format(limit=limit, more=more, few=few))
    said = []
    at_ms = 0
    for wait_ms, who, text, where, origin in story:
        at_ms += wait_ms
        said.append((at_ms, who, text, where, origin))
        place = Place(channel=where)
        decision = room.says(text, at_ms=at_ms, who=who, place=place, origin=origin)

        held = {hit.rule for hit in decision.hits} if decision is not None else set()

        assert held == expected(said, said[-1], limit, more, few)


OTHER = """
name: other
language: en
rules:
  - {id: own, why: w, when: {count: {of: messages, within: 3s, more_than: 4}}, then: delete}
  - {id: lines, why: w, when: {count: {of: lines, within: 3s, more_than: 4}}, then: delete}
"""


@given(st.lists(st.integers(0, 2_000), max_size=8), st.lists(st.integers(0, 2_000), max_size=8))
@settings(deadline=None)
def test_a_change_of_the_rulebook_keeps_what_both_count(before, after):
    room = Room(BOOK.format(limit=4, more=60, few=2))
    other = compile_rulebook(parse(OTHER))
    room.books[other.digest] = other
    said = []
    for number, wait_ms in enumerate([*before, *after]):
        if number == len(before):
            room.feed(RulebookAdopted(digest=other.digest, groups=(GROUP,)), at_ms=sum(said[-1:]))
        said.append((said[-1] if said else 0) + wait_ms)
        decision = room.says("hello", at_ms=said[-1])

    if not after:
        return
    # The window of before kept five, and they reached back further than three seconds.
    held = {hit.rule for hit in decision.hits} if decision is not None else set()
    assert ("own" in held) == (sum(said[-1] - at < 3_000 for at in said) > 4)


def test_what_windows_can_take_is_known_when_a_rulebook_is_compiled():
    counted = compile_rulebook(parse(BOOK.format(limit=100, more=20_000, few=2))).counted

    assert all(window.capacity <= 20_001 for window in counted.windows)
    assert max(window.bytes_max for window in counted.windows) <= 3 * (256 << 20)
    assert counted.bytes_max == sum(window.bytes_max for window in counted.windows)
    assert Counted().bytes_max == 0
