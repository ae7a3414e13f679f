"""The exact values of a commit: those that are stored, or else measured now.

Exact values repeat to the digit on any machine, but depend on the benchmark's version, on the
interpreter down to its patch release and on the installed packages. Stored ones are used where all
three are the same as here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import util
from asv.machine import Machine
from asv.results import Results, get_filename
from asv.runner import run_benchmarks, skip_benchmarks

from unladen.ab.cells import Cell, Sample
from unladen.ab.workshop import Workshop
from unladen.machine import ensure_machine, machine_folder
from unladen.reasons import Params
from unladen.records import Record
from unladen.results_file import Reasons, ResultsFile, not_a_number, number, read_results, status
from unladen.results_folder import machine_folders
from unladen.series import SeriesInfo, Status

Samples = Mapping[tuple[str, Params], Sample]
"""By series and parameters."""

INSTALLERS = {"pip", "setuptools", "wheel"}
"""Packages that are in an environment and in no SDK's process."""


@dataclass(frozen=True)
class Values:
    """Of one commit. ``stored``: how many series were there already; ``remarks``: results that
    could not be used, a line each."""

    samples: Samples
    stored: int
    remarks: Sequence[str] = ()


def exact_values(
    workshop: Workshop, commit: str, series: Sequence[SeriesInfo], keep: bool = False
) -> Values:
    """The values of ``series`` at a commit, stored ones where there are some.

    ``keep``: store what is measured. Raises ``UserError``.
    """
    found, remarks = stored_values(workshop, commit, series)
    pending = [one for one in series if not _is_complete(one, found)]
    measured = measure_values(workshop, commit, pending, keep=keep) if pending else {}
    return Values({**found, **measured}, len(series) - len(pending), remarks)


def stored_values(
    workshop: Workshop, commit: str, series: Sequence[SeriesInfo]
) -> tuple[dict[tuple[str, Params], Sample], list[str]]:
    """What the results folder holds of ``series`` at a commit that is valid here, this machine's
    first; and a line for each file that could not be read."""
    found: dict[tuple[str, Params], Sample] = {}
    remarks = []
    folders = list(machine_folders(Path(workshop.conf.results_dir).resolve()))
    own = machine_folder()
    for folder in sorted(folders, key=lambda folder: folder.name == own):
        name = Path(get_filename(folder.name, commit, workshop.environment.name)).name
        if not Path(folder, name).is_file():
            continue
        try:
            file = read_results(Path(folder, name))
            record = file.record()
        except util.UserError as error:
            remarks.append(f"{error}; skipped")
            continue
        if file.commit == commit and _is_from_here(record, workshop):
            found.update(_samples(file, record, series))
    return found, remarks


def measure_values(
    workshop: Workshop,
    commit: str,
    series: Sequence[SeriesInfo],
    cells: Collection[Cell] = (),
    keep: bool = False,
) -> dict[tuple[str, Params], Sample]:
    """Measure ``series`` at a commit as ``run`` does; of a series with ``cells``, only those.

    ``keep``: add them to the stored results of this machine. Raises ``UserError``.
    """
    ensure_machine()
    machine = Machine.load(interactive=True)
    place = workshop.environment
    params = {**machine.__dict__, "python": place.python, **place.requirements}
    date = workshop.repository.get_date(commit)
    results = Results(
        params, place.requirements, commit, date, place.python, place.name, place.env_vars
    )
    if keep:
        machine.save(workshop.conf.results_dir)
        workshop.benchmarks.save()
        results.load_data(workshop.conf.results_dir)
    selected = _selected(workshop.benchmarks, series, cells)
    if _install(workshop, commit):
        run_benchmarks(selected, place, results=results, launch_method=workshop.launch_method)
    else:
        skip_benchmarks(selected, place, results=results)
    if keep:
        results.save(workshop.conf.results_dir)
        return _read(Path(workshop.conf.results_dir, results._filename), series)
    with tempfile.TemporaryDirectory() as folder:
        results.save(folder)
        return _read(Path(folder, results._filename), series)


def _selected(benchmarks: Any, series: Sequence[SeriesInfo], cells: Collection[Cell]) -> Any:
    """asv's benchmarks of these series and, where some are named, cells."""
    wanted = {one.name for one in series}
    selected = benchmarks.filter_out(set(benchmarks) - wanted)
    for name in {cell.series.name for cell in cells if cell.params}:
        indices = sorted(cell.index for cell in cells if cell.series.name == name)
        selected._benchmark_selection = {**selected._benchmark_selection, name: indices}
    return selected


def _install(workshop: Workshop, commit: str) -> bool:
    """Make the commit the installed one; False if it cannot be installed."""
    place = workshop.environment
    if place.installed_commit_hash == commit and not place.install_failure(commit):
        return True
    try:
        place.install_project(workshop.conf, workshop.repository, commit)
    except util.ProcessError:
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
            sample = _sample(one.name, cell, result, reasons)
            if sample.status is not Status.MISSING:
                found[one.name, cell] = sample
    return found


def _sample(series: str, params: Params, result: Any, reasons: Reasons) -> Sample:
    failure = reasons.of_failure(series, params)
    known = status(result, failure is not None)
    value = number(result)
    if known is Status.MEASURED and value is not None:
        return Sample(known, [float(value)])
    if known is Status.FAILED:
        return Sample(known, reason=(failure or "") if result is None else not_a_number(result))
    if known is Status.NOT_APPLICABLE:
        return Sample(known, reason=reasons.of_not_applicable(series, params))
    return Sample(Status.MISSING)


def _is_complete(series: SeriesInfo, found: Samples) -> bool:
    return all((series.name, cell) in found for cell in series.cells)


def _is_from_here(record: Record | None, workshop: Workshop) -> bool:
    """Whether results were measured with the interpreter and the packages that are here."""
    if record is None or record.environment is None:
        return False
    there, here = record.environment, workshop.environment.interpreter
    return (there.python, there.implementation, _that_count(there.packages)) == (
        here.version,
        here.implementation,
        _that_count(here.packages),
    )


def _that_count(packages: Mapping[str, str]) -> dict[str, str]:
    return {name: version for name, version in packages.items() if name not in INSTALLERS}
