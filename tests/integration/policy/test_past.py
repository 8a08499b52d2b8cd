"""``reeve redo`` and ``reeve explain``: the past judged again, from the log of a running stack."""

import asyncio
import json
import os
from dataclasses import replace

import pytest
import structlog

from contracts.codec import decode, encode
from contracts.values import DecisionBatch
from reeve.cli import main
from reeve.stack.access import api_key_file
from reeve.stack.home import Home, StackRecord, write_privately
from reeve.stack.processes import identify
from tests.integration.policy.conftest import WRITER
from tests.integration.policy.story import (
    BOOK,
    PARTITIONS,
    adopt,
    batches,
    make_crowd,
    make_message,
    say,
)
from tests.integration.policy.test_judge import until_judged


@pytest.fixture
async def reeve(tmp_path, monkeypatch, capsys, rest, nats_server, policy_url):
    """``await reeve(*words)`` runs the command on the stack under test."""
    home = Home(tmp_path / "home")
    home.make()
    write_privately(api_key_file(home), WRITER)
    me = identify(os.getpid())
    addresses = {"policy REST": f"{rest.url}/docs"}
    home.write_record(StackRecord(pid=me.pid, born=me.born, state="ready", addresses=addresses))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("REEVE_HOME", str(home.folder))
    monkeypatch.setenv("NATS_URL", nats_server.url)
    monkeypatch.setenv("DATABASE_URL", policy_url)

    async def run(*words):
        capsys.readouterr()
        status = await asyncio.to_thread(main, list(words))
        said = capsys.readouterr()
        return status, said.out, said.err

    yield run
    structlog.reset_defaults()  # what the command said went to a stream that is closed now


async def judged(bus, book, make_judge, *, snapshot_events=1_000_000):
    await adopt(bus, book)
    async with make_judge(batch=16, snapshot_events=snapshot_events):
        for first in (0, 150):
            await say(bus, make_crowd(150, first=first, seed=first))
            await until_judged(bus)
        await say(bus, [make_message(900, "what a blockhead", group="g900", member="@eve:x")])
        await say(bus, [make_message(901, "hi", group="g900", member="@eve:x")])
        await say(bus, [make_message(902, "so", group="g900", member="@eve:x")])
        await say(bus, [make_message(903, "well", group="g900", member="@eve:x")])
        await until_judged(bus)
    return [
        decision
        for partition in range(PARTITIONS)
        for batch in await batches(bus, partition)
        for decision in batch.decisions
    ]


@pytest.mark.parametrize("snapshot_events", [1, 1_000_000])
async def test_any_decision_is_judged_again_to_the_same_bytes(
    bus, book, make_judge, reeve, snapshot_events
):
    decisions = await judged(bus, book, make_judge, snapshot_events=snapshot_events)

    for decision in (decisions[0], decisions[len(decisions) // 2], decisions[-1]):
        status, said, _ = await reeve("redo", decision.id[:9])
        assert status == 0, said
        assert f"the same: {len(encode(decision))} bytes" in said
        assert "so is the memory" in said
    _, said, _ = await reeve("redo", decisions[0].id, "--language", "zh")
    assert "重新裁决，结果相同" in said


async def test_a_decision_that_was_tampered_with_is_told_apart(bus, book, make_judge, reeve):
    decisions = await judged(bus, book, make_judge)
    newest = await bus.last("DECISIONS", "dec.0")
    batch = decode(DecisionBatch, newest.data)
    first, *others = batch.decisions or (None,)
    if first is None:
        pytest.skip("the last batch of this partition decided nothing")
    forged = replace(batch, decisions=(replace(first, strikes=77, id="f" * 26), *others))
    await bus.purge("DECISIONS", "dec.0")
    await bus.publish("dec.0", encode(forged))

    status, said, _ = await reeve("redo", "fff")

    assert status == 1
    assert "strikes: " in said
    assert "instead of 77" in said
    assert decisions


async def test_an_event_is_explained_with_what_nearly_held(bus, book, make_judge, reeve):
    await judged(bus, book, make_judge)

    _, hit, _ = await reeve("explain", "$m900")
    _, near, _ = await reeve("explain", "$m902")
    _, zh, _ = await reeve("explain", "$m900", "--language", "zh", "--json")
    _, near_zh, _ = await reeve("explain", "$m902", "--language", "zh")
    told = json.loads(zh)
    _, by_id, _ = await reeve("explain", told["event"]["id"][:12])
    _, by_number, _ = await reeve("explain", str(told["event"]["seq"]))

    assert "said       what a blockhead" in hit
    assert "held       insults" in hit
    assert "saw      'blockhead' at 7-16" in hit
    assert "decision   nothing was decided" in near
    assert "nearly     flood:" in near
    assert "裁决       没有作出裁决" in near_zh
    assert "险些命中   flood: " in near_zh
    assert hit == by_id == by_number
    assert told["decision"]["hits"][0]["rule"] == "insults"
    assert told["rulebook"] == book


async def test_what_is_not_there_or_not_unique_is_told(bus, book, make_judge, reeve):
    await judged(bus, book, make_judge)

    answers = [
        await reeve("redo", "zzzzzz"),
        await reeve("redo", ""),
        await reeve("explain", "zzzzzz"),
        await reeve("explain", ""),
        await reeve("explain", "999999"),
    ]

    assert [status for status, _, _ in answers] == [1] * 5
    assert [said.split(": ", 1)[1][:12] for _, _, said in answers][0::2] == ["There is no "] * 3
    assert "decisions begin with" in answers[1][2]
    assert "events begin with" in answers[3][2]


async def test_a_backtest_of_the_log_stands_beside_the_verdicts_of_appeals(
    bus, book, make_judge, reeve, pool, tmp_path
):
    decisions = await judged(bus, book, make_judge)
    insulted = [one for one in decisions if one.acted == "insults"][:2]
    for verdict, decision in zip(("upheld", "rejected"), insulted, strict=True):
        await pool.execute(
            "INSERT INTO case_file (id, decision_id, state, opened_ms, until_ms, network, group_id,"
            " platform, connection, member, member_name, message_id, rule, outcome, strikes,"
            " explanation, language, channel) VALUES ($1, $2, $3, 1, 0, 'example', 'g', '', '',"
            " 'm', '', '', 'insults', 'warn', 1, '', 'en', '')",
            decision.case_id, decision.id, verdict,
        )  # fmt: skip
    lax = tmp_path / "lax.yaml"
    lax.write_text(BOOK.replace("[blockhead, nincompoop]", "[zzz]"))

    status, said, _ = await reeve("backtest", str(lax), "--since", "all")

    assert status == 0
    assert "appeals upheld against insults: 1 would be spared, 0 hit again" in said
    assert "appeals rejected against insults: 1 would be spared, 0 hit again" in said
