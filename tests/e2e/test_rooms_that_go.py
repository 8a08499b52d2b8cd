"""A room that Reeve is put out of, or that moves: told, come back to, and judged all the same."""

from tests.e2e.books import MILD
from tests.matrix import is_redaction


async def test_put_out_of_one_room_it_judges_the_others_and_this_one_when_asked_back(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=MILD)
    other = await hall.room(mia, tom, book=MILD)
    bot = hall.bot.user_id
    levels = await mia.state(room, "m.room.power_levels")
    users = {name: level for name, level in levels["users"].items() if name != bot}
    await mia.set_state(room, "m.room.power_levels", {**levels, "users": users})

    await mia.call("POST", f"/rooms/{room}/kick", {"user_id": bot, "reason": "enough"})
    meanwhile = await tom.say(room, "you moron")
    elsewhere = await tom.say(other, "you moron")
    await mia.see(other, lambda raw: is_redaction(raw, of=elsewhere))
    await mia.set_state(room, "m.room.power_levels", levels)
    await mia.invite(room, bot)
    again = await tom.say(room, "you moron again")

    await mia.see(room, lambda raw: is_redaction(raw, of=again))
    await mia.see(room, lambda raw: is_redaction(raw, of=meanwhile))


async def test_the_rules_of_a_room_go_on_in_the_one_that_takes_its_place(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=MILD)

    made = await mia.call("POST", f"/rooms/{room}/upgrade", {"new_version": "12"})
    new = made["replacement_room"]
    await tom.join(new)
    insult = await tom.say(new, "you moron")

    await mia.see(new, lambda raw: is_redaction(raw, of=insult))
    found = await hall.case(group=room, member=tom.id)
    assert found["case"]["channel"] == new
