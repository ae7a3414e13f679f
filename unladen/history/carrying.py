"""Where a commit runs the code that another one was measured with, although their files differ.

Lending (``unladen.history.lending``) says that an exact value of a commit is valid wherever it was
measured under the same conditions. Carrying says it of another commit: if nothing that processes
opened of the checkout is otherwise, and nothing that they may have looked for is there now or gone,
they would do the same. What was opened is recorded (``Opened``); the conditions are the same ones.

What a process asks without opening it (``stat``) leaves no trace, and neither does an attempt to
open what is not there. So a file that only one of the commits has counts as looked for

- in a folder that was listed or of which a file was opened: import, plugins, ``glob``;
- in a folder above one, where libraries look on their way up: if it begins with a dot or is a
  configuration file;
- elsewhere, if the code that was opened, or the driver, says its name; or, of data, its suffix
  where a name is put together.

Links, submodules and what decides how git checks files out count always.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from unladen.errors import UserError
from unladen.history.conditions import Conditions, conditions_of
from unladen.project.driver_digest import DriverDigests
from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.repo.commits import SHORT
from unladen.repo.differences import (
    Difference,
    NewName,
    differ_in_attributes,
    differences,
    files_that_say,
    folders_at,
    literally,
    new_names,
)
from unladen.repo.refs import branch_ref, git_output
from unladen.repo.repository import Repository
from unladen.store.opened import OpenedPaths, load_opened
from unladen.store.readings import Reasons, is_untold, reading_of
from unladen.store.records import Record, Session
from unladen.store.results_file import ResultsFile
from unladen.store.series import SeriesInfo, Status
from unladen.text.terminal import printable

MOST_ENTRIES = 400
"""So many new names are looked for in the code; more are taken for looked for."""

NEIGHBOURS = 2
"""Measured commits before and after one that are asked."""

WORK = "work"
"""The group of series that count what was executed."""

FARTHEST = 500
"""Commits away."""

_CONFIGURATION = {".toml", ".cfg", ".ini", ".env", ".json", ".yaml", ".yml", ".py", ".pth", ".conf"}
_BY_NAME = {".py", ".pyi", ".md", ".rst"}
"""Suffixes of what is looked for by its whole name, or as a module, in whose folder a file was
opened or which was listed."""

_OF_THE_MACHINE = re.compile(r"(benchmark )?timed out|killed by ")
"""Begins reasons of failures that may be the machine's, not the commit's."""


@dataclass(frozen=True)
class Likeness:
    """Whether a commit runs the code of another one. ``difference``: what may run otherwise, one
    line, "" if nothing does; ``files``: how many the commits have otherwise."""

    difference: str
    files: int

    def __bool__(self) -> bool:
        """Whether it does."""
        return not self.difference


@dataclass(frozen=True)
class Measured:
    """A measured commit of which it is known what its processes opened. ``is_of_now``: it was
    measured by this process, with the driver of now."""

    file: ResultsFile
    record: Record
    paths: OpenedPaths
    is_of_now: bool = False

    @property
    def commit(self) -> str:
        """Its hash."""
        return self.file.commit


def measured_at(
    file: ResultsFile, here: Conditions, setting: str, is_of_now: bool = False
) -> Measured | None:
    """What a results file can tell of other commits; None if nothing under the conditions ``here``
    and the ``setting`` (``Opened``). ``is_of_now``: as in ``Measured``."""
    try:
        record = file.record()
    except UserError:
        return None
    opened = record.opened if record else None
    if record is None or opened is None or opened.refusal or opened.setting != setting:
        return None
    if not here.agree(conditions_of(record, file.variables)):
        return None
    paths = load_opened(file.path.parent, opened.paths)
    if paths is None or not paths.files:
        return None
    return Measured(file, record, paths, is_of_now)


def likeness(
    project: Project, repository: Repository, paths: OpenedPaths, measured: str, other: str
) -> Likeness:
    """Whether ``other`` runs the code of ``measured``, whose processes opened ``paths``. Raises
    ``ProcessError``."""
    found = differences(repository, measured, other, project.paths)
    difference = _difference(project, repository, paths, (measured, other), found)
    return Likeness(difference, len(found))


def known_series(
    measured: Measured, series: Sequence[SeriesInfo], driver: DriverDigests
) -> list[SeriesInfo]:
    """Those of which all is known there that a commit which runs the same code would show.
    ``driver``: the one of now."""
    reasons = Reasons(measured.record)
    return [one for one in series if _is_whole(measured, one, reasons, driver)]


def controls(measured: Measured, series: Sequence[SeriesInfo]) -> list[SeriesInfo]:
    """Those that are measured all the same, of each capability one: should the commit run otherwise
    for a reason that no file tells, such as the date or what is outside the checkout, it shows
    there first. The quickest that counts work, where others are spared by it."""
    by_capability: dict[str, list[SeriesInfo]] = {}
    for one in series:
        by_capability.setdefault(one.capability, []).append(one)
    found = []
    for sharing in by_capability.values():
        usable = [one for one in sharing if one.is_exact and _has_values(measured, one)]
        counting = [one for one in usable if one.group == WORK] or usable
        if counting and len(sharing) > 1:
            found.append(min(counting, key=lambda one: (_duration(measured, one), one.name)))
    return found


def neighbours(
    project: Project, repository: Repository, commit: str, measured: Collection[str]
) -> list[str]:
    """The nearest measured commits before and after one on lines of first parents. ``measured``:
    the beginnings (``SHORT``) of their hashes."""
    found: list[str] = []
    for line in _lines_from(project, repository, commit):
        known = (one for one in line if one != commit and one[:SHORT] in measured)
        found += [one for _, one in zip(range(NEIGHBOURS), known, strict=False)]
    return list(dict.fromkeys(found))


def _lines_from(project: Project, repository: Repository, commit: str) -> Iterator[list[str]]:
    command = ["rev-list", "--first-parent"]
    yield git_output(repository, [*command, f"--max-count={FARTHEST}", commit]).split()
    for branch in project.branches:
        tip = branch_ref(repository, branch)
        later = git_output(repository, [*command, "--ancestry-path", f"{commit}..{tip}"]).split()
        yield later[: -FARTHEST - 1 : -1]


def _is_whole(
    measured: Measured, series: SeriesInfo, reasons: Reasons, driver: DriverDigests
) -> bool:
    stored = measured.file.series.get(series.name)
    if stored is None or stored.version != series.version or stored.axes != series.points:
        return False
    if not measured.is_of_now:
        session = _session(measured.record, stored.started)
        if session is None or session.driver_of(series.parts) != driver.of(series.parts):
            return False
    for params, value in zip(series.cells, stored.column("result", series), strict=True):
        found = reading_of(series.name, params, value, reasons)
        if found.status is Status.MISSING or is_untold(found.status, found.reason):
            return False
        if found.status is Status.FAILED and _OF_THE_MACHINE.match(found.reason):
            return False
    return True


def _has_values(measured: Measured, series: SeriesInfo) -> bool:
    stored = measured.file.series[series.name]
    return any(
        isinstance(value, int | float) and value == value
        for value in stored.column("result", series)
    )


def _duration(measured: Measured, series: SeriesInfo) -> float:
    """Seconds that it took; infinite if that is not known."""
    found = measured.file.series[series.name].entry("duration")
    return float(found) if isinstance(found, int | float) else float("inf")


def _session(record: Record, started: int | None) -> Session | None:
    """The measurement that began then or before."""
    sessions = (one for one in reversed(record.sessions) if started is not None)
    return next((one for one in sessions if one.started <= (started or 0) <= one.ended), None)


def _difference(
    project: Project,
    repository: Repository,
    paths: OpenedPaths,
    commits: tuple[str, str],
    found: Sequence[Difference],
) -> str:
    files = {*paths.files}
    for one in found:
        path = printable(one.path)
        if one.is_link:
            return f"{path} is a link or a submodule"
        if one.path in files:
            return f"{path} was opened"
        if "\ufffd" in one.path:
            return f"{path} has no name in UTF-8"
    if differ_in_attributes(repository, *commits):
        return "how git checks files out differs"
    if all(one.is_in_both for one in found):
        return ""
    before, after = (folders_at(repository, commit, project.paths) for commit in commits)
    for root in project.import_roots:
        if (root in before) != (root in after):
            return f"{printable(root)}, which is on the path, is in one of the commits"
    entries = sorted(new_names(found, before, after), key=lambda one: (one.folder, one.name))
    return _looked_for(paths, entries) or _said(project, repository, paths, commits, entries)


def _looked_for(paths: OpenedPaths, entries: Sequence[NewName]) -> str:
    """The first new name in a folder where a process looked, or may have on its way up."""
    touched = {*paths.folders, *(file.rpartition("/")[0] for file in paths.files)}
    above = {parent for one in touched for parent in _above(one)}
    for one in entries:
        what = f"{printable(one.name)} is in {printable(one.folder) or 'the top folder'}"
        if one.folder in touched:
            return f"{what}, where files were looked for, in one of the commits"
        is_told = one.name.startswith(".") or PurePosixPath(one.name).suffix in _CONFIGURATION
        if one.folder in above and is_told and not one.is_folder:
            return f"{what}, above opened files, in one of the commits"
        if one.folder in above and one.is_folder and one.name.startswith("."):
            return f"{what}, above opened files, in one of the commits"
    return ""


def _said(
    project: Project,
    repository: Repository,
    paths: OpenedPaths,
    commits: tuple[str, str],
    entries: Sequence[NewName],
) -> str:
    """The first new name that opened code, or the driver, says; "" if none."""
    if len(entries) > MOST_ENTRIES:
        return f"{len(entries)} names are in one of the commits"
    patterns = {pattern: one for one in entries for pattern in _patterns(one)}
    driver = driver_folder(project.folder, project.name)
    texts = [file.read_text(errors="replace") for file in sorted(driver.rglob("*.py"))]
    for pattern, one in patterns.items():
        if any(re.search(pattern, text) for text in texts):
            return f"the driver says {printable(one.name)}, which is in one of the commits"
    saying = files_that_say(repository, commits[0], [*patterns], project.paths) & {*paths.files}
    if not saying:
        return ""
    for pattern, one in patterns.items():
        if found := files_that_say(repository, commits[0], [pattern], sorted(saying)):
            where = printable(min(found))
            return f"{where} says {printable(one.name)}, which is in one of the commits"
    return ""


def _patterns(entry: NewName) -> list[str]:
    """Expressions, for git and for Python alike, that find the name where code looks for it."""
    name, suffix = literally(entry.name), PurePosixPath(entry.name).suffix
    if entry.is_folder:
        return [f"[\"'/]{name}[\"'/]"]
    if not suffix or suffix in _BY_NAME:
        return [name]
    return [name, f"[}}\"'*]{literally(suffix)}[\"']"]


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
