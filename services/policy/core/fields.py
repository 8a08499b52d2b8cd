"""What can be read of what is seen, by name and type: one table for conditions and expressions."""

from typing import Final

from policy.core.ir import Field
from policy.core.seen import Measure

TEXT_LEN: Final = Field("text_len", "int", "seen.look.length")
OWN_WORDS: Final = Field("words", "int", "seen.own_words", cost_us=4.0)
HOSTS: Final = Field("hosts", "int", "len(seen.links)", cost_us=10.0)
LINKS: Final = Field("links", "int", "len(seen.clickable)", cost_us=10.0)
SAYS_MORE: Final = Field("says_more", "bool", "seen.says_more", cost_us=10.0)
ROLES: Final = Field("author.roles", "strings", "seen.actor.roles", cost_us=0.3)
POWER: Final = Field("author.power", "int", "seen.actor.power", cost_us=0.2)
MEMBER: Final = Field("author.id", "string", "seen.member")
RECENT: Final[dict[Measure, Field]] = {
    measure: Field(f"recent.{measure}", "int", f'seen.recent("{measure}")')
    for measure in ("messages", "lines", "characters")
}
