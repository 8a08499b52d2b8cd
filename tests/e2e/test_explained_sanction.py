"""Whoever is sanctioned is told in the room why, in the room's language, and the case knows it."""

import pytest

from tests.e2e.books import FESTIVAL, STARTER
from tests.matrix import is_redaction, is_text, until

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


async def test_what_the_platform_denied_is_not_said_to_be_done(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=STARTER, power={hall.bot.user_id: 0})

    await tom.say(room, "you moron")
    told = await mia.see(room, lambda raw: is_text(raw, sender=hall.bot.user_id, holds="a warning"))
    await tom.say(room, "you idiot")
    second = await until(lambda: _failed(hall, tom, "mute"), is_wanted=bool)
    steps = await until(lambda: _steps(hall, second["id"]), is_wanted=_have_ended)

    assert "removed" not in told["content"]["body"]
    assert steps == {"delete_message": "denied", "mute": "denied", "reply": "skipped"}
    said = [raw for raw in await mia.timeline(room) if raw["sender"] == hall.bot.user_id]
    assert not [raw for raw in said if "You are muted" in raw["content"].get("body", "")]


async def _failed(hall, member, outcome):
    page = await hall.policy.get("/v1/cases", member=member.id, state="failed")
    return next((case for case in page["items"] if case["outcome"] == outcome), None)


async def _steps(hall, case):
    found = await hall.policy.get(f"/v1/cases/{case}")
    return {step["kind"]: step["state"] for step in found["actions"]}


def _have_ended(steps):
    return not {"planned", "published", "waiting"} & set(steps.values())
