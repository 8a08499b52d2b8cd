"""``reeve demo``: a real homeserver, three groups, a dozen members, a minute under the rules."""

import argparse
import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, ExitStack
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from reeve.demo import backstage
from reeve.demo.desk import Desk, open_desk
from reeve.demo.epilogue import show_books
from reeve.demo.narrator import Narrator
from reeve.demo.people import is_arrival
from reeve.demo.play import PATIENCE_S, Play
from reeve.demo.scenes import STORY
from reeve.demo.stage import BOT, NAMES, NETWORK, WITNESS, Town, open_town, register
from reeve.homeserver import Account, Homeserver, install
from reeve.stack import access
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, StackRecord

FOLDER = ".reeve/demo"
GUEST = "guest"
GUEST_PASSWORD = "come in"  # noqa: S105 - of a server that only this machine can reach
RULEBOOKS = Path(__file__).parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--headless",
        action="store_true",
        help="play the story, check every claim of it, stop everything; exit 1 if one fails",
    )


def run(options: argparse.Namespace) -> int:
    """Play the demo; 0 when every claim held."""
    tell = Narrator(Console())
    folder = Path(os.environ.get("REEVE_DEMO_HOME") or FOLDER).absolute()
    with ExitStack() as doors:
        home = doors.enter_context(backstage.fresh_home(folder))
        with tell.working("Making sure that Synapse, a Matrix homeserver, is installed"):
            python = install(say=lambda line: tell.console.print(f"  {line}", style="dim"))
        with tell.working("Starting the homeserver"):
            server = doors.enter_context(backstage.homeserver(home, python))
            accounts = register(server, [*NAMES, BOT, WITNESS])
        doors.enter_context(backstage.supervisor(home, server, accounts[BOT]))
        return asyncio.run(_play(tell, home, server, accounts, headless=options.headless))


async def _play(
    tell: Narrator,
    home: Home,
    server: Homeserver,
    accounts: Mapping[str, Account],
    *,
    headless: bool,
) -> int:
    with tell.working("Starting Reeve: NATS, PostgreSQL and five services"):
        record = await backstage.ready(home)
    async with (
        _desk(home, record) as desk,
        open_town(server, accounts) as town,
    ):
        await _open_house(tell, town, desk)
        play = Play(town=town, desk=desk, tell=tell)
        tell.begin()
        for scene in STORY:
            await scene(play)
        await show_books(play, home)
        failed = _verdict(tell)
        if not headless:
            await _stay(tell, server, record, town)
    return failed


def _desk(home: Home, record: StackRecord) -> AbstractAsyncContextManager[Desk]:
    return open_desk(
        policy=backstage.address(record.addresses, "policy REST"),
        ledger=backstage.address(record.addresses, "ledger REST"),
        network=NETWORK,
        key=access.api_key(home),
    )


async def _open_house(tell: Narrator, town: Town, desk: Desk) -> None:
    """Put the rulebooks in force, and wait for Reeve to come into every room."""
    with tell.working(f"Opening {len(town.rooms)} groups for {len(town.people)} members"):
        salon = [town.rooms["salon"]]
        await desk.publish((RULEBOOKS / "festival.yaml").read_text(), [], "the network's rules")
        await desk.publish((RULEBOOKS / "salon.yaml").read_text(), salon, "an English room")
        for room in town.rooms.values():
            arrival = partial(is_arrival, room=room, member=town.bot)
            if await town.witness.see(arrival, within_s=PATIENCE_S) is None:
                raise Unusable("Reeve did not accept its invitation; see the log of ingest.")


def _verdict(tell: Narrator) -> int:
    tell.console.print()
    if tell.failed:
        for sentence in tell.failed:
            tell.console.print(f"✗ {escape(sentence)}", style="bold red")
        tell.console.print(f"{len(tell.failed)} of {tell.claims} claims failed.", style="bold red")
        return 1
    tell.console.print(f"All {tell.claims} claims of the story held.", style="bold green")
    return 0


async def _stay(tell: Narrator, server: Homeserver, record: StackRecord, town: Town) -> None:
    """Keep everything running until Ctrl-C, and say how to look around."""
    guest = await asyncio.to_thread(server.register, GUEST, password=GUEST_PASSWORD)
    console = tell.console
    console.print("\nEverything keeps running. Look around:", style="bold")
    show = partial(console.print, highlight=False, soft_wrap=True)  # an address is copied whole
    for name, address in record.addresses.items():
        show(f"  {name:<18} {address}")
    show(f"  {'Matrix homeserver':<18} {server.url}")
    console.print("\nJoin with any Matrix client on this machine:", style="bold")
    show(f"  homeserver {server.url}   user {guest.user_id}   password “{GUEST_PASSWORD}”")
    for key, room in town.rooms.items():
        show(f"  {f'#{key}:{server.server_name}':<20} {room}   {town.title(key)}")
    console.print("\nCtrl-C ends the demo.", style="dim")
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for end in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(end, over.set)
    await over.wait()
    console.print("\nEnding everything.", style="dim")
