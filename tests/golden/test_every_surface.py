"""A word in disguise is met on whatever part of a message it stands."""

import pytest

from contracts.values import Attachment, Content, Embed, Forward, Poll
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import Trial
from tests.unit.policy.core.room import Room

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


EVERYWHERE = """
name: happenings
language: en
rules:
  - id: word
    why: No.
    kinds: [edit, join, profile, thread, group]
    when: {words: [jackpot, moron, 赌博, 免费领取]}
    then: notice
  - {id: gift, why: No., kinds: [edit, join, profile, thread, group],
     when: {pattern: 'free\\s{0,3}nitro'}, then: notice}
  - {id: author, why: No., when: {words: {any: [jackpot, moron, 赌博, 免费领取], in: names}},
     then: notice}
  - {id: given, why: No., when: {pattern: {any: 'free\\s{0,3}nitro', in: names}}, then: notice}
"""


def edited(room, number, hidden):
    room.says("good morning", who=f"e{number}", message=f"m{number}")
    return room.edits(hidden, who=f"e{number}", message=f"m{number}")


HAPPENINGS = {
    "the name of who joins": lambda room, n, hidden: room.joins(f"j{n}", name=hidden),
    "a new name": lambda room, n, hidden: room.looks(f"p{n}", name=hidden),
    "the name beside a message": lambda room, n, hidden: room.says("hi", who=f"s{n}", name=hidden),
    "the title of a thread": lambda room, n, hidden: room.opens(f"t{n}", hidden),
    "the name of the group": lambda room, n, hidden: room.changes(f"g{n}", "name", hidden),
    "the topic": lambda room, n, hidden: room.changes(f"c{n}", "topic", f"welcome, {hidden} here"),
    "an edit": edited,
}
# One of each family of tricks, in either language where it has both.
TRICKS = (
    "JACKPOT",
    "jаckроt",
    "jac𝒌𝐩𝐨𝐭",
    "ｊａｃｋｐｏｔ",
    "ⓙⓐⓒⓚⓟⓞⓣ",
    "ja\u200bckpot",
    "jack\u00adpot",
    "jack\u3164pot",
    "ja\U000e0061ckpot",
    "j\u0336a\u0336c\u0336k\u0336p\u0336o\u0336t\u0336",
    "jàckpót",
    "j4ckp0t",
    "j a c k p o t",
    "j-a-c-k-p-o-t",
    "jaaackpottt",
    "\u202etopkcaj\u202c",
    "ja**ck**pot",
    "jack||pot||",
    "jack\\pot",
    "ja<b>ck</b>pot",
    "j*ckpot",
    "m*ron",
    "rnoron",
    "uoɹoɯ",
    "🇯🇦🇨🇰🇵🇴🇹",
    "fr33 n1tr0",
    "🆓nitro",
    "f.r.e.e n.i.t.r.o",
    "赌博",
    "賭博",
    "赌\u200b博",
    "赌 博",
    "赌。博",
    "赌★博",
    "贝者博",
    "赌\u2800博",
    "赌**博**",
    "免费*取",
    "免費領取",
    "🆓领取",
    "免\u3000费\u3000领\u3000取",
    "免x领取",
)


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_disguise_is_seen_through_in_names_titles_topics_and_edits(happening):
    room = Room(EVERYWHERE)

    missed = [
        hidden
        for number, hidden in enumerate(TRICKS)
        if not getattr(HAPPENINGS[happening](room, number, hidden), "hits", ())
    ]

    assert missed == []


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_ordinary_names_titles_and_topics_are_left_alone(happening):
    room = Room(EVERYWHERE)
    ordinary = (
        "Jack",
        "potter",
        "Moronobu",
        "Morgan",
        "nitro free zone",
        "博物馆",
        "免费的午餐",
        "领取人",
    )

    hit = [
        plain
        for number, plain in enumerate(ordinary)
        if getattr(HAPPENINGS[happening](room, number, plain), "hits", ())
    ]

    assert hit == []
