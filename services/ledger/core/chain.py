"""The hash chain over the batches: who changes one posting has to change all that follows."""

from collections.abc import Iterable
from hashlib import sha256

from ledger.core.postings import Posting, Txn


def batch_hash(
    before: bytes, batch_id: int, at_ms: int, txns: Iterable[Txn], postings: Iterable[Posting]
) -> bytes:
    """Return the hash of a batch that follows the one with hash ``before``.

    Args:
        before: 32 bytes, the hash of the batch before.
        batch_id: The batch's number.
        at_ms: When it was recorded, in milliseconds since the epoch.
        txns: Its transactions in the order of their numbers.
        postings: Their postings in the order of transaction and leg.
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
    return sha256(before + "\n".join(lines).encode()).digest()
