"""Make base/users.conf from what each process may do on the bus: ``python users.py [--check]``.

The table of rights is the local stack's own, ``reeve.stack.identities``. Public keys come from the
environment of the server, since they belong to secrets that the operator makes.
"""

import argparse
import json
import sys
from pathlib import Path

from reeve.stack.identities import identities

PATH = Path(__file__).parent / "base" / "users.conf"
CONNECTION = "matrix"


def configuration() -> str:
    """Return the ``authorization`` block of the server's configuration."""
    users = "".join(
        f"""
    {{
      nkey: ${each.name.upper()}_NKEY
      permissions: {{
        publish: {{ allow: {_words(["$JS.API.INFO", *each.publish])} }}
        subscribe: {{ allow: {_words([f"_INBOX.{each.name}.>"])} }}
      }}
    }}"""
        for each in identities(CONNECTION)
    )
    return (
        "# Who may publish what. Made by deploy/k8s/users.py; do not edit.\n"
        f"authorization {{\n  users: [{users}\n  ]\n}}\n"
    )


def _words(subjects: list[str]) -> str:
    return "[\n" + "".join(f"          {json.dumps(word)}\n" for word in subjects) + "        ]"


def main(arguments: list[str]) -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args(arguments).check
    text = configuration()
    if not check:
        PATH.write_text(text, encoding="utf-8")
    elif PATH.read_text(encoding="utf-8") != text:
        print(f"{PATH.name} is stale; say make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
