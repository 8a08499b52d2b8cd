"""The part of REST where people decide on cases: verdicts on what is held, appeals."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from chassis.auth import Caller
from chassis.http import ApiError, Changer
from policy.forms import Form, Text, Word
from policy.reviews import Reviews
from policy.store.lookup import Case, Lookup

Name = Annotated[str, Path(max_length=128, pattern="^[!-~]+$")]
WAITING = {"approve": "held", "refuse": "held", "uphold": "appealed", "reject": "appealed"}
APPEALABLE = frozenset({"open", "done", "failed"})


class VerdictIn(Form):
    """What a person decides on a case that waits."""

    verdict: Literal["approve", "refuse", "uphold", "reject"] = Field(
        description="approve or refuse what is held; uphold or reject an appeal"
    )
    reason: Text = Field(default="", description="told to the member")
    by: Text = Field(default="", description="the person, as a member id; empty: the API key")


class AppealIn(Form):
    """Why somebody appeals."""

    reason: Word = Field(description="in the member's own words")


class TakenOut(BaseModel):
    """It is in the log; the case changes when the judge has concluded from it."""

    case_id: str
    event_id: str


def reviews_router(lookup: Lookup, reviews: Reviews) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/v1")

    @router.post("/cases/{case_id}/verdict", status_code=202)
    async def verdict(case_id: Name, form: VerdictIn, key: Changer) -> TakenOut:
        """Decide on a case that is held, or on an appeal.

        Nobody decides on their own case. Repeating it changes nothing.

        Problems: `not_found` (404), `not_waiting` (409: the case waits for no such verdict),
        `own_case` (409), `invalid_request`, `unauthenticated`, `forbidden`.
        """
        case = await _case(lookup, case_id, key)
        by = form.by or key.name
        if by == case.member:
            raise ApiError(409, "own_case", "nobody decides on their own case")
        if case.state != WAITING[form.verdict]:
            wanted = WAITING[form.verdict]
            raise ApiError(409, "not_waiting", f"the case is {case.state} and not {wanted}")
        event_id = await reviews.decide(case, verdict=form.verdict, reason=form.reason, by=by)
        return TakenOut(case_id=case.id, event_id=event_id)

    @router.post("/cases/{case_id}/appeal", status_code=202)
    async def appeal(case_id: Name, form: AppealIn, key: Changer) -> TakenOut:
        """Appeal against a case for its member, once.

        Problems: `not_found` (404), `not_appealable` (409: it was appealed, or nothing was done),
        `invalid_request`, `unauthenticated`, `forbidden`.
        """
        case = await _case(lookup, case_id, key)
        if case.state not in APPEALABLE or case.appeal:
            raise ApiError(409, "not_appealable", f"the case is {case.state}")
        return TakenOut(case_id=case.id, event_id=await reviews.appeal(case, reason=form.reason))

    return router


async def _case(lookup: Lookup, case_id: str, key: Caller) -> Case:
    found = await lookup.case(case_id)
    if found is None or not key.is_let(found[0].network):
        raise ApiError(404, "not_found", "there is no such case")
    return found[0]
