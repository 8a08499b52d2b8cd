"""Setting a layer: everything below it is merged anew, all of it or nothing is put in force."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from chassis import clock
from policy.adoption import Announcer
from policy.check import reviewed
from policy.core.analysis.review import Review
from policy.core.document import Fault
from policy.core.layered import Layer, Level
from policy.core.layers import Effective, InvalidLayers, LayerFault, merge
from policy.core.rulebook import digest
from policy.sets import with_sets
from policy.store.layers import Change, Layers, Said
from policy.store.rulebooks import Adoption, Within

Look = Callable[[str], Review]
Branch = tuple[str, str, str]  # platform, group, channel: what a place is known by


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place of the tree: all empty is the network; a channel is one of a group."""

    platform: str = ""
    group: str = ""
    channel: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What the place is known by: a group's platform is no part of it."""
        return ("" if self.group else self.platform, self.group, self.channel)


class NothingAbove(Exception):
    """No rulebook is in force in the network, so there is nothing to inherit or to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layering:
    """The tree of settings of every network."""

    layers: Layers
    announcer: Announcer

    async def put(
        self,
        network: str,
        spot: Spot,
        source: str,
        *,
        author: str,
        reason: str,
        within: Within = None,
    ) -> list[Adoption]:
        """Let a place say ``source`` and return what is newly in force, once the log says so.

        What would be in force is looked at as if it were published: examples, also in disguise,
        analysis, cost and invariants, at every place concerned.

        Raises:
            InvalidLayers: with every fault here and further down; then nothing has changed.
        """
        source = await with_sets(source, self.announcer.rulebooks, within)
        pool = self.layers.pool
        async with pool.acquire() as connection, connection.transaction():
            said = {one.place: one for one in await self.layers.locked(connection, network)}
            said[spot.place] = _saying(spot, source, said.get(spot.place))
            changes = await asyncio.to_thread(changes_of, list(said.values()))
            adoptions = await self.layers.record(
                connection,
                network,
                changes,
                author=author,
                reason=reason,
                at_ms=clock.now_ms(),
            )
        await self.announcer.announce(adoptions)
        return adoptions

    async def said(self, network: str) -> dict[Branch, Said]:
        """Return what every place of a network says, by what it is known by."""
        return {one.place: one for one in await self.layers.of(network)}


async def effective_in(said: dict[Branch, Said], spot: Spot) -> Effective:
    """Return what a tree says for a place, whether or not it says something itself.

    Raises:
        NothingAbove: Nothing is in force there.
        InvalidLayers: What was put in force by hand does not fit together.
    """
    chain = _chain(said, spot)
    if not chain:
        raise NothingAbove
    return await asyncio.to_thread(merge, chain)


def _saying(spot: Spot, source: str, before: Said | None) -> Said:
    if before is not None:
        platform = spot.platform or before.platform
        if (source, platform) == (before.source, before.platform):
            return before
        return replace(before, source=source, platform=platform, digest="")
    return Said(
        platform=spot.platform,
        group=spot.group,
        channel=spot.channel,
        source=source,
        digest="",
        author="",
        reason="",
        adopted_ms=0,
    )


def _chain(said: dict[Branch, Said], spot: Spot) -> list[Layer]:
    """Return the layers that a place stands under, the network's first, and its own."""
    group = said.get(("", spot.group, ""))
    platform = spot.platform or (group.platform if group is not None else "")
    found: list[tuple[Level, str, Said | None]] = [
        ("network", "", said.get(("", "", ""))),
        ("platform", platform, said.get((platform, "", "")) if platform else None),
        ("group", spot.group, group if spot.group else None),
        ("channel", spot.channel, said.get(spot.place) if spot.channel else None),
    ]
    return [Layer(level, name, one.source) for level, name, one in found if one is not None]


def changes_of(tree: Collection[Said], look: Look = reviewed) -> list[Change]:
    """Return what comes of a tree where it is not in force yet, looked at as if it were published.

    Places that come to the same text are looked at once.

    Raises:
        InvalidLayers: with every fault of every place, each told once with the places it concerns.
    """
    said = {one.place: one for one in tree}
    changes: list[Change] = []
    concerned: dict[LayerFault, list[str]] = {}
    found: dict[str, Sequence[Fault]] = {}
    for one in tree:
        layers = _chain(said, Spot(platform=one.platform, group=one.group, channel=one.channel))
        try:
            effective = merge(layers)
        except InvalidLayers as invalid:
            faults = invalid.faults
        else:
            text, text_digest = effective.text, digest(effective.text)
            if text_digest == one.digest:
                continue
            if text_digest not in found:
                found[text_digest] = look(text).faults
            faults = tuple(effective.placed(fault) for fault in found[text_digest])
            name = effective.rulebook.name
            changes.append(Change(said=one, name=name, text=text, digest=text_digest))
        for fault in faults:
            concerned.setdefault(fault, []).append(str(layers[-1]))
    if concerned:
        raise InvalidLayers(
            [
                replace(fault, places=tuple(dict.fromkeys(places)))
                for fault, places in concerned.items()
            ]
        )
    return changes
