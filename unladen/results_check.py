"""Whether new results can be added to a folder without mixing or losing anything."""

from __future__ import annotations

from pathlib import Path

from asv import util
from asv.benchmarks import Benchmarks
from asv.machine import Machine

from unladen.json_files import read_json
from unladen.records import Record
from unladen.repository import Repository, repository_variable
from unladen.results_file import read_results
from unladen.results_folder import results_files
from unladen.texts import printable


def check_results(folder: Path, machine: str, repository: Repository, project: str) -> None:
    """Refuse a dirty results folder: ``UserError``, one line that names the first offending file.

    Dirty, as far as a run on ``machine`` would add to it: a file that is not readable in asv's
    format, a machine's folder without ``machine.json``, results of a commit that ``repository``
    does not have.
    """
    try:
        benchmarks = folder / "benchmarks.json"
        if benchmarks.is_file():
            read_json(benchmarks, Benchmarks.api_version)
        own = folder / machine
        if not own.is_dir() or not any(own.iterdir()):
            return
        description = own / "machine.json"
        if not description.is_file():
            raise util.UserError(f"{printable(str(own))} has no machine.json")
        read_json(description, Machine.api_version)
        files_by_commit = {read_results(file).commit: file for file in results_files(own)}
        for record in sorted(own.glob("*.record")):
            Record.load(record)
    except util.UserError as error:
        raise _dirty(str(error)) from error
    unknown = repository.unknown_commits(list(files_by_commit))
    for commit, file in files_by_commit.items():
        if commit in unknown:
            what = f"holds results of commit {commit[:8]}, which is not in the repository"
            advice = f", or set {repository_variable(project)} to the right clone"
            raise _dirty(f"{printable(str(file))} {what}", advice)


def _dirty(what: str, advice: str = "") -> Exception:
    refusal: Exception = util.UserError(
        f"{what}: move it out of the results folder, or restore it{advice}"
    )
    return refusal
