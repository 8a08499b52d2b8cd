import pytest

from policy.core.spoilers import SPOILERS_MAX, in_the_open


@pytest.mark.parametrize(
    ("text", "formatted", "left"),
    [
        ("he dies", "", "he dies"),
        ("||he|| dies", "", "||██|| dies"),
        ("||||| dies||", "", "||█|| dies||"),
        ("he dies", "<span data-mx-spoiler='end'>he</span> dies", "██ dies"),
        ("he dies", "<SPAN class=x DATA-MX-SPOILER>he</span> dies", "he dies"),
        ("he dies", "<span data-mx-spoiler>she</span> dies", "he dies"),
        ("he || dies", "<span data-mx-spoiler>he || dies</span>", "█" * 10),
    ],
)
def test_what_is_behind_marks_is_covered_and_keeps_its_length(text, formatted, left):
    assert in_the_open(text, formatted) == left


def test_so_many_marks_of_a_formatted_text_count():
    text = "a" * (SPOILERS_MAX + 1)
    formatted = "<span data-mx-spoiler>a</span>" * len(text)

    assert in_the_open(text, formatted) == "█" * SPOILERS_MAX + "a"


def test_marks_without_end_cost_no_more_than_linear_time():
    text = "||" * 30_000 + "|a" * 30_000
    formatted = "<span data-mx-spoiler>" * 20_000

    assert len(in_the_open(text, formatted)) == len(text)
