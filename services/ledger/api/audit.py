"""`/v1/audit`: who changed what."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.http import Reader
from ledger.api.desk import AtDesk
from ledger.api.forms import Cursor, Limit, Network, Next
from ledger.core.auditing import caller_of
from ledger.core.postings import MAX_AMOUNT

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class AuditEntry(BaseModel):
    """A change, kept in the transaction that made it."""

    id: int
    network: str = Field(description="empty: of all networks")
    caller: str = Field(description="the key or person that asked over REST; empty: nobody did")
    key: str = Field(
        description="the command: `rest:<caller>:<Idempotency-Key>`, of a list with a space and "
        "the place in it; or an action"
    )
    deed: str = Field(
        description="the command, such as `set_account`; or `declare_asset`, `set_merit_terms`"
    )
    said: dict[str, Any] = Field(description="what was asked for")
    recorded_at: datetime


class AuditEntries(BaseModel):
    """A page of entries, newest first."""

    items: list[AuditEntry]
    next: Next


@router.get("", summary="List who changed what, newest first")
async def list_entries(
    _: Reader, desk: AtDesk, network: Network, cursor: Cursor = None, limit: Limit = 100
) -> AuditEntries:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await desk.queries.entries(network, before_id=before, limit=limit)
    items = [
        AuditEntry(**{**dict(row), "said": json.loads(row["said"])}, caller=caller_of(row["key"]))
        for row in rows
    ]
    return AuditEntries(items=items, next=str(items[-1].id) if len(items) == limit else None)
