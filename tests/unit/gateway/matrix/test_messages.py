from dataclasses import replace

import pytest

from contracts.values import (
    Attachment,
    Availability,
    CommandInvoked,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    Poll,
    ReactionAdded,
    ReactionRemoved,
    VoiceChanged,
)
from tests.unit.gateway.matrix.payloads import ANN, BOB, OWN, READING, ROOM, Desk

ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "session_id": "x"}


def test_a_message_has_the_whole_envelope():
    desk = Desk()

    event = desk.say("good evening")

    assert event.payload.content.text == "good evening"
    assert event.payload.message_id == event.dedup_key == f"$E{1:043d}"
    assert (event.platform, event.network, event.group, event.connection) == (
        "matrix",
        "net",
        ROOM,
        "matrix",
    )
    assert (event.place.channel, event.place.thread, event.place_sequence) == (ROOM, "", 1)
    assert (event.actor.id, event.actor.is_self) == (ANN, False)
    assert (event.occurred_ms, event.received_ms) == (1_700_000_000_001, 1_700_000_000_500)
    assert (event.source_cursor, event.availability) == ("s42_7_0_1", Availability.FULL)


def test_the_same_event_has_the_same_id_and_another_room_has_another():
    here, again, elsewhere = Desk(), Desk(), Desk("!elsewhere:reeve.test")

    ids = [desk.say("hello").id for desk in (here, again, elsewhere)]

    assert ids[0] == ids[1] != ids[2]


def test_the_gateways_own_echo_is_marked():
    desk = Desk()

    event = desk.put_one("m.room.message", {"msgtype": "m.notice", "body": "!rules"}, sender=OWN)

    assert event.actor.is_self
    assert isinstance(event.payload, MessageCreated)


def test_an_echo_tells_whose_effect_it_is_and_nobody_else_can_say_so():
    desk = Desk()
    said = {"msgtype": "m.notice", "body": "no", "dev.reeve.action": "a1"}

    assert desk.put_one("m.room.message", said, sender=OWN).action_id == "a1"
    assert desk.put_one("m.room.message", said, sender=BOB).action_id == ""


def test_both_forms_of_a_text_are_kept_and_the_quotation_is_stripped_once():
    desk = Desk()

    content = desk.say(
        "> <@bob:reeve.test> buy now\n> second line\n\n> mine\nno",
        formatted_body="<mx-reply><blockquote>buy now</blockquote></mx-reply><b>no</b>",
        **{"m.relates_to": {"m.in_reply_to": {"event_id": "$first"}}},
    ).payload.content

    assert (content.text, content.html, content.reply_to) == ("> mine\nno", "<b>no</b>", "$first")


def test_a_quotation_of_the_writers_own_stays():
    desk = Desk()
    relation = {"m.relates_to": {"m.in_reply_to": {"event_id": "$first"}}}

    assert desk.say("> wise words").payload.content.text == "> wise words"
    assert desk.say("> wise\nwords", **relation).payload.content.text == "> wise\nwords"


def test_a_reply_in_a_thread_that_is_only_a_fallback_answers_nobody():
    desk = Desk()
    relation = {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$newest"},
    }

    event = desk.say("aye", **{"m.relates_to": relation})

    assert (event.place.thread, event.payload.content.reply_to) == ("$root", "")


def test_mentions_come_from_the_declaration_or_else_from_the_pills():
    desk = Desk()
    pill = '<a href="https://matrix.to/#/@bob:reeve.test">Bob</a>'

    declared = desk.say(
        "x", formatted_body=pill, **{"m.mentions": {"user_ids": [ANN], "room": True}}
    )
    pilled = desk.say("x", formatted_body=pill)

    assert declared.payload.content.mentions == (ANN,)
    assert declared.payload.content.mentions_everyone
    assert pilled.payload.content.mentions == (BOB,)


def test_a_command_is_speech_with_a_name_and_words():
    desk = Desk()

    command = desk.say("!Packet 100 5  lucky").payload

    assert isinstance(command, CommandInvoked)
    assert (command.name, command.args) == ("packet", ("100", "5", "lucky"))
    assert (command.text, command.content.text) == ("!Packet 100 5  lucky", "!Packet 100 5  lucky")
    assert desk.say("!抢红包").payload.name == "抢红包"
    slash = desk.say("/hongbao 10 5 新年快乐").payload
    assert (slash.name, slash.args) == ("hongbao", ("10", "5", "新年快乐"))


def test_what_was_typed_before_we_were_there_commanded_nobody():
    desk = Desk()
    raw = desk.raw("m.room.message", {"msgtype": "m.text", "body": "!packet 100 5"})

    (event,) = desk.normaliser.events(desk.room, raw, replace(READING, before_us=True))

    assert isinstance(event.payload, MessageCreated)
    assert event.payload.content.text == "!packet 100 5"


@pytest.mark.parametrize("body", ["!", "! hello", "!!!", "!1", "hi !grab", "!?", "/usr/bin", "//x"])
def test_what_only_looks_like_a_command_is_a_message(body):
    assert isinstance(Desk().say(body).payload, MessageCreated)


def test_a_file_is_an_attachment_with_its_caption():
    content = {
        "msgtype": "m.image",
        "body": "look at this",
        "filename": "cat.png",
        "file": {"url": "mxc://reeve.test/abc", "key": {}},
        "info": {"mimetype": "image/png", "size": 1234},
    }

    event = Desk().put_one("m.room.message", content)

    assert event.payload.content.form == "image"
    assert event.payload.content.attachments == (
        Attachment(
            handle="mxc://reeve.test/abc",
            name="cat.png",
            media_type="image/png",
            size_bytes=1234,
            alt_text="look at this",
            encrypted=True,
        ),
    )


HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
EMPTY_FILE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (HASH, EMPTY_FILE),
        (f"{HASH}=", EMPTY_FILE),
        ("47DEQpj8HBSa", ""),
        ("*" * 43, ""),
        (None, ""),
    ],
)
def test_the_hash_of_an_encrypted_file_is_told_in_hex(written, told):
    file = {"url": "mxc://reeve.test/abc", "key": {}, "hashes": {"sha256": written}}
    content = {"msgtype": "m.file", "body": "a.bin", "file": file}

    event = Desk().put_one("m.room.message", content)

    assert event.payload.content.attachments[0].sha256 == told


def test_a_sticker_and_a_place_are_messages_too():
    desk = Desk()

    sticker = desk.put_one("m.sticker", {"body": "wave", "url": "mxc://a/b", "info": {}})
    place = desk.put_one(
        "m.room.message", {"msgtype": "m.location", "body": "here", "geo_uri": "geo:1,2"}
    )

    assert sticker.payload.content.form == "sticker"
    assert sticker.payload.content.attachments[0].handle == "mxc://a/b"
    assert place.payload.content.embeds[0].url == "geo:1,2"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "m.poll.start",
            {
                "m.poll.start": {
                    "question": {"m.text": [{"body": "Tea?"}]},
                    "answers": [{"m.text": [{"body": "yes"}]}, {"m.text": [{"body": "no"}]}],
                }
            },
        ),
        (
            "org.matrix.msc3381.poll.start",
            {
                "org.matrix.msc3381.poll.start": {
                    "question": {"org.matrix.msc1767.text": "Tea?"},
                    "answers": [{"org.matrix.msc1767.text": "yes"}, {"body": "no"}],
                }
            },
        ),
    ],
)
def test_a_polls_words_are_judged_in_its_stable_and_its_older_form(kind, content):
    made = Desk().put_one(kind, content).payload

    assert made.content.poll == Poll(question="Tea?", answers=("yes", "no"))
    assert made.content.text == "Tea?\nyes\nno"


def test_an_edit_is_the_new_text_of_the_old_message():
    desk = Desk()
    first = desk.say("hello")

    edit = desk.say(
        "* buy now",
        **{
            "m.new_content": {"msgtype": "m.text", "body": "buy now"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": first.dedup_key},
        },
    )

    assert isinstance(edit.payload, MessageEdited)
    assert (edit.payload.message_id, edit.payload.edit_id) == (first.dedup_key, edit.dedup_key)
    assert edit.payload.content.text == "buy now"


def test_an_edit_of_somebody_elses_message_is_only_a_message():
    desk = Desk()
    first = desk.say("hello")

    forged = desk.put_one(
        "m.room.message",
        {
            "msgtype": "m.text",
            "body": "* I resign",
            "m.new_content": {"msgtype": "m.text", "body": "I resign"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": first.dedup_key},
        },
        sender=BOB,
    )

    assert isinstance(forged.payload, MessageCreated)
    assert forged.payload.content.text == "* I resign"


def test_of_an_encrypted_message_only_the_frame_is_known():
    desk = Desk()

    made = desk.put_one("m.room.encrypted", ENCRYPTED)
    edited = desk.put_one(
        "m.room.encrypted",
        {**ENCRYPTED, "m.relates_to": {"rel_type": "m.replace", "event_id": made.dedup_key}},
    )

    assert (made.availability, made.payload.content.text) == (Availability.ENCRYPTED, "")
    assert isinstance(edited.payload, MessageEdited)
    assert edited.availability is Availability.ENCRYPTED


def test_a_message_that_was_redacted_before_we_saw_it_says_so():
    event = Desk().put_one("m.room.message", {}, unsigned={"redacted_because": {"type": "x"}})

    assert event.availability is Availability.REDACTED
    assert event.payload.content.text == ""


@pytest.mark.parametrize("content", [{"redacts": "$gone", "reason": "spam"}, {"reason": "spam"}])
def test_a_redaction_tells_who_and_why_in_every_room_version(content):
    event = Desk().put_one("m.room.redaction", content, sender=BOB, redacts="$gone")

    assert isinstance(event.payload, MessageDeleted)
    assert (event.payload.message_ids, event.payload.reason) == (("$gone",), "spam")
    assert (event.payload.deleted_by.id, event.payload.deleted_by_confidence) == (BOB, 1.0)


def test_redacting_a_reaction_takes_the_reaction_back():
    desk = Desk()
    relation = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$m", "key": "👍"}}
    added = desk.put_one("m.reaction", relation)

    removed = desk.put_one("m.room.redaction", {"redacts": added.dedup_key})

    assert added.payload == ReactionAdded(message_id="$m", key="👍", reaction_id=added.dedup_key)
    assert removed.payload == ReactionRemoved(
        message_id="$m", key="👍", reaction_id=added.dedup_key
    )


def test_a_reaction_that_was_looked_up_after_its_redaction_is_known_as_one():
    desk = Desk()
    redaction = desk.raw("m.room.redaction", {"redacts": "$reaction"})

    assert list(desk.memory.unknown_targets([redaction])) == ["$reaction"]
    desk.memory.remember(desk.raw("m.reaction", {}, event_id="$reaction"))
    (event,) = desk.normaliser.events(desk.room, redaction, READING)

    assert event.payload == ReactionRemoved(reaction_id="$reaction")


def test_presence_in_a_call_begins_and_ends():
    desk = Desk()
    kind, device = "org.matrix.msc3401.call.member", {"application": "m.call", "call_id": ""}

    begun = desk.put_one(kind, device, state_key="_ann")
    ended = desk.put_one(kind, {}, state_key="_ann", unsigned={"prev_content": device})

    assert isinstance(begun.payload, VoiceChanged)
    assert (begun.payload.channel, begun.payload.previous_channel) == ("call", "")
    assert (ended.payload.channel, ended.payload.previous_channel) == ("", "call")
