"""Take back what a transfer booked: by one more transaction, once, and never by an edit. Pure.

What is to be taken back may still be on its way. So a command that was not booked by then is
answered here, for ever: whichever of the two comes first, nothing is left of them.
"""

from contracts.values import Reverse, Transfer
from ledger.core import facts
from ledger.core.auditing import caller_of
from ledger.core.books import Batch, Booked, Books, post_txn
from ledger.core.commands import Command, Verdict
from ledger.core.postings import Leg, Txn
from ledger.core.refusals import Code, Refused
from ledger.core.requests import request_id

UNKNOWN = bytes(16)
"""The hash of a request that nobody has seen yet; no other request has it."""

REVERSIBLE = frozenset({"transfer", "capture"})


def reverse(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Book the opposite of what ``body.command_id`` booked.

    Raises:
        Refused: it booked nothing, or what it booked was taken back, or cannot be.
    """
    body = command.body
    assert isinstance(body, Reverse)
    request = books.requests.get(request_id(asked.network, body.command_id))
    if request is not None and request.state == "waiting":
        request.decide("withdrawn", caller_of(command.key) or "reverse", command.key, body.purpose)
        batch.requests[request.id] = request
    before = books.answers.get((asked.network, booking_key(books, asked.network, body.command_id)))
    if before is None:
        _withdraw(books, batch, asked.network, body.command_id)
    if before is None or before.code:
        raise Refused(Code.NOTHING_BOOKED, body.command_id)
    booked = None if before.txn_id is None else books.booked.get(before.txn_id)
    if booked is None or booked.kind not in REVERSIBLE:
        raise Refused(Code.NOT_REVERSIBLE, body.command_id)
    if booked.is_reversed:
        raise Refused(Code.REVERSED_BEFORE, body.command_id)
    network = asked.network
    legs = [Leg(books.account(network, path, asset), -n) for path, asset, n in booked.legs]
    what = Txn(
        0,
        network,
        f"reverse:{body.command_id}",
        asked.body_hash,
        "reversal",
        body.purpose,
        before.txn_id,
    )
    number = post_txn(books, batch, legs, what, command.scene)
    booked.is_reversed = True
    taken = next(leg for leg in legs if leg.amount < 0)
    given = next(leg for leg in legs if leg.amount > 0)
    told = Transfer(
        source=taken.account.path,
        destination=given.account.path,
        asset=given.account.asset,
        amount=given.amount,
        purpose=body.purpose,
    )
    fact = facts.transferred(
        command.scene, number, told, command.key, reverses=body.command_id, at_ms=books.now_ms
    )
    batch.facts.append(fact)
    return asked._replace(txn_id=number, amount=given.amount)


def booking_key(books: Books, network: str, key: str) -> str:
    """Return the key under which a command was booked: of who approved it, or its own."""
    request = books.requests.get(request_id(network, key))
    return request.decided_key if request is not None and request.state == "approved" else key


def remember(books: Books, number: int, what: Txn, legs: list[Leg]) -> None:
    """Keep what was booked in this batch, so that a later command of it can take it back."""
    named = [(leg.account.path, leg.account.asset, leg.amount) for leg in legs]
    books.booked[number] = Booked(what.network, what.kind, named)


def _withdraw(books: Books, batch: Batch, network: str, key: str) -> None:
    """Answer a command before it comes: it will not be booked."""
    answer = Verdict(network, key, UNKNOWN, Code.WITHDRAWN.value, at_ms=books.now_ms)
    books.answers[network, key] = answer
    batch.answered.append(answer)
