"""Charts as HTML: bars that go both ways, and a course of time. No script, no network.

Words are text of the page, at its size, however narrow it is; only lines and bars are stretched.
"""

from collections.abc import Sequence
from html import escape
from math import ceil

WIDTH, HEIGHT = 1000, 100  # of the lines, before they are stretched
TICKS_MAX = 6


def both_ways(rows: Sequence[tuple[str, int, int]], *, left: str, right: str) -> str:
    """Return bars for ``(label, to the left, to the right)``, in the order given."""
    if not rows:
        return ""
    most = max(1, *(max(a, b) for _, a, b in rows))
    body = "".join(
        f'<div class="row"><b><bdi>{escape(label)}</bdi></b>'
        f"{_bar(a, most, 'spared')}{_bar(b, most, 'newly')}</div>"
        for label, a, b in rows
    )
    return (
        '<figure class="bars"><div class="row head"><b></b>'
        f'<span class="spared">← {escape(left)}</span><span class="newly">{escape(right)} →</span>'
        f"</div>{body}</figure>"
    )


def course(points: Sequence[tuple[str, int, int]], *, old: str, new: str, unit: str) -> str:
    """Return two lines over ``(label, old, new)`` in the order of time; ``unit`` names the axes."""
    if not points:
        return ""
    most = _round_up(max(1, *(max(a, b) for _, a, b in points)))
    series = {"old": [a for _, a, _ in points], "new": [b for _, _, b in points]}
    lines = "".join(_line(tone, counts, most) for tone, counts in series.items())
    grid = "".join(
        f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>' for y in (0, HEIGHT // 2, HEIGHT)
    )
    scale = "".join(f"<span>{number:,}</span>" for number in (most, most // 2, 0))
    key = "".join(
        f'<span class="{tone}"><i></i>{escape(name)}</span>'
        for tone, name in (("old", old), ("new", new))
    )
    return (
        f'<figure class="course"><figcaption>{escape(unit)}<span class="key">{key}</span>'
        f'</figcaption><div class="scale">{scale}</div>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(unit)}"><g class="grid">{grid}</g>{lines}</svg>'
        f'<div class="ticks">{_ticks([label for label, _, _ in points])}</div></figure>'
    )


def _bar(count: int, most: int, tone: str) -> str:
    """Return a bar and its number, which takes room beside the longest bar, too."""
    bar = f'<i style="width:calc((100% - 4rem)*{count / most:.4f})"></i>' if count else ""
    return f'<span class="{tone}">{bar}<em>{count or "":{"," if count else ""}}</em></span>'


def _line(tone: str, counts: Sequence[int], most: int) -> str:
    """Return a line through the counts; one count alone is a level line."""
    shown = counts if len(counts) > 1 else [*counts, *counts]
    step = WIDTH / (len(shown) - 1)
    path = " ".join(
        f"{number * step:.1f},{HEIGHT * (1 - count / most):.1f}"
        for number, count in enumerate(shown)
    )
    return f'<polyline points="{path}" class="line {tone}"/>'


def _ticks(labels: Sequence[str]) -> str:
    """Return a few labels along the time, at their places; a narrow page leaves every other out."""
    last = len(labels) - 1
    if last < 1:
        return f"<span>{escape(labels[0])}</span>"
    wanted = min(TICKS_MAX, len(labels)) - 1
    places = [round(number * last / wanted) for number in range(wanted + 1)]
    return "".join(
        f'<span style="left:{100 * place / last:.2f}%">{escape(labels[place])}</span>'
        for place in places
    )


def _round_up(number: int) -> int:
    """Return an even number not below it, with one digit that is not zero where it is large."""
    digit: int = max(2, 10 ** (len(str(number)) - 1))
    return ceil(number / digit) * digit
