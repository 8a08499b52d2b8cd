"""The ledger's REST interface, put together."""

from importlib.metadata import version

import structlog
from fastapi import FastAPI, Request, Response

from chassis.auth import Keys
from chassis.http import make_app
from chassis.problem import ApiError, respond
from ledger.api import accounts, assets, holds, packets, reports, transfers
from ledger.api.desk import RETRY_AFTER_S, Desk
from ledger.store.faults import AWAY

log = structlog.get_logger(__name__)


def make_api(desk: Desk, keys: Keys) -> FastAPI:
    """Return the application; what it books goes through ``desk``."""
    app = make_app("Reeve ledger", version("reeve"), keys)
    app.state.desk = desk
    for part in (assets, accounts, reports, transfers, holds, packets):
        app.include_router(part.router)
    for fault in AWAY:
        app.add_exception_handler(fault, _answer_away)
    return app


async def _answer_away(_: Request, fault: Exception) -> Response:
    """Whoever asks while the database is away is asked to come again."""
    log.warning("api.database_away", fault=str(fault))
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return respond(ApiError(503, "unavailable", "the database is away", headers=headers))
