"""A room before a court: rulebooks in shadow and as canaries, and what they come to."""

from contracts.values import AdoptionMode, RulebookAdopted
from policy.core.court import Court
from policy.core.state import State
from tests.unit.policy.core.room import Room, compiled_once

MILD = """
name: mild
language: en
ladder: {steps: [{at: 1, do: notice}, {at: 3, do: mute, for: 10m}]}
rules:
  - {id: rude, why: Be kind., when: {words: [idiot]}, then: [points: 1]}
  - {id: flood, why: Slowly., when: {flood: {messages: 3, within: 1m}}, then: delete}
"""
STRICT = """
name: strict
language: en
rules:
  - {id: rude, why: Be kind., when: {words: [idiot, fool]}, then: [delete, mute: 10m]}
  - {id: flood, why: Slowly., when: {flood: {messages: 2, within: 1m}}, then: delete}
  - id: ads
    why: Ads pay.
    when: {words: [sale]}
    then: {owes_packet: {amount: 10, asset: points, shares: 2, within: 5m}}
    otherwise: delete
"""
LAX = """
name: lax
language: en
rules: [{id: none, why: Nothing., when: {words: [zzz]}, then: delete}]
"""


class Hall(Room):
    """A room before a court; what trials come to is in ``told``."""

    def __init__(self, text=MILD, *others):
        super().__init__(text, adopt=False)
        for other in others:
            compiled = compiled_once(other)
            self.books[compiled.digest] = compiled
        self.engine = Court(State(), self.books)
        self.feed(RulebookAdopted(digest=self.compiled.digest), group="")
        self.trials = 0

    def begin(self, text, mode=AdoptionMode.SHADOW, *, trial="", **fields):
        self.trials += 1
        digest = compiled_once(text).digest
        self.books[digest] = compiled_once(text)
        name = trial or f"t{self.trials}"
        self.feed(RulebookAdopted(digest=digest, mode=mode, trial=name, **fields), group="")
        return name

    def end(self, trial):
        ended = AdoptionMode.ENDED
        self.feed(RulebookAdopted(digest=self.compiled.digest, mode=ended, trial=trial), group="")

    def take(self):
        return self.engine.take()

    def kinds(self):
        return [one.kind for one in self.take()[0]]
