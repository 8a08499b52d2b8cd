"""From a ruling to effects: delete, sanction, tell; and the timers that end what has an end."""

from collections.abc import Sequence

from contracts import ids
from contracts.values import Ban, DeleteMessage, Kick, Mute, Outcome, TimerSet, Unmute
from policy.core import explain, state
from policy.core.compile import Compiled
from policy.core.consequences import OwedPacket, Sanction
from policy.core.effects import SAFETY, SANCTION, Draft
from policy.core.messages import Language, say, sentences
from policy.core.sanctions import Hit, Ruling
from policy.core.state import DEBTS_MAX, MUTES_MAX, Debt, Room


def carry_out(
    draft: Draft, compiled: Compiled, room: Room, ruling: Ruling, hits: Sequence[Hit], text: str
) -> None:
    """Turn a ruling on the author of `text` into actions, timers and words."""
    draft.strikes = ruling.points
    draft.outcome = ruling.outcome
    acting = [hit for hit in hits if not hit.exempt and not hit.stale]
    owing = [hit for hit in acting if hit.then.owes is not None]
    if ruling.outcome > Outcome.ALLOW or owing:
        draft.case_id = ids.case_id(draft.event.id)
    language = compiled.rulebook.language
    if ruling.deleted_by is not None:
        rule = ruling.deleted_by.rule.rule
        draft.act(
            DeleteMessage(message_id=draft.message_id),
            effect="delete",
            rule=rule.id,
            reason=explain.reason(language, rule),
            priority=SAFETY,
        )
    if ruling.sanction is not None and ruling.sanctioned_by is not None:
        _sanction(draft, compiled, room, ruling.sanction, ruling.sanctioned_by)
    _tell(draft, compiled, ruling, text)
    for hit in acting:
        if hit.then.reply is not None:
            said = hit.then.reply.inside(language)
            draft.reply(said, effect="reply", rule=hit.rule.rule.id)
        if hit.then.owes is not None and ruling.deleted_by is None:
            _owe(draft, compiled, room, hit, hit.then.owes)


def _sanction(draft: Draft, compiled: Compiled, room: Room, sanction: Sanction, by: Hit) -> None:
    rule = by.rule.rule
    reason = explain.reason(compiled.rulebook.language, rule)
    if sanction.outcome is Outcome.MUTE:
        _mute(draft, room, sanction, by)
    elif sanction.outcome is Outcome.KICK:
        draft.act(Kick(), effect="kick", rule=rule.id, reason=reason, priority=SANCTION)
    elif sanction.outcome is Outcome.BAN:
        draft.until_ms = draft.at_ms + sanction.for_ms if sanction.for_ms else 0
        body = Ban(until_ms=draft.until_ms)
        draft.act(body, effect="ban", rule=rule.id, reason=reason, priority=SANCTION)


def _mute(draft: Draft, room: Room, sanction: Sanction, by: Hit) -> None:
    rule = by.rule.rule
    author = draft.person()
    # Mutes that overlap are lifted one by one, each by its own timer; the longest end holds.
    until_ms = max(
        draft.at_ms + sanction.for_ms,
        *(mute.until_ms for mute in room.mutes.values() if mute.author.member == author.member),
        0,
    )
    reason = explain.reason("zh" if draft.language == "zh" else "en", rule)
    body = Mute(until_ms=until_ms)
    action = draft.act(body, effect="mute", rule=rule.id, reason=reason, priority=SANCTION)
    draft.until_ms = until_ms
    timer = ids.timer_id(draft.event.id, rule.id, "unmute")
    draft.timers.append(
        TimerSet(id=timer, purpose="unmute", subject_id=draft.case_id, due_ms=until_ms)
    )
    if len(room.mutes) >= MUTES_MAX:
        soonest = min(room.mutes, key=lambda known: (room.mutes[known].until_ms, known))
        draft.cancelled.append(soonest)
        lift(draft, room.mutes.pop(soonest))
    room.mutes[timer] = state.Mute(author, action, rule.id, draft.case_id, until_ms)


def lift(draft: Draft, mute: state.Mute) -> None:
    """End a mute, whoever the draft is about."""
    held = draft.subject, draft.place, draft.connection, draft.message_id
    draft.address(mute.author)
    draft.act(
        Unmute(mute_action_id=mute.action),
        effect=f"unmute {mute.action}",
        rule=mute.rule,
        priority=SANCTION,
        case_id=mute.case_id,
    )
    draft.subject, draft.place, draft.connection, draft.message_id = held


def _tell(draft: Draft, compiled: Compiled, ruling: Ruling, text: str) -> None:
    by = ruling.sanctioned_by or ruling.deleted_by
    if by is None or by.stale:
        return
    book = compiled.rulebook
    language: Language = book.language
    removed = say(language, "removed") if ruling.deleted_by is not None else ""
    done = ""
    if ruling.sanction is not None:
        times = {"at_ms": draft.at_ms, "until_ms": draft.until_ms}
        done = explain.done(language, book, ruling.sanction, **times)
    why = explain.because(language, by.rule.rule, by.clues, text)
    after = ""
    if ruling.added and book.ladder is not None:
        after = explain.next_on(language, book.ladder, ruling.points)
    told = sentences(language, removed, done, why, after)
    if book.private or ruling.outcome >= Outcome.KICK:
        draft.notify(told, effect="tell", rule=by.rule.rule.id)
    else:
        draft.reply(told, effect="tell", rule=by.rule.rule.id)


def _owe(draft: Draft, compiled: Compiled, room: Room, hit: Hit, packet: OwedPacket) -> None:
    author = draft.person()
    owing = [debt.author.message_id for debt in room.debts.values()]
    if author.message_id in owing:
        return
    rule = hit.rule.rule
    draft.outcome = max(draft.outcome, Outcome.NOTICE)
    due_ms = draft.at_ms + packet.within_ms
    timer = ids.timer_id(draft.event.id, rule.id, "debt")
    draft.timers.append(TimerSet(id=timer, purpose="debt", subject_id=draft.case_id, due_ms=due_ms))
    if len(room.debts) >= DEBTS_MAX:
        # The newest goes, so that nobody can push out what is owed already.
        newest = max(room.debts.values(), key=lambda debt: (debt.author.seq, debt.timer))
        draft.cancelled.append(newest.timer)
        del room.debts[newest.timer]
    room.debts[timer] = Debt(
        timer=timer,
        event_id=draft.event.id,
        author=author,
        rule=rule.id,
        rulebook=compiled.digest,
        amount=packet.amount,
        asset=packet.asset,
        shares=packet.shares,
        due_ms=due_ms,
    )
    told = explain.owed(compiled.rulebook.language, compiled.rulebook, rule, packet, due_ms)
    if compiled.rulebook.private:
        draft.notify(told, effect="owed", rule=rule.id)
    else:
        draft.reply(told, effect="owed", rule=rule.id)
