"""Small plots as paths of SVG, drawn before the page is opened: the portal needs no script."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 200, 40
_PAD = 3


def steps(points: Sequence[tuple[int, float | None]], positions: int) -> str:
    """The path of a value that stays until the next point, in a box of ``WIDTH`` x ``HEIGHT``.

    ``points``: each a position below ``positions`` and the value from there on, None for a gap.
    """
    known = [value for _, value in points if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    ends = [position for position, _ in points[1:]] + [max(positions - 1, 0)]
    path, drawing = [], False
    for (position, value), end in zip(points, ends, strict=True):
        if value is None:
            drawing = False
            continue
        start, stop = (_across(at, positions) for at in (position, end))
        down = _down(value, low, high)
        path.append(f"{f'V{down}' if drawing else f'M{start},{down}'}H{max(stop, start + 0.1):g}")
        drawing = True
    return "".join(path)


def _across(position: int, positions: int) -> float:
    return round(_PAD + (WIDTH - 2 * _PAD) * position / max(positions - 1, 1), 1)


def _down(value: float, low: float, high: float) -> float:
    if low == high:
        return HEIGHT / 2
    return round(HEIGHT - _PAD - (HEIGHT - 2 * _PAD) * (value - low) / (high - low), 1)
