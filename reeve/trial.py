"""``reeve try``: judge each line as a message, without a server, and say in JSON what would come.

Output keeps step with input: what was read is answered before more is read, line for line.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from chassis import clock
from contracts.codec import LIMIT_BYTES, Malformed, from_json
from contracts.values import Actor, Content
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.messages import LANGUAGES, Language
from policy.core.rulebook import InvalidRulebook, parse
from policy.proof.trial import Trial, Verdict
from policy.sets import with_builtin

FINE, FINDINGS, MISUSE = 0, 1, 2
CHUNK_BYTES = 1 << 18
LINE_MAX_BYTES = LIMIT_BYTES  # of a longer line the head is judged
UNREADABLE = "unreadable"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("rulebook", type=Path, metavar="RULEBOOK", help="a file to be published")
    parser.add_argument(
        "--newcomer", action="store_true", help="the author has just joined, with a fresh account"
    )
    parser.add_argument("--group", default="room", help="the group in which the lines are said")
    parser.add_argument(
        "--one-member",
        action="store_true",
        help="one member says them all, a second apart, and windows count them",
    )
    parser.add_argument(
        "--format",
        choices=("text", "jsonl"),
        default="text",
        help="text: a message a line; jsonl: an object a line, with the fields of Content",
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, help="of the explanations (default: the rulebook's)"
    )
    parser.add_argument(
        "--at", type=_instant, metavar="TIME", help="when it is said, ISO 8601 (default: now)"
    )


def run(options: argparse.Namespace) -> int:
    """Print one JSON line for each line read; 1 if the rulebook or a line has a fault."""
    compiled, status = load(options.rulebook, options.language)
    if compiled is None:
        return status
    trial = Trial(
        compiled,
        now_ms=clock.now_ms() if options.at is None else options.at,
        group=options.group,
        newcomer=options.newcomer,
        one_member=options.one_member,
    )
    faults = 0
    out = sys.stdout.buffer
    for lines in chunks(sys.stdin.buffer):
        for line in lines:
            try:
                said = _verdict(trial, line, options.format)
            except Malformed as fault:
                faults += 1
                said = Verdict(outcome=UNREADABLE, findings=(), explanation=str(fault))
            out.write(shown(said))
        out.flush()
    return FINDINGS if faults else FINE


def load(path: Path, language: Language | None = None) -> tuple[Compiled | None, int]:
    """Return a rulebook ready to run, or ``None`` and the exit status; faults go to stderr.

    It explains in its own language, or in another.
    """
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        sys.stderr.write(f"{path} cannot be read: {reason}\n")
        return None, MISUSE
    try:
        book = parse(with_builtin(text), source=str(path))
        return compile_rulebook(replace(book, language=language or book.language)), FINE
    except InvalidRulebook as fault:
        sys.stderr.write(f"{fault}\n")
        return None, FINDINGS


def chunks(source: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines read at a time, without their ends; a line too long loses its tail."""
    read = getattr(source, "read1", source.read)
    left = b""
    cut = False  # the rest of the line belongs to one that was too long
    while data := read(CHUNK_BYTES):
        *whole, rest = data.split(b"\n")
        lines: list[bytes] = []
        for each in whole:
            lines.append((left if cut else left + each)[:LINE_MAX_BYTES].removesuffix(b"\r"))
            left, cut = b"", False
        if not cut:
            left += rest
            cut = len(left) > LINE_MAX_BYTES
            left = left[:LINE_MAX_BYTES]
        yield lines
    if left or cut:
        yield [left]


def shown(said: Verdict) -> bytes:
    """Return a verdict as one line of JSON."""
    rules = [
        {"id": found.rule, "view": found.view, "spans": [list(span) for span in found.spans]}
        for found in said.findings
    ]
    return orjson.dumps(
        {"outcome": said.outcome, "rules": rules, "explanation": said.explanation},
        option=orjson.OPT_APPEND_NEWLINE,
    )


def _verdict(trial: Trial, line: bytes, form: str) -> Verdict:
    if form == "text":
        return trial.say(Content(text=line.decode("utf-8", "replace"), form="text"))
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise Malformed(f"not JSON: {fault}") from fault
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        raise Malformed("neither an object nor a text")
    author: Mapping[str, Any] | None = given.pop("actor", None)
    if author is not None and not isinstance(author, dict):
        raise Malformed("actor: not an object")
    content = from_json(Content, {"form": "text", **given})
    return trial.say(content, author=None if author is None else from_json(Actor, author))


def _instant(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is not a time") from fault
    at_ms = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    if at_ms < 1:
        raise argparse.ArgumentTypeError(f"{text} is before 1970")
    return at_ms
