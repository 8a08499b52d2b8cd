"""A score says what adding up by hand says, and words that were only heard never suffice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.analysis.play import Play
from policy.core.compile import compile_rulebook
from policy.core.examples import Done
from policy.core.rulebook import parse

# A word, the same by its sound, and whether the rule follows sounds.
HEARD = {"赌博": "督博", "贷款": "带款"}
PLAIN = ("casino", "profit")

weights = st.integers(2, 6)
signs = st.fixed_dictionaries(dict.fromkeys((*HEARD, *PLAIN), weights))
manners = st.fixed_dictionaries(
    {word: st.sampled_from(["", "written", "heard"]) for word in HEARD}
    | {word: st.sampled_from(["", "written"]) for word in PLAIN}
)


def book(weight, least):
    signals = [
        f"s{number}: {{weight: {weight[word]}, when: {{words: {{any: {word}, "
        f"disguises: {'loose' if word in HEARD else 'normal'}}}}}}}"
        for number, word in enumerate((*HEARD, *PLAIN))
    ]
    return compile_rulebook(
        parse(
            "name: a score\nlanguage: en\nrules:\n  - {id: sum, why: It adds up., then: notice, "
            f"when: {{score: {{at_least: {least}, signals: {{{', '.join(signals)}}}}}}}}}\n"
        )
    )


@given(signs, manners, st.data())
@settings(max_examples=80, deadline=None)
def test_a_score_holds_where_the_weights_add_up_and_something_was_written(weight, way, data):
    heard = {word: weight[word] // 2 for word in HEARD}
    least = data.draw(st.integers(max(heard.values()) + 1, sum(weight.values())))
    text = " , ".join(HEARD[word] if how == "heard" else word for word, how in way.items() if how)
    total = sum(heard[word] if how == "heard" else weight[word] for word, how in way.items() if how)

    held = Play(book(weight, least)).holding((Done(text or "nothing"),))

    assert ("sum" in held) == (total >= least and "written" in way.values())
