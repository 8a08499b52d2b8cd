"""What came of an action."""

from dataclasses import dataclass

from contracts import ids
from contracts.codec import body_name
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    ActorKind,
    Event,
    Origin,
    OutcomeStatus,
)

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How an action ended at the platform; ``prior`` is JSON, the state before it."""

    status: OutcomeStatus
    fault: str = ""
    effect_id: str = ""
    prior: str = ""


DONE = Result(status=OutcomeStatus.DONE)


def already(why: str) -> Result:
    """It was so before; ``why`` tells how we know."""
    return Result(status=OutcomeStatus.ALREADY, fault=why)


def to_event(
    action: Action, result: Result, *, own: str, at_ms: int, requests: int, latency_ms: int
) -> Event:
    """The fact that an action was carried out, or was not; the same action has one such event."""
    key = f"outcome:{action.id}"
    return Event(
        id=ids.event_id(action.platform, action.network, action.group, key),
        schema=SCHEMA,
        platform=action.platform,
        network=action.network,
        group=action.group,
        connection=action.connection or action.executor,
        place=action.place,
        actor=Actor(id=own, kind=ActorKind.BOT, is_self=True),
        occurred_ms=at_ms,
        received_ms=at_ms,
        dedup_key=key,
        origin=Origin.LIVE,
        payload=ActionOutcome(
            action_id=action.id,
            case_id=action.case_id,
            kind=body_name(action),
            status=result.status,
            fault=result.fault,
            effect_id=result.effect_id,
            prior=result.prior,
            requests=requests,
            latency_ms=latency_ms,
            decided_ms=action.decided_ms,
        ),
    )
