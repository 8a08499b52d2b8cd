"""Settings come from the environment, and every fault is shown at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from chassis import settings

GOLDEN = Path(__file__).parent / "golden" / "settings_faults.txt"
GOOD = {"NATS_URL": "nats://127.0.0.1:4222", "SHOP_NAME": "corner"}


@dataclass(frozen=True, kw_only=True)
class Settings(settings.Common):
    name: str = field(metadata={"help": "what the shop is called"})
    shelves: int = field(default=3, metadata={"help": "how many shelves", "min": 1, "max": 9})
    margin: float = field(default=0.5, metadata={"help": "share of the price", "min": 0})
    open_late: bool = field(default=False, metadata={"help": "whether it is open late"})
    kind: Literal["food", "tools"] = field(default="food", metadata={"help": "what it sells"})
    staff: tuple[str, ...] = field(default=(), metadata={"help": "who works there"})
    ledger: Path | None = field(default=None, metadata={"help": "where it is written down"})
    safe: str = field(default="", metadata={"help": "the combination", "secret": True})


def load(**environ):
    return settings.load(Settings, {**GOOD, **environ}, "SHOP")


def test_defaults_hold_where_nothing_is_set():
    found = load()

    assert (found.name, found.shelves, found.kind, found.staff) == ("corner", 3, "food", ())
    assert (found.partitions, found.http_host, found.ledger) == (64, "127.0.0.1", None)


def test_every_type_is_read():
    found = load(
        SHOP_SHELVES="9",
        SHOP_MARGIN="1.25",
        SHOP_OPEN_LATE="Yes",
        SHOP_KIND="tools",
        SHOP_STAFF="ann, bo,",
        SHOP_LEDGER="/var/ledger",
    )

    assert (found.shelves, found.margin, found.open_late) == (9, 1.25, True)
    assert (found.kind, found.staff, found.ledger) == ("tools", ("ann", "bo"), Path("/var/ledger"))


def test_a_shared_setting_needs_no_prefix_and_its_own_is_stronger():
    assert load(PARTITIONS="8").partitions == 8
    assert load(PARTITIONS="8", SHOP_PARTITIONS="16").partitions == 16


def test_a_setting_of_the_service_needs_its_prefix():
    assert load(SHELVES="9").shelves == 3


def test_a_value_can_come_from_a_file(tmp_path):
    (tmp_path / "safe").write_text("12-34-56\n")
    (tmp_path / "url").write_text("postgresql://localhost/shop\n")

    found = load(SHOP_SAFE_FILE=str(tmp_path / "safe"), DATABASE_URL_FILE=str(tmp_path / "url"))

    assert (found.safe, found.database_url) == ("12-34-56", "postgresql://localhost/shop")


def test_an_empty_value_is_as_good_as_none():
    assert load(SHOP_SHELVES="").shelves == 3


def test_settings_do_not_change_afterwards():
    with pytest.raises(AttributeError):
        load().shelves = 4


def test_all_faults_are_shown_at_once(capsys):
    environ = {
        "SHOP_SHELVES": "many",
        "SHOP_MARGIN": "nan",
        "SHOP_OPEN_LATE": "perhaps",
        "SHOP_KIND": "drinks",
        "SHOP_LEDGER_FILE": "/nowhere/at/all",
        "SHOP_SAFE": "a",
        "SHOP_SAFE_FILE": "/b",
        "SHOP_HTTP_PORT": "70000",
        "SHOP_SHELFS": "2",
        "SHOP_SERVICE_HOST": "10.0.0.1",
        "PARTITIONS": "0",
    }

    with pytest.raises(SystemExit) as ended:
        settings.load(Settings, environ, "SHOP")

    assert ended.value.code == 2
    assert capsys.readouterr().err == GOLDEN.read_text()


def test_a_text_may_have_to_look_like_something(capsys):
    @dataclass(frozen=True, kw_only=True)
    class Phone(settings.Common):
        number: str = field(metadata={"help": "where to call", "pattern": r"\+[0-9]+"})

    assert settings.load(Phone, {**GOOD, "SHOP_NUMBER": "+49"}, "SHOP").number == "+49"
    with pytest.raises(SystemExit):
        settings.load(Phone, {**GOOD, "SHOP_NUMBER": "+49\n"}, "SHOP")
    assert 'SHOP_NUMBER is "+49\n", which it cannot be (where to call)' in capsys.readouterr().err


def test_a_secret_that_is_wrong_is_not_shown(capsys):
    @dataclass(frozen=True, kw_only=True)
    class Secret:
        pin: int = field(metadata={"help": "the pin", "secret": True})

    with pytest.raises(SystemExit):
        settings.load(Secret, {"SHOP_PIN": "hunter2"}, "SHOP")

    assert "hunter2" not in capsys.readouterr().err


@dataclass(frozen=True, kw_only=True)
class Door(settings.Common):
    key: str = field(default="", metadata={"unless": "code", "secret": True})
    code: str = field(default="", metadata={"secret": True})
    bells: tuple[str, ...] = field(default=(), metadata={"pattern": ".+=.+"})


@pytest.mark.parametrize("given", ["DOOR_KEY", "DOOR_CODE", "DOOR_CODE_FILE"])
def test_of_two_settings_one_may_be_enough(given, tmp_path):
    (tmp_path / "secret").write_text("sesame")
    value = str(tmp_path / "secret") if given.endswith("_FILE") else "sesame"

    found = settings.load(Door, {**GOOD, given: value, "DOOR_BELLS": "left=ann, right=bob"}, "DOOR")

    assert {found.key, found.code} == {"", "sesame"}
    assert found.bells == ("left=ann", "right=bob")


def test_neither_of_two_and_a_part_that_cannot_be_are_told_at_once(capsys):
    with pytest.raises(SystemExit) as end:
        settings.load(Door, {**GOOD, "DOOR_CODE": "", "DOOR_BELLS": "left=ann,bob"}, "DOOR")

    told = capsys.readouterr().err
    assert end.value.code == 2
    assert "DOOR_KEY is not set, and neither is DOOR_CODE" in told
    assert 'DOOR_BELLS is "bob", which it cannot be' in told
