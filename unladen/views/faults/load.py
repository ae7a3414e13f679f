"""The faults of a target at one commit, from its conf."""

from __future__ import annotations

from dataclasses import replace

from unladen.errors import UserError
from unladen.history.lines import line_with, select
from unladen.history.measured_commit import check_measured, single
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.repository import open_repository
from unladen.results.open import results_on_line
from unladen.views.faults.model import Faults, faults_at, known_at, outcome_series


def load_faults(
    project: Project,
    commit: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
) -> list[Faults]:
    """The faults of each series of outcomes, at ``commit`` or else at the newest at which any was
    measured.

    ``machine``, ``environment``: whose results, by default as ``choose_source`` has it. Raises
    ``UserError`` if there is no such series, or none was measured there.
    """
    repository = open_repository(project)
    line = line_with(project, repository, None if commit is None else single(commit), branch)
    results = results_on_line(project, repository, line, machine, environment)
    history = replace(results.history, remarks=results.remarks)
    known = [(one, {*known_at(one).tolist()}) for one in outcome_series(history)]
    if not any(at for _, at in known):
        raise UserError(
            f"no outcomes of faults are measured of {project.name}: unladen run --bench faults"
        )
    number = max(max(at, default=-1) for _, at in known)
    if commit is not None:
        wanted = full_hash(repository, commit)
        if wanted in line:
            judged = {history.commits[n].hash for _, at in known for n in at}
            check_measured(project, repository, wanted, commit, judged)
        hashes = [one.hash for one in history.commits]
        number = min(map(hashes.index, select(repository, line, commit, history.commits)))
    return [faults_at(history, one, number) for one, at in known if number in at]
