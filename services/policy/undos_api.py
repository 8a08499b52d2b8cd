"""Taking back many cases at once over REST: what it would come to, doing it, how far it is."""

import json
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, model_validator

from chassis.auth import Caller
from chassis.http import ApiError, Changer, Finder, Reader, Writer
from policy.forms import Form, Page, Text, Word
from policy.paging import before, next_of
from policy.store.undos import Counted, Preview, Progress, Stays, Undo, Wanted
from policy.taking_back import AskedOtherwise, NotWaiting, SamePerson, TakingBack

UndoId = Annotated[str, Path(max_length=128, pattern="^[!-~]+$")]
Moment = Annotated[int, Field(ge=0, le=1 << 53, description="ms since 1970 UTC")]


class WantedUndo(Form):
    """What is to be taken back: an act, a case, what a rulebook did, or what was done in a time."""

    network: Text = Field(default="", description="needed with a rulebook or a time")
    action: Text = Field(default="", description="one act, by its id")
    case: Text = Field(default="", description="one case, by its id")
    rulebook: Text = Field(default="", description="what was decided under this digest")
    group: Text = Field(default="", description="only in this group")
    rule: Text = Field(default="", description="only what this rule did")
    since_ms: Moment | None = Field(default=None, description="from then on, in ms since 1970")
    until_ms: Moment | None = Field(default=None, description="and before then")

    @model_validator(mode="after")
    def says_what(self) -> Self:
        """Refuse what would mean everything."""
        timed = self.since_ms is not None and self.until_ms is not None
        if not (self.action or self.case or ((self.rulebook or timed) and self.network)):
            raise ValueError(
                "name an action, a case, or a network with a rulebook or both ends of a time"
            )
        return self

    def wanted(self) -> Wanted:
        """Return it as the store takes it."""
        return Wanted(
            network=self.network,
            group=self.group,
            rule=self.rule,
            rulebook=self.rulebook,
            case=self.case,
            act=self.action,
            since_ms=self.since_ms or 0,
            until_ms=1 << 62 if self.until_ms is None else self.until_ms,
        )


class UndoIn(WantedUndo):
    """What is to be taken back, and why."""

    reason: Word = Field(description="why, for the record")
    by: Text = Field(default="", description="the person, as a member id; empty: the API key")

    def asked(self) -> str:
        """Return what is asked for, so that a repeat can be told from another request."""
        return json.dumps(self.model_dump(exclude_defaults=True), sort_keys=True)


class Confirmation(Form):
    """Who confirms."""

    by: Text = Field(default="", description="the person, as a member id; empty: the API key")


class CountedOut(BaseModel):
    """How often a rule did something of one kind in a group."""

    rule: str
    group: str
    kind: str
    count: int

    @classmethod
    def of(cls, counted: Counted) -> Self:
        return cls(rule=counted.rule, group=counted.group, kind=counted.kind, count=counted.count)


class StaysOut(BaseModel):
    """Something that nobody can take back."""

    action_id: str
    kind: str
    rule: str
    group: str
    member: str
    case_id: str

    @classmethod
    def of(cls, stays: Stays) -> Self:
        return cls(**{name: getattr(stays, name) for name in cls.model_fields})


class PreviewOut(BaseModel):
    """What an undo would come to. Strike points are given back too; they are no acts."""

    cases: int = Field(description="not taken back yet")
    asked: int = Field(description="of these, how many an earlier undo has asked for")
    reversible: list[CountedOut]
    irreversible: list[CountedOut]
    named: list[StaysOut] = Field(description="the oldest hundred of what is irreversible")

    @classmethod
    def of(cls, preview: Preview) -> Self:
        return cls(
            cases=preview.cases,
            asked=preview.asked,
            reversible=[CountedOut.of(one) for one in preview.acts],
            irreversible=[CountedOut.of(one) for one in preview.stays],
            named=[StaysOut.of(one) for one in preview.named],
        )


class UndoOut(BaseModel):
    """One undo; instants are ms since 1970."""

    id: str
    network: str
    wanted: dict[str, Any] = Field(description="as it was asked for")
    reason: str
    author: str = Field(description="the API key")
    by: str = Field(description="the person, where one was named")
    asked_ms: int
    items: int = Field(description="cases to take back")
    state: str = Field(
        description="running; waiting for a second person, until then nothing is done; withdrawn"
    )
    confirmed_by: str = Field(description="the API key of the second person, where one was needed")

    @classmethod
    def of(cls, undo: Undo) -> Self:
        own = {name: getattr(undo, name) for name in cls.model_fields}
        return cls(**own | {"wanted": json.loads(undo.wanted)})


class UndoPage(BaseModel):
    """Undos, newest first."""

    items: list[UndoOut]
    next: str | None


class UndoDetailOut(BaseModel):
    """An undo and how far it is; it is over when `done` is `items`."""

    undo: UndoOut
    told: int = Field(description="cases that the log has")
    done: int = Field(description="cases that the judge has concluded from")
    undone: dict[str, int] = Field(description="by kind, in how many cases it was taken back")
    kept: dict[str, int] = Field(description="by kind, in how many cases it cannot be")

    @classmethod
    def made(cls, undo: Undo, progress: Progress) -> Self:
        return cls(
            undo=UndoOut.of(undo),
            told=progress.told,
            done=progress.done,
            undone=progress.undone,
            kept=progress.kept,
        )


class WantedUndos(Page):
    """Which undos."""

    network: Text = Field(default="", description="empty: of all networks")


def undos_router(taking_back: TakingBack) -> APIRouter:
    """Return the routes of undos."""
    router = APIRouter(prefix="/v1")
    _add_writing(router, taking_back)
    _add_second_person(router, taking_back)
    _add_reading(router, taking_back)
    return router


def _add_writing(router: APIRouter, taking_back: TakingBack) -> None:
    @router.post("/undos/preview")
    async def preview(form: WantedUndo, _: Reader) -> PreviewOut:
        """Tell what taking back would come to; nothing is changed.

        Problems: `invalid_request`, `unauthenticated`, `forbidden`.
        """
        return PreviewOut.of(await taking_back.preview(form.wanted()))

    @router.put("/undos/{undo_id}", status_code=201)
    async def begin(undo_id: UndoId, form: UndoIn, key: Writer, response: Response) -> UndoOut:
        """Take back what can be, each case once; the caller chooses the id.

        Repeating it changes nothing: 200 then, 201 the first time. What another undo has asked for
        is left to it. A case that is opened later is not part of this.
        Where the key asks for more cases within an hour than one person may take back alone, the
        undo is `waiting`, and nothing is done until another key confirms it.
        Problems: `id_reused` (409: the id asked for something else), `invalid_request`,
        `unauthenticated`, `forbidden`.
        """
        try:
            undo, is_new = await taking_back.begin(
                undo_id,
                form.wanted(),
                asked=form.asked(),
                reason=form.reason,
                author=key.name,
                by=form.by,
            )
        except AskedOtherwise as fault:
            detail = "this id belongs to an undo of something else"
            raise ApiError(409, "id_reused", detail) from fault
        response.status_code = 201 if is_new else 200
        return UndoOut.of(undo)


def _add_second_person(router: APIRouter, taking_back: TakingBack) -> None:
    @router.post("/undos/{undo_id}/confirm")
    async def confirm(undo_id: UndoId, form: Confirmation, key: Changer) -> UndoOut:
        """Let an undo begin that waits for a second person: another API key, another person.

        Problems: `not_found` (404), `same_person` (409: whoever asked), `not_waiting` (409),
        `invalid_request`, `unauthenticated`, `forbidden`.
        """
        try:
            await _seen(taking_back, undo_id, key)
            return _found(await taking_back.confirm(undo_id, author=key.name, by=form.by))
        except SamePerson as fault:
            detail = "who asked for it cannot confirm it: another API key is needed"
            raise ApiError(409, "same_person", detail) from fault
        except NotWaiting as fault:
            raise ApiError(409, "not_waiting", "it waits for nobody") from fault

    @router.post("/undos/{undo_id}/withdraw")
    async def withdraw(undo_id: UndoId, key: Changer) -> UndoOut:
        """Give up an undo that waits for a second person; others can ask for the same again.

        Problems: `not_found` (404), `not_waiting` (409), `unauthenticated`, `forbidden`.
        """
        try:
            await _seen(taking_back, undo_id, key)
            return _found(await taking_back.withdraw(undo_id))
        except NotWaiting as fault:
            raise ApiError(409, "not_waiting", "it waits for nobody") from fault


async def _seen(taking_back: TakingBack, undo_id: str, key: Caller) -> Undo:
    undo = await taking_back.undos.one(undo_id)
    if undo is None or not key.is_let(undo.network):
        raise ApiError(404, "not_found", "there is no such undo")
    return undo


def _found(undo: Undo | None) -> UndoOut:
    if undo is None:
        raise ApiError(404, "not_found", "there is no such undo")
    return UndoOut.of(undo)


def _add_reading(router: APIRouter, taking_back: TakingBack) -> None:
    undos = taking_back.undos

    @router.get("/undos")
    async def newest(_: Reader, wanted: Annotated[WantedUndos, Query()]) -> UndoPage:
        """List undos, newest first.

        Problems: `invalid_cursor` (400), `invalid_request`, `unauthenticated`, `forbidden`.
        """
        found = await undos.newest(wanted.network, before=before(wanted), limit=wanted.limit)
        return UndoPage(
            items=[UndoOut.of(undo) for undo in found],
            next=next_of([(undo.asked_ms, undo.id) for undo in found], wanted),
        )

    @router.get("/undos/{undo_id}")
    async def one(undo_id: UndoId, key: Finder) -> UndoDetailOut:
        """Show an undo and how far it is.

        Problems: `not_found` (404), `unauthenticated`, `forbidden`.
        """
        undo = await _seen(taking_back, undo_id, key)
        return UndoDetailOut.made(undo, await taking_back.progress(undo_id))
