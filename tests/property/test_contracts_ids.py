"""Laws of ids and subjects."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import ids, subjects

ID = re.compile(r"[a-z2-7]{26}")
TOKEN = re.compile(r"[a-z0-9_-]{1,26}")

any_text = st.text(alphabet=st.characters(), max_size=20)
"""Any text at all, lone surrogates too."""

MAKERS = {
    ids.event_id: 4,
    ids.action_id: 3,
    ids.decision_id: 2,
    ids.case_id: 1,
    ids.timer_id: 3,
    ids.token: 1,
}

every_maker = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


@every_maker
@given(data=st.data())
def test_an_id_is_26_letters_and_the_same_every_time(make, data):
    parts = data.draw(st.tuples(*[any_text] * MAKERS[make]))

    assert ID.fullmatch(make(*parts))
    assert make(*parts) == make(*parts)


@every_maker
@given(data=st.data())
def test_different_parts_have_different_ids(make, data):
    parts = st.tuples(*[st.text(alphabet="ab:1", max_size=3)] * MAKERS[make])
    one, other = data.draw(parts), data.draw(parts)

    assert (make(*one) == make(*other)) == (one == other)


@given(any_text)
def test_different_kinds_of_id_of_the_same_parts_differ(text):
    made = [ids.case_id(text), ids.token(text), ids.action_id(text, text, text)]
    made += [ids.timer_id(text, text, text), ids.digest(text.encode("utf-8", "surrogatepass"))]

    assert len(set(made)) == len(made)


@given(st.binary(), st.binary())
def test_different_bytes_have_different_digests(one, other):
    assert ID.fullmatch(ids.digest(one))
    assert (ids.digest(one) == ids.digest(other)) == (one == other)


@given(any_text, any_text, any_text, st.integers(0, 1023))
def test_a_subject_has_legal_and_bounded_tokens(platform, network, group, partition):
    made = [
        subjects.event(partition, platform, network, group),
        subjects.action(platform, 3),
        subjects.timer(group),
        subjects.timer_due(group),
        subjects.audit(network),
        subjects.decisions(partition),
    ]

    for subject in made:
        kind, *tokens = subject.split(".")
        assert kind in {"ev", "act", "timers", "audit", "dec"}
        assert all(TOKEN.fullmatch(token) for token in tokens)
        assert len(subject) <= 120


@given(any_text, any_text)
def test_different_executors_have_different_subjects(one, other):
    assert (subjects.action(one, 0) == subjects.action(other, 0)) == (one == other)


@given(any_text)
def test_a_name_is_never_mistaken_for_the_token_of_another(text):
    assert subjects.name(ids.token(text)) != subjects.name(text)


@given(any_text, any_text, st.integers(1, 1024))
def test_a_partition_is_one_of_those_there_are(network, group, partitions):
    assert 0 <= subjects.partition(network, group, partitions) < partitions
