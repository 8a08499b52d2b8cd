"""The scenes: what the members do, and what must be true afterwards.

Every claim is checked against what the people in the room see, or against the books; none is
taken from what Reeve says it did.
"""

import asyncio
from collections.abc import Awaitable, Callable

from reeve.demo.people import is_departure
from reeve.demo.play import PATIENCE_S, Play
from reeve.demo.stage import LIFETIME_S, MUTE_S, OPENING_GRANT

PAUSE_S = 0.4  # between two lines, so that a reader can follow
HASTE_S = 0.1  # between two lines of a flood

CHATTER = (
    ("salon", "ada", "Has anybody been to the harbour since they opened the new pier?"),
    ("salon", "ben", "Yesterday. Half of it is still scaffolding, but the view is worth the walk."),
    ("film", "chen", "昨晚看了《一一》修复版，大银幕真的不一样。"),
    ("film", "fang", "同感，尤其是那场雨戏，声音设计太细了。"),
    ("market", "kofi", "Is the night market open on Monday, or only from Tuesday on?"),
    ("market", "jin", "周一休市，周二傍晚六点开始摆摊。"),
)
FLOOD = tuple(f"Who is still awake? Count with me: {number}" for number in range(1, 21))
SCAM = "Free Nitro for everybody here, claim it now: https://disc0rd-gifts.example/claim"
BARE_AD = "出售自家烘焙的咖啡豆，半磅三十五元，今晚八点前下单明早送到。"
PAID_AD = "出售手工皮面笔记本，每本六十元，可以刻字，要的私信我。"
PACKET = 600
SHARES = 12
TAKERS = ("ada", "ben", "kofi", "lin")


async def ordinary_talk(play: Play) -> None:
    """People talk; Reeve keeps quiet."""
    play.tell.scene(
        "Ordinary talk passes", "Three groups, two languages, nothing to say for Reeve."
    )
    for group, name, text in CHATTER:
        play.remember("chatter", await play.speak(group, name, text))
        await asyncio.sleep(PAUSE_S)


async def flood(play: Play) -> None:
    """One member floods the Salon until the homeserver itself refuses."""
    play.tell.scene(
        "A flood", "More than five messages in fifteen seconds: a warning, then a mute."
    )
    since = play.now()
    refused = False
    for text in FLOOD:
        refused = await play.try_to_speak("salon", "goran", text) is None
        if refused:
            break
        await asyncio.sleep(HASTE_S)
    warned = await play.hears("salon", "This is a warning", since=since)
    muted = await play.hears("salon", "You are muted", since=since)
    refused = refused or await play.try_to_speak("salon", "goran", "Hello?") is None
    play.tell.claim("Goran was warned first", holds=warned is not None)
    play.tell.claim("then muted, and told why and until when", holds=muted is not None)
    play.tell.claim("The homeserver lets him speak no more", holds=refused)


async def scam(play: Play) -> None:
    """A link to a known scam site: gone, and its author too."""
    play.tell.scene("A scam link", "A host on the network's list: no second chance.")
    message = await play.speak("salon", "dora", SCAM)
    removed = await play.is_removed("salon", message)
    room, author = play.town.rooms["salon"], play.town.people["dora"]
    gone = await play.sees(lambda event: is_departure(event, room=room, member=author.member))
    told = " ".join(await play.hears_privately("dora", "no-scams"))
    play.tell.claim("The message was removed", holds=removed)
    play.tell.claim("Dora was put out of the group", holds=gone is not None)
    play.tell.claim("She was told why, in private", holds="no-scams" in told)
    play.tell.claim("and the link was not repeated", holds=bool(told) and "disc0rd" not in told)


async def advertisements(play: Play) -> None:
    """Two advertisements: one author pays what the rule asks, the other does not."""
    play.tell.scene(
        "Two advertisements", "An ad owes the group a red packet of 500 in 10 shares, in time."
    )
    since = play.now()
    play.remember("bare ad", await play.speak("market", "he", BARE_AD))
    owed = await play.hears("market", "!红包 500 10", since=since)
    play.tell.claim("He Jian was told what he owes, and until when", holds=owed is not None)
    play.remember("paid ad", await play.speak("market", "jin", PAID_AD))
    await asyncio.sleep(PAUSE_S)
    since = play.now()
    await play.speak("market", "jin", f"!红包 {PACKET} {SHARES} 拼手气 大家辛苦了")
    sent = await play.hears("market", "发了红包", since=since)
    settled = await play.hears("market", "广告红包已收到", since=since)
    play.tell.claim("Jin Yu's red packet is booked", holds=sent is not None)
    play.tell.claim("and settles what the advertisement owed", holds=settled is not None)


async def grabbing(play: Play) -> None:
    """Everybody wants a share at once; one person wants two."""
    play.tell.scene("Grabbing", "Four members at once, and one of them again.")
    since = play.now()
    async with asyncio.TaskGroup() as crowd:
        for name in TAKERS:
            crowd.create_task(play.speak("market", name, "!抢"))
    for name in TAKERS:
        await play.hears("market", f"{play.town.people[name].name} 抢到", since=since)
    since = play.now()
    await play.speak("market", "ben", "!抢")
    refused = await play.hears("market", "已经抢过了", since=since)
    play.tell.claim("The second try of the same person was refused", holds=refused is not None)
    taken = await play.desk.shares(play.town.rooms["market"])
    members = sorted(play.town.people[name].member for name in TAKERS)
    play.tell.claim("Four shares for four people", holds=sorted(taken) == members)
    play.taken = sum(taken.values())


async def grace_is_over(play: Play) -> None:
    """The advertisement without a packet goes, the other stays."""
    play.tell.scene("The grace is over", "Twenty seconds after the advertisement.")
    removed = await play.is_removed("market", play.remembered("bare ad")[0])
    stays = not await play.is_removed("market", play.remembered("paid ad")[0], within_s=1.0)
    play.tell.claim("The advertisement without a red packet was taken down", holds=removed)
    play.tell.claim("The one with a red packet stays", holds=stays)


async def refund(play: Play) -> None:
    """Nobody wants the rest; it goes back."""
    play.tell.scene("The rest goes back", "Twenty-five seconds after it was sent it expires.")
    back = await play.hears("market", "已过期", within_s=LIFETIME_S + PATIENCE_S)
    rest = PACKET - play.taken
    told = back is not None and str(rest) in back["content"]["body"]
    play.tell.claim(f"{rest} points that nobody took were announced as refunded", holds=told)
    sender = await play.desk.balance(play.town.people["jin"].member)
    play.tell.claim(
        f"Jin Yu has {OPENING_GRANT} − {play.taken} points",
        holds=sender == OPENING_GRANT - play.taken,
    )


async def second_chance(play: Play) -> None:
    """A mute ends by itself, and leaves no trace in the room's power levels."""
    play.tell.scene("A second chance", "The mute ends by itself.")
    spoken = None
    for _ in range(int(MUTE_S + PATIENCE_S)):
        spoken = await play.try_to_speak("salon", "goran", "Sorry, all. I got carried away.")
        if spoken:
            break
        await asyncio.sleep(1)
    play.tell.claim("Goran can speak again", holds=spoken is not None)


async def nobody_else_was_touched(play: Play) -> None:
    """What was said at the beginning is still there, and no decision names it."""
    play.tell.scene("And the others?", "The talk of the beginning, once more.")
    chatter = play.remembered("chatter")
    untouched = not await play.desk.decisions_about(chatter)
    play.tell.claim("No rule ever spoke about ordinary talk", holds=untouched)
    removed = [event for event in chatter if play.was_removed(event)]
    play.tell.claim("and all of it is still there", holds=not removed)


Scene = Callable[[Play], Awaitable[None]]
STORY: tuple[Scene, ...] = (
    ordinary_talk,
    flood,
    scam,
    advertisements,
    grabbing,
    grace_is_over,
    refund,
    second_chance,
    nobody_else_was_touched,
)
