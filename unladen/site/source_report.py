"""The report that a site shows: that of ``load_report``, with only new results files parsed."""

from __future__ import annotations

import copy
import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asv import util
from asv.console import log

from unladen.changes.load import find_changes, open_repository
from unladen.changes.report import Report, make_report
from unladen.commits import SHORT, line_of_commits
from unladen.history import History, load_history
from unladen.records import Record, record_path
from unladen.repository import Repository
from unladen.results_file import environment_files
from unladen.series import load_series
from unladen.site.cache import Kept, load_rows, save_rows, stamp_of
from unladen.site.cached_steps import remembered_steps
from unladen.site.rows import Layout, rows_of, series_histories
from unladen.source import Choice, Source, choose_source
from unladen.verdicts import load as load_verdicts


@dataclass(frozen=True)
class SourceReport:
    """A report, and the records of its results by their commits' hashes."""

    report: Report
    records: Mapping[str, Record]


def cache_folder(conf: Any) -> Path:
    """Where the caches of a target lie: beside its benchmark environments."""
    return Path(conf.env_dir).absolute().with_name("site-cache")


def cache_file(conf: Any, source: Source, kind: str) -> Path:
    """Where the cache of that kind of what a source measured is."""
    key = f"{conf.project}\0{source.folder.name}\0{source.environment}"
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    return cache_folder(conf) / f"{name}-{kind}.npz"


def load_source_report(conf: Any) -> SourceReport:
    """The changes of a target's whole history, of the source with the most results.

    Raises ``UserError`` if nothing was measured.
    """
    choice = choose_source(conf.project, Path(conf.results_dir).resolve())
    history = _Reader(conf, open_repository(conf), choice.source).history()
    # The site is for others: they need no path of this machine to know which file is meant.
    here = f"{choice.source.folder.parent}/"
    remarks = [remark.replace(here, "") for remark in history.remarks]
    history = replace(history, remarks=[*remarks, *_others(history, choice)])
    records = _records(choice.source)
    sessions = [
        records[commit.hash[:SHORT]].sessions if commit.hash[:SHORT] in records else ()
        for commit in history.commits
    ]
    history = replace(history, sessions=sessions)
    with remembered_steps(cache_file(conf, choice.source, "steps")):
        changes = find_changes(history, load_verdicts(choice.source.folder))
    by_hash = {
        commit.hash: records[commit.hash[:SHORT]]
        for commit, measured in zip(history.commits, history.measured, strict=True)
        if measured and commit.hash[:SHORT] in records
    }
    return SourceReport(make_report(history, changes), by_hash)


def _records(source: Source) -> dict[str, Record]:
    """The readable records of a source, by the beginning of the hash."""
    found = {}
    for results in environment_files(source.folder, source.environment):
        path = record_path(results)
        if path.exists():
            try:
                found[results.name[:SHORT]] = Record.load(path)
            except util.UserError:
                continue  # load_history has remarked on it
    return found


def _others(history: History, choice: Choice) -> list[str]:
    if not choice.others:
        return []
    others = ", ".join(f"{one.folder.name} ({one.environment})" for one in choice.others)
    return [f"shown is {history.machine} ({history.environment}); also measured: {others}"]


class _Reader:
    """Reads the history of one source, from the cache as far as it goes."""

    def __init__(self, conf: Any, repository: Repository, source: Source) -> None:
        self._conf = conf
        self._repository = repository
        self._source = source
        results = source.folder.parent
        self._layout = Layout(list(load_series(results).values()))
        benchmarks = (results / "benchmarks.json").read_bytes()
        self._fingerprint = hashlib.sha256(benchmarks).hexdigest()
        self._file = cache_file(conf, source, "rows")

    def history(self) -> History:
        """The history, and the cache brought up to date."""
        files = environment_files(self._source.folder, self._source.environment)
        stamps = {file.name: stamp_of(file) for file in files}
        cached = load_rows(self._file, self._layout, self._fingerprint)
        good = {name: kept for name, kept in cached.items() if stamps.get(name) == kept.stamp}
        new = [file for file in files if file.name not in good]
        if not good:
            history = load_history(self._conf, self._repository, self._source)
        else:
            history = self._merged(good, new)
        if new or len(good) < len(cached):
            self._keep(history, stamps)
        return history

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
        beginnings = {name[:SHORT] for name in good} | {file.name[:SHORT] for file in new}
        paths: list[str] = getattr(self._conf, "paths", None) or []
        branch = self._conf.branches[0]
        commits = line_of_commits(self._repository, branch, paths, beginnings)
        on_line = {commit.hash for commit in commits}
        if not all(kept.commit in on_line for kept in good.values()):
            # The history was rewritten: what is left out now is to be counted.
            return load_history(self._conf, self._repository, self._source)
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
        conf = copy.copy(self._conf)
        conf.paths = None
        with tempfile.TemporaryDirectory() as folder:
            stage = Path(folder, self._source.folder.name)
            stage.mkdir()
            for results in [self._source.folder / good, *new]:
                for file in (results, record_path(results)):
                    if file.exists():
                        # A link, not a copy: whatever it is, load_history knows what to do with it.
                        (stage / file.name).symlink_to(file)
            read = load_history(conf, self._repository, Source(stage, self._source.environment))
        shown = [remark.replace(str(stage), str(self._source.folder)) for remark in read.remarks]
        return replace(read, remarks=shown)
