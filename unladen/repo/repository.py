"""Where a target's commits come from: asv's git, with a local clone in place of the URL.

``UNLADEN_REPO_<PROJECT>`` (upper case, other characters than letters and digits as ``_``) names a
local clone, bare or not, that is used in place of the ``repo`` of ``asv.conf.json``. Without it, a
URL is mirrored into ``.asv/<project>.git`` beside the conf, and a series of patches
(``patches:FOLDER``) is built there.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from unladen.asv_bridge.console import log
from unladen.asv_bridge.git import AsvGit, NoSuchNameError
from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.repo.patches.git import complaint
from unladen.repo.patches.series import provide, series_folder
from unladen.repo.refs import branch_name, branch_ref, find_commit, tagged_commits

GIT_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
"""Git never asks for a password and never downloads large files."""

FOREIGN_REPOSITORY = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE"),
}
"""Variables that a git hook hands on: they would make our commands change *its* repository."""

_URL = re.compile(r"^([\w+.-]+://|[\w.-]+@[\w.-]+:)")


def repository_variable(project: str) -> str:
    """The name of the environment variable that points to a local clone of ``project``."""
    return "UNLADEN_REPO_" + re.sub(r"[^A-Z0-9]", "_", project.upper())


def local_repository(project: str) -> Path:
    """Where the repository of ``project`` is mirrored or built, seen from the conf's folder."""
    return Path(".asv", f"{project}.git").absolute()


def repository_of(project: Project) -> Repository | None:
    """The target's repository; None if the conf leaves it to asv (another ``dvcs``)."""
    if project.dvcs != Repository.dvcs:
        return None
    return Repository(project.repo, project.name, named_by_tags=project.named_by_tags)


def open_repository(project: Project) -> Repository:
    """The target's repository. Raises ``UserError`` if it is not one of ours."""
    repository = repository_of(project)
    if repository is None:
        raise UserError(f'{project.name}: "dvcs" in asv.conf.json must be "{Repository.dvcs}"')
    return repository


def open_at_hand(project: Project) -> Repository:
    """The same without a network. Raises ``UserError`` also if it would have to be cloned."""
    variable = repository_variable(project.name)
    if not project.repo and not os.environ.get(variable):
        raise UserError(f"no repository is named; set {variable}=/path/to/clone")
    is_here = (
        os.environ.get(variable) or series_folder(project.repo) or not _URL.match(project.repo)
    )
    if not is_here and not local_repository(project.name).exists():
        raise UserError(f"the repository is not here; set {variable}=/path/to/clone")
    return open_repository(project)


def is_url(address: str) -> bool:
    """Whether git would ask another machine, and not look at a folder of this one."""
    return bool(_URL.match(address)) and not address.startswith("file://")


class Repository(AsvGit):
    """asv's git repository that says in one line what is wrong with it, and takes no tag for a
    branch."""

    dvcs = "unladen"
    # Shared on purpose: asv opens a repository often.
    _fetched: set[str] = set()  # noqa: RUF012
    _provided: set[tuple[Path, Path]] = set()  # noqa: RUF012

    def __init__(self, url: str, project: str, *, named_by_tags: bool = False) -> None:
        """Open the local clone, build the patches, or mirror the URL. ``named_by_tags``: commits
        are called as their tags are.

        Raises ``UserError`` with one line.
        """
        super().__init__(project)
        self._named_by_tags = named_by_tags
        self._branch_names: dict[str | None, str] = {}
        self._variable = repository_variable(project)
        override = os.environ.get(self._variable, "")
        series = series_folder(url)
        if override:
            self.path = self._checked(override, f"{self._variable}={override}")
            self._pulled = True
        elif series:
            self.path = self._built(series)
            self._pulled = True
        elif not _URL.match(url):
            self.path = self._checked(os.path.abspath(url), f'"repo": "{url}" of {project}')
            self._pulled = True
        else:
            mirror = local_repository(project)
            if not mirror.exists():
                self._mirror(url, mirror)
            self.path = self._checked(str(mirror), f"the mirror {mirror}")
            self._pulled = self.path in self._fetched

    def pull(self) -> None:
        """Fetch the mirror, once per process. Raises ``UserError`` if that fails."""
        if self._pulled:
            return
        log.info("Fetching recent changes")
        try:
            self.run_git(["fetch", "--prune", "origin"], is_long=True)
            self._follow_head()
        except ProcessError as error:
            raise self._unusable(f"cannot fetch {self.project}", error) from error
        self._fetched.add(self.path)
        self._pulled = True
        self._branch_names.clear()

    def get_branch_name(self, branch: str | None = None) -> str:
        """The name of a branch of the conf, for people; None: of the default one."""
        if branch not in self._branch_names:  # asv asks for each graph
            self._branch_names[branch] = branch_name(branch_ref(self, branch))
        return self._branch_names[branch]

    def get_branch_commits(self, branch: str | None) -> list[str]:
        """The hashes of a branch's line of first parents, newest first. Raises ``UserError``."""
        return list(self.get_hashes_from_range(branch_ref(self, branch)))

    def get_hash_from_name(self, name: str | None) -> str:
        """The hash of a commit; None: of the default branch. Raises ``NoSuchNameError``."""
        found = find_commit(self, branch_ref(self, None) if name is None else name)
        if found is None:
            raise NoSuchNameError(name)
        return found

    def get_tags(self) -> dict[str, str]:
        """The hashes of the tagged commits, by the tags' names."""
        return tagged_commits(self)

    @cached_property
    def commit_names(self) -> Mapping[str, str]:
        """What commits are called, by their hashes; the first tag in the order of git if there are
        several."""
        tags = self.get_tags() if self._named_by_tags else {}
        return {commit: tag for tag, commit in reversed(tags.items())}

    def called(self, commit: str) -> str:
        """What a commit, by its hash, is called where it is shown."""
        return self.commit_names.get(commit, commit[:8])

    def unknown_commits(self, commits: Sequence[str]) -> set[str]:
        """Those of ``commits`` (full hashes) that are in no branch or tag, nor in the objects."""
        if not commits:
            return set()
        reachable = set(self.run_git(["rev-list", "--all"]).split())
        others = sorted(set(commits) - reachable)
        if not others:
            return set()
        query = ["rev-list", "--no-walk", "--ignore-missing", *others]
        return set(others) - set(self.run_git(query).split())

    def _follow_head(self) -> None:
        """Let the mirror's HEAD be what it is upstream, which a fetch does not."""
        said = self.run_git(["ls-remote", "--symref", "origin", "HEAD"])
        refs = [line.split() for line in said.splitlines()]
        symbolic = [line[1] for line in refs if len(line) == 3 and line[0] == "ref:"]
        hashes = [line[0] for line in refs if len(line) == 2]
        if symbolic:
            self.run_git(["symbolic-ref", "HEAD", symbolic[0]])
        elif hashes:
            self.run_git(["update-ref", "--no-deref", "HEAD", hashes[0]])

    def variables(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Those that are there, but for what would make git use another repository."""
        kept = {k: v for k, v in inherited.items() if k not in FOREIGN_REPOSITORY}
        return {**kept, **GIT_ENVIRONMENT}

    def _checked(self, path: str, source: str) -> str:
        """``path`` if it is a git repository; ``source`` says in the error where it comes from."""
        if not os.path.isabs(path):
            raise UserError(f"{source}: must be an absolute path to a clone")
        if not os.path.isdir(path):
            raise UserError(f"{source}: no such folder; {self._advice()}")
        try:
            self.run_git(["rev-parse", "--git-dir"], path)
        except ProcessError as error:
            raise self._unusable(f"{source} is not a usable git repository", error) from error
        return path

    def _built(self, series: Path) -> str:
        """The repository of a series of patches, built or checked once per process."""
        repository = local_repository(self.project)
        if (series, repository) not in self._provided:
            provide(series, repository)
            self._provided.add((series, repository))
        return str(repository)

    def _mirror(self, url: str, mirror: Path) -> None:
        """Clone ``url`` to ``mirror``; a failure or interrupt leaves nothing behind."""
        log.info(f"Cloning {url}")
        parent_is_new = not mirror.parent.exists()
        mirror.parent.mkdir(exist_ok=True)
        partial = mirror.with_name(f"{mirror.name}.part-{os.getpid()}")
        try:
            command = ["clone", "--mirror", "--end-of-options", url, str(partial)]
            self.run_git(command, None, is_long=True)
            os.replace(partial, mirror)
        except ProcessError as error:
            raise self._unusable(f"cannot clone {url}", error) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
            if parent_is_new and not any(mirror.parent.iterdir()):
                mirror.parent.rmdir()

    def _unusable(self, what: str, error: Any) -> Exception:
        failure: Exception = UserError(
            f"{what} ({complaint(error.stderr, error.retcode)}); {self._advice()}"
        )
        return failure

    def _advice(self) -> str:
        return f"set {self._variable}=/path/to/clone"
