"""`/v1/reputation`: who stands how high, who was praised, and by which terms."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Query

from chassis.http import Reader, Writer
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.forms import Network
from ledger.api.merit_forms import (
    Leaderboard,
    MeritTerms,
    Praised,
    PraisedMembers,
    Reason,
    Standing,
    TermsForm,
    terms_of,
)
from ledger.api.reports import to_instant
from ledger.core import levels
from ledger.core.ratings import Rating
from ledger.reputation import praise_of, ratings_of
from ledger.store.ratings import Where, read_terms, say_terms

router = APIRouter(prefix="/v1/reputation", tags=["reputation"])

_WORD = r"^[^\x00]*$"
At = Annotated[datetime | None, Query(description="As it was then; null: now.")]
Group = Annotated[
    str, Query(max_length=300, pattern=_WORD, description="Empty: in all of the network.")
]
Asset = Annotated[str, Query(max_length=32, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Most = Annotated[int, Query(ge=1, le=1_000, description="How many at most.")]


@router.get("/standing", summary="One member's standing, now or as it was")
async def get_standing(
    _: Reader,
    desk: AtDesk,
    network: Network,
    member: Annotated[str, Query(min_length=1, max_length=255, pattern=_WORD)],
    *,
    group: Group = "",
    asset: Asset = "reputation",
    at: At = None,
) -> Standing:
    moment = to_instant(at)
    found = await ratings_of(desk.snapshot(), Where(network, group, asset), moment, member)
    [rating] = found or [Rating(member, 0, 0, 0, 0, 0)]
    return _shown(rating)


@router.get("/leaderboard", summary="The highest standings, now or as they were")
async def get_leaderboard(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    group: Group = "",
    asset: Asset = "reputation",
    at: At = None,
    limit: Most = 100,
) -> Leaderboard:
    moment = to_instant(at)
    ratings = await ratings_of(desk.snapshot(), Where(network, group, asset), moment)
    return Leaderboard(items=[_shown(each, trust=each.trust) for each in ratings[:limit]])


@router.get("/praise", summary="Who was praised most of late, and for what")
async def get_praise(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    group: Group = "",
    asset: Asset = "reputation",
    at: At = None,
    days: Annotated[
        int, Query(ge=1, le=366, description="Of late: the days, UTC, until `at`.")
    ] = 7,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 3,
) -> PraisedMembers:
    moment = to_instant(at)
    found = await praise_of(desk.snapshot(), Where(network, group, asset), moment, days, limit)
    return PraisedMembers(
        items=[
            Praised(
                member=each.member,
                amount=each.amount,
                reasons=[Reason(**told._asdict()) for told in each.reasons],
            )
            for each in found
        ]
    )


@router.get("/terms", summary="By which terms reputation counts, now or then")
async def get_terms(
    _: Reader, desk: AtDesk, network: Network, group: Group = "", at: At = None
) -> MeritTerms:
    moment = to_instant(at)
    async with desk.snapshot() as source:
        found = await read_terms(source, Where(network, group, ""), moment)
    return MeritTerms.model_validate(found, from_attributes=True)


@router.put("/terms", summary="Say by which terms reputation counts from now on")
async def say(caller: Writer, desk: AtDesk, form: TermsForm) -> MeritTerms:
    if form.serial == 1:
        raise ApiError(409, "levels_invalid", "one vote is not serial")
    terms = terms_of(form)
    _check_levels(terms.levels)
    await say_terms(desk.assets.pool, form.network, form.group, terms, caller.name)
    return MeritTerms.model_validate(terms, from_attributes=True)


def _check_levels(found: Sequence[levels.Level]) -> None:
    rising = all(low.at_least < high.at_least for low, high in pairwise(found))
    names = {each.name for each in found}
    if not rising or len(names) < len(found) or any(each.keep > each.at_least for each in found):
        raise ApiError(409, "levels_invalid", "levels rise, have names, and are kept for less")


def _shown(rating: Rating, trust: int | None = None) -> Standing:
    return Standing(**{**rating._asdict(), "trust": trust})
