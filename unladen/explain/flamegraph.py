"""The flame graph of a difference, as a static SVG: no script, nothing from outside.

Each function lies below those that it was called by, as wide as the bytecodes that it and all below
it execute, at the commit that executes more. Its colour says by how much that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from unladen.errors import UserError
from unladen.explain.frames import FunctionFrame, figures_with_frames, frames
from unladen.explain.run import ExplainedFigure, ExplainedPair
from unladen.explain.text import figure_head
from unladen.text.terminal import fitted, printable, width

WIDTH = 1200
MARGIN = 10
ROW = 19
CHARACTER = 7.25
"""Of 12 px monospace, as wide as any font has them."""

NARROWEST = 0.5
"""Pixels below which a function is left out."""

SHORTEST = 7
"""Columns of a name that is cut; one that fits may be shorter."""

GONE = 5
"""Functions that are named because the drawn commit does not execute them."""


@dataclass(frozen=True)
class _Theme:
    """Colours; of ``more`` and ``less`` those of small changes first."""

    paper: str
    ink: str
    soft: str
    same: str
    more: Sequence[str]
    less: Sequence[str]


LIGHT = _Theme(
    paper="#ffffff",
    ink="#1a1f29",
    soft="#545d6e",
    same="#e6e9ef",
    more=("#fbe3df", "#f8c9c1", "#f3a89c", "#ed8778", "#e56857"),
    less=("#e0ebfa", "#c3d9f5", "#9fc3ef", "#7cabe8", "#5d95e0"),
)
DARK = _Theme(
    paper="#14171d",
    ink="#ffffff",
    soft="#a6afbf",
    same="#2a303b",
    more=("#40282a", "#5c2f2d", "#793630", "#983d33", "#b34335"),
    less=("#1f2d45", "#233e66", "#274f86", "#2b5fa6", "#2f6bbf"),
)


def flamegraph(found: ExplainedPair) -> str:
    """That of the first figure of which it is known what ran. Raises ``UserError`` if there is
    none."""
    for figure in figures_with_frames(found.figures):
        roots = frames(figure, found.pair)
        if roots:
            title = f"{found.target} {figure.cell.name}"
            return picture(title, [_commits(found), _values(figure, _totals(roots))], roots)
    raise UserError("there is no flame graph: of no figure it is known what ran")


def picture(title: str, heads: Sequence[str], roots: Sequence[FunctionFrame]) -> str:
    """Frames as SVG. ``heads``: lines of text above them."""
    totals = _totals(roots)
    drawn = 1 if totals[1] >= totals[0] else 0
    scale = (WIDTH - 2 * MARGIN) / max(totals[drawn], 1)
    boxes = list(_boxes(roots, MARGIN, 0, scale, drawn))
    shown = [one for one in boxes if one.width >= NARROWEST]
    most = max((abs(one.frame.change) for one in boxes), default=0)
    above = [*heads, _legend(drawn)]
    feet = _feet(roots, len(boxes) - len(shown), drawn)
    top = MARGIN + ROW * (len(above) + 0.5)
    below = top + ROW * (max((one.row for one in shown), default=0) + 1)
    height = below + ROW * (len(feet) + 0.5) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
        f'viewBox="0 0 {WIDTH} {height:g}">',
        f"<title>{escape(printable(title))}</title>",
        f"<style>{_style()}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height:g}"/>',
        *(
            _line(text, MARGIN + ROW * (n + 0.75), "soft" if n else "head")
            for n, text in enumerate(above)
        ),
        *(_box(one, top, most, totals[drawn], drawn) for one in shown),
        *(_line(text, below + ROW * (n + 1), "soft") for n, text in enumerate(feet)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _totals(roots: Sequence[FunctionFrame]) -> tuple[int, int]:
    return sum(one.total[0] for one in roots), sum(one.total[1] for one in roots)


def _commits(found: ExplainedPair) -> str:
    pair = found.pair
    return f"{found.target} {pair.before.short}..{pair.after.short}  {pair.after.subject}"


def _values(figure: ExplainedFigure, totals: tuple[int, int]) -> str:
    unit = "" if figure.work is None else figure.work.unit
    what = "work of its benchmark" if figure.is_whole else "work"
    is_figure = not figure.is_whole and (figure.before, figure.after) == totals
    counted = "" if is_figure else f"; {what}: {totals[0]:,} -> {totals[1]:,} {unit}"
    return f"{figure_head(figure)}{counted} ({totals[1] - totals[0]:+,})"


def _legend(drawn: int) -> str:
    return (
        f"as wide as what is executed {'after' if drawn else 'before'}; red: more than before, "
        "blue: less, grey: as much; bold: functions that the commit changed"
    )


@dataclass(frozen=True)
class _Box:
    frame: FunctionFrame
    x: float
    row: int
    width: float


def _boxes(
    found: Sequence[FunctionFrame], x: float, row: int, scale: float, drawn: int
) -> Iterator[_Box]:
    pending = [(found, x, row)]
    while pending:
        siblings, x, row = pending.pop()
        for frame in siblings:
            if frame.total[drawn]:
                span = frame.total[drawn] * scale
                yield _Box(frame, x, row, span)
                pending.append((frame.children, x, row + 1))
                x += span


def _feet(roots: Sequence[FunctionFrame], left_out: int, drawn: int) -> list[str]:
    feet = []
    gone: dict[str, int] = {}
    for root in roots:
        for frame in root.walk():
            if not frame.total[drawn] and frame.own[1 - drawn]:
                name = _name(frame)
                gone[name] = gone.get(name, 0) + frame.own[1 - drawn]
    if gone:
        when = "only before" if drawn else "only after"
        sign = "-" if drawn else "+"
        named = sorted(gone.items(), key=lambda one: (-one[1], one[0]))
        said = ", ".join(f"{name} {sign}{many:,}" for name, many in named[:GONE])
        more = f" and {len(named) - GONE} more" if len(named) > GONE else ""
        feet.append(f"executed {when}, and not drawn: {said}{more}")
    if left_out:
        feet.append(f"{left_out:,} frames narrower than {NARROWEST:g} px are left out")
    return feet


def _box(box: _Box, top: float, most: int, total: int, drawn: int) -> str:
    frame = box.frame
    y = top + box.row * ROW
    name = _name(frame)
    room = int((box.width - 6) / CHARACTER)
    label = fitted(name, room) if room >= min(SHORTEST, width(name)) else ""
    style = ("changed " if frame.is_changed else "") + ("" if frame.function.is_own else "other")
    text = (
        f'<text x="{box.x + 3:.1f}" y="{y + 13:.1f}" class="{style.strip()}">{escape(label)}</text>'
        if label
        else ""
    )
    return (
        f"<g><title>{escape(_told(frame, total, drawn))}</title>"
        f'<rect x="{box.x:.2f}" y="{y:.1f}" width="{max(box.width - 0.5, 0.4):.2f}" '
        f'height="{ROW - 1}" class="{_shade(frame.change, most)}"/>{text}</g>'
    )


def _told(frame: FunctionFrame, total: int, drawn: int) -> str:
    before, after = frame.total
    times = f", {frame.change / before:+.1%}" if before else ""
    file = printable(frame.function.key.file)
    lines = [
        f"{_name(frame)}  {file}".rstrip(),
        f"{before:,} -> {after:,} ({frame.change:+,}{times})",
        f"{frame.total[drawn] / total:.1%} of all",
        f"in itself {frame.own[0]:,} -> {frame.own[1]:,}",
    ]
    return "\n".join([*lines, "the commit changes it"] if frame.is_changed else lines)


def _name(frame: FunctionFrame) -> str:
    return printable(frame.function.key.name)


def _shade(change: int, most: int) -> str:
    if not change:
        return "same"
    shades = len(LIGHT.more)
    number = min(int((abs(change) / most) ** 0.5 * shades), shades - 1)
    return f"{'more' if change > 0 else 'less'}{number}"


def _line(text: str, y: float, style: str) -> str:
    said = escape(fitted(printable(text), int((WIDTH - 2 * MARGIN) / CHARACTER)))
    return f'<text x="{MARGIN}" y="{y:.1f}" class="{style}">{said}</text>'


def _style() -> str:
    return (
        "svg{color-scheme:light dark}text{font:12px monospace;white-space:pre}"
        ".head,.changed{font-weight:bold}"
        f"{_colours(LIGHT)}@media(prefers-color-scheme:dark){{{_colours(DARK)}}}"
    )


def _colours(theme: _Theme) -> str:
    shades = {
        **{f"more{n}": colour for n, colour in enumerate(theme.more)},
        **{f"less{n}": colour for n, colour in enumerate(theme.less)},
        "paper": theme.paper,
        "soft": theme.soft,
        "same": theme.same,
    }
    fills = "".join(f".{name}{{fill:{colour}}}" for name, colour in shades.items())
    return (
        f"svg{{background:{theme.paper}}}text{{fill:{theme.ink}}}.other{{fill-opacity:.8}}{fills}"
    )
