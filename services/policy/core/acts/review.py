"""Hold a message back, and publish or refuse it once a person, or the time, has decided."""

from contracts import ids
from contracts.values import (
    Attachment,
    DeleteMessage,
    MessageCreated,
    MessageEdited,
    Outcome,
    Place,
    Resolution,
    TimerSet,
)
from policy.core import explain, versions
from policy.core.conduct import (
    FILE_NAME_MAX,
    FILES_MAX,
    HANDLE_MAX,
    HELD_MAX,
    Act,
    File,
    Held,
)
from policy.core.consequences.review import FAILED, Hold
from policy.core.effects import OWN, SAFETY, Tells
from policy.core.explain import GREETING_MAX, NAME_MAX
from policy.core.filing import keep
from policy.core.hits import Hit
from policy.core.messages import say, sentences
from policy.core.scene import Scene

TEXT_MAX = 2_000
SHOWN = 6  # characters of a case's id that members are told


def hold(scene: Scene, hit: Hit, effect: Hold) -> None:
    """Let a message wait for the staff; the rule that stands first in the book holds it."""
    draft, waiting = scene.draft, scene.room.conduct.held
    draft.outcome = max(draft.outcome, Outcome.HOLD)
    if draft.is_removed or draft.case_id in waiting:
        return
    rule = hit.rule.rule
    held = _held(scene, rule.id, effect)
    is_full = len(waiting) >= HELD_MAX
    tells = None
    if draft.message_id and (held.hidden or (is_full and effect.deletes)):
        action = draft.act(
            DeleteMessage(message_id=draft.message_id),
            effect=f"{scene.tag}hold",
            rule=rule.id,
            reason=explain.reason(scene.language, rule),
            priority=SAFETY,
        )
        tells = Tells(after=(action,))
    if is_full:
        told = say(scene.language, "held_full")
    else:
        waiting[draft.case_id] = held
        keep(scene, Act("hold", rule.id, member=held.author.member, name=held.timer))
        _arm(scene, held, effect)
        draft.resolution = Resolution(case_id=held.case_id, state="held")
        told = say(
            scene.language,
            "held_away" if held.hidden else "held",
            case=held.case_id[:SHOWN],
            until=explain.moment(held.due_ms, scene.compiled.rulebook.zone),
            then=say(scene.language, "held_delete" if effect.deletes else "held_allow"),
        )
    why = versions.because(scene.language, rule)
    draft.reply(
        sentences(scene.language, told, why), effect=f"{scene.tag}held", rule=rule.id, tells=tells
    )


def _held(scene: Scene, rule: str, effect: Hold) -> Held:
    """Return the message as it waits."""
    draft = scene.draft
    return Held(
        timer=ids.timer_id(draft.view.id, rule, f"{scene.tag}hold {effect.key}"),
        case_id=draft.case_id,
        event_id=draft.view.id,
        author=draft.person(),
        rule=rule,
        rulebook=scene.compiled.digest,
        key=effect.key,
        text=scene.text[:TEXT_MAX],
        hidden=effect.hides and bool(draft.message_id),
        due_ms=draft.at_ms + effect.for_ms,
        files=_files(scene),
    )


def _files(scene: Scene) -> list[File]:
    """Return where the files of the message are, as far as they can be shown again.

    Of an encrypted one the key would be needed, and is not kept.
    """
    payload = scene.draft.event.payload
    content = payload.content if isinstance(payload, MessageCreated | MessageEdited) else None
    return [
        File(one.handle, one.name[:FILE_NAME_MAX], one.media_type[:FILE_NAME_MAX], one.size_bytes)
        for one in (content.attachments if content is not None else ())[:FILES_MAX]
        if one.handle and len(one.handle) <= HANDLE_MAX and not one.encrypted
    ]


def _arm(scene: Scene, held: Held, effect: Hold) -> None:
    """Set the timers of what waits: when it ends, and when the staff is reminded."""
    draft = scene.draft
    ends = TimerSet(id=held.timer, purpose="hold", subject_id=held.case_id, due_ms=held.due_ms)
    draft.timers.append(ends)
    if effect.remind_ms:
        name = f"{scene.tag}remind {effect.key}"
        held.reminder = ids.timer_id(draft.view.id, held.rule, name)
        due_ms = draft.at_ms + effect.remind_ms
        draft.timers.append(
            TimerSet(id=held.reminder, purpose="remind", subject_id=held.case_id, due_ms=due_ms)
        )


def rings(scene: Scene, held: Held, timer: str) -> None:
    """Remind the staff of what waits, or end it, as one of its timers says."""
    if timer == held.reminder:
        _remind(scene, held)
    else:
        conclude(scene, held, approves=None, by="", reason="")


def _remind(scene: Scene, held: Held) -> None:
    """Remind the staff of what still waits, and what becomes of it if nobody decides."""
    effect, language = effect_of(scene, held), scene.language
    held.reminder = ""
    told = say(
        language,
        "held_reminder",
        case=held.case_id[:SHOWN],
        name=explain.plain(held.author.name or held.author.member, NAME_MAX),
        until=explain.moment(held.due_ms, scene.compiled.rulebook.zone),
        then=say(language, "held_delete" if effect.deletes else "held_allow"),
    )
    with scene.about(held.author, scene.compiled, f"{held.timer} ", always=True) as then:
        if effect.remind_in:
            then.draft.place = Place(channel=effect.remind_in)
        then.draft.announce(told, effect=f"{then.tag}remind", rule=held.rule)


def effect_of(scene: Scene, held: Held) -> Hold:
    """Return the consequence that held a message, as its rulebook of then has it."""
    then = scene.books(held.rulebook).by_id[held.rule].rule.then
    found = (one for one in then.all() if isinstance(one, Hold) and one.key == held.key)
    return next(found, FAILED)


def conclude(scene: Scene, held: Held, *, approves: bool | None, by: str, reason: str) -> None:
    """Publish what was held, or refuse it; None: nobody decided in time. `by` names who did."""
    del scene.room.conduct.held[held.case_id]
    if held.reminder:
        scene.draft.cancelled.append(held.reminder)
    effect = effect_of(scene, held)
    is_late = approves is None
    if approves is None:
        approves = not effect.deletes
    book = scene.books(held.rulebook)
    draft = scene.draft
    with scene.about(held.author, book, f"{held.timer} ", always=True) as then:
        tell = _publish if approves else _refuse
        tell(then, held, by, reason, is_late=is_late)
        follows = effect.approved if approves else effect.refused
        if follows is not None:
            draft.message_id = "" if held.hidden else draft.message_id
            then.follow(then, [Hit(book.by_id[held.rule], follows, ())])
    state = "approved" if approves else "refused"
    draft.resolution = Resolution(case_id=held.case_id, state=state, by=by, reason=reason)


def withdraw(scene: Scene, case_id: str) -> bool:
    """Let a message wait no longer, as if nobody had held it; False: it waits no more."""
    held = scene.room.conduct.held.pop(case_id, None)
    if held is None:
        return False
    scene.draft.cancelled += [timer for timer in (held.timer, held.reminder) if timer]
    with scene.about(held.author, scene.compiled, f"{held.timer} ", always=True) as then:
        _publish(then, held, "", "", is_late=True)
    return True


def _publish(scene: Scene, held: Held, by: str, _reason: str, *, is_late: bool) -> None:
    name = explain.plain(held.author.name or held.author.member, NAME_MAX)
    if held.hidden:
        key = "published" if is_late else "verified"
        told = say(scene.language, key, name=name, by=by, text=held.text.replace("@", "＠"))
        files = [
            Attachment(
                handle=one.handle,
                name=one.name,
                media_type=one.media_type,
                size_bytes=one.size_bytes,
            )
            for one in held.files
        ]
        scene.draft.announce(told, effect=f"{scene.tag}publish", rule=OWN, files=files)
    elif not is_late:
        told = say(scene.language, "verified_left", by=by)
        scene.draft.reply(told, effect=f"{scene.tag}publish", rule=OWN, mention=False)


def _refuse(scene: Scene, held: Held, by: str, reason: str, *, is_late: bool) -> None:
    draft = scene.draft
    if not held.hidden and held.author.message_id:
        draft.act(
            DeleteMessage(message_id=held.author.message_id),
            effect=f"{scene.tag}refuse",
            rule=held.rule,
            priority=SAFETY,
            case_id=held.case_id,
        )
    key = "refused_late" if is_late else "refused_held"
    told = say(scene.language, key, by=by, reason=explain.plain(reason, GREETING_MAX))
    draft.reply(told, effect=f"{scene.tag}refused", rule=OWN)


ACTS = {Hold: hold}
