"""What was looked at ahead is used for the very event it was found in, and for nothing else."""

import hyperscan
import pytest

from contracts.codec import encode, view_event
from contracts.values import Content, Event, MessageCreated
from policy.core.ahead import Ahead
from policy.core.automaton import Automaton
from policy.core.compile import compile_rulebook
from policy.core.databases import compiled
from policy.core.layout import lay_out
from policy.core.rulebook import parse
from policy.core.state import State
from policy.core.steps import at_once
from policy.core.text.look import Look

BOOK = """
name: words
language: en
rules:
  - {id: rude, why: b, when: {words: idiot}, then: delete}
"""


def said(text, event_id="e"):
    payload = MessageCreated(message_id="m", content=Content(text=text))
    return view_event(encode(Event(id=event_id, network="n", group="g", payload=payload)))


def reading(views, book):
    state = State()
    state.adopt("n", (), book.digest)
    ahead = Ahead()
    ahead.read(views, state, {book.digest: book})
    return ahead


def test_of_two_events_with_one_id_each_is_looked_at_by_itself():
    book = compile_rulebook(parse(BOOK))
    fine, rude = said("hello"), said("you idiot")

    ahead = reading([fine, rude], book)

    seen = [ahead.take(view, book.automaton) for view in (fine, rude)]
    assert [(one.look.original, len(one.hits)) for one in seen] == [("hello", 0), ("you idiot", 1)]


def test_events_that_are_not_asked_for_are_passed_over():
    book = compile_rulebook(parse(BOOK))
    fine, rude = said("hello"), said("you idiot")

    ahead = reading([fine, rude], book)

    assert ahead.take(rude, book.automaton).look.original == "you idiot"
    assert ahead.take(fine, book.automaton) is None


def test_what_was_found_is_given_once_and_to_the_same_automaton_alone():
    book, other = compile_rulebook(parse(BOOK)), compile_rulebook(parse(BOOK))
    view = said("you idiot")

    assert reading([view], book).take(view, other.automaton) is None
    ahead = reading([view], book)
    assert ahead.take(view, book.automaton) is not None
    assert ahead.take(view, book.automaton) is None


def test_what_is_no_event_or_under_no_rulebook_is_passed_over():
    book = compile_rulebook(parse(BOOK))
    elsewhere = view_event(
        encode(Event(id="e", network="another", payload=MessageCreated(message_id="m")))
    )

    ahead = reading(["not an event", elsewhere], book)

    assert ahead.take(elsewhere, book.automaton) is None


def test_what_cannot_be_looked_at_ahead_is_left_to_who_judges_it():
    book = compile_rulebook(parse(BOOK))
    terms = book.automaton.terms
    laid = at_once(lay_out(terms))
    nothing_in_it = compiled(laid)._replace(folded=(hyperscan.Database(),))
    failing = compile_rulebook(book.rulebook)
    failing.automaton = Automaton(terms, laid, nothing_in_it)
    view = said("you idiot")

    assert reading([view], failing).take(view, failing.automaton) is None
    with pytest.raises(hyperscan.HyperscanError):
        failing.automaton.scan(Look("you idiot"))
