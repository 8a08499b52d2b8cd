"""A second person's word before much leaves an account of the house, or may leave it alone. Pure.

What is above the limit waits as it was asked for, with nothing held for it. It is booked by the
decision of another person, if the books can still bear it then, or not at all.
"""

from dataclasses import replace
from datetime import UTC, datetime

from contracts.values import (
    AcceptPayment,
    DecideRequest,
    PlaceHold,
    SendPacket,
    SetApproval,
    Transfer,
    WriteOff,
)
from ledger.core.auditing import caller_of, entry_of
from ledger.core.books import Batch, Books, check_text
from ledger.core.commands import Command, Verdict
from ledger.core.postings import HOUSE, kind_of
from ledger.core.refusals import Code, Refused
from ledger.core.requests import Request, request_id

WHO_LIMIT = 300
"""Characters of who decides."""


def set_approval(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Say from which amount on what leaves an account waits for a second person.

    One person may lower a limit. To raise or lift it takes two, as what it holds back does.

    Raises:
        Refused: ``LIMIT_INVALID``, ``ACCOUNT_INVALID``, ``ASSET_UNKNOWN``, ``TEXT_INVALID`` or
            ``APPROVAL_NEEDED``.
    """
    body = command.body
    assert isinstance(body, SetApproval)
    if kind_of(body.account) not in HOUSE:
        raise Refused(Code.LIMIT_INVALID, body.account)
    if body.above < 0 or (body.ended and body.above):
        raise Refused(Code.LIMIT_INVALID, str(body.above))
    check_text(body.why, "why")
    asset = books.asset(body.asset).code
    key = (asked.network, body.account, asset)
    before = books.limits.get(key)
    if before is not None and (body.ended or body.above > before):
        check_approved(books, batch, command, body.account, asset, body.above, always=True)
    if command.approved:
        entry = entry_of(command)
        assert entry is not None, "what is said of a limit is always kept"
        batch.entries.append(entry)
    books.limits[key] = batch.limits[key] = None if body.ended else body.above
    return asked


def check_approved(
    books: Books,
    batch: Batch,
    command: Command,
    path: str,
    asset: str,
    amount: int,
    *,
    always: bool = False,
) -> None:
    """Let what is above its account's limit, or ``always`` waits, wait for a second person.

    Raises:
        Refused: ``APPROVAL_NEEDED``; ``TERMS_INVALID`` where a password would have to be kept.
    """
    network, body = command.scene.network, command.body
    limit = books.limits.get((network, path, asset))
    within = limit is None or amount <= limit
    if command.approved or (within and not always):
        return
    assert isinstance(body, (Transfer, SendPacket, PlaceHold, WriteOff, AcceptPayment, SetApproval))
    if isinstance(body, SendPacket) and body.terms is not None and body.terms.password:
        raise Refused(Code.TERMS_INVALID, "no password is kept while a second person is asked")
    request = Request(
        id=request_id(network, command.key),
        scene=command.scene,
        account=path,
        asset=asset,
        amount=amount,
        key=command.key,
        body=body if isinstance(body, AcceptPayment) else replace(body, asset=asset),
        seed=command.seed,
        asked_by=caller_of(command.key) or command.member,
        asked_ms=books.now_ms,
        expires_ms=books.now_ms + books.terms.approval_ms,
    )
    books.requests[request.id] = batch.requests[request.id] = request
    until = datetime.fromtimestamp(request.expires_ms // 1_000, tz=UTC)
    detail = f"request {request.id} waits for a second person until {until:%Y-%m-%dT%H:%MZ}"
    raise Refused(Code.APPROVAL_NEEDED, detail)


def find_request(books: Books, command: Command) -> tuple[Request, str]:
    """Return the request that ``command`` may decide on, and who decides.

    Raises:
        Refused: ``REQUEST_UNKNOWN``, ``REQUEST_DECIDED``, ``REQUEST_EXPIRED``, ``OWN_REQUEST``,
            ``MEMBER_INVALID`` where nobody says who they are, or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, DecideRequest)
    check_text(body.why, "why")
    who = caller_of(command.key) or body.by
    if not who or len(who) > WHO_LIMIT or not who.isprintable():
        raise Refused(Code.MEMBER_INVALID)
    request = books.requests.get(body.request_id)
    if request is None or request.scene.network != command.scene.network:
        raise Refused(Code.REQUEST_UNKNOWN)
    if request.state != "waiting":
        raise Refused(Code.REQUEST_DECIDED, request.state)
    if body.approved and who == request.asked_by:
        raise Refused(Code.OWN_REQUEST, request.id)
    if books.now_ms >= request.expires_ms:
        raise Refused(Code.REQUEST_EXPIRED, request.id)
    return request, who


def decided(batch: Batch, request: Request, command: Command, who: str) -> None:
    """Keep what was decided, by whom and why."""
    body = command.body
    assert isinstance(body, DecideRequest)
    state = "approved" if body.approved else "rejected"
    request.decide(state, who, command.key, body.why)
    batch.requests[request.id] = request
