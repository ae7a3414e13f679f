"""The exact values of a commit: those that are stored, or else measured now.

Stored ones are used, whoever measured them, where ``unladen.history.conditions`` says that
they are valid.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.machine import ensure_machine, is_this_machine
from unladen.asv_bridge.processes import ProcessError
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample
from unladen.errors import UserError
from unladen.history.conditions import conditions_here, conditions_of, disagreement
from unladen.repo.commits import SHORT
from unladen.store.readings import Reasons, is_untold, reading_of
from unladen.store.reasons import Params
from unladen.store.records import Record
from unladen.store.results_file import ResultsFile, read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.series import SeriesInfo, Status, cell_text

Samples = Mapping[tuple[str, Params], Sample]
"""By series and parameters."""


@dataclass(frozen=True)
class ExactValues:
    """Of one commit. ``stored``: how many series were there already; ``remarks``: results that
    could not be used, a line each."""

    samples: Samples
    stored: int
    remarks: Sequence[str] = ()


def exact_values(
    setup: BenchmarkSetup, commit: str, series: Sequence[SeriesInfo], keep: bool = False
) -> ExactValues:
    """The values of ``series`` at a commit, stored ones where there are some.

    ``keep``: store what is measured. Raises ``UserError``.
    """
    found, remarks = stored_values(setup, commit, series)
    pending = [one for one in series if not _is_complete(one, found)]
    measured = measure_values(setup, commit, pending, keep=keep) if pending else {}
    return ExactValues({**found, **measured}, len(series) - len(pending), remarks)


def stored_values(
    setup: BenchmarkSetup, commit: str, series: Sequence[SeriesInfo]
) -> tuple[dict[tuple[str, Params], Sample], list[str]]:
    """What the results folder holds of ``series`` at a commit that is valid here, this machine's
    first; and a line for each file that could not be read, and for each that disagrees with what
    is taken."""
    found: dict[tuple[str, Params], Sample] = {}
    remarks = []
    env = setup.environment
    here = conditions_here(env.interpreter, env.env_vars, env.driver)
    folders = list(machine_folders(setup.project.results))
    for folder in sorted(folders, key=lambda folder: not is_this_machine(folder)):
        for path in results_files(folder):
            if not path.name.startswith(f"{commit[:SHORT]}-"):
                continue
            try:
                file = read_results(path)
                record = file.record()
            except UserError as error:
                remarks.append(f"{error}; skipped")
                continue
            if file.commit == commit and here.agree(conditions_of(record, file.variables)):
                samples = _samples(file, record, series)
                values = {
                    key: one
                    for key, one in samples.items()
                    if not is_untold(one.status, one.reason)
                }
                remarks += _disagreements(found, values, series, path)
                found = {**values, **found}
    return found, remarks


def _disagreements(
    found: Samples, others: Samples, series: Sequence[SeriesInfo], path: Path
) -> list[str]:
    """A line if a file has other values than those that were found before."""
    cells_named = []
    for one in series:
        for cell in one.cells:
            value, other = found.get((one.name, cell)), others.get((one.name, cell))
            if value is not None and other is not None and not _agree(one, value, other):
                cells_named.append(f"{one.name}({cell_text(cell)})" if cell else one.name)
    if not cells_named:
        return []
    return [disagreement(f"{path.parent.name}/{path.name}", cells_named)]


def _agree(series: SeriesInfo, one: Sample, other: Sample) -> bool:
    if one.status is not other.status:
        return False
    pairs = zip(one.values, other.values, strict=True)
    return not any(series.differ(value, compared) for value, compared in pairs)


def measure_values(
    setup: BenchmarkSetup,
    commit: str,
    series: Sequence[SeriesInfo],
    cells: Collection[Cell] = (),
    keep: bool = False,
) -> dict[tuple[str, Params], Sample]:
    """Measure ``series`` at a commit as ``run`` does; of a series with ``cells``, only those.

    ``keep``: add them to the stored results of this machine. Raises ``UserError``.
    """
    ensure_machine()
    combinations = _combinations(series, cells)

    def measured_in(folder: Path) -> dict[tuple[str, Params], Sample]:
        date = setup.repository.get_date(commit)
        path = setup.suite.measure(
            setup.environment,
            commit,
            date,
            combinations,
            install=lambda: _install(setup, commit),
            keep=keep,
            folder=folder,
        )
        return _read(path, series)

    if keep:
        return measured_in(setup.project.results_dir)
    with tempfile.TemporaryDirectory() as folder:
        return measured_in(Path(folder))


def _combinations(
    series: Sequence[SeriesInfo], cells: Collection[Cell]
) -> dict[str, list[int] | None]:
    """The indices of each series' combinations that are measured: of those with cells, theirs."""
    found: dict[str, list[int] | None] = {one.name: None for one in series}
    for name in {cell.series.name for cell in cells if cell.params}:
        found[name] = sorted(cell.index for cell in cells if cell.series.name == name)
    return found


def _install(setup: BenchmarkSetup, commit: str) -> bool:
    """Make the commit the installed one; False if it cannot be installed. Raises ``UserError`` if
    that says nothing of the commit."""
    env = setup.environment
    if env.installed_commit_hash == commit and not env.install_failure(commit):
        return True
    try:
        env.install(setup.repository, commit)
    except ProcessError as error:
        if why := env.unavailable(commit):
            raise UserError(why) from error
        return False  # its output is kept by the environment, as the reason of each failure
    return True


def _read(path: Path, series: Sequence[SeriesInfo]) -> dict[tuple[str, Params], Sample]:
    file = read_results(path)
    return _samples(file, file.record(), series)


def _samples(
    file: ResultsFile, record: Record | None, series: Sequence[SeriesInfo]
) -> dict[tuple[str, Params], Sample]:
    """What is known of each cell; cells that were never measured are left out."""
    reasons = Reasons(record)
    found = {}
    for one in series:
        stored = file.of(one)
        for cell, result in (
            zip(one.cells, stored.column("result", one), strict=True) if stored else ()
        ):
            reading = reading_of(one.name, cell, result, reasons)
            if reading.status is not Status.MISSING:
                values = [] if reading.value is None else [float(reading.value)]
                found[one.name, cell] = Sample(reading.status, values, reading.reason)
    return found


def _is_complete(series: SeriesInfo, found: Samples) -> bool:
    return all((series.name, cell) in found for cell in series.cells)
