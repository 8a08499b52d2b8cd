"""The report of a backtest as one HTML file that needs nothing else and asks nobody."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any

from policy.proof.findings import KINDS
from reeve.backtest.charts import both_ways, course

ROWS_MAX = 25
DAY_MS = 86_400_000
FEW_HOURS = 96
MEANING = {
    "newly": "let be before, hit now",
    "spared": "hit before, let be now",
    "harsher": "hit harder now",
    "milder": "hit less hard now",
}


def to_html(report: Mapping[str, Any]) -> str:
    """Return the page. Whatever people wrote is escaped and set apart."""
    style = files("reeve.backtest").joinpath("report.css").read_text(encoding="utf-8")
    title = f"Backtest: {report['rulebook']['name']}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{''.join(_sections(report))}</main></body></html>\n"
    )


def _sections(report: Mapping[str, Any]) -> Iterator[str]:
    yield _summary(report)
    yield _cards(report)
    yield "<h2>Over time</h2>" + course(
        _points(report["hours"]), old=f"before: {report['against']['name']}", new="new rulebook"
    )
    for what, key in (("rule", "rules"), ("group", "groups")):
        rows = [(one[what] or "-", one["spared"], one["newly"]) for one in report[key]]
        moved = [row for row in rows if row[1] or row[2]][:ROWS_MAX]
        yield f"<h2>By {what}</h2>"
        yield both_ways(moved, left="spared", right="newly hit") or "<p>No difference.</p>"
        yield _table(what, report[key][: ROWS_MAX * 4])
    yield "<h2>What became of what</h2>" + _matrix(report["outcomes"])
    if report["appeals"]:
        yield "<h2>Beside the verdicts of appeals</h2>" + _appeals(report["appeals"])
    yield "<h2>Samples</h2>" + _samples(report["samples"])
    yield _footer(report)


def _summary(report: Mapping[str, Any]) -> str:
    where = report["network"] or "all networks"
    if report["groups_asked"]:
        where += f", {len(report['groups_asked'])} groups"
    return (
        f'<p class="lead"><b>{escape(report["rulebook"]["name"])}</b> '
        f"<code>{report['rulebook']['digest'][:12]}</code> against "
        f"<b>{escape(report['against']['name'])}</b> "
        f"<code>{report['against']['digest'][:12]}</code> in {escape(where)}: "
        f"{report['judged']:,} events judged, {_moment(report['from_ms'])} to "
        f"{_moment(report['to_ms'])}.</p>"
    )


def _cards(report: Mapping[str, Any]) -> str:
    total = report["total"]
    cards = [
        f'<div class="card {kind}"><b>{total[kind]:,}</b><span>{kind}</span>'
        f"<small>{MEANING[kind]}; {report['members'][kind]:,} members</small></div>"
        for kind in KINDS
    ]
    cards.append(
        f'<div class="card"><b>{total["old"]:,} → {total["new"]:,}</b><span>hits</span>'
        f"<small>{_rate(total['old'], report)} → {_rate(total['new'], report)} of 1,000</small>"
        "</div>"
    )
    return f'<section class="cards">{"".join(cards)}</section>'


def _rate(hits: int, report: Mapping[str, Any]) -> str:
    return f"{hits * 1000 / report['judged']:.2f}" if report["judged"] else "0"


def _points(hours: Sequence[Mapping[str, int]]) -> list[tuple[str, int, int]]:
    """Return old and new hits by hour, or by day where there are many hours, gaps as zero."""
    if not hours:
        return []
    first, last = hours[0]["at_ms"], hours[-1]["at_ms"]
    step_ms = 3_600_000 if (last - first) // 3_600_000 < FEW_HOURS else DAY_MS
    while (last - first) // step_ms > FEW_HOURS * 4:
        step_ms *= 2
    steps = range(first // step_ms * step_ms, last + 1, step_ms)
    sums: dict[int, tuple[int, int]] = dict.fromkeys(steps, (0, 0))
    for one in hours:
        at_ms = one["at_ms"] // step_ms * step_ms
        old, new = sums.get(at_ms, (0, 0))
        sums[at_ms] = old + one["old"], new + one["new"]
    form = "%m-%d %H:00" if step_ms < DAY_MS else "%Y-%m-%d"
    return [(_moment(at_ms, form), *sums[at_ms]) for at_ms in sorted(sums)]


def _table(what: str, rows: Sequence[Mapping[str, Any]]) -> str:
    columns = ("old", "new", *KINDS)
    head = "".join(f"<th>{column}</th>" for column in ("before", "new", *KINDS))
    body = "".join(
        f"<tr><td>{escape(str(one[what]) or '-')}</td>"
        + "".join(f"<td>{one[column]:,}</td>" for column in columns)
        + "</tr>"
        for one in rows
    )
    return (
        f"<details><summary>all numbers</summary><table><tr><th>{what}</th>{head}</tr>"
        f"{body}</table></details>"
    )


def _matrix(outcomes: Sequence[Mapping[str, Any]]) -> str:
    body = "".join(
        f'<tr class="{"" if one["old"] == one["new"] else "moved"}"><td>{one["old"]}</td>'
        f"<td>{one['new']}</td><td>{one['count']:,}</td></tr>"
        for one in outcomes
    )
    return f"<table><tr><th>before</th><th>new</th><th>events</th></tr>{body}</table>"


def _appeals(appeals: Sequence[Mapping[str, Any]]) -> str:
    body = "".join(
        f"<tr><td>{escape(str(one['verdict']))}</td><td>{escape(str(one['rule']))}</td>"
        f"<td>{one['hit_still']:,}</td><td>{one['spared']:,}</td></tr>"
        for one in appeals
    )
    return (
        "<table><tr><th>verdict</th><th>rule</th><th>would be hit again</th>"
        f"<th>would be spared</th></tr>{body}</table>"
    )


def _samples(samples: Sequence[Mapping[str, Any]]) -> str:
    if not samples:
        return "<p>The two decide alike.</p>"
    return "".join(map(_sample, samples))


def _sample(one: Mapping[str, Any]) -> str:
    rules = ", ".join(one["new_rules"] or one["old_rules"])
    who = one["name"] or one["member"]
    return (
        f'<article class="{one["kind"]}"><header><span class="tag">{one["kind"]}</span> '
        f"<b>{escape(one['old'])} → {escape(one['new'])}</b> by {escape(rules)}</header>"
        f"<blockquote><bdi>{_marked(one['text'], one['spans'])}</bdi></blockquote>"
        f"<small><bdi>{escape(who)}</bdi> in <bdi>{escape(one['group'])}</bdi>, "
        f"{_moment(one['at_ms'])}, event <code>{escape(one['event_id'])}</code></small>"
        f"<details><summary>what would be told</summary><p><bdi>{escape(one['explanation'])}</bdi>"
        "</p></details></article>"
    )


def _marked(text: str, spans: Sequence[Sequence[int]]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in spans:
        if last <= start < end <= len(text):
            parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>"]
            last = end
    return "".join(parts) + escape(text[last:])


def _footer(report: Mapping[str, Any]) -> str:
    log = report["log"]
    return (
        f"<footer><p>The log holds {log['events']:,} events from {_moment(log['first_ms'])} to "
        f"{_moment(log['last_ms'])}; {log['malformed']:,} could not be read. What lies before the "
        "time asked for warmed the windows. The people in this log reacted to the rulebook of "
        "their time: what they would have done under the new one, no log can tell.</p></footer>"
    )


def _moment(at_ms: int, form: str = "%Y-%m-%d %H:%M UTC") -> str:
    return datetime.fromtimestamp(max(0, at_ms) / 1000, tz=UTC).strftime(form)
