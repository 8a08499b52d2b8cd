"""A picture that waits for the staff is kept by where the platform has it, and shown again."""

import pytest

from contracts.values import Announce, Attachment
from policy.core.conduct import FILES_MAX, HANDLE_MAX
from policy.core.state import State
from tests.unit.policy.core.room import Room

BOOK = """
name: looked-at
language: en
rules:
  - id: pictures
    why: Pictures are looked at first.
    when: {media: {names: ["*"]}}
    then: {hold: {for: 1h, then: delete, view: hidden}}
"""
CAT = Attachment(handle="mxc://x/cat", name="cat.png", media_type="image/png", size_bytes=7)


@pytest.fixture
def room():
    return Room(BOOK)


def shown(decision):
    return [one.body.attachments for one in decision.actions if isinstance(one.body, Announce)]


def test_an_approved_picture_is_shown_again(room):
    held = room.says("cat.png", attachments=[CAT], form="image")
    assert held.resolution.state == "held"

    approved = room.reviews(0, "approve", who="mod")

    assert shown(approved) == [(CAT,)]


def test_it_is_kept_over_a_restart_and_gone_when_it_is_refused(room):
    room.says("cat.png", attachments=[CAT], form="image")
    image = room.state.snapshot()
    assert State.restore(image).snapshot() == image
    assert b"mxc://x/cat" in image

    refused = room.reviews(0, "refuse", who="mod", reason="a dog")

    assert shown(refused) == []
    assert b"mxc://x/cat" not in room.state.snapshot()


def test_what_cannot_be_shown_again_is_not_kept(room):
    odd = [
        Attachment(name="nowhere.png"),
        Attachment(handle="mxc://x/" + "y" * HANDLE_MAX, name="far.png"),
        Attachment(handle="mxc://x/secret", name="secret.png", encrypted=True),
    ]
    room.says("many", attachments=[*odd, CAT], form="image")
    many = [Attachment(handle=f"mxc://x/{n}", name="n" * 999) for n in range(FILES_MAX + 3)]
    room.says("more", attachments=many, form="image")

    few, more = (room.reviews(nth, "approve", who="mod") for nth in range(2))

    assert shown(few) == [(CAT,)]
    ((*kept,),) = shown(more)
    assert [one.handle for one in kept] == [f"mxc://x/{n}" for n in range(FILES_MAX)]
    assert {len(one.name) for one in kept} == {200}


def test_a_picture_whose_hold_is_taken_back_is_shown_again(room):
    room.says("cat.png", attachments=[CAT], form="image")

    assert shown(room.undoes(0)) == [(CAT,)]
