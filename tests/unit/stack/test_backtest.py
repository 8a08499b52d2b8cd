"""``reeve backtest`` on files: what is told, and that nothing in a log can spoil the page."""

import re
from html.parser import HTMLParser

import orjson
import pytest

from contracts.codec import decode, to_json
from contracts.values import Event, RulebookAdopted
from policy.core.rulebook import digest
from reeve.backtest.charts import both_ways, course
from reeve.backtest.outcome import prediction
from reeve.backtest.report import to_html
from reeve.cli import main
from tests.unit.policy.core.hall import MILD, STRICT
from tests.unit.policy.core.room import EPOCH_MS, Room, make_event

NASTY = '<script>alert(1)</script> "fool" & \u202efool\u0000'


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def books(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    for name, text in (("mild", MILD), ("strict", STRICT)):
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def write_log(path, *, adopted=""):
    """Write a log of forty days, a message each hour, some of them rude."""
    room = Room(MILD, adopt=False)
    events = (
        [make_event(RulebookAdopted(digest=adopted), dedup_key="adopt", group="")]
        if adopted
        else []
    )
    lines = [to_json(event) for event in events]
    texts = ["hello", "you idiot", "you fool", NASTY]
    for hour in range(960):
        room.says(
            texts[hour % 4], at_ms=hour * 3_600_000, who=f"m{hour % 7}", group=f"!g{hour % 3}"
        )
    lines += [to_json(decode(Event, data)) for data in room.events]
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


def backtest(capsys, *words):
    status = main(["backtest", *map(str, words)])
    return status, capsys.readouterr()


def test_two_rulebooks_are_compared_on_the_last_days_of_a_log(books, capsys):
    log = write_log(books / "log.jsonl")
    page = books / "page.html"

    status, said = backtest(
        capsys, books / "strict.yaml", "--against", books / "mild.yaml",
        "--events", log, "--since", "7d", "--report", page, "--json",
    )  # fmt: skip
    report = orjson.loads(said.out)

    assert status == 0
    assert report["judged"] == 7 * 24 + 1
    assert report["total"]["newly"] == report["rules"][0]["newly"] == 85
    assert report["total"]["harsher"] == 0
    assert {one["group"] for one in report["groups"]} == {"!g0", "!g1", "!g2"}
    assert len([one for one in report["samples"] if one["kind"] == "newly"]) == 5
    assert prediction(report) == {"judged": 169, "hits": 127, "rules": {"rude": 127}}
    assert "fool" in page.read_text()
    assert said.err == ""


def test_a_rulebook_against_itself_makes_no_difference(books, capsys):
    log = write_log(books / "log.jsonl", adopted=digest(MILD))

    words = ("--book", books / "mild.yaml", "--events", log, "--since", "all")
    status, said = backtest(capsys, books / "mild.yaml", *words)

    assert status == 0
    assert "hits: 240 before, 240 with the new rulebook" in said.out
    assert all(f"{kind}: 0 (0 members)" in said.out for kind in ("newly", "spared", "harsher"))


def test_several_processes_find_the_same(books, capsys):
    log = write_log(books / "log.jsonl")
    words = (books / "strict.yaml", "--against", books / "mild.yaml", "--events", log, "--json")

    alone = backtest(capsys, *words, "--processes", 1)[1].out
    together = backtest(capsys, *words, "--processes", 2)[1].out

    assert alone == together


def test_only_the_groups_asked_for_are_compared(books, capsys):
    log = write_log(books / "log.jsonl")

    words = ("--events", log, "--groups", "!g1", "--network", "town", "--json", "--since", "all")
    _, said = backtest(capsys, books / "strict.yaml", *words)
    report = orjson.loads(said.out)

    assert [one["group"] for one in report["groups"]] == ["!g1"]
    assert report["judged"] == 320


def test_lines_that_are_no_events_are_counted_and_left_out(books, capsys):
    log = write_log(books / "log.jsonl")
    log.write_bytes(b"{\n\xff\xfe\n[]\n{}\n\n" + log.read_bytes())

    _, said = backtest(capsys, books / "strict.yaml", "--events", log, "--json")

    assert orjson.loads(said.out)["log"]["malformed"] == 3


def test_a_log_that_names_an_unknown_rulebook_needs_its_text(books, capsys):
    log = write_log(books / "log.jsonl", adopted=digest(MILD))

    assert main(["backtest", str(books / "strict.yaml"), "--events", str(log)]) == 1
    assert "--book" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["none.yaml", "--events", "log.jsonl"], 2),
        (["strict.yaml", "--events", "none.jsonl"], 1),
        (["strict.yaml", "--against", "none.yaml", "--events", "log.jsonl"], 2),
        (["strict.yaml", "--events", "empty.jsonl"], 1),
        (["strict.yaml", "--groups", "g"], 1),
    ],
)
def test_what_is_not_there_is_told(books, monkeypatch, capsys, words, status):
    write_log(books / "log.jsonl")
    (books / "empty.jsonl").write_bytes(b"")
    monkeypatch.chdir(books)

    assert main(["backtest", *words]) == status
    assert capsys.readouterr().err


def test_a_time_may_be_named_and_nonsense_is_misuse(books, capsys):
    log = write_log(books / "log.jsonl")
    words = (books / "strict.yaml", "--events", log, "--json")

    said = backtest(capsys, *words, "--since", "2026-02-09T00:00:00")[1]
    with pytest.raises(SystemExit) as stopped:
        backtest(capsys, *words, "--since", "soon")

    report = orjson.loads(said.out)
    assert report["since_ms"] == EPOCH_MS + 39 * 86_400_000
    assert report["judged"] == 24
    assert stopped.value.code == 2


def test_nothing_in_a_log_becomes_part_of_the_page(books, capsys):
    log = write_log(books / "log.jsonl")
    report = orjson.loads(backtest(capsys, books / "strict.yaml", "--events", log, "--json")[1].out)
    report["appeals"] = [{"verdict": NASTY, "rule": NASTY, "hit_still": 1, "spared": 2}]
    report["rules"][0]["rule"] = report["groups"][0]["group"] = NASTY * 3

    page = to_html(report)
    tags = Tags(page).found

    assert "script" not in {tag for tag, _ in tags}
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    assert not re.search(r"(?:src|href)=", page)
    assert page.count("<mark>") >= 5


def test_charts_of_nothing_are_nothing_and_of_one_thing_a_level_line():
    level = course([("x", 1, 0)], old="a", new="b", unit="hits")

    assert both_ways([], left="a", right="b") == ""
    assert course([], old="a", new="b", unit="hits") == ""
    assert 'points="0.0,50.0 1000.0,50.0" class="line old"' in level
    assert "<span>x</span>" in level


def test_a_bar_is_as_long_as_its_number_and_none_where_there_is_none():
    bars = both_ways([("a" * 99, 0, 3_000), ("b", 1_500, 0)], left="l", right="r")

    assert "*1.0000)" in bars
    assert "*0.5000)" in bars
    assert bars.count("<i ") == 2
    assert "<em>3,000</em>" in bars


def test_a_long_time_has_few_labels_in_their_places():
    shown = course([(f"d{n}", n, 0) for n in range(101)], old="a", new="b", unit="hits")

    labels = re.findall(r'<span style="left:([0-9.]+)%">(d[0-9]+)</span>', shown)
    assert labels == [(f"{n}.00", f"d{n}") for n in range(0, 101, 20)]
    assert "<span>100</span><span>50</span><span>0</span>" in shown


def test_a_page_without_differences_says_so(books, capsys):
    log = write_log(books / "log.jsonl")

    words = ("--against", books / "mild.yaml", "--events", log, "--json")
    report = orjson.loads(backtest(capsys, books / "mild.yaml", *words)[1].out)

    assert "The two decide alike." in to_html(report)
    assert "两份群规的裁决完全一致。" in to_html(report, "zh")


def test_a_page_of_a_place_where_nothing_happened_says_so(books, capsys):
    log = write_log(books / "log.jsonl")

    words = ("--events", log, "--network", "town", "--groups", "!none", "--json")
    report = orjson.loads(backtest(capsys, books / "mild.yaml", *words)[1].out)

    assert "Nothing was judged" in to_html(report)
    assert "cards" not in Tags(to_html(report)).found


def test_the_page_and_the_lines_are_told_in_chinese(books, capsys):
    log = write_log(books / "log.jsonl")
    page = books / "page.html"

    words = ("--events", log, "--report", page, "--language", "zh")
    status, said = backtest(capsys, books / "strict.yaml", *words)

    assert status == 0
    assert "strict 对比 当时生效的群规" in said.out
    assert "新增：127（7 名成员）" in said.out
    assert f"完整报告：{page}" in said.out
    html = page.read_text()
    assert '<html lang="zh-Hans">' in html
    assert "新：strict" in html
    assert "每小时命中数" in html or "每天命中数" in html
    assert not re.search(r"newly hit|Samples|would be told", html)


def test_a_rulebook_with_builtin_sets_is_tried_as_it_would_be_published(books, capsys):
    log = write_log(books / "log.jsonl")
    book = books / "mild.yaml"
    book.write_text(MILD.replace("rules:", 'include: ["builtin:scams"]\nrules:'))

    status, said = backtest(capsys, book, "--against", book, "--events", log)

    assert status == 0, said.err
    assert "mild against mild" in said.out
