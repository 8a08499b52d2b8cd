"""``reeve key``: the API keys of the local stack; the services see a change at once."""

import argparse
import os
import sys

from chassis.auth import FOREIGN, make_key, parse_line
from reeve.stack import access
from reeve.stack.errors import Misuse, Unusable
from reeve.stack.home import Home, find_home


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is done with keys."""
    deeds = parser.add_subparsers(dest="deed", metavar="DEED", required=True)
    adding = _deed(deeds, "add", "Make a key, and print it this once")
    adding.add_argument("name", metavar="NAME", help="whose it is; several keys may have one")
    adding.add_argument(
        "grants",
        metavar="GRANT",
        nargs="+",
        help="a role or scopes, as in viewer, cashier@harbour, read,holds:write@quay or issue",
    )
    adding.add_argument("--until", metavar="TIME", help="when it ends, in ISO 8601; else never")
    _deed(deeds, "list", "Show who has a key, and for what")
    revoking = _deed(deeds, "revoke", "Take every key of a name away")
    revoking.add_argument("name", metavar="NAME")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 where nobody has that name."""
    home = find_home(os.environ)
    if not access.api_keys_file(home).exists():
        raise Unusable("There are no keys here yet: run `reeve up` first, or set REEVE_HOME.")
    if options.deed == "add":
        _add(home, options)
        return 0
    if options.deed == "list":
        for line in access.key_lines(home):
            name, digest, *rest = line.partition("#")[0].split()
            sys.stdout.write(f"{name} {digest[:8]} {' '.join(rest)}\n")
        return 0
    lines = access.key_lines(home)
    kept = [line for line in lines if line.split()[0] != options.name]
    access.write_key_lines(home, kept)
    sys.stderr.write(f"{len(lines) - len(kept)} keys of {options.name} open nothing any more.\n")
    return 0 if len(kept) < len(lines) else 1


def _add(home: Home, options: argparse.Namespace) -> None:
    words = [*options.grants, *([f"until={options.until}"] if options.until else [])]
    pepper = home.secret(access.api_pepper_file(home).name)
    token, line = make_key(options.name, words, pepper)
    try:
        key = parse_line(line)
    except ValueError as fault:
        raise Misuse(str(fault)) from fault
    if key is None or len(line.split()) != len(words) + 2 or key.name != options.name:
        raise Misuse(f"A name is one word without #, and does not begin with {FOREIGN}")
    access.write_key_lines(home, [*access.key_lines(home), line])
    sys.stdout.write(f"{token}\n")


def _deed(
    deeds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    return deeds.add_parser(name, help=summary, description=f"{summary}.")
