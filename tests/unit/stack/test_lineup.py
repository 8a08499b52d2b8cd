"""What each service is told: its own settings, its own secrets, and nothing of the others."""

from reeve.stack.home import Home
from reeve.stack.lineup import BRAIN, GATEWAY, make_service, roles

ENVIRON = {
    "PATH": "/bin",
    "NATS_URL": "nats://user:word@there",
    "DATABASE_URL": "postgresql://admin:word@there/all",
    "GATEWAY_MATRIX_URL": "http://homeserver",
    "GATEWAY_MATRIX_TOKEN": "syt_secret",
    "POLICY_BATCH": "100",
    "POLICY_HTTP_PORT": "8080",
    "LEDGER_EXPIRE_S": "5",
}


def env_of(name, tmp_path):
    home = Home(tmp_path / "state")
    home.make()
    role = next(role for role in (*GATEWAY, *BRAIN) if role.identity == name)
    return make_service(role, home, environ=ENVIRON, proves_itself=True, keep=()).env


def test_a_service_is_told_its_own_settings_only(tmp_path):
    policy = env_of("judge", tmp_path)

    assert policy["POLICY_BATCH"] == "100"
    assert policy["PATH"] == "/bin"
    assert not [name for name in policy if name.startswith(("GATEWAY_", "LEDGER_"))]


def test_what_leads_to_everything_is_told_to_nobody(tmp_path):
    for name in ("ingest", "enforce", "judge", "dispatch", "ledger"):
        told = env_of(name, tmp_path)

        assert "NATS_URL" not in told
        assert "DATABASE_URL" not in told


def test_each_process_proves_itself_by_a_key_of_its_own(tmp_path):
    names = ("ingest", "enforce", "judge", "dispatch", "ledger")

    assert len({env_of(name, tmp_path)["NATS_SEED_FILE"] for name in names}) == len(names)


def test_the_gateway_gets_no_database(tmp_path):
    assert "DATABASE_URL_FILE" not in env_of("ingest", tmp_path)
    assert env_of("ledger", tmp_path)["DATABASE_URL_FILE"].endswith("ledger.database-url")


def test_the_gateway_runs_only_with_a_connection():
    assert roles({}) == BRAIN
    assert roles(ENVIRON) == (*GATEWAY, *BRAIN)
