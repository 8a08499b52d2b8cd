"""Stored answers that grow from what members say: stored, proposed, accepted, forgotten (S13)."""

import re
from collections.abc import Sequence
from typing import Final

from contracts import ids
from contracts.values import Harvested
from policy.core import explain
from policy.core.addresses import address_of
from policy.core.explain import COMMAS, NAME_MAX
from policy.core.floor import is_host
from policy.core.harvest import (
    ANSWERS_MAX,
    PROPOSALS_MAX,
    PROPOSED_EACH_MAX,
    PROPOSED_KEPT_MS,
    Answer,
    Harvest,
    Proposal,
    Saying,
)
from policy.core.messages import say
from policy.core.scene import Scene
from policy.core.text.fold import fold

NAMES: Final = {
    "answer": "answer", "答": "answer", "回答": "answer",
    "answers": "answers", "问答": "answers",
    "forget": "forget", "忘掉": "forget", "删除回答": "forget",
}  # fmt: skip
KIND: Final = "answer"
KEYWORD_LEAST: Final = 2
KEYWORD_MAX: Final = 40
TEXT_MAX: Final = 500
SHOWN_MAX: Final = 80
SHOWN: Final = 6
_QUOTED: Final = re.compile(r'\s*["“”「『](?P<keyword>[^"“”」』]*)["“”」』]\s*(?P<text>.*)')


def answer(scene: Scene, args: Sequence[str]) -> str:
    """Store an answer, or propose it to the staff, or show the one there is; return what to say."""
    if scene.compiled.rulebook.answers is None:
        return say(scene.language, "answers_off")
    keyword, text = _parts(" ".join(args))
    folded = fold(keyword).strip()
    harvest = scene.room.harvest
    if not KEYWORD_LEAST <= len(folded) <= KEYWORD_MAX:
        return say(scene.language, "usage_answer")
    if not text:
        known = harvest.answers.get(folded)
        if known is None:
            return say(scene.language, "answer_none", keyword=explain.plain(keyword, KEYWORD_MAX))
        return told(scene, known)
    return _take(scene, keyword, text)


def _take(scene: Scene, keyword: str, text: str) -> str:
    person = scene.draft.person()
    made = Answer(
        keyword=explain.plain(keyword, KEYWORD_MAX),
        said=Saying(
            person.member,
            explain.plain(person.name or person.member, NAME_MAX),
            person.channel,
            explain.plain(text, TEXT_MAX),
        ),
        by=person.member,
        source=address_of(scene.draft.event, person.channel, person.message_id),
    )
    if _is_full(scene, made):
        return say(scene.language, "answers_full", n=ANSWERS_MAX)
    return _store(scene, made) if is_trusted(scene) else _propose(scene, made)


def _parts(written: str) -> tuple[str, str]:
    """Return the keyword, which may stand in quotation marks, and the answer."""
    match = _QUOTED.fullmatch(written)
    if match is not None:
        return match["keyword"], match["text"].strip()
    keyword, _, text = written.strip().partition(" ")
    return keyword, text.strip()


def is_trusted(scene: Scene) -> bool:
    """Return whether whoever speaks may store and forget answers by themselves."""
    seen, trusts = scene.seen, scene.compiled.trusts
    assert seen is not None, "somebody asked"
    return is_host(scene, seen) or (trusts is not None and trusts(seen))


def _is_full(scene: Scene, made: Answer) -> bool:
    answers = scene.room.harvest.answers
    return len(answers) >= ANSWERS_MAX and fold(made.keyword).strip() not in answers


def _store(scene: Scene, made: Answer) -> str:
    harvest, folded, said = scene.room.harvest, fold(made.keyword).strip(), made.said
    replaced = folded in harvest.answers
    harvest.answers[folded] = made
    scene.draft.harvested.append(
        Harvested(
            kind=KIND,
            key=folded,
            text=said.text,
            member=said.member,
            name=said.name,
            by=made.by,
            channel=said.channel,
            source=made.source,
        )
    )
    key = "answer_replaced" if replaced else "answer_stored"
    return say(scene.language, key, keyword=made.keyword)


def _propose(scene: Scene, made: Answer) -> str:
    harvest, person, now_ms = scene.room.harvest, scene.draft.person(), scene.draft.at_ms
    open_ = [one for one in harvest.proposals if now_ms - one.at_ms < PROPOSED_KEPT_MS]
    own = sum(one.author.member == person.member for one in open_)
    harvest.proposals = open_
    if own >= PROPOSED_EACH_MAX or len(open_) >= PROPOSALS_MAX:
        return say(scene.language, "proposals_full")
    name = ids.case_id(scene.draft.view.id)
    open_.append(Proposal(name, person, made, now_ms))
    return say(scene.language, "answer_proposed", keyword=made.keyword, case=name[:SHOWN])


def proposed(harvest: Harvest, prefix: str) -> Proposal | None:
    """Return the one proposal whose id begins so; None where it is none or not clear."""
    found = [one for one in harvest.proposals if one.id.startswith(prefix)]
    return found[0] if len(found) == 1 else None


def decide(scene: Scene, proposal: Proposal, *, accepts: bool, by: str, reason: str) -> str:
    """Let somebody of the staff accept or refuse what a member proposed; return what to answer."""
    if by == proposal.author.member:
        return say(scene.language, "own_case")
    harvest, made = scene.room.harvest, proposal.answer
    if accepts and _is_full(scene, made):
        return say(scene.language, "answers_full", n=ANSWERS_MAX)
    harvest.proposals.remove(proposal)
    if not accepts:
        name = explain.plain(proposal.author.name or proposal.author.member, NAME_MAX)
        return say(scene.language, "answer_refused", name=name, keyword=made.keyword, reason=reason)
    made.by = by
    return _store(scene, made)


def forget(scene: Scene, args: Sequence[str]) -> str:
    """Store an answer no longer; return what to say."""
    keyword, _ = _parts(" ".join(args))
    folded = fold(keyword).strip()
    known = scene.room.harvest.answers.get(folded)
    if scene.compiled.rulebook.answers is None:
        return say(scene.language, "answers_off")
    if known is None:
        return say(scene.language, "answer_none", keyword=explain.plain(keyword, KEYWORD_MAX))
    if not is_trusted(scene) and known.said.member != scene.draft.person().member:
        return say(scene.language, "not_staff")
    del scene.room.harvest.answers[folded]
    scene.draft.harvested.append(Harvested(kind=KIND, key=folded))
    return say(scene.language, "answer_forgotten", keyword=known.keyword)


def listed(scene: Scene, _args: Sequence[str]) -> str:
    """Return the keywords to which there are answers."""
    answers = scene.room.harvest.answers
    if not answers:
        off = scene.compiled.rulebook.answers is None
        return say(scene.language, "answers_off" if off else "answers_none")
    keywords = COMMAS[scene.language].join(answers[one].keyword for one in sorted(answers))
    return say(scene.language, "answers_list", keywords=keywords)


def told(scene: Scene, known: Answer) -> str:
    """Return a stored answer with its source, as members are told."""
    said = known.said
    return say(scene.language, "answer_told", text=said.text, name=said.name, link=known.source)


def waiting(scene: Scene) -> list[str]:
    """Return one line for each proposal that waits for the staff."""
    return [
        say(
            scene.language,
            "proposal_line",
            case=one.id[:SHOWN],
            name=one.answer.said.name,
            keyword=one.answer.keyword,
            text=explain.plain(one.answer.said.text, SHOWN_MAX),
        )
        for one in scene.room.harvest.proposals
        if scene.draft.at_ms - one.at_ms < PROPOSED_KEPT_MS
    ]
