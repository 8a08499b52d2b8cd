"""Makes commands and books for the ledger's tests."""

import itertools
from hashlib import sha256

from contracts.values import (
    AcceptPayment,
    AskPayment,
    AskRefund,
    BarMember,
    CaptureHold,
    ClosePacket,
    DecideRequest,
    FreezePacket,
    LinkPayment,
    Merit,
    NotePayment,
    OpenPacket,
    Place,
    PlaceHold,
    ReleaseHold,
    Reverse,
    SendPacket,
    SetAccount,
    SetApproval,
    SetBudget,
    SetIdentity,
    SetMaturity,
    SetSplit,
    SetStanding,
    SplitMode,
    SplitPart,
    TakeShare,
    Transfer,
    WriteOff,
)
from ledger.core.books import Books, Terms
from ledger.core.commands import Command
from ledger.core.packets import Scene
from ledger.core.postings import Asset

NOW_MS = 1_750_000_000_000
NETWORK = "harbour"
GROUP = "!quay:example.org"
SCENE = Scene(
    network=NETWORK,
    group=GROUP,
    platform="matrix",
    place=Place(channel=GROUP),
    connection="matrix",
)
ASSETS = {
    "points": Asset("points", "points", transferable=True, giftable=True),
    "CNY": Asset("CNY", "paid_credit", transferable=True, giftable=True),
    "reputation": Asset("reputation", "reputation", transferable=False, giftable=False),
}

_numbers = itertools.count()


def make_books(**fields):
    """Return empty books at ``NOW_MS``."""
    plain = {"now_ms": NOW_MS, "next_txn": 1, "next_account": 1, "assets": ASSETS, "terms": Terms()}
    return Books(**{**plain, **fields})


def make_command(body, *, key=None, **fields):
    """Return a command with a key of its own, from ``SCENE`` unless told otherwise."""
    key = key or f"key{next(_numbers)}"
    seed = sha256(key.encode()).digest() if isinstance(body, SendPacket) else b""
    return Command(**{"key": key, "scene": SCENE, "body": body, "seed": seed, **fields})


def pay(
    source,
    destination,
    amount,
    *,
    asset="points",
    purpose="",
    or_suspense=False,
    merit=None,
    **fields,
):
    body = Transfer(
        source=source,
        destination=destination,
        asset=asset,
        amount=amount,
        purpose=purpose,
        or_suspense=or_suspense,
        merit=merit,
    )
    return make_command(body, **fields)


def merit(member, amount, *, scene=SCENE, key=None, **said):
    """Return the command by which a member earns or, below zero, loses reputation."""
    account = f"member:{member}"
    source, destination = ("issuer", account) if amount > 0 else (account, "issuer")
    return pay(
        source, destination, abs(amount), asset="reputation", merit=Merit(**said), scene=scene,
        key=key,
    )  # fmt: skip


def fund(member, amount, **fields):
    """Return the command by which the issuer gives ``amount`` to ``member``."""
    return pay("issuer", f"member:{member}", amount, **fields)


def send(sender, total, shares, *, mode=SplitMode.EQUAL, packet=None, **fields):
    """Return the command that sends a packet; ``packet`` has more of its fields."""
    body = SendPacket(sender=sender, total=total, shares=shares, mode=mode, **(packet or {}))
    return make_command(body, **fields)


def take(member, packet_id="", *, claim=None, **fields):
    """Return the command that takes a share; ``claim`` has more of its fields."""
    body = TakeShare(packet_id=packet_id, member=member, **(claim or {}))
    return make_command(body, **fields)


def stands(member, standing, *, asset="reputation", upto_txn=1, **fields):
    body = SetStanding(member=member, asset=asset, standing=standing, day=1, upto_txn=upto_txn)
    return make_command(body, told=True, **fields)


def close(packet_id, why="withdrawn", **fields):
    return make_command(ClosePacket(packet_id=packet_id, why=why), **fields)


def freeze(packet_id, *, frozen=True, by="mod", why="", **fields):
    return make_command(FreezePacket(packet_id=packet_id, frozen=frozen, by=by, why=why), **fields)


def announce_open(packet_id, **fields):
    return make_command(OpenPacket(packet_id=packet_id), **fields)


def reverse(command, **fields):
    """Return the command that takes back what another booked."""
    return make_command(Reverse(command_id=command.key, purpose="undo"), **fields)


def bound(account, floor=0, ceiling=0, *, asset="points", state="", boundless=False, **fields):
    """Return the command that bounds an account; a ceiling of 0 is none."""
    body = SetAccount(
        account=account, asset=asset, floor=floor, ceiling=ceiling, state=state, boundless=boundless
    )
    return make_command(body, **fields)


def budget(account, amount, period="day", *, asset="points", **fields):
    """Return the command that says what may leave an account in each period; 0 ends it."""
    body = SetBudget(account=account, asset=asset, period=period, amount=amount, why="spring")
    return make_command(body, **fields)


def limit(account, above, *, asset="points", **fields):
    """Return the command that says above how much a second person is asked; ``None`` ends it."""
    body = SetApproval(account=account, asset=asset, above=above or 0, ended=above is None)
    return make_command(body, **fields)


def share(parts, *, group="", purpose="", **fields):
    """Return the command that says who gets how many basis points of what comes in."""
    said = tuple(SplitPart(account=path, share=points) for path, points in parts.items())
    return make_command(SetSplit(group=group, purpose=purpose, parts=said, why="so"), **fields)


def matures(days, *, asset="CNY", **fields):
    """Return the command that says after how many days what was paid for can be given."""
    return make_command(SetMaturity(asset=asset, days=days, why="disputes"), **fields)


def belongs(member, identity, **fields):
    """Return the command that says of which person an account is; empty: of nobody known."""
    return make_command(SetIdentity(member=member, identity=identity, why="the same"), **fields)


def write_off(account, amount=0, *, bearer="house", by="ann", why="gone", asset="CNY", **fields):
    """Return the command that asks for a debt to be written off; 0: all of it."""
    body = WriteOff(account=account, asset=asset, amount=amount, bearer=bearer, by=by, why=why)
    return make_command(body, **fields)


def accept(payment_id, amount=0, *, by="ann", **fields):
    """Return the command that asks for a payment to be taken as it came; 0: all that is left."""
    body = AcceptPayment(payment_id=payment_id, amount=amount, by=by, why="close enough")
    return make_command(body, **fields)


def decide(request, *, approved=True, by="bob", **fields):
    """Return the command by which somebody decides on what waits."""
    body = DecideRequest(request_id=request, approved=approved, by=by, why="so")
    return make_command(body, **fields)


def hold(account, destination, amount, *, asset="points", lifetime_ms=0, purpose="", **fields):
    """Return the command that puts an amount aside; the purpose is nothing to the books."""
    body = PlaceHold(
        account=account,
        destination=destination,
        amount=amount,
        asset=asset,
        lifetime_ms=lifetime_ms,
        purpose=purpose,
    )
    return make_command(body, **fields)


def capture(hold_id, amount=0, *, last=False, **fields):
    """Return the command that pays from a hold; 0: all that is left."""
    return make_command(CaptureHold(hold_id=hold_id, amount=amount, last=last), **fields)


def release(hold_id, why="released", **fields):
    return make_command(ReleaseHold(hold_id=hold_id, why=why), **fields)


def bar(member, until_ms=0, *, since_ms=NOW_MS, everywhere=False, **fields):
    """Return the command that keeps a member from packets; 0: until it is lifted."""
    body = BarMember(member=member, until_ms=until_ms, since_ms=since_ms, everywhere=everywhere)
    return make_command(body, **fields)


def ask(member, amount, *, destination=None, purpose="entry", asset="CNY", **fields):
    """Return the command that asks ``member`` for an amount; without destination, a top-up."""
    body = AskPayment(
        member=member,
        destination=destination or f"member:{member}",
        asset=asset,
        amount=amount,
        purpose=purpose if destination else "topup",
        subject="the door",
        provider="stripe",
    )
    return make_command(body, **fields)


def link(payment_id, where="https://pay.example/1", reference="cs_1", **fields):
    body = LinkPayment(payment_id=payment_id, link=where, reference=reference)
    return make_command(body, **fields)


def note(payment_id, what, name, amount, *, asset="CNY", provider="stripe", **fields):
    """Return the command by which a provider says something of one of its objects."""
    body = NotePayment(
        payment_id=payment_id,
        provider=provider,
        what=what,
        object=name,
        amount=amount,
        asset=asset,
    )
    return make_command(body, **{"told": True, **fields})


def ask_back(payment_id, amount=0, **fields):
    """Return the command that asks for a refund; 0: all that is left."""
    return make_command(AskRefund(payment_id=payment_id, amount=amount, why="sorry"), **fields)
