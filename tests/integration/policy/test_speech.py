"""What tells of an act waits for it, and says only what was done, whatever dies in between."""

import itertools
from dataclasses import replace

import pytest

from contracts import ids
from contracts.codec import decode
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    Claim,
    Decision,
    DeleteMessage,
    Mute,
    Outcome,
    OutcomeStatus,
    Reply,
)
from policy.brake import Protection
from policy.core.effects import OWN
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from tests.integration.policy.story import NETWORK, START_MS

DONE, DENIED = OutcomeStatus.DONE, OutcomeStatus.DENIED
REMOVED, MUTED, WHY = "Removed. ", "Muted. ", "The rule: be kind."


def make_action(body, effect, **fields):
    return Action(
        id=ids.action_id("e1", "insults", effect),
        executor="matrix",
        platform="matrix",
        network=NETWORK,
        group="g",
        case_id="c1",
        event_id="e1",
        rule="insults",
        body=body,
        **fields,
    )


DELETE = make_action(DeleteMessage(message_id="$m"), "delete")
MUTE = make_action(Mute(until_ms=5), "mute")
TELL = make_action(
    Reply(text=REMOVED + MUTED + WHY),
    "tell",
    after=(DELETE.id, MUTE.id),
    claims=(Claim(text=REMOVED, action_id=DELETE.id), Claim(text=MUTED, action_id=MUTE.id)),
)
WARN = make_action(
    Reply(text=REMOVED + WHY), "warn", claims=(Claim(text=REMOVED, action_id=DELETE.id),)
)


def decide(*actions, number=1, subject=None, **fields):
    return Decision(
        id=f"d{number}",
        event_id=f"e{number}",
        event_seq=number,
        at_ms=START_MS,
        platform="matrix",
        network=NETWORK,
        group="g",
        connection="matrix",
        subject=subject,
        outcome=Outcome.MUTE,
        actions=actions,
        **fields,
    )


def ended(action, status, number):
    outcome = ActionOutcome(action_id=action.id, case_id="c1", status=status)
    return decide(number=number, outcome_of=outcome)


async def record(outcomes, *decisions, gate=None):
    return await outcomes.record([(0, decision) for decision in decisions], gate or Gate())


async def state_of(pool, action):
    return await pool.fetchval("SELECT state FROM action WHERE id = $1", action.id)


def said(recorded):
    return [decode(Action, one.body).body.text for one in recorded.released]


@pytest.fixture
def outcomes(pool):
    return Outcomes(pool)


ENDS = [
    (DONE, DONE, [REMOVED + MUTED + WHY]),
    (DONE, DENIED, [REMOVED + WHY]),
    (DENIED, DONE, [MUTED + WHY]),
    (DENIED, OutcomeStatus.FAILED, []),
    (OutcomeStatus.ALREADY, OutcomeStatus.GONE, [REMOVED + WHY]),
]


@pytest.mark.parametrize(
    ("ends", "order"), [(one, order) for one in ENDS for order in itertools.permutations((0, 1))]
)
async def test_what_did_not_happen_is_not_said(outcomes, pool, ends, order):
    *statuses, texts = ends
    first = await record(outcomes, decide(DELETE, MUTE, TELL, case_id="c1"))
    assert first.actions == {DELETE.id, MUTE.id}
    assert await state_of(pool, TELL) == "waiting"
    acts = [(DELETE, statuses[0]), (MUTE, statuses[1])]

    early = await record(outcomes, ended(*acts[order[0]], 2))
    late = await record(outcomes, ended(*acts[order[1]], 3))

    assert early.released == ()
    assert said(late) == texts
    assert await state_of(pool, TELL) == ("planned" if texts else "skipped")
    failed = set(statuses) & {DENIED, OutcomeStatus.FAILED}
    assert await pool.fetchval("SELECT state FROM case_file") == ("failed" if failed else "open")


async def test_a_warning_is_said_whatever_became_of_the_message(outcomes):
    await record(outcomes, decide(DELETE, WARN))

    assert said(await record(outcomes, ended(DELETE, DENIED, 2))) == [WHY]


async def test_what_was_released_and_not_published_is_when_its_cause_comes_again(outcomes, pool):
    await record(outcomes, decide(DELETE, WARN))
    before = await record(outcomes, ended(DELETE, DONE, 2))

    again = await record(outcomes, ended(DELETE, DONE, 2))
    left = await outcomes.unpublished(older_than_s=-1, limit=9)

    assert said(again) == said(before) == [REMOVED + WHY]
    assert WARN.id in {one.id for one in left}
    await outcomes.published([WARN.id])
    assert (await record(outcomes, ended(DELETE, DONE, 2))).released == ()
    assert await state_of(pool, WARN) == "published"


async def test_two_acts_that_end_at_once_release_it_once(outcomes):
    await record(outcomes, decide(DELETE, MUTE, TELL))

    both = await record(outcomes, ended(DELETE, DONE, 2), ended(MUTE, DONE, 3))

    assert said(both) == [REMOVED + MUTED + WHY]


async def test_of_what_is_held_back_nothing_is_told(outcomes, pool):
    ann = Actor(id="@ann:x")
    own = replace(TELL, rule=OWN, case_id="")
    gate = Gate(protection=Protection(members=("@ann:x",)))

    recorded = await record(outcomes, decide(DELETE, MUTE, own, subject=ann), gate=gate)

    assert recorded.actions == frozenset()
    assert await state_of(pool, DELETE) == "protected"
    assert await state_of(pool, TELL) == "skipped"
