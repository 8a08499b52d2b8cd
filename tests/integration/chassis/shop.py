"""A small service for tests of the lifecycle; what it does is said by ``SHOP_DOES``."""

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chassis import bus, service
from chassis.auth import Keys
from chassis.http import make_app
from chassis.settings import Common
from contracts import subjects


@dataclass(frozen=True, kw_only=True)
class Settings(Common):
    does: str = field(metadata={"help": "what the shop does"})


def say(word):
    sys.stderr.write(f"{word}\n")
    sys.stderr.flush()


@asynccontextmanager
async def parts(config, own):
    if config.does == "refuse":
        raise ValueError("the parts do not fit")
    if config.does == "rest":
        own.serve(make_app("Shop", "1", Keys((), "")))
    own.ready("till", config.does != "unready", "the till is jammed", needs_somebody=True)
    connection = bus.connect(config.nats_url, name="shop", stopping=own.stopping)
    async with connection as connected:
        await connected.provision(subjects.STREAMS)
        await connected.ensure_consumer("EVENTS", "shop", filter_subjects=["ev.>"])
        async with connected.pull("EVENTS", "shop") as inbox:

            async def sell():
                while batch := await inbox.next(1):
                    say("begun")
                    await own.stopping.wait()
                    await inbox.ack(batch)
                    say("done")

            async def other():
                if config.does == "fail":
                    await asyncio.sleep(0.5)
                    raise RuntimeError("the till is jammed")
                if config.does == "hang":
                    await asyncio.sleep(3600)
                if config.does == "leave":
                    return
                await own.stopping.wait()

            say("open")
            yield [sell, other]
        say("closing")
    say("closed")


if __name__ == "__main__":
    service.main("shop", parts, Settings, "SHOP")
