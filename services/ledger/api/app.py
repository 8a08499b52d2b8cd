"""The ledger's REST interface, put together."""

from importlib.metadata import version

from fastapi import FastAPI

from chassis.auth import Keys
from chassis.http import make_app
from ledger.api import accounts, packets, transfers
from ledger.api.desk import Desk


def make_api(desk: Desk, keys: Keys) -> FastAPI:
    """Return the application; what it books goes through ``desk``."""
    app = make_app("Reeve ledger", version("reeve"), keys)
    app.state.desk = desk
    for part in (accounts, transfers, packets):
        app.include_router(part.router)
    return app
