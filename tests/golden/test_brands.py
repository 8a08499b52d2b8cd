"""Sites that pretend to be a known one are found among real ones, and hosts people name are not."""

import pytest

from policy.core.imitation import Brands
from policy.core.links import links
from policy.core.rulebook import parse
from policy.core.text.look import Look
from tests.data import ROOT, SHARED
from tests.golden.test_ordinary import ham, irc

SAMPLE = 2_000
STARTER = parse((ROOT / "rulebooks" / "starter.yaml").read_text())
BRANDS = Brands(next(named for named in STARTER.lists if named.name == "brands").members)
ROOTS = (
    "discord",
    "dlscord",
    "steam",
    "stearn",
    "twitch",
    "twltch",
    "roblox",
    "uniswap",
    "opensea",
)


def test_most_real_sites_that_bear_the_name_of_a_brand_are_found():
    path = SHARED / "scam-links" / "domains.txt"
    if not path.exists():
        pytest.skip("scam-links are not beside the repository")
    named = [host for host in path.read_text().split() if any(root in host for root in ROOTS)]
    sample = named[:: len(named) // SAMPLE or 1]

    found = sum(bool(BRANDS.imitated(host)) for host in sample)

    assert found / len(sample) > 0.85


@pytest.mark.parametrize(("source", "needed"), [(irc, "irc"), (ham, "telegram/ham.txt")])
def test_hosts_that_people_name_pretend_nothing(source, needed):
    if not (SHARED / needed).exists():
        pytest.skip(f"{needed} is not beside the repository")
    hosts = {link.host for text in source() for link in links(Look(text))}

    assert [host for host in sorted(hosts) if BRANDS.imitated(host)] == []
