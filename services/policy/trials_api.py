"""The REST interface to trials: rulebooks in shadow, and canaries."""

from typing import Annotated, Any, Literal, Self

import msgspec
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from chassis.auth import Caller
from chassis.http import ApiError, Changer, Finder, Reader, Writer
from contracts.codec import decode, to_json
from contracts.values import Disagreement
from policy.core.trials import SHARES
from policy.forms import Form, Page, Text, Word
from policy.paging import NEWEST, before, next_of, number_of
from policy.store.trials import TooMany, TrialRow, TrialSums
from policy.trying import State, Trying

GROUPS_MAX = 1_000

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
TrialId = Annotated[str, Path(max_length=128, pattern="^[!-~]+$")]
Count = Annotated[int, Field(ge=0, le=1 << 53)]


class NewShadow(Form):
    """Where a rulebook is to be judged beside what is in force."""

    network: Word
    groups: list[Word] = Field(
        default=[], max_length=GROUPS_MAX, description="empty: the whole network"
    )
    reason: Text = ""


class Prediction(Form):
    """How often a backtest saw the rules act, as `reeve backtest --json` tells."""

    judged: Count
    hits: Count
    rules: dict[Word, Count] = Field(default={}, max_length=4_000)


class NewCanary(NewShadow):
    """In which share of the groups a rulebook is to be in force."""

    share: float = Field(gt=0, le=1, description="of the groups, drawn by their ids")
    prediction: Prediction | None = Field(
        default=None, description="what its hits are held against; without it they are not"
    )


class NewEnd(Form):
    """Why a trial ends."""

    reason: Text = ""


class WantedTrials(Page):
    """Which trials."""

    network: Text | None = None
    kind: Literal["shadow", "canary"] | None = None
    state: Literal["running", "stopped", "promoted", "rolled_back"] | None = None


class WantedDisagreements(Page):
    """Which disagreements."""

    kind: Literal["newly", "spared", "harsher", "milder", "broken"] | None = None


class TrialOut(BaseModel):
    """One trial; instants are ms since 1970."""

    id: str
    kind: str = Field(description="shadow or canary")
    state: str = Field(description="running, stopped, promoted or rolled_back")
    digest: str
    name: str
    network: str
    groups: list[str] = Field(description="empty: the whole network")
    share: float = Field(description="of the groups; 0: a shadow")
    author: str
    reason: str
    started_ms: int
    prediction: Prediction | None
    ended_ms: int
    ended_by: str = Field(description="an API key, or `guard`")
    end_reason: str
    back_to: str = Field(description="digest of what is in force again")

    @classmethod
    def of(cls, trial: TrialRow) -> Self:
        own = {name: getattr(trial, name) for name in cls.model_fields}
        own["share"] = trial.share / SHARES
        own["groups"] = list(trial.groups)
        own["prediction"] = msgspec.json.decode(trial.prediction) if trial.prediction else None
        return cls(**own)


class TrialPage(BaseModel):
    """Trials, newest first."""

    items: list[TrialOut]
    next: str | None


class RuleSumsOut(BaseModel):
    """What one rule came to in a trial."""

    rule: str
    hits: int
    newly: int
    spared: int


class TrialDetailOut(BaseModel):
    """A trial with what it came to so far."""

    trial: TrialOut
    judged: int
    hits: int
    disagreed: int
    rules: list[RuleSumsOut]

    @classmethod
    def made(cls, trial: TrialRow, sums: TrialSums) -> Self:
        return cls(
            trial=TrialOut.of(trial),
            judged=sums.judged,
            hits=sums.hits,
            disagreed=sums.disagreed,
            rules=[
                RuleSumsOut(rule=one.rule, hits=one.hits, newly=one.newly, spared=one.spared)
                for one in sums.rules
            ],
        )


class DisagreementPage(BaseModel):
    """Where a shadow would have decided otherwise, newest first."""

    items: list[dict[str, Any]] = Field(description="`Disagreement` of the contracts, as JSON")
    next: str | None


def trials_router(trying: Trying) -> APIRouter:
    """Return the routes of trials."""
    router = APIRouter(prefix="/v1")
    _add_beginnings(router, trying)
    _add_endings(router, trying)
    _add_readings(router, trying)
    return router


def _add_beginnings(router: APIRouter, trying: Trying) -> None:
    @router.post("/rulebooks/{digest}/shadow", status_code=201)
    async def shadow(digest: Digest, form: NewShadow, key: Writer) -> TrialOut:
        """Let a published rulebook be judged beside what is in force; nothing of it is carried out.

        Problems: `not_found` (404: no such rulebook), `too_many` (409: four shadows run there),
        `invalid_request`, `unauthenticated`, `forbidden`.
        """
        return await _begun(trying, digest, form, key, share=0, prediction="")

    @router.post("/rulebooks/{digest}/canary", status_code=201)
    async def canary(digest: Digest, form: NewCanary, key: Writer) -> TrialOut:
        """Put a published rulebook in force in a share of the groups, and watch over it.

        Problems: `not_found` (404: no such rulebook), `too_many` (409: a canary runs there),
        `invalid_request`, `unauthenticated`, `forbidden`.
        """
        share = max(1, round(form.share * SHARES))
        told = form.prediction.model_dump_json() if form.prediction is not None else ""
        return await _begun(trying, digest, form, key, share=share, prediction=told)


def _add_endings(router: APIRouter, trying: Trying) -> None:
    @router.post("/trials/{trial_id}/stop")
    async def stop(trial_id: TrialId, form: NewEnd, key: Changer) -> TrialOut:
        """End a shadow; a canary is rolled back.

        Problems: `not_found` (404), `not_running` (409), `unauthenticated`, `forbidden`.
        """
        trial = await _known(trying, trial_id, key)
        state: State = "rolled_back" if trial.share else "stopped"
        return await _ended(trying, trial_id, state, key.name, form.reason)

    @router.post("/trials/{trial_id}/promote")
    async def promote(trial_id: TrialId, form: NewEnd, key: Changer) -> TrialOut:
        """Put what was tried in force everywhere the trial was about, and end it.

        Problems: `not_found` (404), `not_running` (409), `unauthenticated`, `forbidden`.
        """
        await _known(trying, trial_id, key)
        return await _ended(trying, trial_id, "promoted", key.name, form.reason)

    @router.post("/trials/{trial_id}/rollback")
    async def rollback(trial_id: TrialId, form: NewEnd, key: Changer) -> TrialOut:
        """End a canary; what was in force before is in force again.

        Problems: `not_found` (404), `not_running` (409), `unauthenticated`, `forbidden`.
        """
        await _known(trying, trial_id, key)
        return await _ended(trying, trial_id, "rolled_back", key.name, form.reason)


def _add_readings(router: APIRouter, trying: Trying) -> None:
    @router.get("/trials")
    async def listed(_: Reader, wanted: Annotated[WantedTrials, Query()]) -> TrialPage:
        """List trials, newest first.

        Problems: `invalid_cursor` (400), `invalid_request`, `unauthenticated`, `forbidden`.
        """
        found = await trying.trials.listed(
            network=wanted.network,
            kind=wanted.kind,
            state=wanted.state,
            before=before(wanted),
            limit=wanted.limit,
        )
        return TrialPage(
            items=[TrialOut.of(trial) for trial in found],
            next=next_of([(trial.started_ms, trial.id) for trial in found], wanted),
        )

    @router.get("/trials/{trial_id}")
    async def one(trial_id: TrialId, key: Finder) -> TrialDetailOut:
        """Show a trial with what it came to so far.

        Problems: `not_found` (404), `unauthenticated`, `forbidden`.
        """
        trial = await _known(trying, trial_id, key)
        return TrialDetailOut.made(trial, await trying.trials.sums(trial.id))

    @router.get("/trials/{trial_id}/disagreements")
    async def disagreements(
        trial_id: TrialId, key: Finder, wanted: Annotated[WantedDisagreements, Query()]
    ) -> DisagreementPage:
        """List where a shadow would have decided otherwise, newest first (10,000 are kept).

        Problems: `not_found` (404), `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        trial = await _known(trying, trial_id, key)
        before_id = NEWEST
        if wanted.cursor is not None:
            before_id = number_of(wanted.cursor)
        found = await trying.trials.disagreements(
            trial.id, kind=wanted.kind, before_id=before_id, limit=wanted.limit
        )
        return DisagreementPage(
            items=[to_json(decode(Disagreement, body)) for _, body in found],
            next=str(found[-1][0]) if len(found) == wanted.limit else None,
        )


async def _begun(
    trying: Trying, digest: str, form: NewShadow, key: Caller, *, share: int, prediction: str
) -> TrialOut:
    if await trying.announcer.rulebooks.find(digest, key.networks) is None:
        raise ApiError(404, "not_found", "nobody has published a rulebook of this digest")
    try:
        trial = await trying.begin(
            digest,
            network=form.network,
            groups=form.groups,
            share=share,
            author=key.name,
            reason=form.reason,
            prediction=prediction,
        )
    except TooMany as fault:
        what = "a canary runs" if share else "four shadows run"
        raise ApiError(409, "too_many", f"{what} in this network already") from fault
    return TrialOut.of(trial)


async def _known(trying: Trying, trial_id: str, key: Caller) -> TrialRow:
    trial = await trying.trials.one(trial_id)
    if trial is None or not key.is_let(trial.network):
        raise ApiError(404, "not_found", "there is no such trial")
    return trial


async def _ended(trying: Trying, trial_id: str, state: State, by: str, reason: str) -> TrialOut:
    ended = await trying.end(trial_id, state, by=by, reason=reason)
    if ended is None:
        raise ApiError(409, "not_running", "this trial has ended already")
    return TrialOut.of(ended)
