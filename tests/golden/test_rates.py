"""What newcomers advertise is held, ordinary talk is not: rates of the starter over real text."""

import pytest

from contracts.values import Content
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import Trial
from tests.data import ROOT, SHARED
from tests.golden.test_ordinary import NOW_MS, ham, irc, safe

SAMPLE = 1_500
STOPPED = {"hold", "delete", "mute", "kick", "ban"}
RULE = "unsolicited"
# Among what its collectors took for no spam there are offers of jobs all the same.
RATES = [(irc, "irc", 0.001), (ham, "telegram/ham.txt", 0.01), (safe, "cold/train.csv", 0.0015)]


def needs(name):
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not beside the repository")


def sampled(lines):
    known = [line for line in lines if line.strip()]
    return known[:: max(1, len(known) // SAMPLE)]


@pytest.fixture(scope="module")
def compiled():
    return compile_rulebook(parse((ROOT / "rulebooks" / "starter.yaml").read_text()))


def verdicts(compiled, lines, *, newcomer):
    trial = Trial(compiled, now_ms=NOW_MS, newcomer=newcomer)
    return [trial.say(Content(text=line, form="text")) for line in lines]


def test_most_of_what_spammers_write_as_newcomers_is_stopped(compiled):
    needs("telegram/spam.txt")
    lines = sorted({*(SHARED / "telegram" / "spam.txt").read_text().splitlines()} - {""})

    stopped = sum(said.outcome in STOPPED for said in verdicts(compiled, lines, newcomer=True))

    assert stopped >= 0.85 * len(lines)


def test_most_links_of_scams_are_stopped_when_a_newcomer_posts_them(compiled):
    needs("scam-links/domains.txt")
    hosts = (SHARED / "scam-links" / "domains.txt").read_text().split()
    lines = [f"check this https://{host}" for host in hosts[:: len(hosts) // 500]]

    stopped = sum(said.outcome in STOPPED for said in verdicts(compiled, lines, newcomer=True))

    assert stopped >= 0.75 * len(lines)


@pytest.mark.parametrize(("source", "needed", "most"), RATES, ids=["irc", "ham", "safe"])
def test_what_newcomers_say_otherwise_is_hardly_ever_held(compiled, source, needed, most):
    needs(needed)
    lines = sampled(source())

    held = [
        line
        for line, said in zip(lines, verdicts(compiled, lines, newcomer=True), strict=True)
        if RULE in {found.rule for found in said.findings}
    ]

    assert len(held) <= max(1, most * len(lines)), held


@pytest.mark.parametrize(
    ("source", "needed"), [rate[:2] for rate in RATES], ids=["irc", "ham", "safe"]
)
def test_members_of_long_standing_may_speak_of_anything(compiled, source, needed):
    needs(needed)
    lines = sampled(source())[:500]

    said = verdicts(compiled, lines, newcomer=False)

    assert RULE not in {found.rule for one in said for found in one.findings}
