"""The hash chain over the batches: who changes one posting has to change all that follows.

The hash covers what the books are made of, as it was written with the batch:

- transactions and postings, and the account behind each number: whose it is, and in what;
- what was said of accounts: floor, ceiling, state and why;
- holds as they were placed (from where, to where, how much, what for, until when), and their steps;
- packets as they were sent (who pays, how much, how it was split, until when, on which terms), and
  what people did to them besides taking;
- payments as they were asked for (of whom, for whom, how much, by which provider), and their steps;
- merits: whose, by whom, by which rule, for what, and when;
- entries of the audit that were made with a batch: who asked for what, in which words. Limits,
  budgets, splits, maturity and the accounts of one person are as was said last (I27).

The rest needs none, since it follows from what is covered, and `reeve ledger check` sees to it that
it does: where accounts, holds, packets (I3 to I9) and payments (I18) stand, who took a share (I8),
the times of transactions and postings (I11, I16). An answer in the inbox moves nothing: what it
says was booked is a transaction or a hold, each bound to its key once (I10). Bars, declared assets,
who shares in payments (I24) and the letters of providers (I19) are no bookings, and facts on their
way are on EVENTS when they have gone.

Batches of form 1, from before there was another, cover neither accounts nor holds nor packets;
those of form 2 cover no merits, those of form 3 neither the terms of packets nor what was done to
them, and those of form 4 no entries.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from ledger.core.auditing import Entry
from ledger.core.holds import HoldStep
from ledger.core.packets import PacketStep
from ledger.core.payments import PaymentStep
from ledger.core.postings import Bound, Earned, Posting, Txn

FORM = 5
"""What batches are hashed by now; each says by which form it was."""

_FORM_WITHOUT_MERITS = 2
_FORM_WITHOUT_TERMS = 3
_FORM_WITHOUT_ENTRIES = 4


class Opened(NamedTuple):
    """An account that was opened."""

    id: int
    network: str
    path: str
    asset: str


class Promised(NamedTuple):
    """A hold as it was placed."""

    id: str
    network: str
    account: str
    destination: str
    asset: str
    amount: int
    purpose: str
    expires_ms: int


class Given(NamedTuple):
    """A packet as it was sent."""

    number: int
    id: str
    network: str
    group: str
    sender: str
    source: str
    asset: str
    total: int
    shares: str  # the amounts by their slots, "3,1,2"
    mode: str
    seed: bytes
    expires_ms: int


class Promise(NamedTuple):
    """What a packet asks and allows, as it was sent."""

    number: int
    id: str
    share_min: int
    share_max: int
    opens_ms: int
    rain: str
    rain_total: int
    rain_drops: int
    members: tuple[str, ...]
    tiers: tuple[str, ...]
    password_hash: str
    tenure_ms: int
    reputation: int


class Due(NamedTuple):
    """A payment as it was asked for."""

    id: str
    network: str
    member: str
    destination: str
    asset: str
    amount: int
    purpose: str
    subject: str
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a batch wrote, each kind in the order in which it came about."""

    txns: Sequence[Txn] = ()
    postings: Sequence[Posting] = ()
    bounds: Sequence[Bound] = ()
    steps: Sequence[HoldStep] = ()
    accounts: Sequence[Opened] = ()
    holds: Sequence[Promised] = ()
    packets: Sequence[Given] = ()
    merits: Sequence[Earned] = ()
    terms: Sequence[Promise] = ()
    deeds: Sequence[PacketStep] = ()
    payments: Sequence[Due] = ()
    payment_steps: Sequence[PaymentStep] = ()
    entries: Sequence[Entry] = ()


def batch_hash(
    before: bytes, batch_id: int, at_ms: int, written: Written, *, form: int = FORM
) -> bytes:
    """Return the hash of a batch that follows the one with hash ``before``.

    Args:
        before: 32 bytes, the hash of the batch before.
        batch_id: The batch's number.
        at_ms: When it was recorded, in milliseconds since the epoch.
        written: What it wrote.
        form: By which form it is hashed, 1 to 5.
    """
    lines = [f"{batch_id} {at_ms}", *_bookings(written)]
    if form > 1:
        lines.append(f"form {form}")
        lines += [f"account {_framed(each)}" for each in written.accounts]
        lines += [f"promised {_framed(each)}" for each in written.holds]
        lines += [f"given {_framed(each)}" for each in written.packets]
        lines += [f"due {_framed(each)}" for each in written.payments]
        lines += [f"paid {_framed(each)}" for each in written.payment_steps]
    if form > _FORM_WITHOUT_MERITS:
        lines += [
            f"merit {_framed((*each[:9], _framed(each.evidence), each.happened_ms))}"
            for each in written.merits
        ]
    if form > _FORM_WITHOUT_TERMS:
        lines += [
            f"terms {_framed((*each[:8], _framed(each.members), _framed(each.tiers), *each[10:]))}"
            for each in written.terms
        ]
        lines += [
            f"deed {_framed((d.packet_id, d.network, d.what, d.by_member, d.why))}"
            for d in written.deeds
        ]
    if form > _FORM_WITHOUT_ENTRIES:
        lines += [f"entry {_framed(each)}" for each in written.entries]
    return sha256(before + "\n".join(lines).encode()).digest()


def _bookings(written: Written) -> Iterator[str]:
    for t in written.txns:
        yield (
            f"{t.id} {t.kind} {len(t.network)}:{t.network} {len(t.key)}:{t.key} "
            f"{len(t.purpose)}:{t.purpose} {t.body_hash.hex()}"
            + (f" {t.reverses}" if t.reverses is not None else "")
        )
    for p in written.postings:
        yield (
            f"{p.txn_id} {p.leg} {p.account_id} {p.asset} "
            f"{p.amount} {p.balance_after} {p.account_version}"
        )
    for b in written.bounds:
        yield (
            f"bound {b.account_id} {b.since_version} {b.floor} {b.ceiling} {b.state} "
            f"{len(b.why)}:{b.why}"
        )
    for s in written.steps:
        yield f"hold {s.hold_id} {s.step} {s.what} {s.amount} {s.txn_id}"


def _framed(values: Iterable[object]) -> str:
    """Return ``values`` so that no others look the same."""
    texts = [value.hex() if isinstance(value, bytes) else str(value) for value in values]
    return " ".join([f"{len(text)}:{text}" for text in texts])
