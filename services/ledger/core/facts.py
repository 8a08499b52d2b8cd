"""What the ledger tells the world: each fact as the event it becomes. Pure."""

from contracts import ids
from contracts.values import (
    Actor,
    ActorKind,
    Availability,
    Event,
    FreezePacket,
    HoldChanged,
    LedgerRefused,
    Origin,
    PacketClosed,
    PacketFrozen,
    PacketOpened,
    PacketSent,
    PacketShareTaken,
    PaymentReceived,
    PaymentReturned,
    SetStanding,
    SplitMode,
    StandingChanged,
    Transfer,
    Transferred,
)
from ledger.core.commands import NAMES, Command
from ledger.core.holds import HoldState
from ledger.core.packets import PacketState, Scene
from ledger.core.payments import PaymentState
from ledger.core.refusals import Refused

Fact = (
    PacketSent
    | PacketOpened
    | PacketFrozen
    | PacketShareTaken
    | PacketClosed
    | Transferred
    | LedgerRefused
    | HoldChanged
    | PaymentReceived
    | PaymentReturned
    | StandingChanged
)


def packet_sent(packet: PacketState, command_id: str, *, at_ms: int) -> Event:
    fact = PacketSent(packet=packet.told(), command_id=command_id)
    return _event(packet.scene, f"packet {packet.id} sent", packet.sender, fact, at_ms=at_ms)


def share_taken(
    packet: PacketState, member: str, amount: int, command_id: str, *, at_ms: int
) -> Event:
    """The last share of a lucky packet tells who had the best luck."""
    last = packet.taken == packet.shares
    tell_luck = last and packet.mode is SplitMode.LUCKY
    fact = PacketShareTaken(
        packet_id=packet.id,
        member=member,
        amount=amount,
        asset=packet.asset,
        slot=packet.taken,
        shares_left=packet.shares - packet.taken,
        command_id=command_id,
        sender=packet.sender,
        best_luck=tell_luck,
        best_luck_member=packet.best_member if tell_luck else "",
        best_luck_amount=packet.best_amount if tell_luck else 0,
    )
    key = f"packet {packet.id} share {packet.taken}"
    return _event(packet.scene, key, member, fact, at_ms=at_ms)


def packet_closed(packet: PacketState, *, at_ms: int) -> Event:
    fact = PacketClosed(packet=packet.told(), why=packet.closed_why, refunded=packet.refunded)
    return _event(packet.scene, f"packet {packet.id} closed", packet.sender, fact, at_ms=at_ms)


def packet_opened(packet: PacketState, *, at_ms: int) -> Event:
    fact = PacketOpened(packet=packet.told())
    return _event(packet.scene, f"packet {packet.id} opened", packet.sender, fact, at_ms=at_ms)


def packet_frozen(packet: PacketState, body: FreezePacket, command_id: str, *, at_ms: int) -> Event:
    fact = PacketFrozen(
        packet=packet.told(),
        frozen=body.frozen,
        by=body.by,
        why=body.why,
        command_id=command_id,
    )
    key = f"packet {packet.id} frozen by {command_id}"
    return _event(packet.scene, key, body.by, fact, at_ms=at_ms)


def transferred(
    scene: Scene,
    transfer_id: int,
    transfer: Transfer,
    command_id: str,
    *,
    at_ms: int,
    reverses: str = "",
    part: int = 0,
) -> Event:
    """``part`` tells what one transaction did to several from each other; 0 is the first."""
    fact = Transferred(
        transfer_id=str(transfer_id),
        source=transfer.source,
        destination=transfer.destination,
        amount=transfer.amount,
        asset=transfer.asset,
        purpose=transfer.purpose,
        command_id=command_id,
        reverses=reverses,
    )
    key = f"transfer {transfer_id}" + (f" part {part}" if part else "")
    return _event(scene, key, _member(transfer.source), fact, at_ms=at_ms)


def hold_changed(hold: HoldState, what: str, moved: int, command_id: str, *, at_ms: int) -> Event:
    fact = hold.told(what, moved, command_id)
    key = f"hold {hold.id} step {hold.steps}"
    return _event(hold.scene, key, _member(hold.account), fact, at_ms=at_ms)


def payment_received(payment: PaymentState, amount: int, *, at_ms: int) -> Event:
    """What comes in again, from a dispute that was won, is told like what came first."""
    fact = PaymentReceived(
        payment_id=payment.charge,
        provider=payment.provider,
        member=payment.member,
        amount=amount,
        asset=payment.asset,
        purpose=payment.purpose,
        intent_id=payment.id,
        destination=payment.payee,
        subject=payment.subject,
    )
    key = f"payment {payment.id} step {payment.steps} received"
    return _event(payment.scene, key, payment.member, fact, at_ms=at_ms)


def payment_returned(
    payment: PaymentState, amount: int, why: str, owed: int, *, at_ms: int
) -> Event:
    fact = PaymentReturned(
        payment_id=payment.charge,
        provider=payment.provider,
        member=payment.member,
        amount=amount,
        asset=payment.asset,
        purpose=payment.purpose,
        intent_id=payment.id,
        destination=payment.payee,
        subject=payment.subject,
        why=why,
        left=payment.standing.left,
        owed=owed,
    )
    key = f"payment {payment.id} step {payment.steps} returned"
    return _event(payment.scene, key, payment.member, fact, at_ms=at_ms)


def standing_changed(
    command: Command, told: SetStanding, *, before: str, lost: tuple[str, ...], at_ms: int
) -> Event:
    fact = StandingChanged(
        member=told.member,
        asset=told.asset,
        standing=told.standing,
        level=told.level,
        level_before=before,
        labels=told.labels,
        labels_lost=lost,
        givers=told.givers,
        days=told.days,
    )
    return _event(command.scene, command.key, told.member, fact, at_ms=at_ms)


def refused(command: Command, refusal: Refused, *, at_ms: int) -> Event:
    member = command.member
    fact = LedgerRefused(
        command_id=command.key,
        member=member,
        code=refusal.code.value,
        detail=refusal.detail,
        command=NAMES.get(type(command.body), ""),
    )
    return _event(command.scene, f"refused {command.key}", member, fact, at_ms=at_ms)


def _member(path: str) -> str:
    kind, _, name = path.partition(":")
    return name if kind == "member" else ""


def _event(scene: Scene, key: str, member: str, payload: Fact, *, at_ms: int) -> Event:
    """Wrap a fact. The key is that of the happening, not of the telling: one fact, one id."""
    platform = scene.platform or "reeve"
    dedup_key = f"ledger {key}"
    return Event(
        id=ids.event_id(platform, scene.network, scene.group, dedup_key),
        schema=1,
        platform=platform,
        network=scene.network,
        group=scene.group,
        connection=scene.connection,
        place=scene.place,
        actor=Actor(id=member, kind=ActorKind.USER) if member else None,
        occurred_ms=at_ms,
        received_ms=at_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        availability=Availability.FULL,
        payload=payload,
    )
