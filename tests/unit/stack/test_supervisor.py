"""What the supervisor does without any process."""

import os

from reeve.stack import supervisor
from reeve.stack.postgres import complaint
from reeve.stack.processes import Identity, identify
from reeve.stack.status import _duration


def test_a_long_log_is_set_aside_and_goes_on_in_place(tmp_path):
    path = tmp_path / "service.log"
    with path.open("ab") as writer:
        writer.write(b"x" * (supervisor.LOG_BYTES + 1))
        writer.flush()

        supervisor.rotate_log(path)
        writer.write(b"goes on")

    assert path.read_bytes() == b"goes on"
    assert (tmp_path / "service.log.1").stat().st_size == supervisor.LOG_BYTES + 1


def test_a_short_log_stays_as_it_is(tmp_path):
    path = tmp_path / "service.log"
    path.write_text("short")

    supervisor.rotate_log(path)

    assert [each.name for each in tmp_path.iterdir()] == ["service.log"]


def test_a_services_reason_is_told_without_what_surrounds_it():
    failed = '{"reason": "0002_cases.sql was changed", "event": "service.failed"}'
    ended = '{"failed": true, "event": "service.ended"}'

    assert supervisor.last_reason(f"{failed}\n{ended}") == "0002_cases.sql was changed"
    assert supervisor.last_reason(f"{ended}\npolicy cannot start\n  A is wrong") == (
        "policy cannot start\n  A is wrong"
    )


def test_a_process_is_not_taken_for_a_later_one_with_its_id():
    me = identify(os.getpid())

    assert me.is_alive()
    assert not Identity(me.pid, me.born - 1).is_alive()
    assert not Identity(0, 0).is_alive()


def test_durations_are_for_people():
    assert [_duration(s) for s in (3, 150, 7300, 200_000)] == ["3 s", "2 min", "2 h", "2 d"]


def test_pauses_double_up_to_half_a_minute_and_never_overflow():
    assert [supervisor.pause_s(n) for n in (1, 2, 3)] == [0.2, 0.4, 0.8]
    assert supervisor.pause_s(9) == supervisor.pause_s(100_000) == 30.0


def test_the_reason_of_a_server_is_its_first_fault_and_not_how_it_cleaned_up(tmp_path):
    path = tmp_path / "postgres.log"
    path.write_text(
        "FATAL:  an older one\n"
        "creating configuration files ... ok\n"
        "2026-11-22 [7] FATAL:  could not write to file: No space left on device\n"
        'child process exited with exit code 1\ninitdb: removing data directory "data.new"\n'
    )

    assert complaint(path, after=21) == "could not write to file: No space left on device"
