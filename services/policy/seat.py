"""One partition's judge: its memory, its place in the log, and what it makes of the next events.

Nothing here waits or asks anybody: the same events give the same decisions, whoever judges, however
the log was cut into batches, however often it is replayed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chassis.bus import Delivery
from contracts import ids
from contracts.codec import (
    EventView,
    Malformed,
    decode,
    encode,
    encode_batch,
    payload_tag,
    view_event,
)
from contracts.values import Decision, DecisionBatch, Outcome, RuleHit
from policy.core.ahead import AHEAD
from policy.core.compiled import Compiled
from policy.core.court import Court
from policy.core.engine import UnknownRulebook
from policy.core.state import State

SCHEMA: Final = 1
ADOPTED: Final = "rulebook_adopted"
FAULT_RULE: Final = "reeve:fault"  # no id of a rulebook's rule has a colon
BATCH_LIMIT_BYTES = 512 * 1024  # half of what a message may hold: the last decision may go beyond
DECISION_LIMIT_BYTES: Final = 256 * 1024
_ADOPTS: Final = payload_tag(ADOPTED)
_OWN: Final = ".reeve."  # the platform in the subjects of what Reeve says itself


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that could not be judged, and why; it goes to the dead letters."""

    delivery: Delivery
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was concluded about the first ``batch.events`` of a run; ``data`` is it encoded."""

    batch: DecisionBatch
    data: bytes
    rejected: tuple[Rejected, ...]


def heard(data: bytes) -> EventView | str:
    """Return the event in a message of EVENTS, or why it is none."""
    try:
        view = view_event(data)
    except Malformed as fault:
        return str(fault)
    # Much that is no event can be read as one in which nothing is said.
    return view if view.id else "it has no id"


def read_batch(delivery: Delivery) -> DecisionBatch:
    """Return the batch in a message of DECISIONS.

    Raises:
        Malformed: It is none, or one of another partition than its subject says.
    """
    batch = decode(DecisionBatch, delivery.data)
    partition = delivery.subject.rpartition(".")[2]
    if batch.schema != SCHEMA or str(batch.partition) != partition:
        raise Malformed(f"no batch of partition {partition} in schema {SCHEMA}")
    return batch


def adopted(run: Sequence[Delivery]) -> set[str]:
    """Return the digests of the rulebooks that a run puts in force."""
    own = [delivery.data for delivery in run if _OWN in delivery.subject]
    views = [heard(data) for data in own if _ADOPTS in data]
    return {
        view.payload.digest for view in views if not isinstance(view, str) and view.kind == ADOPTED
    } - {""}


class Seat:
    """The judge of one partition, at a place in the log.

    ``last_seq`` is the last event judged, in EVENTS; ``dec_seq`` the last batch committed, in
    DECISIONS; ``log`` tells this log from one made anew. Between `judge` and `committed` the memory
    is ahead of what is known to others, and the seat not ``settled``.
    """

    __slots__ = (
        "_rulebooks", "court", "dec_seq", "last_seq", "log", "owner", "partition", "settled",
        "state",
    )  # fmt: skip

    def __init__(
        self,
        partition: int,
        state: State,
        books: Mapping[str, Compiled],
        *,
        last_seq: int,
        dec_seq: int,
        log: str,
        owner: str,
    ) -> None:
        self.partition = partition
        self.state = state
        self.court = Court(state, books)
        self.last_seq = last_seq
        self.dec_seq = dec_seq
        self.log = log
        self.owner = owner
        self.settled = True
        self._rulebooks = state.rulebooks()  # asking goes through every room

    def judge(self, run: Sequence[Delivery]) -> Ruling:
        """Return the ruling on ``run``, or on the head of it that fits into one message.

        Advances memory and ``last_seq``. An event that breaks the engine is allowed, with a mark
        that says so: silence is never a reason to act against somebody, nor is our own fault.
        """
        self.settled = False
        after_seq = self.last_seq
        court = self.court
        decisions: list[Decision] = []
        encoded: list[bytes] = []
        rejected: list[Rejected] = []
        size = judged = 0
        adopting = False
        for delivery, view in self._heard(run):
            judged += 1
            if isinstance(view, str):
                rejected.append(Rejected(delivery, view))
                continue
            try:
                decision = court.decide(view, delivery.seq)
                if decision is None:
                    adopting = adopting or view.kind == ADOPTED
                    if size + court.size >= BATCH_LIMIT_BYTES:
                        break
                    continue
                data = _fitting(court.engine.data)
            except (MemoryError, UnknownRulebook):
                raise
            except Exception as fault:  # noqa: BLE001 -- whatever it is, the log must go on behind it
                rejected.append(Rejected(delivery, f"{type(fault).__name__}: {fault}"))
                decision = self._allowed(view, delivery.seq, type(fault).__name__)
                data = encode(decision)
            decisions.append(decision)
            encoded.append(data)
            size += len(data)
            if size + court.size >= BATCH_LIMIT_BYTES:
                break
        self.last_seq = run[judged - 1].seq
        batch = self._batch(after_seq, judged, decisions, adopting=adopting)
        data = encode_batch(batch, encoded)
        return Ruling(batch=batch, data=data, rejected=tuple(rejected))

    def _heard(self, run: Sequence[Delivery]) -> Iterator[tuple[Delivery, EventView | str]]:
        for first in range(0, len(run), AHEAD):
            some = run[first : first + AHEAD]
            views = [heard(delivery.data) for delivery in some]
            self.court.look_ahead(views)
            yield from zip(some, views, strict=True)

    def _batch(
        self, after_seq: int, judged: int, decisions: Sequence[Decision], *, adopting: bool
    ) -> DecisionBatch:
        disagreements, tallies = self.court.take()
        return DecisionBatch(
            schema=SCHEMA,
            partition=self.partition,
            after_seq=after_seq,
            last_seq=self.last_seq,
            events=judged,
            decisions=tuple(decisions),
            rulebooks=self._in_force(adopting=adopting),
            state_digest=self.state.digest,
            owner=self.owner,
            clock_ms=self.state.clock_ms,
            disagreements=disagreements,
            tallies=tallies,
        )

    def _in_force(self, *, adopting: bool) -> tuple[str, ...]:
        """Return the rulebooks that were in force at some moment of a run."""
        before = self._rulebooks
        if adopting:
            self._rulebooks = self.state.rulebooks()
        return tuple(sorted(before | self._rulebooks))

    def committed(self, dec_seq: int) -> None:
        """Note that JetStream has acknowledged the batch of the last ruling as ``dec_seq``."""
        self.dec_seq = dec_seq
        self.settled = True

    def _allowed(self, view: EventView, seq: int, fault: str) -> Decision:
        mark = Decision(
            id=ids.decision_id(view.id, FAULT_RULE),
            event_seq=seq,
            at_ms=self.state.clock_ms,
            outcome=Outcome.ALLOW,
            hits=(RuleHit(rule=FAULT_RULE, outcome=Outcome.ALLOW, exempt=fault),),
        )
        event = view.value()
        full = replace(
            mark,
            event_id=event.id,
            platform=event.platform,
            network=event.network,
            group=event.group,
            connection=event.connection,
            place=event.place,
            subject=event.actor,
        )
        return full if len(encode(full)) <= DECISION_LIMIT_BYTES else mark


def _fitting(decision: bytes) -> bytes:
    """Return a decision; raise `Malformed` when it takes too many bytes."""
    if len(decision) > DECISION_LIMIT_BYTES:
        size = len(decision)
        raise Malformed(f"the decision takes {size} bytes of at most {DECISION_LIMIT_BYTES}")
    return decision
