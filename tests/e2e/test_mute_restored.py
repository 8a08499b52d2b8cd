"""A mute takes the voice for its time, and then every level is exactly what it was before."""

import pytest

from tests.e2e.books import FAST
from tests.matrix import Refused, until

LEVELS = "m.room.power_levels"


@pytest.mark.parametrize("level", [None, 7], ids=["by default", "by a level of their own"])
async def test_the_voice_comes_back_as_it_was(hall, level):
    mia, tom = await hall.people("mia", "tom")
    power = {} if level is None else {tom.id: level}
    room = await hall.room(mia, tom, book=FAST, power=power)
    before = await mia.state(room, LEVELS)

    await tom.say(room, "you moron")

    bot = hall.bot.user_id
    await mia.see(room, lambda raw: raw["type"] == LEVELS and raw["sender"] == bot)
    with pytest.raises(Refused) as refusal:
        await tom.say(room, "May I speak?")
    assert refusal.value.code == "M_FORBIDDEN"
    await until(lambda: mia.state(room, LEVELS), lambda now: now == before)
    assert await tom.say(room, "Thank you.")
