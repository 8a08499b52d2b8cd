import pytest

from policy.core.money import minor, shown


@pytest.mark.parametrize(
    ("amount", "asset", "written"),
    [(500, "points", "500"), (500, "CNY", "5.00"), (7, "USD", "0.07"), (-120, "CNY", "-1.20")],
)
def test_an_amount_is_shown_as_people_write_it(amount, asset, written):
    assert shown(amount, asset) == written


@pytest.mark.parametrize(
    ("word", "asset", "amount"),
    [
        ("500", "points", 500),
        ("５００", "points", 500),
        ("5.5", "points", 0),
        ("5", "CNY", 500),
        ("5.5", "CNY", 550),
        ("0.07", "CNY", 7),
        ("5.005", "CNY", 0),
        ("-5", "CNY", 0),
        ("much", "USD", 0),
    ],
)
def test_what_somebody_wrote_is_read_in_minor_units(word, asset, amount):
    assert minor(word, asset) == amount
