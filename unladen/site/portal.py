"""The portal, ``html/index.html``: all published targets side by side, on the same work.

One file, style included, that can be sent to somebody; its links lead into the targets' folders.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unladen.errors import UserError
from unladen.project.project import Project
from unladen.site.comparison import TargetColumn, compare
from unladen.site.faults_portal import write_faults_portal
from unladen.site.feed import told
from unladen.site.files import write_text
from unladen.site.filter_words import filter_words
from unladen.site.headlines import ChangeHeadline
from unladen.site.links import commit_page, folder_way, outside, series_page
from unladen.site.now import now_rows
from unladen.site.pages import render
from unladen.site.scripts import script
from unladen.site.summary import LatestCommit, Summary, summarise_results
from unladen.site.summary_file import NAME, read_summary
from unladen.store.series import capability_of
from unladen.text.dates import day

FLOOR = "bare"
"""The target that does the same work without an SDK (targets/bare)."""

PAGE = "index.html"
TARGETS = "targets.js"
"""Which targets there are, for the pages of each: a plot may have lines of several."""
_REPORTED = re.compile(r"reported #([0-9]+)\b")
SHOWN = 20
"""Lines of a list that are shown at once; those after them are folded."""


@dataclass(frozen=True)
class Published:
    """A target's published site. ``href``: its folder, seen from the portal, ending in "/"."""

    summary: Summary
    href: str

    def commit(self, commit: str) -> str:
        """The page of one of its commits."""
        return self.href + commit_page(commit)

    def series(self, line: ChangeHeadline) -> str:
        """The page of the series that a change is of."""
        return self.href + series_page(line.series, line.cell)

    def issue(self, triage: str) -> str:
        """The address of the issue as which a change is reported, "" if it is not known."""
        number = _REPORTED.match(triage)
        return outside(f"{self.summary.issues}{number[1]}") if number else ""

    @property
    def project(self) -> str:
        """Its project's address, "" without one."""
        return outside(self.summary.project_url)


def root_of(project: str, folder: Path) -> Path | None:
    """The folder of the portal: that in which a target's site lies, if it is called after it.

    None: the site may then lie anywhere, and nothing must be written beside it.
    """
    folder = folder.absolute()
    return folder.parent if folder.name == project else None


def write_portal_beside(project: Project, folder: Path) -> Path | None:
    """Write the portal anew after a publish of the conf's target into ``folder``; its path, None
    if it has no place."""
    root = root_of(project.name, folder)
    return write_portal(root, floor_results(project)) if root else None


def floor_results(project: Project) -> Path:
    """Where the results of the floor lie: beside the conf's own."""
    return project.results_dir.parent / FLOOR


def write_portal(root: Path, floor: Path) -> Path:
    """Write the portal of the targets in ``root``, and a list of them beside it; its path.

    ``floor``: results of the floor, which are used if it has not been published. Raises
    ``UserError`` if no target has been published there.
    """
    published, problems = find_published(root)
    if not published:
        advice = "; ".join(problems) or "unladen publish makes a target's site"
        raise UserError(f"no target is published in {root}: {advice}")
    page = root / PAGE
    has_faults = write_faults_portal(root, PAGE)
    write_text(page, _page(published, problems, _floor(published, floor), has_faults))
    entries = [{"name": one.summary.target, "folder": one.href} for one in published]
    write_text(root / TARGETS, script("targets", {"targets": entries}))
    return page


def find_published(root: Path) -> tuple[list[Published], list[str]]:
    """The published targets, the floor first, then by name; and a line for each summary that
    cannot be read."""
    found, problems = [], []
    for path in sorted(root.glob(f"*/{NAME}")):
        try:
            summary = read_summary(path)
        except UserError as error:
            problems.append(f"{error}; publish it again".replace(f"{root}/", ""))
        else:
            found.append(Published(summary, folder_way(path.parent)))
    found.sort(key=lambda one: (one.summary.target != FLOOR, one.summary.target))
    return found, problems


def _floor(published: Sequence[Published], results: Path) -> TargetColumn | None:
    """The floor's figures: as published, or else from its results; None without either."""
    for one in published:
        if one.summary.target == FLOOR:
            return TargetColumn(one.summary, one.href)
    try:
        summary = summarise_results(FLOOR, results)
    except UserError:
        return None  # no results, or none of this version: the page says that there is no floor
    return TargetColumn(summary, "") if summary else None


def _in_print(size: str) -> str:
    """The size of a change with the signs that a terminal may not have."""
    return size.replace("x", "×", 1).replace("-", "−", 1)


@dataclass(frozen=True)
class PortalLine:
    """A change of a published target, in a list over all of them."""

    published: Published
    headline: ChangeHeadline

    @property
    def capability(self) -> str:
        """Of its series."""
        return capability_of(self.headline.series)


def _lines(
    published: Sequence[Published],
    told: Callable[[Summary], Iterable[ChangeHeadline]],
    order: Callable[[ChangeHeadline], Any],
) -> list[PortalLine]:
    found = [PortalLine(one, headline) for one in published for headline in told(one.summary)]
    return sorted(found, key=lambda line: order(line.headline))


def _page(
    published: Sequence[Published],
    problems: Sequence[str],
    floor: TargetColumn | None,
    has_faults: bool,
) -> str:
    targets = [one for one in published if one.summary.target != FLOOR]
    unit = floor if targets else None
    shown = [*targets, *(one for one in published if one not in targets)]
    columns = [TargetColumn(one.summary, one.href) for one in targets or published]
    package = importlib.resources.files("unladen.site")
    styles = (package / "static" / "unladen.css", package / "templates" / "portal.css")
    script = (package / "templates" / "portal.js").read_text("utf-8")
    return render(
        "portal.html",
        title="Agent SDKs side by side",
        target="",
        home=PAGE,
        portal=PAGE,
        navigation=[],
        root="",
        scripts=[],
        data=[],
        style="\n".join(style.read_text("utf-8") for style in styles),
        script=script,
        script_hash=_digest(script),
        published={one.href: one for one in shown},
        now=now_rows(columns, unit),
        standing=_lines(shown, lambda one: one.standing, lambda one: one.order),
        repaired=_lines(shown, lambda one: one.repaired, lambda one: one.order),
        latest=_latest(shown),
        comparison=compare(columns, unit),
        shown=SHOWN,
        day=day,
        told=told,
        in_print=_in_print,
        filter_words=filter_words,
        floor=floor,
        floor_name=FLOOR,
        problems=problems,
        has_faults=has_faults,
    )


def _latest(published: Sequence[Published]) -> list[tuple[Published, LatestCommit]]:
    """The newest commits of all targets that changed something, the newest first."""
    found = [(one, commit) for one in published for commit in one.summary.latest]
    return sorted(found, key=lambda pair: -pair[1].date)


def _digest(script: str) -> str:
    """By which the page's policy knows its own script, which is the only one that it lets run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
