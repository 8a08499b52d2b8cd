"""Undoing many cases at once: the table says which, the log has each once, the judge concludes."""

import asyncio
from dataclasses import dataclass, replace
from functools import lru_cache

import structlog

from chassis import clock
from chassis.bus import Bus, Outgoing
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import Action, Actor, ActorKind, Decision, Done, Event, Origin, Undoing
from policy.core.consequences.members import Admit, Label, SetTier, Unlabel
from policy.core.filing import ADMITTED, act_of, admissions_of, points_of
from policy.core.rulebook import parse
from policy.store.reach import LOST
from policy.store.rulebooks import Rulebooks
from policy.store.undos import Change, Item, Preview, Progress, Undo, Undos, Wanted

SCHEMA = 1
PAGE = 200
BOOKS_KEPT = 32
_CHANGING = {Admit: ADMITTED, Label: "label", Unlabel: "label", SetTier: "tier"}

log = structlog.get_logger()


class AskedOtherwise(Exception):
    """An undo of this id asked for something else."""


class NotWaiting(Exception):
    """No second person is needed: it runs already, is over, or was withdrawn."""


class SamePerson(Exception):
    """Who asked for an undo cannot be who confirms it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """Writes what is to be taken back into the log, each case once.

    More than ``alone`` cases within an hour wait for a second API key; 0: they never do.
    """

    bus: Bus
    undos: Undos
    rulebooks: Rulebooks
    partitions: int
    sweep_s: float
    stopping: Stopping
    alone: int = 0

    async def preview(self, wanted: Wanted) -> Preview:
        """Return what taking it back would come to; nothing is changed."""
        return await self.undos.preview(await self._with_changes(wanted))

    async def begin(
        self, undo_id: str, wanted: Wanted, *, asked: str, reason: str, author: str, by: str
    ) -> tuple[Undo, bool]:
        """Begin to take back; return the undo, and whether it is new. A crash leaves it to `sweep`.

        Raises:
            AskedOtherwise: the id belongs to an undo of something else.
        """
        now_ms = clock.now_ms()
        is_new = await self.undos.begin(
            undo_id,
            await self._with_changes(wanted),
            asked=asked,
            reason=reason,
            author=author,
            by=by,
            at_ms=now_ms,
            alone=self.alone,
        )
        known = await self.undos.one(undo_id)
        assert known is not None, "it was stored a moment ago and is never deleted"
        if known.wanted != asked:
            raise AskedOtherwise(undo_id)
        if is_new:
            who = by or author
            what = "cases are taken back" if known.state == "running" else "an undo waits"
            log.warning(what, undo=undo_id, cases=known.items, by=who)
            await self.tell()
        return known, is_new

    async def confirm(self, undo_id: str, *, author: str, by: str) -> Undo | None:
        """Let what waits for a second person begin; ``None``: there is no such undo.

        Raises:
            SamePerson: It is the key, or the person, that asked for it.
            NotWaiting: It waits for nobody.
        """
        known = await self.undos.one(undo_id)
        if known is None:
            return None
        if author == known.author or (by and by == known.by):
            raise SamePerson(undo_id)
        if not await self.undos.confirm(undo_id, author):
            raise NotWaiting(undo_id)
        log.warning("an undo is confirmed", undo=undo_id, cases=known.items, by=by or author)
        await self.tell()
        return await self.undos.one(undo_id)

    async def withdraw(self, undo_id: str) -> Undo | None:
        """Give up what waits for a second person; ``None``: there is no such undo.

        Raises:
            NotWaiting: It waits for nobody.
        """
        if await self.undos.one(undo_id) is not None and not await self.undos.withdraw(undo_id):
            raise NotWaiting(undo_id)
        return await self.undos.one(undo_id)

    async def progress(self, undo_id: str) -> Progress:
        """Return how far an undo is."""
        return await self.undos.progress(undo_id)

    async def tell(self) -> int:
        """Write a page of what the log does not have; return how many that were."""
        items = await self.undos.untold(PAGE)
        if items:
            now_ms = clock.now_ms()
            await self.bus.publish_batch([self._outgoing(item, now_ms) for item in items])
            await self.undos.told(items)
        return len(items)

    async def sweep(self) -> None:
        """Write what the log does not have yet, until the service stops."""
        while not self.stopping.is_set():
            try:
                if await self.tell() == PAGE:
                    continue
            except LOST as fault:
                log.warning("the sweep waits for the database", fault=str(fault))
            await self.stopping.wait_at_most(self.sweep_s)

    async def _with_changes(self, wanted: Wanted) -> Wanted:
        """Return the same, with the rules that change labels or tiers without a case."""
        found: list[Change] = []
        for digest in await self.undos.unfiled(wanted):
            stored = await self.rulebooks.find(digest)
            if stored is not None:
                found += await asyncio.to_thread(changes, digest, stored.source)
        return replace(wanted, changes=tuple(found))

    def _outgoing(self, item: Item, now_ms: int) -> Outgoing:
        event = undoing(item, now_ms)
        partition = subjects.partition(event.network, event.group, self.partitions)
        subject = subjects.event(partition, event.platform, event.network, event.group)
        return Outgoing(subject=subject, data=encode(event), msg_id=event.id)


@lru_cache(BOOKS_KEPT)
def changes(digest: str, source: str) -> tuple[Change, ...]:
    """Return the rules of a rulebook that change what a member is, by what they change."""
    found: dict[Change, None] = {}
    for rule in parse(source).rules:
        for effect in rule.then.all():
            kind = _CHANGING.get(type(effect))
            if kind is not None:
                found[Change(digest, rule.id, kind)] = None
    return tuple(found)


def undoing(item: Item, now_ms: int) -> Event:
    """Return the event by which one case is taken back; its id is the same whoever asks for it."""
    decision = decode(Decision, item.body)
    member = decision.subject.id if decision.subject is not None else ""
    acts = [act_of(decode(Action, body)) for body in item.acts]
    acts += admissions_of(decision)
    acts += [points_of(hit.rule, member, decision.at_ms) for hit in decision.hits if hit.points]
    key = f"undo:{item.case_id}:{item.rule}:{item.action_id}"
    return Event(
        id=ids.event_id(decision.platform, decision.network, decision.group, key),
        schema=SCHEMA,
        platform=decision.platform,
        network=decision.network,
        group=decision.group,
        connection=decision.connection,
        place=decision.place,
        actor=Actor(id=item.by or item.author, kind=ActorKind.USER),
        occurred_ms=now_ms,
        received_ms=now_ms,
        dedup_key=key,
        origin=Origin.LIVE,
        payload=Undoing(
            undo_id=item.undo_id,
            case_id=item.case_id,
            rule=item.rule,
            action_id=item.action_id,
            reason=item.reason,
            member=decision.subject,
            done=tuple(
                Done(
                    kind=act.kind,
                    rule=act.rule,
                    action_id=act.action,
                    member=act.member,
                    name=act.name,
                    before=act.before,
                    after=act.after,
                )
                for act in acts
                if act is not None
            ),
        ),
    )
