"""The REST interface to the tree of settings: say something, ask where it comes from, compare."""

from collections.abc import Sequence
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.cursors import parts_of
from chassis.http import ApiError, Finder, Reader, Writer
from policy.core.layered import Place
from policy.core.layers import Effective, InvalidLayers, LayerFault, Setting, differences
from policy.core.rulebook import digest
from policy.forms import AdoptionOut, Form, Page, Text, Word
from policy.layering import Branch, Layering, NothingAbove, Spot, effective_in
from policy.paging import next_of
from policy.store.layers import Said

PLACES_SHOWN = 5


class SpotIn(Form):
    """A place of the tree; a channel is one of a group, a group is on a platform."""

    network: Word
    platform: Text = ""
    group: Text = ""
    channel: Text = ""

    def spot(self) -> Spot:
        """Return the place; `ApiError` where it is none."""
        if self.channel and not self.group:
            raise ApiError(422, "invalid_request", "a channel belongs to a group: name it too")
        return Spot(platform=self.platform, group=self.group, channel=self.channel)


class NewLayer(SpotIn):
    """What a place says."""

    source: str = Field(min_length=1, max_length=1 << 24, description="YAML, whole or in part")
    reason: Text = ""


class WantedSetting(SpotIn):
    """Which setting of which place."""

    key: Text = Field(default="", description="such as ladder or rules.flood; empty: every key")


class WantedComparison(SpotIn, Page):
    """Which two groups."""

    other: Text = Field(description="the group to compare with")


class WantedDrift(Page):
    """Which network."""

    network: Word


class PlaceOut(BaseModel):
    """Where something is written; lines count from 1."""

    level: str = Field(description="network, platform, group or channel")
    name: str = Field(description="of the platform, group or channel; empty: the network")
    line: int

    @classmethod
    def of(cls, place: Place) -> Self:
        return cls(level=place.layer.level, name=place.layer.name, line=place.line)


class OverriddenOut(BaseModel):
    """What a level above says, and is not in force."""

    place: PlaceOut
    value: str


class SettingOut(BaseModel):
    """One key: its value as YAML, where it comes from, and what keeps it."""

    key: str
    value: str
    place: PlaceOut
    locked: PlaceOut | None = Field(description="the lock; none: it may be overridden below")
    overridden: list[OverriddenOut] = Field(description="nearest first")

    @classmethod
    def of(cls, setting: Setting) -> Self:
        return cls(
            key=setting.key,
            value=setting.value,
            place=PlaceOut.of(setting.place),
            locked=None if setting.locked is None else PlaceOut.of(setting.locked),
            overridden=[
                OverriddenOut(place=PlaceOut.of(place), value=value)
                for place, value in setting.overridden
            ],
        )


class EffectiveOut(BaseModel):
    """What is in force at a place by the tree: the whole text, and its settings."""

    digest: str
    source: str
    settings: list[SettingOut]


class DifferenceOut(BaseModel):
    """A key that two places do not have in common; empty where one has none."""

    key: str
    one: str
    other: str


class ComparisonPage(BaseModel):
    """The keys that two places do not have in common, in their order."""

    items: list[DifferenceOut]
    next: str | None


class DriftOut(BaseModel):
    """How far a place is from its network."""

    platform: str
    group: str
    channel: str
    author: str
    reason: str
    adopted_ms: int
    keys: list[str] = Field(description="the settings that differ from the network's")
    by_hand: bool = Field(description="what is in force there is not what the tree says")
    fault: str = Field(description="why the tree says nothing there; empty: it does")


class DriftPage(BaseModel):
    """Places with settings of their own: the network, then by platform, group and channel."""

    items: list[DriftOut]
    next: str | None


class NetworkPage(BaseModel):
    """Names of networks."""

    items: list[str]
    next: str | None


def layers_router(layering: Layering) -> APIRouter:
    """Return the routes under ``/layers``."""
    router = APIRouter()
    router.include_router(_writing(layering))
    router.include_router(_showing(layering))
    router.include_router(_surveying(layering))
    return router


def _writing(layering: Layering) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.put("/layers")
    async def put(form: NewLayer, key: Writer) -> list[AdoptionOut]:
        """Let a place say something; all that inherits from it is put in force anew, or nothing.

        What would be in force is looked at as when it is published, at every place concerned.

        Repeating it changes nothing and returns nothing new.
        Problems: `invalid_layers` (422, every fault with its level, line and column),
        `invalid_request`, `unauthenticated`, `forbidden`, `too_large`.
        """
        try:
            adoptions = await layering.put(
                form.network,
                form.spot(),
                form.source,
                author=key.name,
                reason=form.reason,
                within=key.networks,
            )
        except InvalidLayers as invalid:
            raise _refused(invalid) from invalid
        return [AdoptionOut.of(adoption, heard=True) for adoption in adoptions]

    return router


def _showing(layering: Layering) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/layers/effective")
    async def effective(_: Reader, wanted: Annotated[WantedSetting, Query()]) -> EffectiveOut:
        """Show what is in force at a place, and where each of its settings comes from.

        Problems: `not_found` (404: no rulebook there, or no such key), `invalid_layers` (422),
        `unauthenticated`, `forbidden`.
        """
        found = await _effective(layering, wanted.network, wanted.spot())
        settings = found.where(wanted.key) if wanted.key else list(found.settings.values())
        if not settings:
            raise ApiError(404, "not_found", f"no level says anything of {wanted.key}")
        return EffectiveOut(
            digest=digest(found.text),
            source=found.text,
            settings=[SettingOut.of(setting) for setting in settings],
        )

    @router.get("/layers/comparison")
    async def comparison(_: Reader, wanted: Annotated[WantedComparison, Query()]) -> ComparisonPage:
        """Show the settings in which two groups differ.

        Problems: as `effective`, `invalid_cursor` (400).
        """
        after = "" if wanted.cursor is None else parts_of(wanted.cursor, 1)[0]
        one = await _effective(layering, wanted.network, wanted.spot())
        other = await _effective(layering, wanted.network, Spot(group=wanted.other))
        found = [each for each in differences(one, other) if each.key > after][: wanted.limit]
        return ComparisonPage(
            items=[DifferenceOut(key=each.key, one=each.one, other=each.other) for each in found],
            next=next_of([(each.key,) for each in found], wanted),
        )

    return router


def _surveying(layering: Layering) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/layers/drift")
    async def drift(_: Reader, wanted: Annotated[WantedDrift, Query()]) -> DriftPage:
        """Show how far every place with settings of its own is from its network.

        Problems: `not_found` (404: no rulebook in the network), `invalid_cursor` (400),
        `unauthenticated`, `forbidden`.
        """
        after = () if wanted.cursor is None else parts_of(wanted.cursor, 3)
        tree = await layering.said(wanted.network)
        base = await _effective_in(tree, Spot())
        places = sorted(place for place in tree if place > after)[: wanted.limit]
        return DriftPage(
            items=[await _drift(tree, base, tree[place]) for place in places],
            next=next_of(places, wanted),
        )

    @router.get("/layers/networks")
    async def networks(key: Finder, page: Annotated[Page, Query()]) -> NetworkPage:
        """List the networks in which a rulebook was ever in force, by name.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        after = "" if page.cursor is None else parts_of(page.cursor, 1)[0]
        found = await layering.layers.networks(after, page.limit, key.networks)
        return NetworkPage(items=found, next=next_of([(name,) for name in found], page))

    return router


async def _effective(layering: Layering, network: str, spot: Spot) -> Effective:
    return await _effective_in(await layering.said(network), spot)


async def _effective_in(said: dict[Branch, Said], spot: Spot) -> Effective:
    try:
        return await effective_in(said, spot)
    except NothingAbove as nothing:
        raise ApiError(404, "not_found", "no rulebook is in force there") from nothing
    except InvalidLayers as invalid:
        raise _refused(invalid) from invalid


async def _drift(tree: dict[Branch, Said], base: Effective, said: Said) -> DriftOut:
    keys: Sequence[str] = ()
    fault, by_hand = "", False
    try:
        own = await effective_in(
            tree, Spot(platform=said.platform, group=said.group, channel=said.channel)
        )
    except InvalidLayers as invalid:
        fault = str(invalid)
    else:
        keys = [each.key for each in differences(base, own)]
        by_hand = digest(own.text) != said.digest
    return DriftOut(
        platform=said.platform,
        group=said.group,
        channel=said.channel,
        author=said.author,
        reason=said.reason,
        adopted_ms=said.adopted_ms,
        keys=list(keys),
        by_hand=by_hand,
        fault=fault,
    )


def _refused(invalid: InvalidLayers) -> ApiError:
    return ApiError(
        422,
        "invalid_layers",
        f"the layers have {len(invalid.faults)} faults and nothing was changed",
        errors=[
            (one.fault.at(str(one.layer)).removesuffix(f": {one.fault.told}"), _told(one))
            for one in invalid.faults
        ],
    )


def _told(one: LayerFault) -> str:
    """Return what is wrong, and where that shows if not just where it is written."""
    if one.places in ((), (str(one.layer),)):
        return one.fault.told
    shown = ", ".join(one.places[:PLACES_SHOWN])
    more = f" and {len(one.places) - PLACES_SHOWN} more" if len(one.places) > PLACES_SHOWN else ""
    return f"{one.fault.told} (in {shown}{more})"
