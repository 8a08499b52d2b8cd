"""What a backtest came to, as JSON and as a few lines of text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from contracts.values import Outcome
from policy.core.messages import Language
from policy.core.versions import outcome_name
from policy.proof.findings import KINDS, Findings
from reeve.texts import row, say

SCHEMA = 1
IN_FORCE = "what was in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Which rulebooks were compared, and where. ``against`` is a name or `IN_FORCE`."""

    name: str
    digest: str
    against: str
    against_digest: str
    network: str
    groups: tuple[str, ...]
    since_ms: int
    log_first_ms: int
    log_last_ms: int
    log_events: int
    malformed: int


def to_json(compared: Compared, found: Findings, appeals: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all that was found; lists begin with what matters most."""
    rules = [{"rule": rule, **sums.to_json()} for rule, sums in found.rules.items()]
    groups = [
        {
            "network": network,
            "group": group,
            "judged": found.group_judged.get((network, group), 0),
            **sums.to_json(),
        }
        for (network, group), sums in found.groups.items()
    ]
    return {
        "schema": SCHEMA,
        "rulebook": {"name": compared.name, "digest": compared.digest},
        "against": {"name": compared.against, "digest": compared.against_digest},
        "network": compared.network,
        "groups_asked": list(compared.groups),
        "since_ms": compared.since_ms,
        "log": {
            "first_ms": compared.log_first_ms,
            "last_ms": compared.log_last_ms,
            "events": compared.log_events,
            "malformed": compared.malformed,
        },
        "judged": found.judged,
        "from_ms": found.first_ms,
        "to_ms": found.last_ms,
        "total": found.total.to_json(),
        "members": {kind: len(found.members.get(kind, ())) for kind in KINDS},
        "rules": sorted(rules, key=lambda one: (-_moved(one), one["rule"])),
        "groups": sorted(groups, key=lambda one: (-_moved(one), one["network"], one["group"])),
        "outcomes": [
            {"old": old, "new": new, "count": count}
            for (old, new), count in sorted(
                found.outcomes.items(), key=lambda one: (-one[1], one[0])
            )
        ],
        "hours": [
            {"at_ms": at_ms, **found.hours[at_ms].to_json()} for at_ms in sorted(found.hours)
        ],
        "samples": [
            sample.to_json()
            for kind in KINDS
            for key in sorted(found.samples)
            if key[0] == kind
            for sample in found.samples[key]
        ],
        "appeals": appeals,
    }


def prediction(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a canary is held against: how often each rule of the new rulebook acts."""
    hits = {one["rule"]: one["new"] for one in report["rules"] if one["new"]}
    return {"judged": report["judged"], "hits": report["total"]["new"], "rules": hits}


def against(report: Mapping[str, Any], language: Language) -> str:
    """Return what the rulebook was compared with."""
    other = report["against"]
    return str(other["name"]) if other["digest"] else say(language, "in_force")


def outcome_word(language: Language, outcome: str) -> str:
    """Return what an outcome of the report is called; what only praises or counts is another."""
    if outcome in ("nothing", "allow"):
        return say(language, f"did_{outcome}")
    return outcome_name(language, Outcome[outcome.upper()])


def to_text(report: Mapping[str, Any], language: Language = "en") -> Iterator[str]:
    """Yield the report as lines for a terminal."""
    total, members, log = report["total"], report["members"], report["log"]
    told = partial(say, language)
    yield told("against", new=report["rulebook"]["name"], old=against(report, language))
    yield told("judged", judged=report["judged"], events=log["events"])
    yield told("hits_both", old=total["old"], new=total["new"])
    for kind in KINDS:
        yield told("kind_sum", kind=told(kind), count=total[kind], n=members[kind])
    for one in report["appeals"]:
        sums = {"spared": one["spared"], "hit": one["hit_still"]}
        yield told(f"appeals_{one['verdict']}", rule=one["rule"], **sums)
    heads = [told(key) for key in ("before", "new", "newly", "spared")]
    for what, key in (("rule", "rules"), ("group", "groups")):
        moved = [one for one in report[key] if _moved(one)][:20]
        if moved:
            yield ""
            yield row(told(what), *heads)
        for one in moved:
            yield row(one[what], one["old"], one["new"], one["newly"], one["spared"])


def _moved(sums: Mapping[str, Any]) -> int:
    return sum(int(sums[kind]) for kind in KINDS)
