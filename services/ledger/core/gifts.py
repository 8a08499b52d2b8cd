"""What was paid for is spent, and given away only where the operator lets it be. Pure."""

from contracts.values import SplitMode
from ledger.core.books import Books
from ledger.core.postings import Asset
from ledger.core.refusals import Code, Refused


def check_packet(books: Books, asset: Asset, mode: SplitMode) -> None:
    """Raise unless a packet may give ``asset`` so.

    Raises:
        Refused: ``ASSET_NOT_GIFTABLE`` or ``PAID_GIFTS_OFF``.
    """
    # What was paid for is given in equal parts or not at all: luck with it would be a lottery.
    if not asset.giftable or (asset.kind == "paid_credit" and mode is SplitMode.LUCKY):
        raise Refused(Code.ASSET_NOT_GIFTABLE, asset.code)
    _check_paid(books, asset)


def check_passing(books: Books, asset: Asset, source: str, destination: str) -> None:
    """Raise unless ``asset`` may go from one account to another: from member to member is a gift.

    Raises:
        Refused: ``PAID_GIFTS_OFF``.
    """
    if is_gift(source, destination):
        _check_paid(books, asset)


def is_gift(source: str, destination: str) -> bool:
    """Return whether what goes from one account to another is a gift."""
    return source.startswith("member:") and destination.startswith("member:")


def _check_paid(books: Books, asset: Asset) -> None:
    if asset.kind == "paid_credit" and not books.terms.paid_gifts:
        raise Refused(Code.PAID_GIFTS_OFF, asset.code)
