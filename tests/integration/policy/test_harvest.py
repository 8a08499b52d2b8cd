"""What groups keep is archived as the judge decided it, and is gone from there when deleted."""

from contracts.values import CommandInvoked, Content, Harvested, MessageDeleted
from policy.core.rulebook import parse
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.conftest import READER
from tests.integration.policy.story import NETWORK, adopt, make_message, say, until
from tests.integration.policy.test_dispatch import make_decision, make_dispatch

__all__ = ["make_dispatch"]

BOOK = """\
name: harvest
language: en
keep: {votes: 1}
rules:
  - {id: none, why: none, when: {words: [nothing of this]}, then: notice}
"""


def make_keep(number, message):
    content = Content(text="!keep", form="text", reply_to=message)
    fact = CommandInvoked(name="keep", text="!keep", message_id=f"$m{number}", content=content)
    return make_message(number, member="@bob:x", payload=fact)


async def test_what_is_kept_is_archived_and_what_is_deleted_leaves_the_archive(
    bus, pool, rest, make_judge, make_dispatch
):
    book = parse(BOOK)
    await Rulebooks(pool).publish(book.digest, name=book.name, source=BOOK, author="a test")
    await adopt(bus, book.digest)

    async def kept(**wanted):
        page = await rest("GET", "/v1/highlights", network=NETWORK, token=READER, **wanted)
        return [one["text"] for one in page.body["items"]]

    async def so_many(n):
        return len(await kept()) == n

    async with make_judge(), make_dispatch():
        await say(bus, [make_message(1, "Write it down"), make_message(2, "Read it again")])
        await say(bus, [make_keep(3, "$m1"), make_keep(4, "$m2")])
        await until(lambda: so_many(2))
        first = await rest("GET", "/v1/highlights", network=NETWORK, limit=1, token=READER)
        rest_of = await kept(cursor=first.body["next"])
        found = await kept(group="g0", text="WRITE")
        nowhere = await kept(group="g9")
        await say(bus, [make_message(5, payload=MessageDeleted(message_ids=("$m1",)))])
        await until(lambda: so_many(1))

    assert [one["text"] for one in first.body["items"]] == ["Read it again"]
    assert (rest_of, found, nowhere) == (["Write it down"], ["Write it down"], [])
    assert await kept() == ["Read it again"]
    row = await pool.fetchrow("SELECT body, member, name FROM harvest WHERE key = '$m1'")
    assert tuple(row) == ("", "", "")


async def test_an_older_decision_that_comes_late_changes_nothing(pool, rest):
    outcomes = Outcomes(pool)
    for number, seq, text in ((1, 5, "newest"), (2, 4, "late")):
        one = Harvested(kind="highlight", key="$m", text=text)
        decision = make_decision(number, event_seq=seq, harvested=(one, one))
        await outcomes.record([(0, decision)], Gate())
        network = decision.network

    page = await rest("GET", "/v1/highlights", network=network)
    answers = await rest("GET", "/v1/answers", network=network)

    assert [one["text"] for one in page.body["items"]] == ["newest"]
    assert answers.body["items"] == []


async def test_a_cursor_of_another_list_is_refused(rest):
    found = await rest("GET", "/v1/highlights", network=NETWORK, cursor="AAAA")

    assert (found.status, found.body["code"]) == (400, "invalid_cursor")
