"""Red packets sent over REST lie in the room: they are announced, grabbed by chat, and count."""

from tests.bank import Bank
from tests.e2e.books import FAST
from tests.e2e.conftest import OPENING_GRANT
from tests.hall import NETWORK
from tests.matrix import is_redaction, is_text


async def test_a_packet_sent_by_rest_is_shown_and_grabbed_in_the_room(hall):
    mia, tom, ann = await hall.people("mia", "tom", "ann")
    room = await hall.room(mia, tom, ann, book=FAST)
    bank = Bank(hall.ledger, NETWORK)

    packet = await bank.send(room, mia.id, total=90, shares=3, mode="equal", greeting="Well done!")
    bot = hall.bot.user_id
    await mia.see(room, lambda raw: is_text(raw, sender=bot, holds="Well done!"))
    await tom.say(room, "!grab")
    await mia.see(room, lambda raw: is_text(raw, sender=bot, holds="30"))
    taken = await bank.claim(packet, ann.id)

    assert (taken["amount"], taken["shares_left"]) == (30, 1)
    balances = await bank.balances()
    held = {each: balances[f"member:{each.id}"] for each in (mia, tom, ann)}
    assert held == {mia: OPENING_GRANT - 90, tom: OPENING_GRANT + 30, ann: OPENING_GRANT + 30}


async def test_nobody_gets_two_shares_by_chat_and_by_rest(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=FAST)
    bank = Bank(hall.ledger, NETWORK)
    packet = await bank.send(room, mia.id, total=90, shares=3, mode="equal")
    await bank.claim(packet, tom.id)

    await tom.say(room, "!grab")

    bot = hall.bot.user_id
    await mia.see(room, lambda raw: is_text(raw, sender=bot, holds="had your share"))
    assert (await bank.balances())[f"member:{tom.id}"] == OPENING_GRANT + 30


async def test_an_advertisement_may_be_paid_for_by_rest(hall):
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=FAST)
    bank = Bank(hall.ledger, NETWORK)
    paid = await mia.say(room, "My old bicycle is for sale.")
    await bank.send(room, mia.id, total=60, shares=3)

    unpaid = await tom.say(room, "My car is for sale.")

    await mia.see(room, lambda raw: is_redaction(raw, of=unpaid))
    assert not any(is_redaction(raw, of=paid) for raw in await mia.timeline(room))
