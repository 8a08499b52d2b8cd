"""Who vouches for whom: once for each, so many at most, and no longer once one is banned."""

from collections.abc import Iterator
from typing import Final

from policy.core.members import Member, Members, Vouches

VOUCHERS_MAX: Final = 50  # who vouch for one member
VOUCHED_MAX: Final = 20  # for whom one member vouches


def of(record: Member | None) -> Vouches:
    """Return a member's vouches, to be read."""
    standing = record.standing if record is not None else None
    return standing.vouches or Vouches() if standing is not None else Vouches()


def add(members: Members, voucher: str, member: str, now_ms: int) -> bool:
    """Let one vouch for another; False: there are too many already."""
    giver, taker = members.known(voucher, now_ms).stand(), members.known(member, now_ms).stand()
    giver.vouches = giver.vouches or Vouches()
    taker.vouches = taker.vouches or Vouches()
    if len(taker.vouches.by) >= VOUCHERS_MAX or len(giver.vouches.given) >= VOUCHED_MAX:
        return False
    taker.vouches.by[voucher] = now_ms
    giver.vouches.given.append(member)
    return True


def take_back(members: Members, voucher: str, member: str, now_ms: int) -> bool:
    """Let one vouch for another no longer; return whether they did."""
    given, by = of(members.find(voucher, now_ms)), of(members.find(member, now_ms))
    if member in given.given:
        given.given.remove(member)
    return by.by.pop(voucher, None) is not None


def forget(members: Members, member: str, now_ms: int) -> None:
    """Take back all that somebody vouches, and that others vouch for them: they are banned."""
    own = of(members.find(member, now_ms))
    for other in tuple(own.given):
        take_back(members, member, other, now_ms)
    for other in tuple(own.by):
        take_back(members, other, member, now_ms)


def counting(members: Members, member: str, now_ms: int) -> Iterator[tuple[str, Member]]:
    """Yield those who vouch for a member and have not left, in the order of their ids."""
    for voucher in sorted(of(members.find(member, now_ms)).by):
        record = members.find(voucher, now_ms)
        if record is not None and (record.profile.present or not record.profile.left_ms):
            yield voucher, record
