"""asv's benchmark environments, with names and types for what is not public there.

A subclass says what happens at each step; asv calls the steps.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from asv import util
from asv.plugins.virtualenv import Virtualenv

from unladen.asv_bridge.confs import project_from
from unladen.asv_bridge.processes import ProcessError

ASV = str(Path(util.__file__).parent.parent)
"""The folder that asv is installed in."""


class CannotCheckOut(Exception):
    """A commit cannot be checked out for a reason that lies outside it: its message, one line."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended, well or not."""

    output: str
    errors: str
    exit_code: int


class RunsBenchmarks:
    """Starts processes as a benchmark's are started."""

    _described: Mapping[str, Mapping[str, Any]] = MappingProxyType({})

    def in_group(self, group: str) -> frozenset[str]:
        """The benchmarks that say that they are in this group; none before asv has asked them."""
        found = (name for name, one in self._described.items() if one.get("group") == group)
        return frozenset(found)

    # What a subclass decides.

    def prepare_to_create(self) -> None:
        """Before the environment is made, and where it is there already."""

    def process(
        self, arguments: Sequence[str], inherited: Mapping[str, str]
    ) -> tuple[list[str], dict[str, str]]:
        """The arguments and variables with which a benchmark process is started."""
        return [*arguments], {**inherited}

    # What there is.

    def command(self, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """The whole command and the variables of such a process, for who starts it otherwise than
        asv does."""
        raise NotImplementedError

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """As asv calls it."""
        raise NotImplementedError

    def says(self, arguments: Sequence[str], folder: str | None = None) -> str:
        """What a process prints. Raises ``ProcessError``."""
        return str(self.run([*arguments], cwd=folder, dots=False, display_error=False))

    def says_soon(self, arguments: Sequence[str], seconds: float) -> str:
        """The same; it is ended, and its errors are on asv's log, if it is silent for so long."""
        return str(self.run([*arguments], dots=False, timeout=seconds))

    def ended(self, arguments: Sequence[str], folder: str) -> Ended:
        """A process run in a folder, however it ends."""
        found = self.run(
            [*arguments], cwd=folder, dots=False, valid_return_codes=None, return_stderr=True
        )
        return Ended(*found)


class AsvVirtualenv(Virtualenv, RunsBenchmarks):  # type: ignore[misc]
    """A virtual environment that asv makes if the conf's ``environment_type`` is ``tool_name``.

    Where the conf has no ``install_command``, nothing is built, installed or uninstalled by
    commands, unless the conf has some for that. ``name``, ``python``, ``requirements``,
    ``env_vars`` and ``installed_commit_hash`` are asv's.
    """

    tool_name = ""

    def __init__(self, conf: Any, python: str, requirements: Any, tagged_env_vars: Any) -> None:
        """Read the conf; asv has made its folder the working directory."""
        self.project = project_from(conf)
        self._conf = conf
        super().__init__(conf, python, requirements, tagged_env_vars)
        if python == f"{sys.version_info.major}.{sys.version_info.minor}":
            # asv takes the first on PATH, which may be of another patch release, or a dead shim.
            self._executable = sys.executable
        if not self.project.is_installed_by_commands:
            self._install_command: list[str] = []
            self._build_command: list[str] = conf.build_command or []
            self._uninstall_command: list[str] = conf.uninstall_command or []

    # What there is.

    @property
    def folder(self) -> Path:
        """The environment's, absolute."""
        return Path(self._path)

    @property
    def environments(self) -> str:
        """The folder of this and other environments."""
        return str(self._env_dir)

    @property
    def checkout(self) -> Path:
        """Where a commit is checked out, absolute."""
        return Path(self._build_root)

    @property
    def believed_commit(self) -> str | None:
        """The commit that asv holds for installed, which ``verified`` may deny."""
        commit: str | None = super()._get_installed_commit_hash()
        return commit

    @property
    def default_timeout(self) -> float:
        """Of a benchmark that names none, seconds."""
        return float(self._default_benchmark_timeout)

    @property
    def has_pins(self) -> bool:
        """Whether the conf pins packages (``matrix.req``)."""
        return bool(self._requirements)

    def run_python(self, arguments: Sequence[str]) -> str:
        """What the environment's Python prints; not as a benchmark process."""
        return str(self.run_executable("python", [*arguments], dots=False))

    def run_pip(self, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        """Run pip in a folder. Raises ``ProcessError``."""
        self._run_pip([*arguments], cwd=str(folder), env={**variables})

    def install(self, repository: Any, commit: str) -> None:
        """Make the commit the installed one. Raises ``ProcessError`` if it cannot be installed."""
        self.install_project(self._conf, repository, commit)

    def see_commit(self, commit: str | None) -> None:
        """From now on processes are told that they measure this commit."""
        self._set_commit_hash(commit)

    def forget_installed(self) -> None:
        """The next commit is installed anew, whatever it is."""
        self._set_installed_commit_hash(None)

    # What a subclass decides.

    def programs_for(self, variables: Mapping[str, str]) -> Path:
        """The folder of the programs, Python's first of all, with which processes with these
        variables are started."""
        return self.folder / "bin"

    def install_checked_out(self, repository: Any, commit: str) -> None:
        """Install the commit, which is checked out. Raises ``ProcessError``."""

    def is_up_to_date(self) -> bool:
        """Whether the environment, if it is there, is what it should be."""
        return True

    def install_packages(self) -> None:
        """Install what the environment needs."""
        super()._install_requirements()

    def install_settings(self) -> list[Any]:
        """What else than asv's settings makes an installed commit another one; JSON."""
        return []

    def check_out(self, repository: Any, commit: str) -> None:
        """Check the commit out. Raises ``CannotCheckOut``, ``ProcessError``."""
        super().checkout_project(repository, commit)

    def prepare_to_install(self, commit: str) -> None:
        """Before a commit is installed."""

    def note_failure(self, commit: str, output: str) -> None:
        """A commit could not be installed."""

    def complete_install(self, commit: str) -> None:
        """After a commit was installed, or was installed already."""

    def verified(self, commit: str) -> str | None:
        """The commit, if that is what is installed, as asv believes; else None."""
        return commit

    # What asv calls.

    def create(self) -> None:
        """Create the environment if it is not there as it should be."""
        self.prepare_to_create()
        super().create()

    def check_presence(self) -> bool:
        """Whether the environment exists as it should be."""
        return self.is_up_to_date() and bool(super().check_presence())

    def _install_requirements(self) -> None:
        self.install_packages()

    def _get_install_checksum(self) -> list[Any]:
        return [*super()._get_install_checksum(), *self.install_settings()]

    def checkout_project(self, repo: Any, commit_hash: str) -> None:
        """Check out the commit. Raises ``ProcessError``: asv goes on with the next commit only
        after an error of a process."""
        try:
            self.check_out(repo, commit_hash)
        except CannotCheckOut as error:
            raise ProcessError(["git", "checkout"], 1, "", str(error)) from error

    def install_project(self, conf: Any, repo: Any, commit_hash: str) -> None:
        """Install the commit. Raises ``ProcessError`` if it cannot be."""
        self.prepare_to_install(commit_hash)
        try:
            super().install_project(conf, repo, commit_hash)
        except ProcessError as error:
            self.note_failure(commit_hash, "\n".join([str(error), error.stdout, error.stderr]))
            raise
        self.complete_install(commit_hash)

    def _get_installed_commit_hash(self) -> str | None:
        commit = self.believed_commit
        return self.verified(commit) if commit else None

    def _install_project(self, repo: Any, commit_hash: str, build_dir: str) -> None:
        super()._install_project(repo, commit_hash, build_dir)
        self.install_checked_out(repo, commit_hash)

    def command(self, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """As asv makes them up from ``process``."""
        given, variables = self.process(arguments, os.environ)
        programs = self.programs_for(variables)
        return [str(programs / "python"), *given], self._started_with(variables, programs)

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Run the environment's Python as a benchmark process."""
        arguments, kwargs["env"] = self.process(args, kwargs.get("env", os.environ))
        return super().run(arguments, **kwargs)

    def run_executable(self, executable: str, args: list[str], **kwargs: Any) -> Any:
        """As asv's, with the programs of what is measured, wherever these are."""
        inherited = kwargs.pop("env", os.environ)
        programs = self.programs_for(inherited)
        if programs == self.folder / "bin":
            return super().run_executable(executable, args, env=inherited, **kwargs)
        variables = {**self._started_with(inherited, programs), "PIP_USER": "false"}
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._install_timeout
        return util.check_output([str(programs / executable), *args], env=variables, **kwargs)

    def _started_with(self, inherited: Mapping[str, str], programs: Path) -> dict[str, str]:
        """The variables that asv starts a process with which has these."""
        variables = {**inherited, **self._global_env_vars}
        on_path = variables.pop("ASV_PYTHONPATH", "")
        variables.pop("PYTHONPATH", None)
        if on_path:
            variables["PYTHONPATH"] = on_path
        folders = [str(programs), variables.get("PATH", os.defpath)]
        variables["PATH"] = os.pathsep.join(folders)
        return variables
