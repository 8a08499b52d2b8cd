"""Which accounts are one person's, as far as a network knows: together they get one share. Pure."""

from contracts.values import SetIdentity, TakeShare
from ledger.core.books import Batch, Books, check_text
from ledger.core.commands import Command, Verdict
from ledger.core.packets import PacketState
from ledger.core.refusals import Code, Refused
from ledger.core.sending import MEMBER_LIMIT, member_path

ACCOUNTS_LIMIT = 50
"""Accounts of one person."""


def set_identity(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Say whose an account is from now on; the shares it has stay.

    Raises:
        Refused: ``MEMBER_INVALID`` or ``TEXT_INVALID``.
    """
    body = command.body
    assert isinstance(body, SetIdentity)
    member_path(body.member)
    check_identity(body.identity)
    check_text(body.why, "why")
    others = books.kin.get((asked.network, body.identity), set()) - {body.member}
    if body.identity and len(others) >= ACCOUNTS_LIMIT:
        raise Refused(Code.MEMBER_INVALID, f"more than {ACCOUNTS_LIMIT} accounts of one person")
    books.know(asked.network, body.member, body.identity)
    batch.persons[asked.network, body.member] = body.identity
    return asked


def identity_of(books: Books, network: str, body: TakeShare) -> str:
    """Return who takes: what the ledger knows of it comes before what it is told."""
    return books.persons.get((network, body.member)) or body.identity


def check_person(books: Books, packet: PacketState, body: TakeShare) -> None:
    """Refuse a share to whom has one, or gave the packet, with another account.

    Raises:
        Refused: ``IDENTITY_TAKEN``, ``OWN_PACKET`` or ``MEMBER_INVALID``.
    """
    check_identity(body.identity)
    network = packet.scene.network
    for name in {identity_of(books, network, body), body.identity} - {""}:
        kin = books.kin.get((network, name), set())
        if packet.sender in kin:
            raise Refused(Code.OWN_PACKET, packet.id)
        if (packet.id, name) in books.identities or any(
            (packet.id, member) in books.claims for member in kin
        ):
            raise Refused(Code.IDENTITY_TAKEN, packet.id)


def check_identity(identity: str) -> None:
    """Raise ``MEMBER_INVALID`` for what is no name of a person."""
    if len(identity) > MEMBER_LIMIT or not (not identity or identity.isprintable()):
        raise Refused(Code.MEMBER_INVALID)
