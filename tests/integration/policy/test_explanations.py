"""Why something was done, over REST, as a member, a moderator or a room would be told."""

from policy.core.rulebook import digest
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.conftest import READER
from tests.integration.policy.story import BOOK
from tests.integration.policy.test_dispatch import make_decision
from tests.unit.policy.core.room import Room


async def test_a_decision_is_explained_in_three_versions_and_both_languages(pool, rest):
    decision = Room(BOOK).says("you blockhead")
    await Rulebooks(pool).publish(digest(BOOK), name="test", source=BOOK, author="test")
    await Outcomes(pool).record([(0, decision)], Gate())
    where = f"/v1/decisions/{decision.id}/explanation"

    english = await rest("GET", where, token=READER)
    chinese = await rest("GET", where, language="zh")

    assert english.body["public"] == decision.explanation
    assert "blockhead" not in english.body["public"]
    assert "blockhead" in english.body["private"]
    assert decision.event_id in english.body["staff"]
    assert "名单“insults”" in chinese.body["public"]


async def test_what_cannot_be_explained_is_not_found(pool, rest):
    await Outcomes(pool).record([(0, make_decision(1))], Gate())

    nobody = await rest("GET", "/v1/decisions/none/explanation")
    bookless = await rest("GET", f"/v1/decisions/{make_decision(1).id}/explanation")

    assert [nobody.status, bookless.status] == [404, 404]
    assert [nobody.body["code"], bookless.body["code"]] == ["not_found", "not_found"]
