"""Where the credentials of a local stack are, for the services and for the operator's commands."""

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from chassis.auth import PREFIX, hash_key
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, write_privately


def nats_url(home: Home) -> str:
    """Return the address of the bus; raises ``Unusable`` when the stack is not up."""
    return _read(home, nats_url_file(home))


def database_url(home: Home, schema: str) -> str:
    """Return the URL of a service's schema, password included; errors as ``nats_url``."""
    return _read(home, database_url_file(home, schema))


def api_key(home: Home) -> str:
    """Return the operator's API key; errors as ``nats_url``."""
    return _read(home, api_key_file(home))


def operator_seed_file(home: Home) -> Path | None:
    """Return the seed with which commands read the bus; ``None`` if the server is not ours."""
    path = seed_file(home, "operator")
    return path if path.exists() else None


def seed_file(home: Home, identity: str) -> Path:
    """Return where the NKEY seed of an identity is."""
    return home.keys / f"{identity}.nk"


def nats_url_file(home: Home) -> Path:
    """Return the file with the address of the bus."""
    return home.keys / "nats-url"


def database_url_file(home: Home, schema: str) -> Path:
    """Return the file with the URL of a service's schema."""
    return home.keys / f"{schema}.database-url"


def api_key_file(home: Home) -> Path:
    """Return the file with the operator's API key, in the clear."""
    return home.keys / "api-key"


def second_key_file(home: Home) -> Path:
    """Return the file with the API key of a second person, to be handed out."""
    return home.keys / "api-key-second"


def api_keys_file(home: Home) -> Path:
    """Return the file with the hashed API keys, as the services read it."""
    return home.keys / "api-keys"


def api_pepper_file(home: Home) -> Path:
    """Return the file with the secret that API keys are hashed with."""
    return home.keys / "api-pepper"


def token_folder(home: Home) -> Path:
    """Return where the gateway keeps the tokens it got for its password."""
    folder = home.keys / "matrix-tokens"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_nats_url(home: Home, url: str) -> None:
    """Set what ``nats_url`` returns."""
    write_privately(nats_url_file(home), url)


def write_database_urls(home: Home, urls: Mapping[str, str]) -> None:
    """Set what ``database_url`` returns."""
    for schema, url in urls.items():
        write_privately(database_url_file(home, schema), url)


def make_api_key(home: Home) -> None:
    """Make the operator's key, one for a second person, and their lines for the services.

    Both may do everything; what needs two people needs both. Other lines stay as they are.
    """
    pepper = home.secret(api_pepper_file(home).name)
    made = {}
    for name, path in (("operator", api_key_file(home)), ("second", second_key_file(home))):
        key = home.secret(path.name, lambda: f"{PREFIX}{secrets.token_urlsafe(32)}")
        made[name] = f"{name} {hash_key(key, pepper)} owner"
    others = [line for line in key_lines(home) if line.split()[0] not in made]
    write_key_lines(home, [*made.values(), *others])


def key_lines(home: Home) -> list[str]:
    """Return the lines of the file that the services read, those without a key left out."""
    path = api_keys_file(home)
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for line in lines if line.partition("#")[0].strip()]


def write_key_lines(home: Home, lines: Iterable[str]) -> None:
    """Let the services know these keys and no others; they see it at the next request."""
    write_privately(api_keys_file(home), "".join(f"{line}\n" for line in lines))


def _read(home: Home, path: Path) -> str:
    if not home.is_up():
        raise Unusable(
            f"Reeve is not up in {home.folder}: run `reeve up` first, or set REEVE_HOME."
        )
    return path.read_text().strip()
