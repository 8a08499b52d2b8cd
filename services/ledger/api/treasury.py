"""`/v1/treasury`: how much the house may give."""

from fastapi import APIRouter, Response

from chassis.http import IdempotencyKey, Reader, Writer
from contracts.values import SetBudget
from ledger.api.desk import AtDesk
from ledger.api.forms import Network
from ledger.api.treasury_forms import Budget, BudgetForm, Budgets, Said
from ledger.core.packets import Scene
from ledger.store.budgets import list_budgets

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])


@router.post("/budgets", summary="Say how much may leave an account of the house in a period")
async def set_budget(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: BudgetForm
) -> Said:
    body = SetBudget(**form.model_dump(exclude={"network"}))
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Said(**form.model_dump(exclude={"why"}))


@router.get("/budgets", summary="List budgets, and what is left of each")
async def get_budgets(_: Reader, desk: AtDesk, network: Network) -> Budgets:
    rows = await list_budgets(desk.queries.pool, network)
    items = [Budget(**dict(row), left=max(0, row["amount"] - row["spent"])) for row in rows]
    return Budgets(items=items, next=None)
