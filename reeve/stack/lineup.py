"""Which services run, as whom, and what each is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reeve.stack import access
from reeve.stack.home import Home
from reeve.stack.service import Service

PARTITIONS = "8"
PREFIXES = ("GATEWAY_", "POLICY_", "LEDGER_")
SHARED = ("NATS_", "DATABASE_", "API_", "REEVE_PORT_FILE")
REST = {"dispatch": "policy REST", "ledger": "ledger REST"}
MATRIX = "GATEWAY_MATRIX_URL"


@dataclass(frozen=True, slots=True)
class Role:
    """One process: ``identity`` is its NKEY's name, ``schema`` its role in PostgreSQL, if any."""

    identity: str
    module: tuple[str, ...]
    prefix: str
    schema: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


GATEWAY = (
    Role("ingest", ("gateway", "ingest"), "GATEWAY_"),
    Role("enforce", ("gateway", "enforce"), "GATEWAY_"),
)
BRAIN = (
    # The same name after a restart, so that its partitions are not waited for.
    Role("judge", ("policy", "judge"), "POLICY_", "policy", {"POLICY_OWNER": "judge"}),
    Role("dispatch", ("policy", "dispatch"), "POLICY_", "policy"),
    Role("ledger", ("ledger",), "LEDGER_", "ledger"),
)


def roles(environ: Mapping[str, str]) -> tuple[Role, ...]:
    """Return who runs: the gateway's processes only where a Matrix connection is configured."""
    return (*GATEWAY, *BRAIN) if environ.get(MATRIX) else BRAIN


def make_service(
    role: Role,
    home: Home,
    *,
    environ: Mapping[str, str],
    proves_itself: bool,
    keep: tuple[int, ...],
) -> Service:
    """Return the process for ``role``. It sees its own settings, and no other service's.

    ``proves_itself`` gives it the key of its own identity; else the bus's URL holds what it needs.
    Secrets are handed over as files, since an environment is shown too easily.
    """
    mine = {
        name: value
        for name, value in environ.items()
        if not name.startswith((*PREFIXES, *SHARED)) or name.startswith(role.prefix)
    }
    given = {"PARTITIONS": PARTITIONS, "HTTP_PORT": "0", **role.settings}
    given["NATS_URL_FILE"] = str(access.nats_url_file(home))
    given["API_KEYS_FILE"] = str(access.api_keys_file(home))
    given["API_PEPPER_FILE"] = str(access.api_pepper_file(home))
    if proves_itself:
        given["NATS_SEED_FILE"] = str(access.seed_file(home, role.identity))
    if role in GATEWAY:
        given["GATEWAY_TOKEN_FOLDER"] = str(access.token_folder(home))
    if role.schema:
        given["DATABASE_URL_FILE"] = str(access.database_url_file(home, role.schema))
    return Service(
        name=role.identity, module=role.module, env={**given, **mine}, run=home.run, keep=keep
    )
