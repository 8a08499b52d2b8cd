"""Who may take of a red packet. Pure.

What the ledger cannot know, a member's tier and tenure, it is told with the command by whoever
asks on the member's behalf, and holds it against what the sender wanted.
"""

from dataclasses import dataclass
from hashlib import sha256
from unicodedata import normalize

from contracts.values import PacketTerms, TakeShare
from ledger.core.refusals import Code, Refused

NAMES_LIMIT = 100
"""Members, and tiers, that one packet can name."""

NAME_LIMIT = 255
PASSWORD_LIMIT = 100
TENURE_LIMIT_MS = 10 * 366 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All of it has to hold; what is empty or 0 asks for nothing."""

    members: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    password_hash: str = ""
    tenure_ms: int = 0
    reputation: int = 0


def to_conditions(terms: PacketTerms, packet_id: str) -> Conditions | None:
    """Return what ``terms`` ask of those who take; None if they ask nothing.

    Raises:
        Refused: ``TERMS_INVALID``.
    """
    for names in (terms.members, terms.tiers):
        if len(names) > NAMES_LIMIT:
            raise Refused(Code.TERMS_INVALID, f"more than {NAMES_LIMIT} names")
        if not all(0 < len(name) <= NAME_LIMIT and name.isprintable() for name in names):
            raise Refused(Code.TERMS_INVALID, "a name")
    if len(terms.password) > PASSWORD_LIMIT or (terms.password and not _plain(terms.password)):
        raise Refused(Code.TERMS_INVALID, "the password")
    if not 0 <= terms.tenure_ms <= TENURE_LIMIT_MS or terms.reputation < 0:
        raise Refused(Code.TERMS_INVALID, "below zero, or too long")
    made = Conditions(
        members=tuple(dict.fromkeys(terms.members)),
        tiers=tuple(dict.fromkeys(terms.tiers)),
        password_hash=password_hash(terms.password, packet_id) if terms.password else "",
        tenure_ms=terms.tenure_ms,
        reputation=terms.reputation,
    )
    return None if made == Conditions() else made


def password_hash(password: str, packet_id: str) -> str:
    """Return what is kept of a password, in hex: nothing that helps with another packet's."""
    return sha256(f"reeve packet password {packet_id}:{_plain(password)}".encode()).hexdigest()


def check_conditions(
    who: Conditions, body: TakeShare, packet_id: str, *, reputation: int, now_ms: int
) -> None:
    """Refuse whoever a packet is not for; a wrong password comes last and costs nothing.

    Raises:
        Refused: ``NOT_FOR_YOU``, ``TIER_NOT_MET``, ``TENURE_TOO_SHORT``, ``REPUTATION_TOO_LOW``
            or ``PASSWORD_WRONG``.
    """
    if who.members and body.member not in who.members:
        raise Refused(Code.NOT_FOR_YOU)
    if who.tiers and body.tier not in who.tiers:
        raise Refused(Code.TIER_NOT_MET, ", ".join(who.tiers)[:NAME_LIMIT])
    if who.tenure_ms and not 0 < body.since_ms <= now_ms - who.tenure_ms:
        raise Refused(Code.TENURE_TOO_SHORT)
    if reputation < who.reputation:
        raise Refused(Code.REPUTATION_TOO_LOW, str(who.reputation))
    if who.password_hash and password_hash(body.password, packet_id) != who.password_hash:
        raise Refused(Code.PASSWORD_WRONG)


def _plain(password: str) -> str:
    """Return a password as it is compared: capitals, widths and spaces around make no difference.

    It is normalised twice, since folding may leave what is not in normal form (Unicode 3.13).
    """
    return normalize("NFKC", normalize("NFKC", password).casefold()).strip()
