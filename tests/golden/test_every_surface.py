"""A word in disguise is met on whatever part of a message it stands."""

import pytest

from contracts.values import Attachment, Content, Embed, Forward, Poll
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import Trial

BOOK = compile_rulebook(
    parse(
        """
        name: surfaces
        language: en
        rules:
          - {id: word, why: No., when: {words: [jackpot, 赌博, moron]}, then: notice}
          - {id: gift, why: No., when: {pattern: 'free\\s{0,3}nitro'}, then: notice}
        """
    )
)
SURFACES = {
    "text": lambda hidden: Content(text=hidden, form="text"),
    "formatted": lambda hidden: Content(text="hello", html=f"<p>hello {hidden}</p>", form="text"),
    "file name": lambda hidden: Content(attachments=(Attachment(name=f"{hidden}.png"),)),
    "alt text": lambda hidden: Content(attachments=(Attachment(name="a", alt_text=hidden),)),
    "forward": lambda hidden: Content(text="look", form="text", forwards=(Forward(text=hidden),)),
    "file passed on": lambda hidden: Content(
        forwards=(Forward(attachments=(Attachment(name="a", alt_text=hidden),)),)
    ),
    "title of a preview": lambda hidden: Content(embeds=(Embed(title=hidden),)),
    "text of a preview": lambda hidden: Content(embeds=(Embed(description=hidden),)),
    "question": lambda hidden: Content(poll=Poll(question=hidden, answers=("yes", "no"))),
    "answer": lambda hidden: Content(poll=Poll(question="which?", answers=("yes", hidden))),
}
HIDDEN = {
    "j4ckpоt": "word", "j.a.c.k.p.o.t": "word", "ja\u200bckpot": "word", "ｊａｃｋｐｏｔ": "word",
    "j*ckpot": "word", "ʇodʞɔɐɾ": "word", "jaaackpottt": "word", "rnoron": "word", "赌 博": "word",
    "賭博": "word", "贝者博": "word", "赌\u2800博": "word", "赌★博": "word", "fr33 n1tr0": "gift",
    "f r e e n i t r o": "gift", "🆓nitro": "gift",
}  # fmt: skip


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_disguise_is_seen_through_on_every_surface(surface, hidden):
    trial = Trial(BOOK, now_ms=0, group="room", newcomer=False, one_member=False)

    found = trial.say(SURFACES[surface](hidden)).findings

    assert [one.rule for one in found] == [HIDDEN[hidden]]
