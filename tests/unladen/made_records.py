"""What is recorded beside results, made up or of a tiny project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unladen.store.records import Circumstances, Record, record_path

if TYPE_CHECKING:  # its folder alone is on the path where synthetic_results.py is run
    from tiny_project import TinyProject

CIRCUMSTANCES = Circumstances(
    cpu="a cpu",
    cores=2,
    memory=1024,
    os="Linux",
    kernel="6.1",
    python="3.11.7",
    implementation="CPython",
    packages={"asv_runner": "0.3.2"},
    asv="0.6.6",
    asv_runner="0.3.2",
    unladen="0.1.0",
    load_average=(0.1, 0.2, 0.3),
)


def record_of(project: TinyProject, commit: str) -> Record:
    """What is recorded beside the results of a commit."""
    return Record.load(record_path(project.results_file(commit)))
