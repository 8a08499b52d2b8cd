"""The command ``reeve``. Each verb is a module that is imported only when it is asked for.

A verb's module has two functions: ``arguments(parser)`` declares what it takes, and
``run(options)`` returns the exit status: 0 fine, 1 findings or failure, 2 misuse.
"""

import policy  # noqa: F401 -- first of all: its core is machine code as a whole, or not at all

# isort: split
import argparse
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from reeve.stack.errors import Misuse, Unusable

FAILED = 1
MISUSED = 2
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Verb:
    """Where a verb lives, and its line in the list of all."""

    module: str
    summary: str


VERBS = {
    "demo": Verb("reeve.demo.run", "Play a minute of community life on a real homeserver"),
    "up": Verb(
        "reeve.stack.up", "Start NATS, PostgreSQL and the services; wait until all is ready"
    ),
    "down": Verb("reeve.stack.down", "Stop what `reeve up` started; data are kept"),
    "replay": Verb("reeve.replay", "Put logs of the past into the log of events"),
    "export": Verb("reeve.export", "Write the log of events as JSON, one event a line"),
    "dead-letters": Verb("reeve.deadletters", "Show what was given up, and why"),
    "status": Verb("reeve.stack.status", "Show every process of the local stack"),
    "check": Verb("reeve.check", "Show every fault of a rulebook"),
    "try": Verb("reeve.trial", "Judge each line of the input as a message, without a server"),
    "backtest": Verb("reeve.backtest.command", "Try a rulebook on the recorded log"),
    "redo": Verb("reeve.redo", "Judge again what was decided, and compare the bytes"),
    "explain": Verb("reeve.explain", "Tell everything about one event"),
    "shadow": Verb("reeve.shadow", "Judge a rulebook beside what is in force"),
    "canary": Verb("reeve.canary", "Put a rulebook in force in a share of the groups"),
    "publish": Verb("reeve.publish", "Put a rulebook in force"),
    "undo": Verb("reeve.undo", "Take back what was done: a case, a rulebook's work, an hour's"),
    "rulebook": Verb("reeve.rulebook", "Set, show and compare the settings of groups"),
    "key": Verb("reeve.key", "Make, list and revoke the API keys of the local stack"),
    "ledger": Verb("reeve.ledger", "Prove the books, and read them"),
}


class VerbModule(Protocol):
    """What the module of a verb offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the verb takes."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit status."""


def make_parser(wanted: Sequence[str] = tuple(VERBS)) -> argparse.ArgumentParser:
    """Return the parser; only the verbs that are ``wanted`` know their arguments."""
    parser = argparse.ArgumentParser(
        prog="reeve", description="Keeps the peace and the accounts of networks of communities."
    )
    release = importlib.metadata.version("reeve")
    parser.add_argument("--version", action="version", version=f"reeve {release}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, verb in VERBS.items():
        described = verbs.add_parser(name, help=verb.summary, description=f"{verb.summary}.")
        if name in wanted:
            load(name).arguments(described)
    return parser


def load(name: str) -> VerbModule:
    """Import the module of a verb."""
    return cast("VerbModule", importlib.import_module(VERBS[name].module))


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that ``words`` say, or the command line, and return its exit status."""
    words = sys.argv[1:] if words is None else words
    try:
        options = make_parser([word for word in words if word in VERBS]).parse_args(words)
        return load(options.verb).run(options)
    except Unusable as problem:
        sys.stderr.write(f"reeve: {problem}\n")
        return MISUSED if isinstance(problem, Misuse) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as fault:  # a folder that is none, or closed, or full
        place = f"{fault.filename}: " if fault.filename else ""
        sys.stderr.write(f"reeve: {place}{fault.strerror or fault}\n")
        return FAILED
