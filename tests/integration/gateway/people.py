"""People on a real homeserver, and the bot among them."""

import itertools
from contextlib import asynccontextmanager

from gateway.errors import Refused
from gateway.platforms.matrix.client import Credentials, connect, path

NUMBERS = itertools.count(1)


class Person:
    """One account with a client of its own."""

    def __init__(self, homeserver, account):
        self.homeserver = homeserver
        self.account = account
        self.id = account.user_id
        self.said = itertools.count(1)

    async def call(self, method, *parts, body=None):
        return await self.homeserver.call(method, path(*parts), body=body)

    async def make_room(self, *invited, **more):
        made = await self.call("POST", "createRoom", body={"preset": "public_chat", **more})
        for person in invited:
            await person.homeserver.join(made["room_id"])
        return made["room_id"]

    async def say(self, room, body, **content):
        content = {"msgtype": "m.text", "body": body, **content}
        return await self.homeserver.send(room, f"{self.id}{next(self.said)}", content)

    async def levels(self, room):
        return await self.homeserver.state(room, "m.room.power_levels")

    async def set_level(self, room, user, level):
        levels = dict(await self.levels(room))
        users = dict(levels.get("users", {}))
        users.pop(user, None)
        if level is not None:
            users[user] = level
        await self.homeserver.put_state(room, "m.room.power_levels", "", {**levels, "users": users})

    async def membership(self, room, user):
        try:
            return (await self.homeserver.state(room, "m.room.member", user))["membership"]
        except Refused:
            return None

    async def timeline(self, room):
        """Everything in the room, oldest first."""
        page = await self.homeserver.call(
            "GET", path("rooms", room, "messages"), query={"dir": "f", "limit": "1000"}
        )
        return page["chunk"]

    async def may_speak(self, room):
        try:
            await self.say(room, "am I heard?")
        except Refused:
            return False
        return True


@asynccontextmanager
async def person(server, name):
    """A new account, its name made unique."""
    account = server.register(f"{name}{next(NUMBERS)}")
    who = Credentials(token=account.access_token)
    async with connect(server.url, lambda: who) as homeserver:
        await homeserver.log_in()
        yield Person(homeserver, account)
