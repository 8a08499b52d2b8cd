"""The hash chain over the batches: who changes one posting has to change all that follows."""

from collections.abc import Iterable
from hashlib import sha256

from ledger.core.holds import HoldStep
from ledger.core.postings import Bound, Posting, Txn


def batch_hash(
    before: bytes,
    batch_id: int,
    at_ms: int,
    txns: Iterable[Txn],
    postings: Iterable[Posting],
    *,
    bounds: Iterable[Bound] = (),
    steps: Iterable[HoldStep] = (),
) -> bytes:
    """Return the hash of a batch that follows the one with hash ``before``.

    Args:
        before: 32 bytes, the hash of the batch before.
        batch_id: The batch's number.
        at_ms: When it was recorded, in milliseconds since the epoch.
        txns: Its transactions in the order of their numbers.
        postings: Their postings in the order of transaction and leg.
        bounds: What it said of accounts, in the order of saying.
        steps: What became of holds, in the order of happening.
    """
    lines = [f"{batch_id} {at_ms}"]
    lines += [
        f"{t.id} {t.kind} {len(t.network)}:{t.network} {len(t.key)}:{t.key} "
        f"{len(t.purpose)}:{t.purpose} {t.body_hash.hex()}"
        + (f" {t.reverses}" if t.reverses is not None else "")
        for t in txns
    ]
    lines += [
        f"{p.txn_id} {p.leg} {p.account_id} {p.asset} "
        f"{p.amount} {p.balance_after} {p.account_version}"
        for p in postings
    ]
    lines += [
        f"bound {b.account_id} {b.since_version} {b.floor} {b.ceiling} {b.state} "
        f"{len(b.why)}:{b.why}"
        for b in bounds
    ]
    lines += [f"hold {s.hold_id} {s.step} {s.what} {s.amount} {s.txn_id}" for s in steps]
    return sha256(before + "\n".join(lines).encode()).digest()
