"""Whoever a rulebook let in by mistake waits again, found by the record of what it decided."""

import pytest

from chassis import clock
from contracts.values import Mute, Unmute
from policy.core.rulebook import parse
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.story import NETWORK, adopt, make_message, say, until
from tests.integration.policy.test_dispatch import actions, make_dispatch
from tests.integration.policy.test_undos import counts, over, sent_by

__all__ = ["make_dispatch"]

BOOK = """\
name: doors
language: en
rules:
  - {id: hush, why: wait a little, when: {words: [hush]}, then: pend}
  - {id: open, why: come in, when: {words: [sesame]}, then: admit}
"""
MEMBERS = 4


@pytest.fixture
async def admitted(bus, pool, make_judge, make_dispatch):
    """The rulebook by which some were made to wait and were let in."""
    book = parse(BOOK)
    await Rulebooks(pool).publish(book.digest, name=book.name, source=BOOK, author="a test")
    await adopt(bus, book.digest)
    async with make_judge(), make_dispatch():
        at_ms = clock.now_ms()
        words = ["hush"] * MEMBERS + ["sesame"] * MEMBERS
        said = [
            make_message(n, word, at_ms=at_ms + n, group="home", member=f"@m{n % MEMBERS}:x")
            for n, word in enumerate(words)
        ]
        await say(bus, said)

        async def recorded():
            count = "SELECT count(*) FROM decision WHERE cardinality(rules) > 0"
            return await pool.fetchval(count) == 2 * MEMBERS

        await until(recorded)
        yield book.digest


async def test_all_whom_a_rule_let_in_wait_again_once(bus, rest, admitted):
    asked = {"network": NETWORK, "rulebook": admitted, "rule": "open"}
    body = {**asked, "reason": "the word was known to all"}

    shown = (await rest("POST", "/v1/undos/preview", asked)).body
    await rest("PUT", "/v1/undos/u1", body)
    came = await over(rest, "u1")
    await rest("PUT", "/v1/undos/u2", body)
    late = await over(rest, "u2")

    assert counts(shown["reversible"]) == {("open", "admit"): MEMBERS}
    assert (came["undone"], came["kept"]) == ({"admit": MEMBERS}, {})
    assert late["undo"]["items"] == 0
    sent = await sent_by(bus, "matrix", Mute, 2 * MEMBERS)
    again = {one.target.id: one.undoes for one in sent if one.undoes}
    let_in = {one.target.id: one.id for one in sent if isinstance(one.body, Unmute)}
    assert again == let_in
    assert len(await actions(bus, "matrix")) == len(sent)
