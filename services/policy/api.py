"""The REST interface of the policy service: rulebooks, cases, decisions.

Routes hold no logic: they read the request, ask `store` and `adoption`, and say what came of it.
"""

import asyncio
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Query, Response

from chassis.auth import Keys
from chassis.cursors import bad_cursor, parts_of
from chassis.http import ApiError, Changer, Finder, Reader, come_again, make_app
from policy import forms
from policy.adoption import Announcer
from policy.brakes_api import brakes_router
from policy.charter_api import charter_router
from policy.core.analysis.review import Review, review
from policy.core.document import Fault
from policy.explanations import explanations_router
from policy.harvest_api import harvest_router
from policy.layering import Layering
from policy.layers_api import layers_router
from policy.paging import NEWEST, before, next_of, number_of
from policy.quality_api import quality_router
from policy.reviews import Reviews
from policy.reviews_api import reviews_router
from policy.sets import builtin, with_sets
from policy.store.brakes import Brakes
from policy.store.harvest import Harvests
from policy.store.lookup import Filter, Lookup
from policy.store.quality import Quality
from policy.store.reach import LOST
from policy.store.rulebooks import Rulebooks
from policy.taking_back import TakingBack
from policy.trials_api import trials_router
from policy.trying import Trying
from policy.undos_api import undos_router
from policy.versions_api import versions_router

MAX_BODY_BYTES = 24 << 20  # a rulebook of 16 MiB, as JSON may escape it

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Path(max_length=128, pattern="^[!-~]+$")]


def make_api(
    keys: Keys,
    announcer: Announcer,
    lookup: Lookup,
    layering: Layering,
    trying: Trying,
    taking_back: TakingBack,
) -> FastAPI:
    """Return the application, to be served beside health and metrics."""
    app = make_app(
        "Reeve policy", version("reeve"), keys, max_body_bytes=MAX_BODY_BYTES, by_network=True
    )
    come_again(app, LOST)
    app.include_router(_publishing(announcer), tags=["rulebooks"])
    app.include_router(versions_router(announcer), tags=["rulebooks"])
    app.include_router(trials_router(trying), tags=["trials"])
    app.include_router(_reading(announcer.rulebooks), tags=["rulebooks"])
    app.include_router(layers_router(layering), tags=["layers"])
    app.include_router(_cases(lookup), tags=["cases"])
    reviews = Reviews(announcer.bus, announcer.partitions)
    app.include_router(reviews_router(lookup, reviews), tags=["cases"])
    app.include_router(undos_router(taking_back), tags=["undos"])
    app.include_router(brakes_router(Brakes(lookup.pool)), tags=["undos"])
    app.include_router(_decisions(lookup), tags=["decisions"])
    app.include_router(
        quality_router(Quality(lookup.pool), announcer.rulebooks), tags=["rulebooks"]
    )
    app.include_router(charter_router(announcer.rulebooks), tags=["rulebooks"])
    app.include_router(harvest_router(Harvests(lookup.pool)), tags=["harvest"])
    explaining = explanations_router(lookup, announcer.rulebooks)
    app.include_router(explaining, tags=["decisions"])
    return app


def _publishing(announcer: Announcer) -> APIRouter:
    router = APIRouter(prefix="/v1")
    rulebooks = announcer.rulebooks

    @router.post("/rulebooks", status_code=201)
    async def publish(
        form: forms.RulebookIn, key: Changer, response: Response
    ) -> forms.PublishedOut:
        """Publish a rulebook and, if a network is named, put it in force there.

        The sets it includes become part of its text. Its examples are played, and what is proved of
        its rules is told: with a fault it is refused, warnings come back with it.
        Repeating it changes nothing: a text has one name, its digest, and what is in force already
        is not adopted again. 201 when it is new or newly in force, 200 otherwise.

        Problems: `invalid_rulebook` (422, every fault with line and column), `invalid_request`,
        `unauthenticated`, `forbidden`, `too_large`.
        """
        if form.network and not key.is_let(form.network):
            raise ApiError(403, "forbidden", "this key is limited to other networks")
        source = await with_sets(form.source, rulebooks, key.networks)
        found = await asyncio.to_thread(_accepted, source)
        book = found.rulebook
        is_new = await announcer.publish(book, source, key.name, key.networks)
        adoptions = []
        if form.network:
            adoptions = await announcer.adopt(
                book.digest,
                network=form.network,
                groups=form.groups,
                author=key.name,
                reason=form.reason,
            )
        if not is_new and all(adoption.announced for adoption in adoptions):
            response.status_code = 200
        stored = await rulebooks.find(book.digest)
        assert stored is not None, "it was stored a moment ago and is never deleted"
        return forms.PublishedOut(
            rulebook=forms.RulebookOut.of(stored, whole=False),
            adoptions=[forms.AdoptionOut.of(adoption, heard=True) for adoption in adoptions],
            warnings=[
                forms.WarningOut(where=at, reason=why) for at, why in map(_shown, found.warnings)
            ],
            costs=[
                forms.CostOut(rule=cost.rule, us=cost.us, always=cost.always)
                for cost in found.cost.rules
            ],
        )

    return router


def _reading(rulebooks: Rulebooks) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/rulebooks")
    async def newest(key: Finder, page: Annotated[forms.Page, Query()]) -> forms.RulebookPage:
        """List rulebooks, newest first, without their texts.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        first = (datetime.max.replace(tzinfo=UTC), "")
        if page.cursor is not None:
            at, digest = parts_of(page.cursor, 2)
            first = (_instant(at), digest)
        found = await rulebooks.newest_first(first, page.limit, key.networks)
        return forms.RulebookPage(
            items=[forms.RulebookOut.of(book, whole=False) for book in found],
            next=next_of([(book.published_at.isoformat(), book.digest) for book in found], page),
        )

    @router.get("/rulebooks/adoptions")
    async def history(
        _: Reader, wanted: Annotated[forms.WantedAdoptions, Query()]
    ) -> forms.AdoptionPage:
        """Tell which rulebook was put in force when, newest first.

        The first one listed of a place is in force there. `group=` (empty) asks for the network's
        own; without it, all places are listed.
        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        before_id = NEWEST if wanted.cursor is None else number_of(parts_of(wanted.cursor, 1)[0])
        found = await rulebooks.history(
            wanted.network, group=wanted.group, before_id=before_id, limit=wanted.limit
        )
        return forms.AdoptionPage(
            items=[forms.AdoptionOut.of(adoption) for adoption in found],
            next=next_of([(adoption.id,) for adoption in found], wanted),
        )

    @router.get("/rulebooks/{digest}")
    async def one(digest: Digest, key: Finder) -> forms.RulebookOut:
        """Show a rulebook with its text.

        Problems: `not_found` (404), `unauthenticated`, `forbidden`.
        """
        book = await rulebooks.find(digest, key.networks)
        if book is None:
            raise ApiError(404, "not_found", "nobody has published a rulebook of this digest")
        return forms.RulebookOut.of(book, whole=True)

    return router


def _cases(lookup: Lookup) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/cases")
    async def newest(_: Reader, wanted: Annotated[forms.WantedCases, Query()]) -> forms.CasePage:
        """List cases, newest first.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        found = await lookup.cases(_filter(wanted), wanted.limit)
        return forms.CasePage(
            items=[forms.CaseOut.of(case) for case in found],
            next=next_of([(case.opened_ms, case.id) for case in found], wanted),
        )

    @router.get("/cases/{case_id}")
    async def one(case_id: Name, key: Finder) -> forms.CaseDetailOut:
        """Show a case with its actions and the decisions that belong to it.

        Problems: `not_found` (404), `unauthenticated`, `forbidden`.
        """
        found = await lookup.case(case_id)
        if found is None or not key.is_let(found[0].network):
            raise ApiError(404, "not_found", "there is no such case")
        case, steps, records = found
        return forms.CaseDetailOut(
            case=forms.CaseOut.of(case),
            actions=[forms.StepOut.of(step) for step in steps],
            decisions=[forms.DecisionOut.of(record) for record in records],
        )

    return router


def _decisions(lookup: Lookup) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/decisions")
    async def newest(
        _: Reader, wanted: Annotated[forms.WantedDecisions, Query()]
    ) -> forms.DecisionPage:
        """List decisions in which something happened, newest first.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        found = await lookup.decisions(_filter(wanted), wanted.limit)
        return forms.DecisionPage(
            items=[forms.DecisionOut.of(record) for record in found],
            next=next_of([(record.at_ms, record.id) for record in found], wanted),
        )

    @router.get("/decisions/{decision_id}")
    async def one(decision_id: Name, key: Finder) -> forms.DecisionOut:
        """Show one decision with its evidence.

        Problems: `not_found` (404), `unauthenticated`, `forbidden`.
        """
        record = await lookup.decision(decision_id)
        if record is None or not key.is_let(record.network):
            raise ApiError(404, "not_found", "there is no such decision")
        return forms.DecisionOut.of(record)

    return router


def _accepted(source: str) -> Review:
    found = review(source, known_sets=tuple(builtin()))
    if found.faults:
        raise ApiError(
            422,
            "invalid_rulebook",
            f"the rulebook has {len(found.faults)} faults and was not stored",
            errors=[_shown(one) for one in found.faults],
        )
    return found


def _shown(fault: Fault) -> tuple[str, str]:
    return f"{fault.within or 'source'}:{fault.line}:{fault.column}", fault.told


def _filter(wanted: forms.Wanted) -> Filter:
    fields = wanted.model_dump(exclude={"limit", "cursor"})
    return Filter(**fields) if wanted.cursor is None else Filter(**fields, before=before(wanted))


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as fault:  # or before the first year, or after the last
        raise bad_cursor() from fault
    raise bad_cursor()
