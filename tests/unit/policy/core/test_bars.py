"""A prize hunter of one group is barred in all of them, in groups of every partition."""

from contracts.values import (
    CommandInvoked,
    Content,
    MemberLeft,
    PacketShareTaken,
    TakeShare,
)
from policy.core.state import State
from tests.unit.policy.core.room import make_actor
from tests.unit.policy.core.town import Town

DAY_MS = 86_400_000
GROUPS = ("garden", "library", "kitchen", "attic", "cellar")
BOOK = """
name: town
language: en
rules:
  - id: prize-hunter
    why: Packets are for those who stay.
    kinds: [leave]
    when: {took: 1h}
    then: {bar: {from: packets, for: 30d, in: network}}
  - {id: known, why: We know., when: {barred: packets, words: [again]}, then: notice}
"""


def take_and_leave(town, who="eve"):
    share = PacketShareTaken(packet_id="p1", member=f"@{who}:example.org", amount=5, asset="points")
    town.happens(share, group="garden", at_ms=0, who=who)
    return town.happens(MemberLeft(member=make_actor(who, {})), group="garden", at_ms=1, who=who)


def grab(town, group, at_ms, who="eve"):
    asked = CommandInvoked(name="grab", message_id="$grab", content=Content(text="!grab"))
    (decision,) = town.happens(asked, group=group, at_ms=at_ms, who=who)
    return decision


def test_whoever_is_barred_in_one_group_takes_nothing_in_any_other():
    town = Town(BOOK)
    take_and_leave(town)

    told = {grab(town, group, 10).explanation for group in GROUPS}

    until = "until 2026-01-31 00:00 UTC."
    assert told == {f"You may take no shares of red packets in any of our groups {until}"}


def test_the_bar_ends_by_itself_and_is_of_one_member():
    town = Town(BOOK)
    take_and_leave(town)

    others = grab(town, "attic", 10, who="bob")
    later = grab(town, "attic", 31 * DAY_MS)

    for decision in (others, later):
        assert isinstance(decision.actions[0].body.body, TakeShare)


def test_rules_of_other_groups_know_of_the_bar_and_say_until_when():
    town = Town(BOOK)
    take_and_leave(town)

    (decision,) = town.says("again", group="cellar", at_ms=10, who="eve")

    assert "in all our groups until 2026-01-31 00:00 UTC" in decision.explanation
    assert town.says("again", group="cellar", at_ms=11, who="bob") == []


def test_the_ledger_is_told_for_which_groups_and_until_when():
    (left,) = take_and_leave(Town(BOOK))

    (order,) = [action.body.body for action in left.actions if action.executor == "ledger"]
    assert (order.member, order.everywhere) == ("@eve:example.org", True)
    assert order.until_ms - order.since_ms == 30 * DAY_MS


def test_a_bar_without_an_end_holds_until_it_is_lifted():
    town = Town(BOOK.replace(", for: 30d", ""))
    take_and_leave(town)

    told = grab(town, "attic", 4_000 * DAY_MS).explanation
    (known,) = town.says("again", group="attic", at_ms=4_000 * DAY_MS + 1, who="eve")

    assert told == "You may take no shares of red packets in any of our groups."
    assert "barred from red packets in all our groups" in known.explanation


def test_bars_outlive_a_snapshot():
    town = Town(BOOK)
    take_and_leave(town)

    for engine in town.engines:
        again = State.restore(engine.state.snapshot())
        assert again.snapshot() == engine.state.snapshot()
        assert again.bars["town"].young == {"packets @eve:example.org": 1_769_817_600_001}


def unbar(town, whom, group, at_ms, who="mod", power=50):
    asked = CommandInvoked(
        name="unbar", args=tuple(whom), message_id="$unbar", content=Content(text="!unbar")
    )
    return town.happens(asked, group=group, at_ms=at_ms, who=who, power=power)[0]


def test_staff_of_any_group_lifts_the_bar_in_all_of_them():
    town = Town(BOOK)
    take_and_leave(town)

    lifted = unbar(town, ["@eve:example.org"], "attic", 10)
    again = unbar(town, ["@eve:example.org"], "attic", 11)

    assert lifted.explanation == "＠eve:example.org may take shares of red packets again."
    (order,) = [action.body.body for action in lifted.actions if action.executor == "ledger"]
    assert (order.everywhere, order.until_ms) == (True, order.since_ms)
    assert again.explanation == "＠eve:example.org is not barred from anything here."
    for group in GROUPS:
        assert isinstance(grab(town, group, 12).actions[0].body.body, TakeShare)


def test_a_bar_of_one_group_is_lifted_there():
    town = Town(BOOK.replace(", in: network", ""))
    take_and_leave(town)

    lifted = unbar(town, ["@eve:example.org"], "garden", 10)

    (order,) = [action.body.body for action in lifted.actions if action.executor == "ledger"]
    assert not order.everywhere
    assert isinstance(grab(town, "garden", 11).actions[0].body.body, TakeShare)


def test_members_lift_no_bar_and_staff_not_their_own():
    town = Town(BOOK)
    take_and_leave(town)

    assert "Only moderators" in unbar(town, ["@eve:example.org"], "attic", 1, power=0).explanation
    for whom in ([], ["@mod:example.org"]):
        assert "!unbar MEMBER" in unbar(town, whom, "attic", 2).explanation
