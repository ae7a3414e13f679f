"""What there is in a folder of results, without reading the values: its series and commits.

Every command loads this module, and so nothing that counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.store.benchmarks_file import load_series
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.series import SeriesInfo


def described_series(project: Project) -> Mapping[str, SeriesInfo]:
    """What each series of the results folder says of itself, by name, in order. Raises
    ``UserError`` if it does not, or in no form that is known."""
    return load_series(project.results)


def measured_by_anybody(project: Project) -> set[str]:
    """The first ``SHORT`` characters of the hashes of the commits that any source has measured."""
    folders = machine_folders(project.results)
    return {file.name[:SHORT] for folder in folders for file in results_files(folder)}
