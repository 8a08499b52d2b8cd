"""Rulebooks of the tests: those we ship, and one whose mutes and debts end while a test waits."""

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "rulebooks"
STARTER = (SHIPPED / "starter.yaml").read_text()
FESTIVAL = (SHIPPED / "festival.zh.yaml").read_text()
FAST = """
name: fast
language: en
lists:
  insults:
    words: [moron]
  advertising:
    words: ["for sale"]
packets:
  asset: points
rules:
  - id: insults
    why: We argue about things and leave people alone.
    when: {words: [list:insults]}
    then: [delete, mute: 20s]
  - id: ads-owe-a-packet
    why: Whoever advertises here treats the group.
    when: {words: [list:advertising]}
    then:
      - owes_packet: {amount: 60, asset: points, shares: 3, within: 20s}
    otherwise: delete
"""
MILD = """
name: mild
language: en
rules:
  - id: insults
    why: We argue about things and leave people alone.
    when: {words: [moron]}
    then: delete
"""
