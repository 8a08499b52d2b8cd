"""Tell a member's standing where it has changed. Pure.

A standing follows from merits that are booked; telling it books nothing. Of two the one that was
made from more counts, in whichever order they come.
"""

from contracts.values import SetStanding
from ledger.core import facts
from ledger.core.books import UNTOLD, Batch, Books, Standing
from ledger.core.commands import Command, Verdict
from ledger.core.refusals import Code, Refused


def set_standing(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Tell what the command's group makes of a member from now on.

    Raises:
        Refused: ``GROUP_MISSING`` or ``ASSET_UNKNOWN``.
    """
    body, scene = command.body, command.scene
    assert isinstance(body, SetStanding)
    if not scene.group:
        raise Refused(Code.GROUP_MISSING)
    key = (scene.network, scene.group, books.asset(body.asset).code, body.member)
    before = books.standings.get(key, UNTOLD)
    now = Standing(
        body.standing, body.level, body.labels, body.givers, body.days, body.day, body.upto_txn
    )
    if (before.day, before.upto_txn) <= (now.day, now.upto_txn):
        books.standings[key] = batch.standings[key] = now
        lost = tuple([label for label in before.labels if label not in now.labels])
        batch.facts.append(
            facts.standing_changed(
                command, body, before=before.level, lost=lost, at_ms=books.now_ms
            )
        )
    return asked
