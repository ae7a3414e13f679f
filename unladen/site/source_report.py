"""The report that a site shows: that of ``load_report``, with only new results files parsed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from unladen.asv_bridge.console import log
from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.errors import UserError
from unladen.history.conditions import conditions_of
from unladen.history.history import History, load_history
from unladen.history.lending import beginnings, lend, lent_record
from unladen.history.lines import Line, line_of
from unladen.history.source import Source, choose_source
from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.repo.repository import Repository, open_repository
from unladen.site.cache import Kept, load_rows, save_rows, stamp_of
from unladen.site.cached_steps import remembered_steps
from unladen.site.rows import Layout, rows_of, series_histories
from unladen.store.records import Record, record_path
from unladen.store.results_file import environment_files, read_results
from unladen.store.series import load_series
from unladen.store.verdicts import load as load_verdicts


@dataclass(frozen=True)
class SourceReport:
    """A report, and the records of its results by their commits' hashes."""

    report: HistoryChanges
    records: Mapping[str, Record]


def cache_folder(project: Project) -> Path:
    """Where the caches of a target lie: beside its benchmark environments."""
    return project.env_dir.with_name("site-cache")


def cache_file(project: Project, source: Source, branch: str, kind: str) -> Path:
    """Where the cache of that kind of what a source measured of a branch is."""
    key = f"{project.name}\0{source.folder.name}\0{source.environment}\0{branch}"
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    return cache_folder(project) / f"{name}-{kind}.npz"


def load_source_report(project: Project, line: Line | None = None) -> SourceReport:
    """The changes of a target's whole history, of the source that ``choose_source`` gives.

    ``line``: by default that of the conf's first branch.

    Raises ``UserError`` if nothing was measured.
    """
    choice = choose_source(project.name, project.results)
    repository = open_repository(project)
    line = line or line_of(project, repository)
    measured = beginnings((choice.source, *choice.lenders))
    records = {source: _records(source) for source in (choice.source, *choice.lenders)}

    def load(source: Source) -> History:
        history = _Reader(project, repository, source, line, measured).history()
        return _with_records(history, source, records[source])

    history = lend(choice, load)
    # The site is for others: they need no path of this machine to know which file is meant.
    here = f"{choice.source.folder.parent}/"
    remarks = [remark.replace(here, "") for remark in history.remarks]
    history = replace(history, remarks=[*remarks, *choice.others_remark])
    with remembered_steps(cache_file(project, choice.source, line.branch, "steps")):
        changes = find_changes(history, load_verdicts(choice.source.folder))
    by_hash = {}
    for number, commit in enumerate(history.commits):
        own, *others = (found.get(commit.hash[:SHORT]) for found in records.values())
        names = map(str, choice.lenders)
        lent = {name: one for name, one in zip(names, others, strict=True) if one is not None}
        record = lent_record(history, number, own, lent) if history.measured[number] else None
        if record is not None:
            by_hash[commit.hash] = record
    return SourceReport(group_changes(history, changes), by_hash)


def _records(source: Source) -> dict[str, Record]:
    """The readable records of a source, by the beginning of the hash."""
    found = {}
    for results in environment_files(source.folder, source.environment):
        path = record_path(results)
        if path.exists():
            try:
                found[results.name[:SHORT]] = Record.load(path)
            except UserError:
                continue  # load_history has remarked on it
    return found


def _with_records(history: History, source: Source, records: Mapping[str, Record]) -> History:
    """The history with what its records say: the cache holds values only."""
    of_commits = [records.get(commit.hash[:SHORT]) for commit in history.commits]
    variables = _variables(source)
    return replace(
        history,
        sessions=[record.sessions if record else () for record in of_commits],
        conditions=[conditions_of(record, variables) for record in of_commits],
    )


def _variables(source: Source) -> Mapping[str, str]:
    """The variables that the conf sets in the source's environment, whose name tells it from those
    with other ones: each of its files has them."""
    for file in environment_files(source.folder, source.environment):
        try:
            return read_results(file).variables
        except UserError:
            continue  # load_history has remarked on it
    return {}


class _Reader:
    """Reads the history of one source, from the cache as far as it goes."""

    def __init__(
        self,
        project: Project,
        repository: Repository,
        source: Source,
        line: Line,
        measured: Collection[str],
    ) -> None:
        """``measured``: the beginnings of further commits to have in the history."""
        self._project = project
        self._measured = measured
        self._repository = repository
        self._source = source
        self._line = line
        results = source.folder.parent
        self._layout = Layout(list(load_series(results).values()))
        benchmarks = (results / "benchmarks.json").read_bytes()
        self._fingerprint = hashlib.sha256(benchmarks).hexdigest()
        self._file = cache_file(project, source, line.branch, "rows")

    def history(self) -> History:
        """The history, and the cache brought up to date."""
        files = environment_files(self._source.folder, self._source.environment)
        stamps = {file.name: stamp_of(file) for file in files}
        cached = load_rows(self._file, self._layout, self._fingerprint)
        good = {name: kept for name, kept in cached.items() if stamps.get(name) == kept.stamp}
        new = [file for file in files if file.name not in good]
        history = self._merged(good, new) if good else self._load()
        if new or len(good) < len(cached):
            self._keep(history, stamps)
        return history

    def _load(self) -> History:
        return load_history(
            self._project, self._repository, self._source, self._line, self._measured
        )

    def _keep(self, history: History, stamps: Mapping[str, tuple[int, ...]]) -> None:
        """Save the rows of all files that could be used."""
        kept = {}
        for commit, row in rows_of(history, self._layout).items():
            stem = f"{commit[:SHORT]}-{self._source.environment}"
            name = f"{stem}.json"
            # A file that left a remark is read again next time, so that it leaves one again.
            if name in stamps and not any(f"{stem}." in remark for remark in history.remarks):
                kept[name] = Kept(commit, stamps[name], row)
        try:
            save_rows(self._file, kept, self._fingerprint)
        except OSError as error:
            log.warning(f"the next publish will read all results again: {error}")

    def _merged(self, good: Mapping[str, Kept], new: list[Path]) -> History:
        """The history of cached rows and of new files."""
        read = self._read(new, next(iter(good)))
        rows = {kept.commit: kept.row for kept in good.values()} | rows_of(read, self._layout)
        measured = {name[:SHORT] for name in good} | {file.name[:SHORT] for file in new}
        commits = self._line.scope({*self._measured, *measured})
        on_line = {commit.hash for commit in commits}
        if not all(kept.commit in on_line for kept in good.values()):
            # The history was rewritten: what is left out now is to be counted.
            return self._load()
        of_commits = [rows.get(commit.hash) for commit in commits]
        return replace(
            read,
            commits=commits,
            measured=[row is not None for row in of_commits],
            series=series_histories(of_commits, self._layout),
        )

    def _read(self, new: list[Path], good: str) -> History:
        """The history of new files only, and of one that is known to be good: without any that can
        be used ``load_history`` would refuse."""
        with tempfile.TemporaryDirectory() as folder:
            stage = Path(folder, self._source.folder.name)
            stage.mkdir()
            for results in [self._source.folder / good, *new]:
                for file in (results, record_path(results)):
                    if file.exists():
                        # A link, not a copy: whatever it is, load_history knows what to do with it.
                        (stage / file.name).symlink_to(file)
            source = Source(stage, self._source.environment)
            # Of the line without a scope: only what is measured.
            bare = replace(self._line, in_scope=frozenset())
            read = load_history(self._project, self._repository, source, bare)
        shown = [remark.replace(str(stage), str(self._source.folder)) for remark in read.remarks]
        return replace(read, remarks=shown)
