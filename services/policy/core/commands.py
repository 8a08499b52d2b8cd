"""Commands of members: red packets go to the ledger as data, questions are answered."""

from collections.abc import Callable, Sequence
from typing import Final

from contracts.codec import EventView
from policy.core import answers, floor, highlights, packets, posted, staff, vouching
from policy.core.acts.members import record_of
from policy.core.compiled import Compiled
from policy.core.kinds import EventKind
from policy.core.messages import Language, say
from policy.core.room import Room
from policy.core.scene import Scene
from policy.core.text.fold import fold

NAMES = {
    "rules": "rules", "规则": "rules", "群规": "rules",
    "help": "help", "帮助": "help",
    "agree": "agree", "accept": "agree", "同意": "agree", "我同意": "agree", "接受": "agree",
    **dict.fromkeys(staff.NAMES, "staff"), **floor.NAMES, **highlights.NAMES,
    **answers.NAMES, **vouching.NAMES, **dict.fromkeys(packets.NAMES, "packets"),
}  # fmt: skip
SPOKEN: Final[dict[str, Language]] = {
    "en": "en", "english": "en", "英文": "en", "zh": "zh", "chinese": "zh", "中文": "zh",
}  # fmt: skip
_ANSWERS: Final[dict[str, Callable[[Scene, Sequence[str]], str]]] = {
    "floor": floor.asked,
    "words": floor.words,
    "keep": highlights.keep,
    "unkeep": highlights.unkeep,
    "kept": highlights.listed,
    "answer": answers.answer,
    "answers": answers.listed,
    "forget": answers.forget,
    "vouch": vouching.vouch,
    "unvouch": vouching.unvouch,
}


def is_command(name: str) -> bool:
    """Return whether a word after the mark is a command of ours; others are left to other bots."""
    return fold(name) in NAMES


def asks(kind: EventKind, view: EventView, room: Room) -> bool:
    """Return whether what a member did asks for something: a command, or 🧧 while a packet lies."""
    if kind == "command":
        return is_command(view.payload.name)
    return kind == "reaction" and bool(room.packet) and view.payload.key == packets.ENVELOPE


def carry_out(scene: Scene, kind: EventKind, view: EventView) -> None:
    """Do what a member asked for in a group, and answer at the message that it is about."""
    if kind == "command":
        run(scene, view.payload.name, view.payload.args)
    else:
        scene.draft.message_id = view.payload.message_id
        run(scene, "grab", ())


def run(scene: Scene, name: str, args: Sequence[str]) -> None:
    """Do what a member asked for."""
    draft, compiled = scene.draft, scene.compiled
    wanted = NAMES[fold(name)]
    answer = _ANSWERS.get(wanted)
    told = answer(scene, args) if answer is not None else ""
    if told:
        draft.reply(told, effect="reply")
    match wanted:
        case "packets":
            packets.run(scene, name, args)
        case "agree":
            _agree(scene)
        case "rules":
            draft.reply(_rules(compiled, args), effect="reply")
        case "staff":
            staff.run(scene, name, args)
        case "help":
            draft.reply(say(compiled.rulebook.language, "help"), effect="reply")


def _agree(scene: Scene) -> None:
    standing = record_of(scene).stand()
    standing.accepted, standing.accepted_ms = scene.compiled.digest, scene.draft.at_ms
    scene.draft.reply(say(scene.language, "agreed"), effect="reply")


def _rules(compiled: Compiled, args: Sequence[str]) -> str:
    """Return a page of the charter, in the language and of the number that somebody named."""
    language = compiled.rulebook.language
    words = [fold(word) for word in args]
    spoken = next((SPOKEN[word] for word in words if word in SPOKEN), language)
    number = next((int(word) for word in words if word.isascii() and word.isdigit()), 1)
    return posted.page(compiled.rulebook, spoken, number)
