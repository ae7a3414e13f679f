"""``changes.xml``: an Atom feed (RFC 4287) with an entry for each commit that changed something.

Written here: a library for it would be a dependency in place of sixty lines.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from unladen.changes.by_commit import CommitChanges, HistoryChanges, Item
from unladen.changes.model import Change
from unladen.changes.words import mark, reading_text, size_text
from unladen.site import links
from unladen.site.counts import Counts, count
from unladen.site.files import write_text
from unladen.store.series import cell_text
from unladen.text.counts import count_text
from unladen.text.dates import moment
from unladen.text.names import shown_name
from unladen.text.terminal import printable

NAME = "changes.xml"
ENTRIES = 50
"""The newest commits that changed something noticeable; what is older is in ``changes.json``."""

LINES = 12
"""Changes that an entry names."""

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.UUID("8a0d6f1e-6f0b-5d1c-9a53-2f0f5c1b7c11")


def write_feed(folder: Path, history_changes: HistoryChanges) -> None:
    """Write it into a target's published folder."""
    write_text(folder / NAME, feed(history_changes))


def feed(history_changes: HistoryChanges) -> str:
    """The feed. Ids depend only on the target, machine, environment and commit, so that a reader
    shows each commit once, however often the site is published; links are relative to the feed."""
    history = history_changes.history
    whose = (history.target, history.machine, history.environment)
    noticed = [commit for commit in history_changes.commits if _items(commit)][:ENTRIES]
    seen = [c.date for c, m in zip(history.commits, history.measured, strict=True) if m]
    root = ET.Element("feed", xmlns=_ATOM)
    _add(root, "id", _identity(*whose))
    _add(root, "title", f"{history.target}: what each commit changed")
    _add(root, "subtitle", f"Mock results on {history.machine}, {history.environment}")
    _add(root, "updated", moment(max(seen, default=0)))
    _add(root, "link", rel="self", type="application/atom+xml", href=NAME)
    _add(root, "link", rel="alternate", type="text/html", href="index.html")
    _add(root, "generator", "Unladen")
    _add(ET.SubElement(root, "author"), "name", "Unladen")
    for commit in noticed:
        _entry(root, commit, _identity(*whose, commit.commit.hash))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _entry(root: ET.Element, commit_changes: CommitChanges, identity: str) -> None:
    commit = commit_changes.commit
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", identity)
    _add(entry, "title", f"{told(count(commit_changes))}: {commit.subject}")
    _add(entry, "published", moment(commit.date))
    _add(entry, "updated", moment(commit.date))
    _add(ET.SubElement(entry, "author"), "name", commit.author or "unknown")
    _add(entry, "link", rel="alternate", type="text/html", href=links.commit_page(commit.hash))
    for word in sorted({item.biggest.direction.value for item in _items(commit_changes)}):
        _add(entry, "category", term=word)
    _add(entry, "content", _content(commit_changes), type="text")


def _content(commit_changes: CommitChanges) -> str:
    items = _items(commit_changes)
    lines = [f"{commit_changes.commit.short} {commit_changes.commit.subject}"]
    lines += [_line(item) for item in items[:LINES]]
    if len(items) > LINES:
        lines.append(f"and {len(items) - LINES} more")
    return "\n".join(map(printable, lines))


def _items(commit_changes: CommitChanges) -> Sequence[Item]:
    """What an entry is about: what is neither minor nor found to be none."""
    return [item for item in commit_changes.items if not item.is_minor and not item.is_dismissed]


def _line(item: Item) -> str:
    change: Change = item.biggest
    series = change.series
    others = len({one.cell for one in item.changes}) - 1
    cell = cell_text(change.cell) + (f" +{others}" if others else "")
    name = shown_name(series.name)
    if len(item.series) > 1:
        name = f"{series.name.rpartition('.')[0]}: {len(item.series)} series"
    before, after = (reading_text(r, series) for r in (change.before, change.after))
    size = size_text(series, change.before.value, change.after.value, change.ratio)
    values = f"{before} -> {after}" + (f" ({size})" if size else "")
    return f"{mark(change)} {name}{f' [{cell}]' if cell else ''}: {values}, {change.state.value}"


def told(counts: Counts) -> str:
    """Counts in words: ``2 regressions, 1 improvement``."""
    parts = [
        f"{counts.broken} broken" if counts.broken else "",
        _number(counts.regressions, "regression"),
        _number(counts.improvements, "improvement"),
        f"{counts.suspected} suspected" if counts.suspected else "",
    ]
    return ", ".join(filter(None, parts)) or "changed"


def _number(number: int, word: str) -> str:
    return count_text(number, word) if number else ""


def _identity(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\0".join(parts)).urn


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        # XML has no way to write most control characters.
        element.text = "\n".join(map(printable, text.split("\n")))
