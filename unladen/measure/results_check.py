"""Whether new results can be added to a folder without mixing or losing anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unladen.asv_bridge import machine
from unladen.errors import UserError
from unladen.history.clone_check import check_clone
from unladen.repo.repository import Repository
from unladen.store import benchmarks_file
from unladen.store.json_files import read_json
from unladen.store.records import Record
from unladen.store.results_file import read_results
from unladen.store.results_folder import misnamed_files, results_files
from unladen.text.former_names import former_names_remark
from unladen.text.terminal import printable


def check_results(folder: Path, name: str, repository: Repository, project: str) -> Sequence[str]:
    """Refuse a damaged results folder, and a repository that is not that of its results:
    ``UserError``, one line. Otherwise a line for all that is left out of several files.

    Damaged, as far as a run on the machine of that name would add to it: a file that is not
    readable in asv's format, a machine's folder without ``machine.json``.
    """
    own = folder / name
    try:
        benchmarks = folder / benchmarks_file.FILE
        described = read_json(benchmarks, benchmarks_file.VERSION) if benchmarks.is_file() else {}
        if own.is_dir() and any(own.iterdir()):
            _check_machine(own)
    except UserError as error:
        raise UserError(f"{error}: move it out of the results folder, or restore it") from error
    former = former_names_remark(folder, described)
    return [*former, *misnamed_files(own), *check_clone(repository, folder, project)]


def _check_machine(own: Path) -> None:
    description = own / "machine.json"
    if not description.is_file():
        raise UserError(f"{printable(str(own))} has no machine.json")
    read_json(description, machine.VERSION)
    for file in results_files(own):
        read_results(file)
    for record in sorted(own.glob("*.record")):
        Record.load(record)
