"""The environments in which this process runs benchmarks, found by asv's names of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from unladen.asv_bridge.environments import Ended
from unladen.errors import UserError
from unladen.measure.file_watch import Watched
from unladen.measure.variables import own_driver_folder
from unladen.project.driver_digest import DriverDigests, driver_digests
from unladen.project.project import Project
from unladen.project.targets import driver_of
from unladen.store.interpreter import Interpreter
from unladen.text.terminal import last_line, one_line

MALFORMED_DRIVER = 2
"""Exit code of ``python -m targets.check``."""


class BenchmarkEnvironment(Protocol):
    """What runs benchmarks: an environment of ours, or a Python that was there."""

    refused_driver: str
    project: Project

    @property
    def name(self) -> str:
        """asv's name of it, by which results files are named."""

    @property
    def interpreter(self) -> Interpreter:
        """Its Python and packages."""

    @property
    def driver(self) -> DriverDigests:
        """The digests of the target's driver as it is now."""

    @property
    def folder_names(self) -> dict[str, str]:
        """Short names for its folders, to write in place of their paths."""

    @property
    def seen(self) -> Watched | None:
        """What the processes opened of the checkout that were proved last; None if not known."""

    @property
    def setting(self) -> str:
        """A digest of what else than files decides what processes open (``Opened.setting``)."""

    def install_failure(self, commit: str) -> str:
        """What was printed when a commit could not be installed, else ""."""

    def unavailable(self, commit: str) -> str:
        """Why a commit could not be checked out although it may be whole, else ""."""

    def any_unavailable(self) -> str:
        """The same of any commit."""

    def forget_measurement(self) -> None:
        """What is run from now on is another measurement."""

    def prove(self, commit: str) -> None:
        """Raise ``UserError`` unless the commit is what was measured."""

    def says(self, arguments: Sequence[str], folder: str | None = None) -> str:
        """What a process like a benchmark's prints. Raises ``ProcessError``."""

    def says_soon(self, arguments: Sequence[str], seconds: float) -> str:
        """The same; it is ended if it is silent for so long."""

    def ended(self, arguments: Sequence[str], folder: str) -> Ended:
        """Such a process run in a folder, however it ends."""


_by_name: dict[str, BenchmarkEnvironment] = {}


def find(name: str | None) -> BenchmarkEnvironment | None:
    """The environment of that name in this process, if it is one of ours."""
    return _by_name.get(name) if name else None


def register(env: BenchmarkEnvironment) -> None:
    """Let ``find`` find it."""
    _by_name[env.name] = env


def driver_error() -> str:
    """Why the driver was refused in this process; "" if it was not."""
    return next((e.refused_driver for e in _by_name.values() if e.refused_driver), "")


def why_unavailable() -> str:
    """Why a commit could not be checked out in this process; "" if all could."""
    return next(filter(None, (env.any_unavailable() for env in _by_name.values())), "")


def check_driver(env: BenchmarkEnvironment) -> None:
    """Raise ``UserError`` if the target's driver is malformed, and note it in ``env``."""
    if not (env.project.root / "targets" / "check.py").is_file():
        return
    arguments = ["-m", "targets.check", env.project.name]
    done = env.ended(arguments, str(env.project.root))
    if done.exit_code == 0:
        return
    said = one_line(last_line(done.errors)) or f"exit code {done.exit_code}"
    broken = "" if done.exit_code == MALFORMED_DRIVER else "the driver check crashed: "
    env.refused_driver = broken + said
    raise UserError(env.refused_driver)


def digests_of_driver(project: Project) -> DriverDigests:
    """The digests of the target's driver."""
    return driver_digests(driver_of(own_driver_folder(project)), project.name)
