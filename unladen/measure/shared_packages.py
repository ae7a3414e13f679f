"""The packages of a target's lock, which all of its commits share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.measure.own_metadata import name_distribution
from unladen.project.project import IN_COMMITS, Project
from unladen.store.interpreter import Interpreter
from unladen.text.terminal import last_line, one_line


class HasPip(Protocol):
    """The environment that packages are installed in."""

    build_env_vars: Mapping[str, str]

    @property
    def interpreter(self) -> Interpreter:
        """Its Python, with the packages that it has now."""

    def run_pip(self, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        """Run its pip in a folder. Raises ``ProcessError``."""


@dataclass(frozen=True)
class SharedPackages:
    """``folder``: of the environment."""

    project: Project
    folder: Path

    def are_up_to_date(self) -> bool:
        """Whether what is installed was installed from the lock as it is now."""
        stored = self._digest_file.read_text() if self._digest_file.is_file() else ""
        return stored == self._digest()

    def install(self, env: HasPip) -> None:
        """Install them; nothing where each commit has a lock of its own. Raises ``UserError``."""
        lock = self.project.lock
        if lock is not None:
            self._install(lock, env)
        self._digest_file.write_text(self._digest())

    def _install(self, lock: Path, env: HasPip) -> None:
        variables = {**os.environ, **env.build_env_vars, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        try:
            env.run_pip(["install", "-r", str(lock)], lock.parent, variables)
        except ProcessError as error:
            said = one_line(last_line(error.stderr))
            raise UserError(f"pip could not install {lock}: {said}") from error
        found = env.interpreter
        if "asv_runner" not in {name.replace("-", "_") for name in found.packages}:
            raise UserError(f"{lock} must pin asv_runner, which runs the benchmarks")
        if self.project.distribution and self.project.is_on_path:
            folder = Path(found.site_packages)
            name_distribution(folder, self.project.distribution, found.packages)

    @property
    def _digest_file(self) -> Path:
        return self.folder / "unladen-lock.sha256"

    def _digest(self) -> str:
        lock = self.project.lock
        packages = IN_COMMITS.encode() if lock is None else lock.read_bytes()
        made_of = packages + self.project.distribution.encode()
        return hashlib.sha256(made_of).hexdigest()
