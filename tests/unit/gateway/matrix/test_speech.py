"""What is said fits into an event, whatever it is made of."""

import orjson
import pytest

from contracts.values import Action, Actor, Announce, Attachment, DirectNotice, Place, Reply
from gateway.platforms.matrix.speech import aside, content, files

EVENT_BYTES = 65_536
OF_THE_SERVER = 2_048  # what a homeserver adds: ids, hashes, a signature


def said(body, name="Ann"):
    action = Action(id="a" * 26, body=body, target=Actor(id="@ann:x", display_name=name))
    return content(action)


@pytest.mark.parametrize("character", ["a", "é", "中", "😀", "&", "<", '"', "\n", "\x01"])
def test_a_very_long_text_is_cut_to_what_an_event_holds(character):
    for body in (
        Reply(text=character * 70_000, message_id="$" + "x" * 43, mention=True),
        DirectNotice(text=character * 70_000),
        Announce(text=character * 70_000),
    ):
        message = said(body, name="😀" * 512)

        assert len(orjson.dumps(message)) <= EVENT_BYTES - OF_THE_SERVER
        assert message["body"].endswith(character + "…")


def test_files_are_shown_again_by_where_the_homeserver_has_them():
    attachments = (
        Attachment(handle="mxc://x/1", name="cat.png", media_type="image/png", size_bytes=7),
        Attachment(handle="mxc://x/2", media_type="application/pdf"),
        Attachment(handle="mxc://x/3", name="key.png", encrypted=True),
        Attachment(handle="https://elsewhere.example/4", name="link.png"),
    )
    shown = files(Action(id="a", body=Announce(text="Ann wrote", attachments=attachments)))

    assert [(one["msgtype"], one["url"], one["body"]) for one in shown] == [
        ("m.image", "mxc://x/1", "cat.png"),
        ("m.file", "mxc://x/2", "file"),
    ]
    assert shown[0]["info"] == {"mimetype": "image/png", "size": 7}
    assert shown[0]["dev.reeve.action"] == "a"
    assert files(Action(id="a", body=Reply(text="no"))) == []


def test_a_notice_in_private_says_which_room_it_is_about():
    place = Place(channel="!salon:x")
    answer = Action(id="a", body=Reply(text="no", message_id="$m", mention=True), place=place)

    assert content(aside(answer)) == {
        "msgtype": "m.notice",
        "body": "no",
        "m.mentions": {},
        "dev.reeve.action": "a",
        "dev.reeve.about": "!salon:x",
    }
    assert "dev.reeve.about" not in content(answer)
    assert "dev.reeve.about" not in said(DirectNotice(text="no"))


def test_a_text_of_ordinary_length_is_said_whole():
    text = "宣傳請先發紅包。" * 500

    assert said(Announce(text=text))["body"] == text
