"""Set the stage: a homeserver, the people, their rooms, and Reeve sitting in each of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import nio

from reeve.demo.people import Person, Witness
from reeve.homeserver import Account, Homeserver

NETWORK = "festival"
BOT = "reeve"
WITNESS = "witness"
BOT_LEVEL = 100
OPENING_GRANT = 1_000  # points that a member starts with
MUTE_S = 30.0  # as in salon.yaml
LIFETIME_S = 25.0  # of a red packet, as in festival.yaml
NAMES = {
    "ada": "Ada",
    "ben": "Ben",
    "chen": "陈晨",
    "dora": "Dora",
    "emeka": "Emeka",
    "fang": "方方",
    "goran": "Goran",
    "he": "何健",
    "inga": "Inga",
    "jin": "金玉",
    "kofi": "Kofi",
    "lin": "林夕",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One room of the story; ``key`` is how the scenes call it."""

    key: str
    name: str
    topic: str
    members: tuple[str, ...]


GROUPS = (
    Group("salon", "The Salon", "Talk of everything, gently", ("ada", "ben", "goran", "dora")),
    Group("film", "电影俱乐部", "看片、聊片、不剧透", ("chen", "fang", "lin", "inga", "kofi")),
    Group("market", "夜市", "中午摆摊，先发红包", tuple(NAMES)),
)


@dataclass(frozen=True, slots=True)
class Town:
    """Rooms by group key and people by account name; ``bot`` is Reeve's Matrix id."""

    bot: str
    rooms: Mapping[str, str]
    people: Mapping[str, Person]
    witness: Witness

    def title(self, key: str) -> str:
        """The name of the group that scenes call ``key``."""
        return next(group.name for group in GROUPS if group.key == key)


def register(homeserver: Homeserver, names: Sequence[str]) -> dict[str, Account]:
    """Make an account for each of ``names``."""
    return {name: homeserver.register(name) for name in names}


@asynccontextmanager
async def open_town(homeserver: Homeserver, accounts: Mapping[str, Account]) -> AsyncIterator[Town]:
    """Sign everybody in, make the rooms, and let all but the bot take their seats.

    The bot is invited; it comes when Reeve's gateway accepts.
    """
    try:
        async with AsyncExitStack() as doors, asyncio.TaskGroup() as background:
            people = {
                name: await doors.enter_async_context(_signed_in(homeserver, name, account))
                for name, account in accounts.items()
                if name != BOT
            }
            bot = accounts[BOT].user_id
            witness = Witness(people.pop(WITNESS))
            rooms = {group.key: await _furnish(group, witness, people, bot) for group in GROUPS}
            watching = background.create_task(witness.watch())
            yield Town(bot, rooms, people, witness)
            watching.cancel()
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from faults


async def _furnish(group: Group, witness: Witness, people: Mapping[str, Person], bot: str) -> str:
    """Make one room; its founder is the witness, who never speaks."""
    founder = witness.person
    room = await founder.make_room(group.key, group.name, group.topic, power={bot: BOT_LEVEL})
    await founder.invite(room, bot)
    async with asyncio.TaskGroup() as seating:
        for name in group.members:
            seating.create_task(people[name].join(room))
    return room


@asynccontextmanager
async def _signed_in(homeserver: Homeserver, name: str, account: Account) -> AsyncIterator[Person]:
    client = nio.AsyncClient(homeserver.url, account.user_id, device_id=account.device_id)
    client.restore_login(account.user_id, account.device_id, account.access_token)
    try:
        person = Person(client, NAMES.get(name, name), account.user_id)
        await person.show_name()
        yield person
    finally:
        await client.close()
