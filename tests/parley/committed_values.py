"""The committed results of the sample SDK's commits, in place of measuring them again.

They stand for a measurement where they hold every exact series in its present version, measured
with this interpreter: that a version's meaning does not change is what the series lock proves. A
part of them, some classes of series of some trees, chosen by the hash of the commit that is checked
out, is measured all the same, so that each change of the code measures others;
``UNLADEN_TEST_ALL=1`` measures all.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from measured_history import ROOT, TARGET, Subject, trees_of
from moving_sample import is_all_tried, tried_now

from targets.loading import load
from unladen.history.history import History
from unladen.history.loading import load_history
from unladen.history.source import choose_source
from unladen.labels.check import CellKey, Value, commit_values
from unladen.project import targets
from unladen.repo.repository import open_repository
from unladen.store.reasons import tells_wrong_outcome
from unladen.store.results_file import read_results
from unladen.store.results_folder import results_files
from unladen.store.series import SeriesInfo, Status

REFERENCE = ROOT / "results" / TARGET / "reference"

CAPABILITIES = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}

MEASURED_ANEW = 4
"""So many trees are measured though their values are committed."""

OF_EACH = 10
"""One in so many classes of series, as each tree's measuring may take half a minute."""


def load_committed() -> History:
    """The committed results of the sample SDK."""
    project = targets.load_target(targets.find(TARGET))
    source = choose_source(TARGET, REFERENCE.parent, REFERENCE.name).source
    return load_history(project, open_repository(project), source)


def committed_values(
    subject: Subject, series: Mapping[str, SeriesInfo]
) -> dict[str, Mapping[CellKey, Value]]:
    """By tree of the import root (``trees_of``), the exact values that are committed and stand for
    a measurement of ``series`` here and now."""
    if not REFERENCE.is_dir() or is_all_tried():
        return {}
    history = load_committed()
    exact = {name for name, one in series.items() if one.kind == "exact"}
    known = {one.series.name: one.series.version for one in history.series}
    absent = set(filter(_is_of_nothing_offered, exact))
    if any(known.get(name) != series[name].version for name in exact - absent):
        return {}
    cells = {(name, params) for name in exact - absent for params in series[name].cells}
    gaps = dict.fromkeys(
        ((name, params) for name in absent for params in series[name].cells),
        Status.NOT_APPLICABLE,
    )
    trees = trees_of(subject)
    here = set(_measured_here())
    retold = set(_with_failures_for_wrong_outcomes(exact))
    return {
        trees[commit.hash]: {**gaps, **{cell: values.cells[cell] for cell in cells}}
        for commit, values in zip(history.commits, commit_values(history), strict=True)
        if commit.hash in here and commit.hash in trees and cells <= values.cells.keys()
        if commit.hash not in retold
    }


def committed_series(series: Mapping[str, SeriesInfo]) -> dict[str, SeriesInfo]:
    """Those of the exact series that are committed in their present version."""
    known = {one.series.name: one.series.version for one in load_committed().series}
    return {
        name: one
        for name, one in series.items()
        if one.kind == "exact" and (known.get(name) == one.version or _is_of_nothing_offered(name))
    }


def _is_of_nothing_offered(series: str) -> bool:
    """Whether a series is of a capability that the sample's driver does not list: it is n/a."""
    offered = {one.name for one in load(TARGET).capabilities}
    return series.partition(".")[0] in CAPABILITIES - offered


def only_imports(
    cells: Mapping[CellKey, Value], series: Mapping[str, SeriesInfo]
) -> dict[CellKey, Value]:
    """Those of ``cells`` that say what an import costs."""
    return {cell: value for cell, value in cells.items() if series[cell[0]].group == "import"}


def measured_anew(trees: Iterable[str]) -> set[str]:
    """Of which of these trees a part is measured anew in this state of the project."""
    return tried_now(trees, MEASURED_ANEW)


def series_anew(tree: str, series: Mapping[str, SeriesInfo]) -> str:
    """A pattern of the series that are measured anew of a tree, another part of each."""
    classes = {name.rpartition(".")[0] for name, one in series.items() if one.kind == "exact"}
    tried = tried_now((f"{name} {tree}" for name in classes), -(-len(classes) // OF_EACH))
    return pattern_of(one.partition(" ")[0] for one in tried)


def pattern_of(classes: Iterable[str]) -> str:
    """Of all series of these classes."""
    return f"^({'|'.join(map(re.escape, sorted(classes)))})[.][^.]+$"


def _measured_here() -> Iterator[str]:
    """The commits whose results were measured with the interpreter that runs now."""
    running = platform.python_implementation(), platform.python_version()
    for file in map(read_results, results_files(REFERENCE)):
        record = file.record()
        there = record.environment if record else None
        if there is not None and (there.implementation, there.python) == running:
            yield file.commit


def _with_failures_for_wrong_outcomes(exact: Collection[str]) -> Iterator[str]:
    """The commits of which an exact result says no more of a wrong outcome than that it failed."""
    for file in map(read_results, results_files(REFERENCE)):
        record = file.record()
        failed = [one for one in record.failed if one.series in exact] if record else []
        if any(tells_wrong_outcome(one.reason) for one in failed):
            yield file.commit
