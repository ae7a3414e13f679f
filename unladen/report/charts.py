"""Small charts as SVG: bars and lines, readable in light and dark, without a script or a font.

Colours follow the reader's scheme by a media query inside the file, on a ground of its own, so it
is readable wherever it is embedded. Lines differ by dashes and marks too, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from unladen.report.figures import rough

WIDTH = 720
_ROW = 26
_GLYPH = 6.9  # width of a character at the font size below, on average
_TOP = 44
_COLOURS = 4

_STYLE = """
.g{fill:#fff;stroke:#d6dae1}.t,.l{fill:#1a1f29}.s{fill:#545d6e}.a{stroke:#d6dae1;fill:none}
.p0{--c:#1d57b8}.p1{--c:#b5540b}.p2{--c:#14683a}.p3{--c:#8a2f8f}
.b{fill:var(--c)}.n{stroke:var(--c);fill:none;stroke-width:2}.m{fill:var(--c)}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.t{font-weight:600;font-size:14px}
@media (prefers-color-scheme:dark){
.g{fill:#14171d;stroke:#373f4d}.t,.l{fill:#e6e9ef}.s{fill:#a6afbf}.a{stroke:#373f4d}
.p0{--c:#8ab4ff}.p1{--c:#ffb074}.p2{--c:#7fdba2}.p3{--c:#e3a1e8}}
""".strip()

_DASHES = ("", "7 3", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its length (0 or more), and the value as text."""

    label: str
    value: float
    text: str


@dataclass(frozen=True)
class Curve:
    """Points from left to right. ``points``: (x, y), above 0 on a logarithmic axis."""

    label: str
    points: Sequence[tuple[float, float]]


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, one below the other. Raises ``ValueError`` without any."""
    if not rows:
        raise ValueError("a bar chart needs a bar")
    left = min(max(len(row.label) for row in rows) * _GLYPH + 24, WIDTH / 2)
    right = max(len(row.text) for row in rows) * _GLYPH + 24
    longest = max(row.value for row in rows) or 1.0
    parts = []
    for number, row in enumerate(rows):
        y = _TOP + number * _ROW
        long = max((WIDTH - left - right) * row.value / longest, 1.0)
        label = row.label if len(row.label) * _GLYPH < left else _cut(row.label, left)
        parts += [
            f'<text class="l" x="{left - 8:.1f}" y="{y + 14}" text-anchor="end">'
            f"{escape(label)}</text>",
            f'<rect class="b p0" x="{left:.1f}" y="{y + 2}" width="{long:.1f}" height="16" '
            'rx="2"/>',
            f'<text class="s" x="{left + long + 6:.1f}" y="{y + 14}">{escape(row.text)}</text>',
        ]
    about = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return _frame(title, about, _TOP + len(rows) * _ROW + 14, parts)


def lines(
    title: str,
    series: Sequence[Curve],
    *,
    x_label: str,
    y_label: str,
    log: bool = False,
    y_text: Callable[[float], str] = rough,
    x_text: Callable[[float], str] = rough,
) -> str:
    """Lines over a common x axis, with a legend. ``log``: both axes are logarithmic.

    Raises ``ValueError`` without a point.
    """
    points = [point for line in series for point in line.points]
    if not points:
        raise ValueError("a line chart needs a point")
    height = 340
    x_axis = _Axis([x for x, _ in points], 78, WIDTH - 24, log, from_zero=False)
    y_axis = _Axis([y for _, y in points], height - 58, _TOP + 22, log, from_zero=True)
    parts = []
    for at, tick in _spaced(x_axis, x_axis.ticks(), _GLYPH * 6):
        parts.append(f'<path class="a" d="M{at:.1f} {_TOP + 22}V{height - 58}"/>')
        parts.append(
            f'<text class="s" x="{at:.1f}" y="{height - 40}" text-anchor="middle">'
            f"{escape(x_text(tick))}</text>"
        )
    for at, tick in _spaced(y_axis, y_axis.ticks(), 16):
        parts.append(f'<path class="a" d="M78 {at:.1f}H{WIDTH - 24}"/>')
        parts.append(
            f'<text class="s" x="70" y="{at + 4:.1f}" text-anchor="end">'
            f"{escape(y_text(tick))}</text>"
        )
    parts.append(
        f'<text class="s" x="{(78 + WIDTH - 24) / 2:.0f}" y="{height - 16}" '
        f'text-anchor="middle">{escape(x_label)}</text>'
    )
    parts.append(f'<text class="s" x="14" y="{_TOP + 8}">{escape(y_label)}</text>')
    for number, line in enumerate(series):
        parts += _line(number, [(x_axis.at(x), y_axis.at(y)) for x, y in line.points])
    parts += _legend([line.label for line in series])
    about = "; ".join(
        f"{line.label}: from {y_text(line.points[0][1])} at {x_text(line.points[0][0])} to "
        f"{y_text(line.points[-1][1])} at {x_text(line.points[-1][0])}"
        for line in series
        if line.points
    )
    return _frame(title, about, height, parts)


class _Axis:
    """Where values lie between two places of the drawing."""

    def __init__(
        self, values: Sequence[float], start: float, end: float, log: bool, from_zero: bool
    ) -> None:
        self._log = log
        low, high = min(values), max(values)
        if log:
            low, high = math.log10(low), math.log10(high)
        elif from_zero:
            low, high = min(low, 0.0), max(high, 0.0)
        if high - low < 1e-12:
            high = low + 1
        self.low, self.high = low, high
        self._start, self._scale = start, (end - start) / (high - low)

    def at(self, value: float) -> float:
        """The place of a value."""
        value = math.log10(value) if self._log else value
        return self._start + (value - self.low) * self._scale

    def ticks(self) -> list[float]:
        """Round values along the axis."""
        if self._log:
            powers = range(math.floor(self.low), math.ceil(self.high) + 1)
            marks = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
            inside = [m for m in marks if self.low - 1e-9 <= math.log10(m) <= self.high + 1e-9]
            tens = [m for m in inside if math.log10(m).is_integer()]
            return tens if len(tens) > 2 else inside
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 2))
        while (self.high - self.low) / step > 6:
            step *= 2 if round(step / 10 ** math.floor(math.log10(step))) != 2 else 2.5
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def _spaced(axis: _Axis, ticks: Sequence[float], room: float) -> list[tuple[float, float]]:
    """The ticks with their places, without those that would overlap the one before."""
    kept: list[tuple[float, float]] = []
    for tick in ticks:
        at = axis.at(tick)
        if not kept or abs(at - kept[-1][0]) >= room:
            kept.append((at, tick))
    return kept


def _line(number: int, points: Sequence[tuple[float, float]]) -> list[str]:
    colour = f"p{number % _COLOURS}"
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = _DASHES[number % len(_DASHES)]
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = [f'<polyline class="n {colour}" points="{path}"{style}/>'] if len(points) > 1 else []
    if len(points) > 60:
        return drawn
    return drawn + [_mark(number, x, y) for x, y in points]


def _mark(number: int, x: float, y: float) -> str:
    colour = f"m p{number % _COLOURS}"
    match number % 4:
        case 0:
            return f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        case 1:
            return (
                f'<rect class="{colour}" x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>'
            )
        case 2:
            return f'<path class="{colour}" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
    return f'<path class="{colour}" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5-5z"/>'


def _legend(labels: Sequence[str]) -> list[str]:
    parts, x = [], 78.0
    for number, label in enumerate(labels):
        y = _TOP + 4
        dashes = _DASHES[number % len(_DASHES)]
        style = f' stroke-dasharray="{dashes}"' if dashes else ""
        x = max(x, 78.0 + 8 * _GLYPH) if number == 0 else x
        parts.append(f'<path class="n p{number % _COLOURS}" d="M{x:.1f} {y}h26"{style}/>')
        parts.append(_mark(number, x + 13, y))
        parts.append(f'<text class="l" x="{x + 32:.1f}" y="{y + 4}">{escape(label)}</text>')
        x += 32 + len(label) * _GLYPH + 18
    return parts


def _cut(label: str, room: float) -> str:
    return label[: max(int(room / _GLYPH) - 3, 1)].rstrip() + "..."


def _frame(title: str, about: str, height: float, parts: Sequence[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
            f'width="{WIDTH}" height="{height:.0f}" role="img" aria-labelledby="title about">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="about">{escape(about)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="g" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" '
            'rx="6"/>',
            f'<text class="t" x="14" y="26">{escape(title)}</text>',
            *parts,
            "</svg>",
            "",
        ]
    )
