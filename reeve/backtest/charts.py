"""Charts as inline SVG: bars that go both ways, and a course of time. No script, no network."""

from collections.abc import Sequence
from html import escape
from math import ceil

WIDTH = 900
ROW = 26
LABEL = 260
LABEL_MAX = 34  # characters
HEIGHT = 200
LEFT = 52
RIGHT = 48


def both_ways(rows: Sequence[tuple[str, int, int]], *, left: str, right: str) -> str:
    """Return bars for ``(label, to the left, to the right)``, longest sum as given."""
    if not rows:
        return ""
    most = max(1, *(max(a, b) for _, a, b in rows))
    middle = LABEL + (WIDTH - LABEL) // 2
    reach = (WIDTH - LABEL) // 2 - 60
    parts = [
        f'<text x="{middle - 8}" y="14" class="key" text-anchor="end">{escape(left)}</text>',
        f'<text x="{middle + 8}" y="14" class="key">{escape(right)}</text>',
    ]
    for number, (label, a, b) in enumerate(rows):
        y = 24 + number * ROW
        short = label if len(label) <= LABEL_MAX else f"{label[: LABEL_MAX - 1]}…"
        parts.append(
            f'<text x="{LABEL - 10}" y="{y + 14}" text-anchor="end">{escape(short)}'
            f"<title>{escape(label)}</title></text>"
        )
        for count, sign, tone in ((a, -1, "spared"), (b, 1, "newly")):
            length = count * reach / most
            x = middle - length if sign < 0 else middle
            end, anchor = (x - 6, "end") if sign < 0 else (x + length + 6, "start")
            if count:
                parts.append(
                    f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="{ROW - 8}" rx="2" '
                    f'class="{tone}"/><text x="{end:.1f}" y="{y + 14}" text-anchor="{anchor}" '
                    f'class="count">{count}</text>'
                )
    height = 24 + len(rows) * ROW
    axis = f'<line x1="{middle}" x2="{middle}" y1="20" y2="{height}" class="axis"/>'
    return _svg(height + 4, [axis, *parts])


def course(points: Sequence[tuple[str, int, int]], *, old: str, new: str) -> str:
    """Return two lines over ``(label, old, new)`` in the order of time."""
    if not points:
        return ""
    most = _round_up(max(1, *(max(a, b) for _, a, b in points)))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)

    def place(number: int, count: int) -> str:
        y = 20 + (HEIGHT - 60) * (1 - count / most)
        return f"{LEFT + number * step:.1f},{y:.1f}"

    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}" class="grid"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end" class="key">{text}</text>'
        for y, text in ((20, most), (HEIGHT / 2 - 10, f"{most / 2:g}"), (HEIGHT - 40, 0))
    ]
    for tone, series in (("old", [a for _, a, _ in points]), ("new", [b for _, _, b in points])):
        path = " ".join(place(number, count) for number, count in enumerate(series))
        parts.append(f'<polyline points="{path}" class="line {tone}"/>')
        if len(points) == 1:
            at_x, at_y = place(0, series[0]).split(",")
            parts.append(f'<circle cx="{at_x}" cy="{at_y}" r="4" class="dot {tone}"/>')
    every = ceil(len(points) / 8)
    for number, (label, _, _) in enumerate(points):
        if number % every == 0:
            x = LEFT + number * step
            parts.append(
                f'<text x="{x:.1f}" y="{HEIGHT - 20}" text-anchor="middle" class="key">'
                f"{escape(label)}</text>"
            )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 2}" class="legend old">■ {escape(old)}</text>')
    parts.append(
        f'<text x="{LEFT + 260}" y="{HEIGHT - 2}" class="legend new">■ {escape(new)}</text>'
    )
    return _svg(HEIGHT + 6, parts)


def _round_up(number: int) -> int:
    digit: int = 10 ** (len(str(number)) - 1)
    return ceil(number / digit) * digit


def _svg(height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"{''.join(parts)}</svg>"
    )
