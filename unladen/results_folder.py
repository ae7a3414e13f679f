"""Whether new results can be added to a folder without mixing or losing anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from asv import util
from asv.benchmarks import Benchmarks
from asv.machine import Machine
from asv.results import Results

from unladen.records import Record
from unladen.repository import Repository, repository_variable
from unladen.texts import one_line


def check_results(folder: Path, machine: str, repository: Repository, project: str) -> None:
    """Refuse a dirty results folder: ``UserError``, one line that names the first offending file.

    Dirty, as far as a run on ``machine`` would add to it: a file that is not readable in asv's
    format, a machine's folder without ``machine.json``, results of a commit that ``repository``
    does not have.
    """
    benchmarks = folder / "benchmarks.json"
    if benchmarks.is_file():
        _read(benchmarks, Benchmarks.api_version)
    own = folder / machine
    if not own.is_dir() or not any(own.iterdir()):
        return
    description = own / "machine.json"
    if not description.is_file():
        raise _dirty(own, "has no machine.json")
    _read(description, Machine.api_version)
    files_by_commit = {_commit_of(file): file for file in results_files(own)}
    for record in sorted(own.glob("*.record")):
        Record.load(record)
    unknown = repository.unknown_commits(list(files_by_commit))
    for commit, file in files_by_commit.items():
        if commit in unknown:
            what = f"holds results of commit {commit[:8]}, which is not in the repository"
            advice = f"or set {repository_variable(project)} to the right clone"
            raise _dirty(file, what, advice)


def machine_folders(folder: Path) -> Iterator[Path]:
    """The folders of machines in a results folder: those that are not empty."""
    if folder.is_dir():
        yield from (f for f in sorted(folder.iterdir()) if f.is_dir() and any(f.iterdir()))


def results_files(machine: Path) -> list[Path]:
    """The results files in a machine's folder, sorted by name."""
    return sorted(file for file in machine.glob("*.json") if file.name != "machine.json")


def _commit_of(file: Path) -> str:
    try:
        return str(Results.load(str(file)).commit_hash)
    except (OSError, AttributeError, TypeError, ValueError, util.UserError) as error:
        raise _dirty(file, f"is not a readable results file of asv ({error})") from error


def _read(file: Path, api_version: int) -> None:
    try:
        util.load_json(str(file), api_version)
    except (OSError, ValueError, TypeError, AttributeError, util.UserError) as error:
        raise _dirty(file, f"is not readable ({error})") from error


def _dirty(path: Path, what: str, advice: str = "") -> Exception:
    refusal: Exception = util.UserError(
        one_line(f"{path} {what}: move it out of the results folder, or restore it {advice}")
    )
    return refusal
