"""The ledger's REST interface, put together."""

from collections.abc import Mapping
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
    identities,
    income,
    maturities,
    merits,
    packets,
    payments,
    pictures,
    ratings,
    reconciliations,
    reports,
    splits,
    transfers,
    treasury,
)
from ledger.api.desk import Desk
from ledger.cashier import Cashier
from ledger.providers.port import Provider
from ledger.store.faults import AWAY
from ledger.store.payments import Payments


def make_api(desk: Desk, keys: Keys, providers: Mapping[str, Provider] | None = None) -> FastAPI:
    """Return the application; what it books goes through ``desk``.

    Without ``providers``, no payment can be asked for.
    """
    app = make_app("Reeve ledger", version("reeve"), keys, by_network=True)
    app.state.desk = desk
    app.state.cashier = Cashier(desk.door, Payments(desk.assets.pool), providers or {})
    parts = (
        assets, accounts, reports, exports, audit, transfers, holds, packets, pictures,
        identities, merits,
        ratings, payments, reconciliations, treasury, splits, maturities, income,
    )  # fmt: skip
    for part in parts:
        app.include_router(part.router)
    come_again(app, AWAY)
    return app
