"""The services' REST interfaces as OpenAPI documents, without a server behind them."""

import json
from typing import Any

from chassis.auth import Keys
from chassis.stopping import Stopping
from ledger.api.app import make_api as make_ledger
from ledger.api.desk import Desk
from ledger.door import Door
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from policy.adoption import Announcer
from policy.api import make_api as make_policy
from policy.layering import Layering
from policy.store.layers import Layers
from policy.store.lookup import Lookup
from policy.store.rulebooks import Rulebooks
from policy.store.trials import Trials
from policy.store.undos import Undos
from policy.taking_back import TakingBack
from policy.trying import Trying

NOBODY = Keys((), "")
NOWHERE: Any = None  # describing asks neither a database nor the bus


def documents() -> dict[str, str]:
    """Return the document of each service that has an interface, as text, by its name."""
    announcer = Announcer(
        bus=NOWHERE,
        rulebooks=Rulebooks(NOWHERE),
        partitions=1,
        sweep_s=1.0,
        stopping=Stopping(),
    )
    layering = Layering(layers=Layers(NOWHERE), announcer=announcer)
    trying = Trying(
        bus=NOWHERE,
        trials=Trials(NOWHERE),
        announcer=announcer,
        partitions=1,
        sweep_s=1.0,
        stopping=Stopping(),
    )
    taking_back = TakingBack(
        bus=NOWHERE,
        undos=Undos(NOWHERE),
        rulebooks=Rulebooks(NOWHERE),
        partitions=1,
        sweep_s=1.0,
        stopping=Stopping(),
    )
    apps = {
        "policy": make_policy(NOBODY, announcer, Lookup(NOWHERE), layering, trying, taking_back),
        "ledger": make_ledger(
            Desk(Door(store=NOWHERE), Queries(NOWHERE), Assets(NOWHERE), Reports(NOWHERE)), NOBODY
        ),
    }
    return {
        name: json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"
        for name, app in apps.items()
    }
