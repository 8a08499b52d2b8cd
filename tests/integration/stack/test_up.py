"""``reeve up`` keeps its promises, and ``reeve down`` leaves nothing behind."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import asyncpg
import nats
import pytest

from reeve.stack import access
from tests.integration.stack.conftest import all_gone, starting, wait_until
from tests.waiting import PATIENCE_S

EVERYBODY = ["nats", "postgres", "judge", "dispatch", "ledger"]


def test_everything_is_ready_when_up_returns(up):
    status = up.status()

    assert status["state"] == "ready"
    assert [each["name"] for each in status["processes"]] == EVERYBODY
    assert {each["state"] for each in status["processes"]} == {"ready"}
    assert all(each["rss_mb"] > 0 and each["address"] for each in status["processes"])


def test_the_table_has_a_line_for_each_process(up):
    outcome = up("status")

    assert outcome.returncode == 0
    assert [line.split()[0] for line in outcome.stdout.splitlines()] == ["process", *EVERYBODY]


def test_a_second_up_says_that_it_is_up(up):
    outcome = up("up")

    assert outcome.returncode == 0
    assert "already up" in outcome.stdout


def test_servers_alone_are_not_what_up_was_asked_for(reeve):
    assert reeve("up", "--only", "servers").returncode == 0

    outcome = reeve("up")

    assert outcome.returncode == 1
    assert "Reeve is up without the services: run `reeve down`" in outcome.stderr


def test_the_state_folder_is_its_owners_alone(up):
    folder = up.home.folder
    secrets = list((folder / "keys").iterdir())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    assert stat.S_IMODE((folder / "stack.json").stat().st_mode) == 0o600


def test_secrets_are_in_no_environment_and_on_no_command_line(up):
    secrets = [
        path.read_bytes().strip()
        for path in up.home.keys.iterdir()
        if path.suffix in {".nk", ".password"} or path.name.startswith("api-")
    ]

    for process in up.everybody():
        for source in ("environ", "cmdline"):
            told = Path(f"/proc/{process.pid}/{source}").read_bytes()
            assert not any(secret in told for secret in secrets)


@pytest.mark.parametrize("name", ["ledger", "nats", "postgres"])
def test_what_was_killed_comes_back_where_it_was(up, name):
    before = up.process(name)

    os.kill(before.pid, signal.SIGKILL)
    wait_until(lambda: up.process(name).restarts == before.restarts + 1)
    wait_until(lambda: up.process(name).state == "ready")

    after = up.process(name)
    assert after.pid != before.pid
    assert name == "ledger" or after.address == before.address


def test_data_outlive_down_and_up(reeve):
    assert reeve("up", "--only", "servers").returncode == 0
    asyncio.run(_write(reeve.home))
    first = reeve.everybody()

    down = reeve("down")
    gone = all_gone(first)
    assert reeve("up", "--only", "servers").returncode == 0

    assert down.returncode == 0
    assert gone
    assert asyncio.run(_read(reeve.home)) == "kept"


def test_nothing_is_left_when_the_supervisor_is_killed(reeve):
    assert reeve("up").returncode == 0
    everybody = reeve.everybody()

    os.kill(everybody[0].pid, signal.SIGKILL)

    assert all_gone(everybody)
    assert reeve.status()["state"] == "down"


def test_up_works_at_once_after_the_supervisor_was_killed(reeve):
    assert reeve("up", "--only", "servers").returncode == 0
    os.kill(reeve.everybody()[0].pid, signal.SIGKILL)

    outcome = reeve("up", "--only", "servers")

    assert outcome.returncode == 0, outcome.stderr
    assert reeve.status()["state"] == "ready"


def test_a_service_that_does_not_start_is_reported_and_everything_ended(reeve):
    outcome = reeve("up", FAKE_FAULT="judge")

    assert outcome.returncode == 1
    assert "judge" in outcome.stderr
    assert "the fault that was asked for" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert reeve.status()["state"] == "failed"
    assert all_gone(reeve.everybody())


def test_down_without_up_is_fine(reeve):
    outcome = reeve("down")

    assert outcome.returncode == 0
    assert outcome.stdout == f"Reeve is not up in {reeve.home.folder}.\n"


def test_the_gateway_runs_where_a_matrix_connection_is_known(reeve, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("pass")
    words = ["--matrix-url", "http://127.0.0.1:1", "--matrix-user", "@reeve:reeve.test"]

    assert reeve("up", *words, "--matrix-password-file", str(secret)).returncode == 0
    names = [each["name"] for each in reeve.status()["processes"]]
    reeve("down")
    assert reeve("up").returncode == 0
    remembered = [each["name"] for each in reeve.status()["processes"]]

    assert names == ["nats", "postgres", "ingest", "enforce", "judge", "dispatch", "ledger"]
    assert remembered == names


def test_every_service_that_refuses_its_settings_is_told_at_once(reeve):
    reeve.env.clear()  # the services themselves

    outcome = reeve("up", POLICY_BATCH="x", LEDGER_OPENING_GRANT="much")

    assert outcome.returncode == 1
    assert "judge and dispatch ended with code 2" in outcome.stderr
    assert 'POLICY_BATCH is "x", not a whole number' in outcome.stderr
    assert outcome.stderr.count("POLICY_BATCH") == 1
    assert 'LEDGER_OPENING_GRANT is "much", not a whole number' in outcome.stderr


def test_what_a_service_waits_for_is_told_while_it_waits(reeve, tmp_path):
    file = tmp_path / "file"
    starts = starting(reeve, FAKE_WAITS=file)
    waiting = [line for line in (next(starts.stdout) for _ in range(5)) if "waits" in line]
    table = reeve("status").stdout
    file.touch()
    told, _ = starts.communicate(timeout=PATIENCE_S)

    assert waiting == [
        f"  {name:<9} waits: no file, no work\n" for name in ("judge", "dispatch", "ledger")
    ]
    assert "judge is not ready: no file, no work" in table
    assert "no work" not in told
    assert starts.returncode == 0


def test_what_waits_for_somebody_is_not_waited_for(reeve, tmp_path):
    outcome = reeve("up", FAKE_WAITS=str(tmp_path / "never"), FAKE_HELPLESS="yes")

    assert outcome.returncode == 1
    assert "cannot start: no file, no work" in outcome.stderr
    assert reeve.status()["processes"] == []


def test_half_a_matrix_connection_is_refused(reeve):
    outcome = reeve("up", "--matrix-url", "http://127.0.0.1:1")

    assert outcome.returncode == 1
    assert "needs both --matrix-url and --matrix-user" in outcome.stderr


async def _write(home):
    policy = await asyncpg.connect(access.database_url(home, "policy"))
    await policy.execute("CREATE TABLE kept AS SELECT 'kept' AS word")
    await policy.close()
    bus = await nats.connect(
        access.nats_url(home),
        nkeys_seed=str(access.operator_seed_file(home)),
        inbox_prefix="_INBOX.operator",
    )
    await bus.jetstream(timeout=PATIENCE_S).publish("ev.0.test.a.b", b"kept")
    await bus.close()


async def _read(home):
    policy = await asyncpg.connect(access.database_url(home, "policy"))
    word = await policy.fetchval("SELECT word FROM kept")
    await policy.close()
    bus = await nats.connect(
        access.nats_url(home),
        nkeys_seed=str(access.operator_seed_file(home)),
        inbox_prefix="_INBOX.operator",
    )
    message = await bus.jetstream(timeout=PATIENCE_S).get_msg("EVENTS", 1)
    await bus.close()
    return word if message.data == b"kept" else None
