"""Trials: begun and ended by people, or ended by the guard; the log says from when.

A canary is held against what the backtest predicted. When it hits too much or too little, when an
appeal against it is upheld or the brake holds it back, it is rolled back, and the log says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import structlog

from chassis import clock
from chassis.bus import Bus, Outgoing
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import AdoptionMode, Event, Origin, RulebookAdopted
from policy.adoption import PLATFORM, SCHEMA, Announcer
from policy.proof.band import Rates, outside
from policy.store.reach import LOST
from policy.store.trials import TrialRow, Trials

GUARD = "guard"
UPHELD_MAX = 2  # appeals, until a third rolls the canary back
State = Literal["stopped", "promoted", "rolled_back"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """Begins trials, ends them, and watches over canaries."""

    bus: Bus
    trials: Trials
    announcer: Announcer
    partitions: int
    sweep_s: float
    stopping: Stopping

    async def begin(
        self,
        digest: str,
        *,
        network: str,
        groups: Sequence[str],
        share: int,
        author: str,
        reason: str,
        prediction: str = "",
    ) -> TrialRow:
        """Begin a shadow, or a canary where there is a ``share``; return when the log says so.

        Raises:
            TooMany: A canary runs in the network already, or four shadows.
        """
        now_ms = clock.now_ms()
        wanted = "\x1f".join((digest, network, *groups, str(share), author, str(now_ms)))
        trial = await self.trials.begin(
            TrialRow(
                id=ids.digest(wanted.encode("utf-8", "surrogatepass")),
                kind="canary" if share else "shadow",
                state="running",
                digest=digest,
                name="",
                network=network,
                groups=sorted(set(groups)),
                share=share,
                author=author,
                reason=reason,
                started_ms=now_ms,
                prediction=prediction,
                ended_ms=0,
                ended_by="",
                end_reason="",
                back_to="",
                announced=False,
            )
        )
        await self._announce(trial)
        return trial

    async def end(self, trial_id: str, state: State, *, by: str, reason: str) -> TrialRow | None:
        """End a trial and return it when the log says so; ``None`` when it does not run.

        What was a canary and is promoted is in force in all its groups before the canary ends.
        """
        trial = await self.trials.one(trial_id)
        if trial is None or trial.state != "running":
            return None
        if state == "promoted":
            await self.announcer.adopt(
                trial.digest,
                network=trial.network,
                groups=trial.groups,
                author=by,
                reason=reason or "promoted",
            )
        back_to = await self._in_force(trial)
        ended = await self.trials.end(
            trial_id, state=state, by=by, reason=reason, back_to=back_to, at_ms=clock.now_ms()
        )
        if ended is not None:
            await self._announce(ended)
        return ended

    async def sweep(self) -> None:
        """Announce what a crash left unannounced and watch canaries, until the service stops."""
        while not self.stopping.is_set():
            try:
                for trial in await self.trials.unannounced():
                    await self._announce(trial)
                running = await self.trials.listed(
                    network=None, kind="canary", state="running", limit=500
                )
                for trial in running:
                    await self.watch(trial)
            except LOST as fault:
                log.warning("the sweep waits for the database", fault=str(fault))
            await self.stopping.wait_at_most(self.sweep_s)

    async def watch(self, trial: TrialRow) -> None:
        """Roll a canary back if something speaks against it."""
        reason = await self._objection(trial)
        if reason:
            log.warning("a canary is rolled back", trial=trial.id, reason=reason)
            await self.end(trial.id, "rolled_back", by=GUARD, reason=reason)

    async def _objection(self, trial: TrialRow) -> str:
        upheld, braked = await self.trials.against(trial)
        if upheld > UPHELD_MAX:
            return f"{upheld} appeals against it were upheld"
        if braked:
            return f"the brake held back {braked} of its cases"
        if not trial.prediction:
            return ""
        sums = await self.trials.sums(trial.id)
        seen = Rates(
            judged=sums.judged, hits=sums.hits, rules={one.rule: one.hits for one in sums.rules}
        )
        return outside(Rates(**msgspec.json.decode(trial.prediction)), seen)

    async def _in_force(self, trial: TrialRow) -> str:
        place = trial.groups[0] if trial.groups else ""
        held = await self.announcer.rulebooks.history(
            trial.network, group=place, before_id=1 << 62, limit=1
        )
        return held[0].digest if held else ""

    async def _announce(self, trial: TrialRow) -> None:
        if trial.announced:
            return
        await self.bus.publish_batch(
            [self._outgoing(trial, partition) for partition in range(self.partitions)]
        )
        await self.trials.announced(trial)

    def _outgoing(self, trial: TrialRow, partition: int) -> Outgoing:
        runs = trial.state == "running"
        begins = AdoptionMode.CANARY if trial.share else AdoptionMode.SHADOW
        dedup_key = f"trial:{trial.id}:{'begin' if runs else 'end'}:{partition}"
        at_ms = trial.started_ms if runs else trial.ended_ms
        event = Event(
            id=ids.event_id(PLATFORM, trial.network, "", dedup_key),
            schema=SCHEMA,
            platform=PLATFORM,
            network=trial.network,
            occurred_ms=at_ms,
            received_ms=at_ms,
            dedup_key=dedup_key,
            origin=Origin.LIVE,
            payload=RulebookAdopted(
                digest=trial.digest if runs else trial.back_to,
                name=trial.name,
                groups=tuple(trial.groups),
                author=trial.author if runs else trial.ended_by,
                reason=trial.reason if runs else trial.end_reason,
                mode=begins if runs else AdoptionMode.ENDED,
                trial=trial.id,
                share=trial.share,
            ),
        )
        subject = subjects.event(partition, PLATFORM, trial.network, "")
        return Outgoing(subject=subject, data=encode(event), msg_id=event.id)
