"""Rulebooks read beside the judge are those that would be read here."""

import asyncio
import sys

import pytest
from structlog.testing import capture_logs

from policy.core.automata import Automata
from policy.core.compile import compile_rulebook, compiling, terms_of
from policy.core.layout import lay_out
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.steps import at_once
from policy.core.text.look import Look
from policy.scribe import ASKED_MAX, RULES_AT_ONCE, Scribe, answer, joined, scribing
from policy.sets import with_builtin
from tests.tidy.tree import ROOT

BOOKS = sorted((ROOT / "rulebooks").glob("*.yaml"))
BOOK = """\
name: a
language: en
rules:
  - {id: one, why: so, when: {words: [casino]}, then: delete}
"""


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_rulebook_comes_back_as_it_was_read(path):
    text = with_builtin(path.read_text())

    assert at_once(joined(list(answer(text)))).book == parse(text)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_what_finds_the_terms_is_made_beside_and_finds_what_is_found_here(path):
    read = at_once(joined(list(answer(with_builtin(path.read_text())))))

    here = compile_rulebook(read.book).automaton
    taken = at_once(compiling(read.book, Automata(), read.dump)).automaton

    assert terms_of(read.book) == here.terms
    assert at_once(lay_out(here.terms)).digest == read.dump.digest
    for term in here.terms:
        look = Look(f"a {term.written} b")
        assert taken.scan(look).keys() == here.scan(look).keys()


def test_whoever_answers_is_asked_for_in_the_same_order():
    book = parse(
        f"{BOOK}tiers: [{{name: a}}, {{name: b}}]\nanswers: {{by: {{tier: {{at_least: b}}}}}}\n"
    )

    assert terms_of(book) == compile_rulebook(book).automaton.terms


async def test_what_the_judge_has_of_what_finds_the_terms_is_not_made_again():
    automata = Automata()
    first = at_once(joined([*answer(BOOK)]))
    here = at_once(compiling(first.book, automata, first.dump))
    other = BOOK.replace("so", "otherwise")

    async with scribing() as scribe:
        read = await scribe.read(other, first.dump.made.keys())

    assert first.dump.made
    assert read.dump == first.dump._replace(made={})
    assert at_once(compiling(read.book, automata, read.dump)).automaton is here.automaton
    elsewhere = at_once(compiling(read.book, Automata(), read.dump)).automaton
    assert elsewhere.scan(Look("a casino")).keys() == {0}  # what is not had after all is made


def test_what_was_made_for_other_terms_is_not_taken():
    (*_, other) = answer(BOOK.replace("casino", "lottery"))
    *pieces, _ = answer(BOOK)
    read = at_once(joined([*pieces, other]))

    automaton = at_once(compiling(read.book, Automata(), read.dump)).automaton

    assert automaton.scan(Look("a casino and a lottery")).keys() == {0}


def test_many_rules_come_in_pieces_and_in_their_order():
    rules = [
        f"  - {{id: r-{number}, why: so, when: {{power: {number + 1}}}, then: delete}}"
        for number in range(RULES_AT_ONCE + 1)
    ]
    text = "\n".join(["name: a", "language: en", "budget_us: 100000", "rules:", *rules])

    pieces = list(answer(text))

    assert len(pieces) == 4
    assert at_once(joined(pieces)).book == parse(text)


async def test_what_is_no_rulebook_is_refused_with_every_fault():
    text = BOOK.replace("words", "wrods").replace("delete", "erase")
    with pytest.raises(InvalidRulebook) as here:
        parse(text)

    async with scribing() as scribe:
        with pytest.raises(InvalidRulebook) as beside:
            await scribe.read(text)
        assert (await scribe.read(BOOK)).book == parse(BOOK)

    assert beside.value.faults == here.value.faults
    assert str(beside.value) == str(here.value)


async def test_when_the_process_died_another_is_asked():
    async with scribing() as scribe:
        first = await scribe.start()
        first.kill()

        with capture_logs() as logs:
            assert (await scribe.read(BOOK)).book == parse(BOOK)
        assert len(logs) <= 1  # that it is gone
        assert (await scribe.start()).pid != first.pid


async def test_one_that_became_large_has_a_successor_before_it_is_asked_for(monkeypatch):
    started = asyncio.Queue()
    start = asyncio.create_subprocess_exec

    async def starting(*command, **how):
        process = await start(*command, **how)
        started.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
    async with scribing() as scribe:
        first = await started.get()
        first.stdin.close()  # as it ends by itself
        second = await started.get()

        assert (await scribe.start()).pid == second.pid != first.pid
    assert second.returncode is not None
    assert started.empty()


async def test_without_a_process_the_text_is_read_here(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    with capture_logs() as logs:
        assert (await Scribe().read(BOOK)).book == parse(BOOK)

    assert [log["event"] for log in logs] == ["the reading process is gone"] * ASKED_MAX


async def test_whoever_asks_after_one_who_went_away_is_not_given_his_answer():
    async with scribing() as scribe:
        asked = asyncio.create_task(scribe.read(BOOK))
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)

        other = BOOK.replace("casino", "lottery")
        assert (await scribe.read(other)).book == parse(other)


async def test_it_ends_with_its_block():
    async with scribing() as scribe:
        process = await scribe.start()

    assert process.returncode is not None
    await Scribe().end()  # one that never began has nothing to end
