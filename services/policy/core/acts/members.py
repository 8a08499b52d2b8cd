"""What becomes of members: let in or made to wait, labels, tiers, bars, numbers, reputation."""

from contracts.values import (
    Actor,
    AddRole,
    BarMember,
    LedgerCommand,
    MemberBarred,
    Merit,
    Mute,
    Outcome,
    RemoveRole,
    Transfer,
    Unmute,
)
from policy.core import explain
from policy.core.arrivals import FOR_EVER_MS
from policy.core.bars import hear, told_everywhere, until
from policy.core.belonging import Move, place_of, settle
from policy.core.conditions.accounts import BARRED
from policy.core.conduct import Act
from policy.core.consequences.members import (
    Admit,
    Bar,
    Esteem,
    Label,
    Number,
    Pend,
    Refund,
    SetTier,
    Unlabel,
)
from policy.core.effects import LEDGER, OWN, SANCTION
from policy.core.explain import NAME_MAX, plain
from policy.core.filing import ADMITTED, QUEUED, changing, keep
from policy.core.hits import Hit
from policy.core.members import LABELS_MAX, LIKELY, Member
from policy.core.messages import say, sentences
from policy.core.praise import allows
from policy.core.scene import Scene
from policy.core.tiers import Tier
from policy.core.versions import because

REASON_MAX = 200  # characters of a reason that the ledger keeps


def subject_of(scene: Scene) -> Actor:
    """Return whom the scene is about; a rule acts on nobody else, so there is somebody."""
    subject = scene.draft.subject
    assert subject is not None, "nothing follows for nobody"
    return subject


def record_of(scene: Scene) -> Member:
    """Return what is known of whom the scene is about."""
    return scene.room.members.known(subject_of(scene).id, scene.draft.at_ms)


def pend(scene: Scene, hit: Hit, _effect: Pend) -> None:
    """Make whom this is about wait, and say so."""
    if make_wait(scene, hit):
        told = say(scene.language, "pended")
        why = because(scene.language, hit.rule.rule)
        told = sentences(scene.language, told, why)
        scene.told_to(told, effect="pended", rule=hit.rule.rule.id)


def make_wait(scene: Scene, hit: Hit) -> bool:
    """Take the voice of whom this is about until they are let in; False: they wait already."""
    draft, standing, rule = scene.draft, record_of(scene).stand(), hit.rule.rule
    if standing.pending:
        return False
    draft.outcome = max(draft.outcome, Outcome.NOTICE)
    standing.pending = True
    standing.pended_by = draft.act(
        Mute(until_ms=0),
        effect=f"{scene.tag}pend",
        rule=rule.id,
        reason=explain.reason(scene.language, rule),
        priority=SANCTION,
    )
    return True


def admit(scene: Scene, hit: Hit, _effect: Admit) -> None:
    """Let in whom this is about, if they wait."""
    let_in(scene, rule=hit.rule.rule.id)


def let_in(scene: Scene, *, rule: str = OWN) -> None:
    """Give whom this is about their voice, and tell them."""
    standing, member = record_of(scene).stand(), subject_of(scene).id
    if not standing.pending:
        return
    standing.pending = False
    waiting = scene.room.members.waiting
    was_queued = member in waiting
    if was_queued:
        waiting.remove(member)
    body = Unmute(mute_action_id=standing.pended_by)
    action = scene.draft.act(body, effect=f"{scene.tag}admit", rule=rule, priority=SANCTION)
    if rule != OWN:
        before = QUEUED if was_queued else ""
        keep(scene, Act(ADMITTED, rule, action, member, standing.pended_by, before))
    scene.told_to(say(scene.language, "admitted"), effect="admitted", rule=rule)


def label(scene: Scene, hit: Hit, effect: Label) -> None:
    """Give a label; of too many the one goes that would go first."""
    labels, now_ms = record_of(scene).stand().labels, scene.draft.at_ms
    with changing(scene, hit.rule.rule.id, "label", effect.name):
        labels[effect.name] = now_ms + effect.for_ms if effect.for_ms else 0
    if len(labels) > LABELS_MAX:
        del labels[min(labels, key=lambda name: (labels[name] or FOR_EVER_MS, name))]


def unlabel(scene: Scene, hit: Hit, effect: Unlabel) -> None:
    """Take a label away."""
    with changing(scene, hit.rule.rule.id, "label", effect.name):
        record_of(scene).stand().labels.pop(effect.name, None)


def bar(scene: Scene, hit: Hit, effect: Bar) -> None:
    """Keep whom this is about from something, and tell them."""
    until_ms = scene.draft.at_ms + effect.for_ms if effect.for_ms else 0
    draft, rule, member = scene.draft, hit.rule.rule.id, subject_of(scene).id
    told = barred_words(scene, until_ms, everywhere=effect.everywhere)
    body = BarMember(
        member=member, until_ms=until_ms, everywhere=effect.everywhere, since_ms=draft.at_ms
    )
    name = f"{scene.tag}bar {effect.thing} ledger"
    draft.act(LedgerCommand(body=body), effect=name, rule=rule, executor=LEDGER)
    if effect.everywhere:
        bar_everywhere(scene, member, effect.thing, until_ms, rule)
    else:
        with changing(scene, rule, "bar", effect.thing):
            record_of(scene).stand().bars[effect.thing] = until_ms
    scene.draft.outcome = max(scene.draft.outcome, Outcome.NOTICE)
    scene.draft.notify(told, effect=f"{scene.tag}bar {effect.thing}", rule=hit.rule.rule.id)


def lift(scene: Scene, member: str) -> bool:
    """End every bar of a member before its time; return whether there was any."""
    draft, state = scene.draft, scene.state
    record = scene.room.members.find(member, draft.at_ms)
    own = record.standing.bars if record is not None and record.standing is not None else {}
    shared = state.bars.get(draft.view.network)
    here = [thing for thing in BARRED if _runs(own.get(thing), draft.at_ms)]
    there = [thing for thing in BARRED if until(shared, thing, member, draft.at_ms) is not None]
    target, now_ms = Actor(id=member), draft.at_ms
    for thing in BARRED:
        own.pop(thing, None)
        if thing in there:
            bar_everywhere(scene, member, thing, now_ms, OWN)
        places = [False] * (thing in here) + [True] * (thing in there)
        for everywhere in places:
            body = BarMember(member=member, until_ms=now_ms, everywhere=everywhere, since_ms=now_ms)
            name = f"unbar {thing} {'network' if everywhere else 'group'} {member}"
            command = LedgerCommand(body=body)
            draft.act(command, effect=name, executor=LEDGER, target=target)
    return bool(here or there)


def bar_everywhere(scene: Scene, member: str, thing: str, until_ms: int, rule: str) -> None:
    """Note a bar of the network here and now, and tell every other judge."""
    fact = MemberBarred(
        member=member, thing=thing, until_ms=until_ms, group=scene.draft.view.group, rule=rule
    )
    hear(scene.state.bars, scene.draft.view.network, fact, scene.draft.at_ms)
    scene.draft.facts.append(told_everywhere(scene.draft, fact))


def _runs(until_ms: int | None, now_ms: int) -> bool:
    return until_ms is not None and (not until_ms or now_ms < until_ms)


def barred_words(scene: Scene, until_ms: int, *, everywhere: bool = False) -> str:
    """Return what somebody is told who may take no red packets; 0: for ever."""
    key = "barred_everywhere" if everywhere else "barred_packets"
    if not until_ms:
        return say(scene.language, key)
    when = explain.moment(until_ms, scene.compiled.rulebook.zone)
    return say(scene.language, f"{key}_until", until=when)


def number(scene: Scene, hit: Hit, _effect: Number) -> None:
    """Give whom this is about the next entry number, once."""
    standing, members = record_of(scene).stand(), scene.room.members
    if standing.number:
        return
    first = scene.compiled.rulebook.membership.numbers_from
    members.numbers = max(members.numbers + 1, first)
    standing.number = members.numbers
    told = say(scene.language, "numbered", number=members.numbers)
    scene.told_to(told, effect="number", rule=hit.rule.rule.id)


def set_tier(scene: Scene, hit: Hit, effect: SetTier) -> None:
    """Put whom this is about into a tier, and tell all."""
    record, tiers = record_of(scene), scene.compiled.rulebook.tiers
    here = place_of(tiers, record.stand().tier)
    there = here + effect.step if effect.tier is None else place_of(tiers, effect.tier)
    there = min(max(there, 0), len(tiers) - 1)
    if there != here:
        with changing(scene, hit.rule.rule.id, "tier"):
            settle(record, tiers[there], scene.draft.at_ms)
        tell_move(scene, Move(tiers[here], tiers[there], there > here), hit.rule.rule.id)


def tell_move(scene: Scene, move: Move, rule: str = OWN) -> None:
    """Give and take the roles of tiers, and tell all that a member rose or fell."""
    draft = scene.draft
    _roles(scene, move.after, move.before, rule)
    subject = subject_of(scene)
    name = plain(subject.display_name or subject.id, NAME_MAX)
    wording = move.after.announce if move.rises else None
    if wording is not None:
        told = wording.inside(scene.language).replace("{name}", name)
    else:
        key = "tier_up" if move.rises else "tier_down"
        told = say(scene.language, key, name=name, tier=move.after.name)
    draft.announce(told, effect=f"{scene.tag}tier", rule=rule)


def _roles(scene: Scene, after: Tier, before: Tier, rule: str) -> None:
    draft, tag = scene.draft, scene.tag
    for role in after.roles:
        if role not in before.roles:
            draft.act(AddRole(role=role), effect=f"{tag}add role {role}", rule=rule)
    for role in before.roles:
        if role not in after.roles:
            draft.act(RemoveRole(role=role), effect=f"{tag}remove role {role}", rule=rule)


def esteem(scene: Scene, hit: Hit, effect: Esteem) -> None:
    """Have the ledger give or take reputation, as far as the caps allow."""
    draft, members = scene.draft, scene.room.members
    giver = subject_of(scene).id
    taker = _receiver(scene, effect)
    if not taker or (effect.to == "author" and taker == giver):
        return
    if not allows(members, effect, giver, taker, draft.at_ms):
        return
    account, rule = f"member:{taker}", hit.rule.rule
    source, destination = ("issuer", account) if effect.n > 0 else (account, "issuer")
    body = Transfer(
        source=source,
        destination=destination,
        asset=effect.asset,
        amount=abs(effect.n),
        purpose=rule.id,
        merit=Merit(
            giver=giver if effect.to == "author" and effect.n > 0 else "",
            rule=rule.id,
            reason=rule.why.inside(scene.language)[:REASON_MAX],
            evidence=(draft.view.id,),
            happened_ms=draft.at_ms,
        ),
    )
    name = f"{scene.tag}reputation"
    target = Actor(id=taker)
    draft.act(LedgerCommand(body=body), effect=name, rule=rule.id, executor=LEDGER, target=target)


def refund(scene: Scene, hit: Hit, effect: Refund) -> None:
    """Have the ledger give back what was paid; once ordered, it is counted off."""
    paid = record_of(scene).stand().paid
    amount = paid.get(effect.asset, 0)
    if amount <= 0:
        return
    paid[effect.asset] = 0
    rule = hit.rule.rule.id
    body = Transfer(
        source=effect.source,
        destination=f"member:{subject_of(scene).id}",
        asset=effect.asset,
        amount=amount,
        purpose=rule,
    )
    scene.draft.act(
        LedgerCommand(body=body), effect=f"{scene.tag}refund", rule=rule, executor=LEDGER
    )


def _receiver(scene: Scene, effect: Esteem) -> str:
    if effect.to == "subject":
        return subject_of(scene).id
    if effect.to == "author":
        return scene.seen.praised if scene.seen is not None else ""
    bringers = record_of(scene).profile.bringers
    return next((by.member for by in bringers if by.percent >= LIKELY), "")


ACTS = {
    Pend: pend,
    Admit: admit,
    Label: label,
    Unlabel: unlabel,
    Bar: bar,
    Number: number,
    Refund: refund,
    SetTier: set_tier,
    Esteem: esteem,
}
