"""The charter over REST: what a group is about and asks, as `!rules` shows it in the room."""

from tests.integration.policy.conftest import READER
from tests.integration.policy.story import BOOK, NETWORK
from tests.unit.policy.core.room import Room

CHARTER = """
charter:
  about: {en: Films., zh: 电影。}
  audience: Everybody.
  theme: {words: [film]}
"""


async def test_the_charter_in_force_in_a_group_is_shown_in_parts_and_as_members_see_it(rest):
    source = BOOK + CHARTER
    await rest("POST", "/v1/rulebooks", {"source": source, "network": NETWORK})

    found = await rest("GET", "/v1/charter", network=NETWORK, group="g", token=READER)
    chinese = await rest("GET", "/v1/charter", network=NETWORK, language="zh")

    assert (found.body["about"], found.body["audience"]) == ("Films.", "Everybody.")
    assert (found.body["theme"], chinese.body["about"]) == (["film"], "电影。")
    assert found.body["staff"].startswith("the roles moderator")
    assert {one["rule"] for one in found.body["rules"]} >= {"insults"}
    assert found.body["pages"] == [Room(source).commands("!rules").actions[0].body.text]


async def test_where_nothing_is_in_force_there_is_no_charter(rest):
    found = await rest("GET", "/v1/charter", network=NETWORK)

    assert (found.status, found.body["code"]) == (404, "not_found")
