from hypothesis import given
from hypothesis import strategies as st

from gateway.core.plan import Plan


def drained(plan, now_s=0.0):
    order = []
    while (item := plan.take(now_s)) is not None:
        order.append(item.id)
        plan.done(item)
    return order


def test_priority_comes_first_then_the_larger_room_then_the_earlier():
    plan = Plan()
    plan.add("speech", 0, priority=2, size=900)
    plan.add("small", 0, priority=1, size=3)
    plan.add("large", 0, priority=1, size=800)
    plan.add("large too", 0, priority=1, size=800)
    plan.add("safety", 0, priority=0, size=1)

    assert drained(plan) == ["safety", "large", "large too", "small", "speech"]


def test_an_action_is_known_until_it_is_done():
    plan = Plan()
    plan.add("a", "work", priority=1, size=1)

    item = plan.take(0.0)

    assert plan.get("a") is item
    assert (item.work, plan.items(), len(plan)) == ("work", (item,), 1)
    plan.done(item)
    assert (plan.get("a"), plan.items(), len(plan)) == (None, (), 0)


def test_a_lane_lets_one_out_at_a_time_and_the_others_pass():
    plan = Plan()
    plan.add("mute ann", 0, priority=1, size=1, lane="levels of !a")
    plan.add("mute bob", 0, priority=1, size=1, lane="levels of !a")
    plan.add("mute bob elsewhere", 0, priority=1, size=1, lane="levels of !b")

    first, second = plan.take(0.0), plan.take(0.0)

    assert (first.id, second.id, plan.take(0.0)) == ("mute ann", "mute bob elsewhere", None)
    plan.done(first)
    assert plan.take(0.0).id == "mute bob"


def test_a_postponed_action_keeps_its_lane_so_that_an_unmute_cannot_overtake_its_mute():
    plan = Plan()
    plan.add("mute", 0, priority=1, size=1, lane="levels")
    mute = plan.take(0.0)
    plan.postpone(mute, until_s=5.0, counts=True)
    plan.add("unmute", 0, priority=1, size=1, lane="levels")

    assert (plan.take(4.9), plan.next_at_s()) == (None, 5.0)
    again = plan.take(5.0)
    assert (again.id, again.tries, plan.next_at_s()) == ("mute", 1, None)
    plan.done(again)
    assert drained(plan, 5.0) == ["unmute"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(["", "x", "y"])),
        max_size=30,
    )
)
def test_every_action_comes_out_exactly_once_and_in_order_within_its_lane(actions):
    plan = Plan()
    for at, (priority, size, lane) in enumerate(actions):
        plan.add(str(at), at, priority=priority, size=size, lane=lane)

    order = [int(action_id) for action_id in drained(plan)]

    assert sorted(order) == list(range(len(actions)))
    assert order == sorted(order, key=lambda at: (actions[at][0], -actions[at][1], at))
    assert (len(plan), plan.next_at_s()) == (0, None)
