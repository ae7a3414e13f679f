"""The environment of a target with one commit installed, for what is tried there besides asv."""

from __future__ import annotations

from unladen.asv_bridge.environment_setup import environments_of
from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.measure.environment import UnladenEnvironment
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.text.terminal import last_line, one_line


def environment_with(project: Project, repository: Repository, commit: str) -> UnladenEnvironment:
    """The first environment of the conf with ``commit`` (a full hash); made if it is not there.

    Raises ``UserError`` for a malformed driver and for a commit that cannot be installed.
    """
    env = next(iter(environments_of(project)))
    if not isinstance(env, UnladenEnvironment):
        raise UserError(f'{project.name}: "environment_type" in asv.conf.json must be "unladen"')
    env.create()
    try:
        env.install(repository, commit)
    except ProcessError as error:
        said = env.unavailable(commit) or last_line(env.install_failure(commit)) or str(error)
        raise UserError(
            f"{repository.called(commit)} cannot be installed: {one_line(said)}"
        ) from error
    return env
