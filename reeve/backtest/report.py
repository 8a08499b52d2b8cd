"""The report of a backtest as one HTML file that needs nothing else and asks nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any

from policy.core.messages import Language
from policy.proof.findings import KINDS
from reeve.backtest.charts import both_ways, course
from reeve.backtest.outcome import against, outcome_word
from reeve.texts import say

ROWS_MAX = 25
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FEW_HOURS = 96
LANG: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}


def to_html(report: Mapping[str, Any], language: Language = "en") -> str:
    """Return the page. Whatever people wrote is escaped and set apart."""
    style = files("reeve.backtest").joinpath("report.css").read_text(encoding="utf-8")
    title = escape(say(language, "page_title", name=report["rulebook"]["name"]))
    return (
        f'<!doctype html><html lang="{LANG[language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{style}</style></head><body><main>"
        f"<h1>{title}</h1>{''.join(Page(report, language).sections())}</main></body></html>\n"
    )


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of the page, in a language."""

    report: Mapping[str, Any]
    language: Language

    def sections(self) -> Iterator[str]:
        """Yield the parts from the most to the least important."""
        report = self.report
        yield f'<p class="lead">{self._lead()}</p>'
        if not report["judged"]:
            yield self._foot()
            return
        yield self._cards()
        yield self._title("over_time") + self._course()
        for what, key in (("rule", "rules"), ("group", "groups")):
            rows = [(one[what] or "-", one["spared"], one["newly"]) for one in report[key]]
            moved = [row for row in rows if row[1] or row[2]][:ROWS_MAX]
            left, right = self._say("to_left"), self._say("to_right")
            bars = both_ways(moved, left=left, right=right)
            yield self._title(f"by_{what}") + (bars or self._nothing("no_difference"))
            yield self._numbers(what, report[key][: ROWS_MAX * 4])
        if report["outcomes"]:
            yield self._title("became") + self._matrix(report["outcomes"])
        if report["appeals"]:
            yield self._title("appeals") + self._appeals(report["appeals"])
        samples = "".join(map(self._sample, report["samples"]))
        yield self._title("samples") + (samples or self._nothing("alike"))
        yield self._foot()

    def _say(self, key: str, **fields: object) -> str:
        """Return a text, escaped with all that stands in it."""
        return escape(say(self.language, key, **fields))

    def _title(self, key: str) -> str:
        return f"<h2>{self._say(key)}</h2>"

    def _nothing(self, key: str) -> str:
        return f'<p class="none">{self._say(key)}</p>'

    def _lead(self) -> str:
        report = self.report
        if not report["judged"]:
            return self._say("nothing_judged")
        where = report["network"] or say(self.language, "all_networks")
        if report["groups_asked"]:
            n = len(report["groups_asked"])
            where = say(self.language, "in_groups", where=where, n=n)
        return self._say(
            "page_lead",
            new=_version(report["rulebook"]["name"], report["rulebook"]["digest"]),
            old=_version(against(report, self.language), report["against"]["digest"]),
            where=where,
            judged=f"{report['judged']:,}",
            first=_moment(report["from_ms"]),
            last=_moment(report["to_ms"]),
        )

    def _cards(self) -> str:
        total = self.report["total"]
        cards: list[str] = []
        for kind in KINDS:
            n, means = self.report["members"][kind], say(self.language, f"means_{kind}")
            note = self._say("card_members", n=n, means=means)
            cards.append(_card(kind, f"{total[kind]:,}", self._say(kind), note))
        rates = {"old": self._rate(total["old"]), "new": self._rate(total["new"])}
        both = f"{total['old']:,} → {total['new']:,}"
        cards.append(_card("hits", both, self._say("hits"), self._say("card_rate", **rates)))
        return f'<section class="cards">{"".join(cards)}</section>'

    def _rate(self, hits: int) -> str:
        return f"{hits * 1000 / self.report['judged']:.1f}"

    def _course(self) -> str:
        """Return old and new hits by hour, or by day or more where there are many hours."""
        hours = self.report["hours"]
        if not hours:
            return self._nothing("no_hits")
        step_ms, points = _points(hours)
        days = step_ms // DAY_MS
        unit = "hits_hour" if not days else "hits_day" if days == 1 else "hits_days"
        return course(
            points,
            old=say(self.language, "line_old", name=against(self.report, self.language)),
            new=say(self.language, "line_new", name=self.report["rulebook"]["name"]),
            unit=say(self.language, unit, n=days),
        )

    def _numbers(self, what: str, rows: Sequence[Mapping[str, Any]]) -> str:
        if not rows:
            return ""
        heads = [what, "before", "new", *KINDS]
        body = [[one[what] or "-", *(one[name] for name in ("old", "new", *KINDS))] for one in rows]
        summary = f"<summary>{self._say('all_numbers')}</summary>"
        return f"<details>{summary}{self._table(heads, body)}</details>"

    def _matrix(self, outcomes: Sequence[Mapping[str, Any]]) -> str:
        rows = [
            [*(outcome_word(self.language, one[which]) for which in ("old", "new")), one["count"]]
            for one in outcomes
        ]
        moved = frozenset(at for at, one in enumerate(outcomes) if one["old"] != one["new"])
        return self._table(["before", "new", "events"], rows, names=2, moved=moved)

    def _appeals(self, appeals: Sequence[Mapping[str, Any]]) -> str:
        said = {"upheld": say(self.language, "upheld"), "rejected": say(self.language, "rejected")}
        rows = [
            [said.get(one["verdict"], one["verdict"]), one["rule"], one["hit_still"], one["spared"]]
            for one in appeals
        ]
        return self._table(["verdict", "rule", "hit_again", "would_spare"], rows, names=2)

    def _table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str | int]],
        *,
        names: int = 1,
        moved: frozenset[int] = frozenset(),
    ) -> str:
        """Return a table whose first ``names`` columns are words, and the others numbers."""
        kinds = ["name" if number < names else "number" for number in range(len(heads))]
        head = "".join(
            f'<th class="{kind}">{self._say(key)}</th>'
            for kind, key in zip(kinds, heads, strict=True)
        )
        body: list[str] = []
        for number, row in enumerate(rows):
            cells = "".join(
                f'<td class="{kind}"><bdi>{escape(_shown(cell))}</bdi></td>'
                for kind, cell in zip(kinds, row, strict=True)
            )
            body.append(f'<tr class="{"moved" if number in moved else ""}">{cells}</tr>')
        return f'<div class="wide"><table><tr>{head}</tr>{"".join(body)}</table></div>'

    def _sample(self, one: Mapping[str, Any]) -> str:
        did = {which: outcome_word(self.language, one[which]) for which in ("old", "new")}
        rules = ", ".join(one["new_rules"] or one["old_rules"])
        text = _marked(one["text"], one["spans"]) or f"<i>{self._say('no_text')}</i>"
        place = {"group": one["group"], "at": _moment(one["at_ms"]), "event": one["event_id"]}
        explained = (
            f"<details><summary>{self._say('would_tell')}</summary>"
            f"<p><bdi>{escape(one['explanation'])}</bdi></p></details>"
        )
        return (
            f'<article class="{one["kind"]}"><header><b class="tag">{self._say(one["kind"])}</b> '
            f"{self._say('by', rules=rules, **did)}</header>"
            f"<blockquote><bdi>{text}</bdi></blockquote>"
            f"<small>{self._say('sample_place', who=_apart(one['name'] or one['member']), **place)}"
            f"</small>{explained if one['explanation'] else ''}</article>"
        )

    def _foot(self) -> str:
        log = self.report["log"]
        told = self._say(
            "page_foot",
            events=f"{log['events']:,}",
            first=_moment(log["first_ms"]),
            last=_moment(log["last_ms"]),
            malformed=f"{log['malformed']:,}",
        )
        return f"<footer><p>{told}</p></footer>"


def _card(kind: str, number: str, name: str, note: str) -> str:
    return f'<div class="card {kind}"><b>{number}</b><span>{name}</span><small>{note}</small></div>'


def _shown(cell: str | int) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _version(name: str, digest: str) -> str:
    return f"{name} ({digest[:12]})" if digest else name


def _apart(name: str) -> str:
    """Return a member's name between marks that keep its direction of writing to itself."""
    return f"\u2068{name}\u2069"


def _points(hours: Sequence[Mapping[str, int]]) -> tuple[int, list[tuple[str, int, int]]]:
    """Return how long each step is, and old and new hits in it; where nothing was, zero."""
    first, last = hours[0]["at_ms"], hours[-1]["at_ms"]
    step_ms = HOUR_MS if (last - first) // HOUR_MS < FEW_HOURS else DAY_MS
    while (last - first) // step_ms > FEW_HOURS * 4:
        step_ms *= 2
    steps = range(first // step_ms * step_ms, last + 1, step_ms)
    sums: dict[int, tuple[int, int]] = dict.fromkeys(steps, (0, 0))
    for one in hours:
        at_ms = one["at_ms"] // step_ms * step_ms
        old, new = sums.get(at_ms, (0, 0))
        sums[at_ms] = old + one["old"], new + one["new"]
    form = "%m-%d %H:00" if step_ms < DAY_MS else "%Y-%m-%d"
    return step_ms, [(_moment(at_ms, form), *sums[at_ms]) for at_ms in sorted(sums)]


def _marked(text: str, spans: Sequence[Sequence[int]]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in spans:
        if last <= start < end <= len(text):
            parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>"]
            last = end
    return "".join(parts) + escape(text[last:])


def _moment(at_ms: int, form: str = "%Y-%m-%d %H:%M UTC") -> str:
    return datetime.fromtimestamp(max(0, at_ms) / 1000, tz=UTC).strftime(form)
