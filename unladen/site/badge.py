"""``badge.svg``: the verdict on the newest measured commit, to be shown in a README."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from unladen.site.counts import Counts
from unladen.site.files import write_text
from unladen.site.summary import Summary
from unladen.text.counts import count_text
from unladen.text.terminal import fitted, printable, width

NAME = "badge.svg"
LABEL = "unladen"

_BROKEN, _WORSE, _GOOD, _UNKNOWN = "#7a1020", "#a8281c", "#14683a", "#4b5362"
_TITLE = 200
_CHARACTER = 6.6
_PADDING = 6


@dataclass(frozen=True)
class BadgeText:
    """``text``: on the badge; ``colour``: behind it, white text on it has a contrast above 6."""

    text: str
    colour: str


def badge_text(counts: Counts, measured: int) -> BadgeText:
    """The verdict on the newest of so many ``measured`` commits: broken, so many regressions, or
    none; of a first one nothing can be said. Only facts count: suspected changes do not, nor do
    minor ones."""
    if measured < 2:
        return BadgeText("first measured", _UNKNOWN)
    if counts.broken:
        return BadgeText("broken", _BROKEN)
    if counts.regressions:
        return BadgeText(count_text(counts.regressions, "regression"), _WORSE)
    return BadgeText("no regression", _GOOD)


def write_badge(folder: Path, summary: Summary) -> None:
    """Write it into a target's published folder."""
    write_text(folder / NAME, svg(summary))


def svg(summary: Summary) -> str:
    """The picture, 20 pixels high, whose title tells the verdict in a sentence."""
    told = badge_text(summary.counts, summary.measured)
    name = printable(summary.target)
    title = fitted(f"{name} at {summary.newest.short}: {told.text}", _TITLE)
    left, right = (int(width(text) * _CHARACTER) + 2 * _PADDING for text in (LABEL, told.text))
    total = left + right
    text = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" '
        f"aria-label={quoteattr(title)}>"
        f"<title>{escape(title)}</title>"
        f'<clipPath id="r"><rect width="{total}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#3a4150"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{told.colour}"/></g>'
        f'<g {text} text-anchor="middle" aria-hidden="true">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 2 * _PADDING}">{LABEL}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 2 * _PADDING}">'
        f"{escape(told.text)}</text></g></svg>\n"
    )
