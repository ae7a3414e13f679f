"""The exact values of a commit: those that are stored, or else measured now.

Stored ones are used, whoever measured them, where ``unladen.history.conditions`` says that
they are valid.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.machine import ensure_machine
from unladen.asv_bridge.processes import ProcessError
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, CellKey, Sample
from unladen.errors import UserError
from unladen.history.carrying import Measured
from unladen.history.conditions import conditions_here
from unladen.results.readings import Readings, readings_in, stored_readings
from unladen.results.spared import Here, measured_in
from unladen.store.series import SeriesInfo

Samples = Mapping[CellKey, Sample]
"""By series and parameters."""


@dataclass(frozen=True)
class ExactValues:
    """Of one commit. ``stored``: how many series were there already; ``remarks``: results that
    could not be used, a line each; ``measured``: what those that were measured now can tell of
    other commits, None if nothing."""

    samples: Samples
    stored: int
    remarks: Sequence[str] = ()
    measured: Measured | None = None


def exact_values(
    setup: BenchmarkSetup, commit: str, series: Sequence[SeriesInfo], keep: bool = False
) -> ExactValues:
    """The values of ``series`` at a commit, stored ones where there are some.

    ``keep``: store what is measured. Raises ``UserError``.
    """
    found, remarks = stored_values(setup, commit, series)
    pending = [one for one in series if not _is_complete(one, found)]
    stored = len(series) - len(pending)
    if not pending:
        return ExactValues(found, stored, remarks)
    samples, measured = measure(setup, commit, pending, keep=keep)
    return ExactValues({**found, **samples}, stored, remarks, measured)


def stored_values(
    setup: BenchmarkSetup, commit: str, series: Sequence[SeriesInfo]
) -> tuple[dict[CellKey, Sample], list[str]]:
    """What the results folder holds of ``series`` at a commit that is valid here, this machine's
    first; and a line for each file that could not be read, and for each that disagrees with what
    is taken."""
    # Where commits bring their own packages, these are known of one that is installed.
    if not setup.project.is_on_path and not _install(setup, commit):
        return {}, []
    stored = stored_readings(setup.project, commit, series, here(setup).conditions)
    return samples_of(stored.readings), [*stored.remarks]


def here(setup: BenchmarkSetup) -> Here:
    """Under what is measured now."""
    env = setup.environment
    conditions = conditions_here(env.interpreter, env.env_vars, env.driver)
    return Here(conditions, env.setting, env.driver)


def measure_values(
    setup: BenchmarkSetup,
    commit: str,
    series: Sequence[SeriesInfo],
    cells: Collection[Cell] = (),
    keep: bool = False,
) -> dict[CellKey, Sample]:
    """Measure ``series`` at a commit as ``run`` does; of a series with ``cells``, only those.

    ``keep``: add them to the stored results of this machine. Raises ``UserError``.
    """
    return measure(setup, commit, series, cells, keep)[0]


def measure(
    setup: BenchmarkSetup,
    commit: str,
    series: Sequence[SeriesInfo],
    cells: Collection[Cell] = (),
    keep: bool = False,
) -> tuple[dict[CellKey, Sample], Measured | None]:
    """The same, and what it can tell of other commits; None if nothing."""
    ensure_machine()
    combinations = _combinations(series, cells)

    def measured(folder: Path) -> tuple[dict[CellKey, Sample], Measured | None]:
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
        return samples_of(readings_in(path, series)), measured_in(path, here(setup), not keep)

    if keep:
        return measured(setup.project.results_dir)
    with tempfile.TemporaryDirectory() as folder:
        return measured(Path(folder))


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


def samples_of(readings: Readings) -> dict[CellKey, Sample]:
    """Readings as samples of one value."""
    return {
        key: Sample(one.status, [] if one.value is None else [float(one.value)], one.reason)
        for key, one in readings.items()
    }


def _is_complete(series: SeriesInfo, found: Samples) -> bool:
    return all((series.name, cell) in found for cell in series.cells)
