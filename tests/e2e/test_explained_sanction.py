"""Whoever is sanctioned is told in the room why, in the room's language, and the case knows it."""

import pytest

from tests.e2e.books import FESTIVAL, STARTER
from tests.matrix import is_redaction, is_text

ROOMS = [
    pytest.param(STARTER, "What a moron!", "leave people alone", "en", id="english"),
    pytest.param(FESTIVAL, "你这个白痴", "对事不对人", "zh", id="chinese"),
]


@pytest.mark.parametrize(("book", "insult", "why", "language"), ROOMS)
async def test_a_sanction_is_explained_in_the_language_of_the_room(
    hall, book, insult, why, language
):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=book)

    message = await tom.say(room, insult)

    await mia.see(room, lambda raw: is_redaction(raw, of=message))
    told = await mia.see(room, lambda raw: is_text(raw, sender=hall.bot.user_id, holds=why))
    found = await hall.case(member=tom.id)
    assert found["case"]["state"] == "done"
    assert found["case"]["message_id"] == message
    assert found["case"]["language"] == language
    assert found["case"]["explanation"] in told["content"]["body"]
    assert {step["state"] for step in found["actions"]} == {"done"}


async def test_ordinary_talk_is_left_alone(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=STARTER)
    await tom.say(room, "Has anybody been to the harbour since they opened the new pier?")

    insult = await tom.say(room, "you moron")

    await mia.see(room, lambda raw: is_redaction(raw, of=insult))
    redactions = [raw for raw in await mia.timeline(room) if raw["type"] == "m.room.redaction"]
    assert len(redactions) == 1
