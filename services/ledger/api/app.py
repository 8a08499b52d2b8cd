"""The ledger's REST interface, put together."""

from importlib.metadata import version

from fastapi import FastAPI

from chassis.auth import Keys
from chassis.http import come_again, make_app
from ledger.api import (
    accounts,
    assets,
    audit,
    exports,
    holds,
    merits,
    packets,
    pictures,
    ratings,
    reports,
    transfers,
)
from ledger.api.desk import Desk
from ledger.store.faults import AWAY


def make_api(desk: Desk, keys: Keys) -> FastAPI:
    """Return the application; what it books goes through ``desk``."""
    app = make_app("Reeve ledger", version("reeve"), keys, by_network=True)
    app.state.desk = desk
    parts = (
        assets, accounts, reports, exports, audit, transfers, holds, packets, pictures, merits,
        ratings,
    )  # fmt: skip
    for part in parts:
        app.include_router(part.router)
    come_again(app, AWAY)
    return app
