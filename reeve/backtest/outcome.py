"""What a backtest came to, as JSON and as a few lines of text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policy.proof.findings import KINDS, Findings

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


def to_text(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report as lines for a terminal."""
    total, members = report["total"], report["members"]
    yield f"{report['rulebook']['name']} against {report['against']['name']}"
    yield f"judged: {report['judged']} of {report['log']['events']} events"
    yield f"hits: {total['old']} before, {total['new']} with the new rulebook"
    for kind in KINDS:
        yield f"{kind}: {total[kind]} ({members[kind]} members)"
    for one in report["appeals"]:
        yield (
            f"appeals {one['verdict']} against {one['rule']}: "
            f"{one['spared']} would be spared, {one['hit_still']} hit again"
        )
    for what, key in (("rule", "rules"), ("group", "groups")):
        moved = [one for one in report[key] if _moved(one)][:20]
        if moved:
            yield ""
            yield f"{what:<40} {'before':>8} {'new':>8} {'newly':>8} {'spared':>8}"
        for one in moved:
            name = one[what][:40]
            yield (
                f"{name:<40} {one['old']:>8} {one['new']:>8} {one['newly']:>8} {one['spared']:>8}"
            )


def _moved(sums: Mapping[str, Any]) -> int:
    return sum(int(sums[kind]) for kind in KINDS)
