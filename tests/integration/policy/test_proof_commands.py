"""``reeve shadow``, ``canary`` and ``rulebook history`` against the REST of a running stack."""

import asyncio
import json
import os

import pytest

from contracts.values import DecisionBatch, Disagreement, Outcome, RuleTally, Tally
from policy.core.rulebook import digest
from reeve.cli import main
from reeve.stack.access import api_key_file
from reeve.stack.home import Home, StackRecord, write_privately
from reeve.stack.processes import identify
from tests.integration.policy.conftest import WRITER
from tests.integration.policy.story import BOOK, NETWORK

STRICT = BOOK.replace("blockhead", "morning")


@pytest.fixture
async def reeve(tmp_path, monkeypatch, capsys, rest):
    """``await reeve(*words)`` runs the command on a stack; returns its status and what it said."""
    home = Home(tmp_path / "home")
    home.make()
    write_privately(api_key_file(home), WRITER)
    addresses = {"policy REST": f"{rest.url}/docs"}
    me = identify(os.getpid())
    home.write_record(StackRecord(pid=me.pid, born=me.born, state="ready", addresses=addresses))
    monkeypatch.setenv("REEVE_HOME", str(home.folder))
    (tmp_path / "old.yaml").write_text(BOOK)
    (tmp_path / "new.yaml").write_text(STRICT)
    monkeypatch.chdir(tmp_path)

    async def run(*words):
        status = await asyncio.to_thread(main, list(words))
        said = capsys.readouterr()
        return status, said.out, said.err

    await run("publish", "old.yaml", "--network", NETWORK)
    return run


async def test_a_shadow_is_started_shown_and_stopped(reeve, trying):
    _, said, _ = await reeve("shadow", "start", "new.yaml", "--network", NETWORK)
    trial = said.strip()
    rule = RuleTally(rule="insults", hits=3, newly=2, spared=1)
    tally = Tally(trial=trial, judged=9, hits=3, disagreed=3, rules=(rule,))
    found = Disagreement(trial=trial, event_id="e1", kind="spared", live=Outcome.MUTE)
    batch = DecisionBatch(partition=1, last_seq=5, tallies=(tally,), disagreements=(found,))
    await trying.trials.record([batch])

    _, shown, _ = await reeve("shadow", "status")
    _, printed, _ = await reeve("shadow", "status", "--json", "--trial", trial[:6])
    stopped = await reeve("shadow", "stop", "--trial", trial[:6], "--reason", "seen")
    again = await reeve("shadow", "stop")

    assert "judged 9, hit 3, decided otherwise 3" in shown
    assert "spared   mute -> nothing  event e1" in shown
    assert json.loads(printed)[0]["trial"]["id"] == trial
    assert stopped[:2] == (0, f"{trial} stopped\n")
    assert (again[0], again[2]) == (1, "reeve: No such shadow runs.\n")
    assert "ended" in (await reeve("shadow", "status"))[1]


async def test_a_canary_is_started_with_its_prediction_and_promoted(reeve, tmp_path, trying):
    report = {"judged": 10, "total": {"new": 2}, "rules": [{"rule": "insults", "new": 2}]}
    (tmp_path / "report.json").write_text(json.dumps(report))

    words = ("--network", NETWORK, "--share", "10%", "--prediction", "report.json")
    _, said, _ = await reeve("canary", "start", "new.yaml", *words)
    row = await trying.trials.one(said.strip())
    _, shown, _ = await reeve("canary", "status", "--network", NETWORK)
    promoted = await reeve("canary", "promote")
    _, history, _ = await reeve("rulebook", "history")

    assert json.loads(row.prediction) == {"judged": 10, "hits": 2, "rules": {"insults": 2}}
    assert "10.00% of the groups" in shown
    assert promoted[1].endswith("promoted\n")
    assert [line.split()[0] for line in history.splitlines()] == [
        digest(STRICT)[:12],
        digest(BOOK)[:12],
    ]
    assert " to now  test  by operator" in history


async def test_versions_are_compared_and_the_last_is_taken_back(reeve):
    first = await reeve("rulebook", "diff")
    await reeve("publish", "new.yaml", "--network", NETWORK, "--reason", "stricter")
    _, difference, _ = await reeve("rulebook", "diff")
    _, same, _ = await reeve("rulebook", "diff", digest(BOOK)[:8], digest(STRICT)[:8])
    _, other, _ = await reeve("rulebook", "diff", digest(BOOK)[:8])
    unknown = await reeve("rulebook", "diff", "zzz")
    back = await reeve("rulebook", "rollback", "--reason", "too strict")

    assert (first[0], first[2]) == (1, "reeve: There is no other version to compare with.\n")
    assert "+    words: [morning, nincompoop]" in difference
    assert difference == same
    assert "-    words: [morning, nincompoop]" in other
    assert unknown[0] == 1
    assert back[:2] == (0, f"{digest(BOOK)}\n")
    assert (await reeve("rulebook", "history"))[1].count("too strict") == 1


async def test_what_cannot_be_is_told(reeve, tmp_path):
    (tmp_path / "wrong.yaml").write_text("nme: x\n")
    (tmp_path / "report.json").write_text("[]")

    faults = await reeve("shadow", "start", "wrong.yaml", "--network", NETWORK)
    words = ("--network", NETWORK, "--share", "1", "--prediction", "report.json")
    report = await reeve("canary", "start", "new.yaml", *words)
    nowhere = await reeve("rulebook", "history", "--network", "nowhere")

    assert faults[0] == 1
    assert faults[1].startswith("wrong.yaml:1:")
    assert "is not what `reeve backtest --json` writes" in report[2]
    assert "No rulebook was ever in force there." in nowhere[2]
    for share in ("ten", "0", "200%"):
        with pytest.raises(SystemExit):
            await reeve("canary", "start", "new.yaml", "--network", "x", "--share", share)
    for _ in range(2):
        await reeve("shadow", "start", "new.yaml", "--network", NETWORK)
    assert "Several run; say which with --trial" in (await reeve("shadow", "stop"))[2]
