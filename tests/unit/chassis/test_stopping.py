"""Stopping is told once, to everybody who asked."""

from chassis.stopping import Stopping


async def test_who_asked_is_called_once():
    stopping, called = Stopping(), []
    stopping.then(lambda: called.append("a"))

    stopping.set()
    stopping.set()

    assert called == ["a"]


async def test_who_asks_late_is_called_at_once():
    stopping, called = Stopping(), []
    stopping.set()

    stopping.then(lambda: called.append("late"))

    assert called == ["late"]


async def test_who_has_left_is_not_called():
    stopping, called = Stopping(), []

    def call():
        called.append("a")

    stopping.then(call)
    stopping.forget(call)
    stopping.set()

    assert called == []


async def test_waiting_ends_with_the_event_or_with_the_time():
    stopping = Stopping()

    in_vain = await stopping.wait_at_most(0.01)
    stopping.set()

    assert not in_vain
    assert await stopping.wait_at_most(60)
