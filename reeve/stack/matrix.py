"""The Matrix connection that `reeve up` is told once and then remembers.

Only where a secret is gets remembered, never the secret.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from reeve.stack.errors import Unusable
from reeve.stack.home import Home

FLAGS = {
    "matrix_url": ("GATEWAY_MATRIX_URL", "URL", "address of the Matrix homeserver"),
    "matrix_user": ("GATEWAY_MATRIX_USER", "ID", "full id of Reeve's own account, @name:server"),
    "matrix_network": ("GATEWAY_NETWORK", "NAME", "network its rooms belong to (default: home)"),
    "matrix_password_file": ("GATEWAY_MATRIX_PASSWORD_FILE", "FILE", "file with its password"),
    "matrix_token_file": ("GATEWAY_MATRIX_TOKEN_FILE", "FILE", "file with an access token instead"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of the connection."""
    for name, (_, metavar, summary) in FLAGS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, help=summary)


def remember(home: Home, options: argparse.Namespace) -> bool:
    """Keep what was given for later runs; a new connection replaces the old one whole.

    Returns whether anything was given.

    Raises:
        Unusable: The connection is not complete, or a file is missing.
    """
    given = {name: value for name in FLAGS if (value := getattr(options, name))}
    if not given:
        return False
    if not {"matrix_url", "matrix_user"} <= given.keys():
        raise Unusable("A Matrix connection needs both --matrix-url and --matrix-user.")
    given.setdefault("matrix_network", "home")
    files = given.keys() & {"matrix_password_file", "matrix_token_file"}
    if len(files) != 1:
        raise Unusable(
            "A Matrix connection needs either --matrix-password-file or --matrix-token-file."
        )
    for name in files:
        path = Path(given[name]).absolute()
        if not path.is_file():
            raise Unusable(f"There is no file {path}.")
        given[name] = str(path)
    home.write_config({**home.read_config(), "matrix": given})
    return True


def environment(home: Home, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the remembered connection as settings, unless ``environ`` brings one of its own."""
    if environ.get("GATEWAY_MATRIX_URL"):
        return {}
    saved = home.read_config().get("matrix", {})
    return {FLAGS[name][0]: str(value) for name, value in saved.items() if name in FLAGS}
