"""Where a target's benchmarks run: a virtual environment with the pinned packages of its lock.

``"environment_type": "unladen"`` reads, besides asv's own options, from ``asv.conf.json``:
``lock`` (a pip requirements file), ``paths`` (what to check out; everything if absent) and
``import_root`` (the folder of the checkout that is put on ``sys.path``, or several).
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from asv import util
from asv.plugins.virtualenv import Virtualenv

from unladen.asv_bridge.confs import project_from
from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.measure.lock import hold
from unladen.measure.own_metadata import name_distribution
from unladen.measure.proof import Installation, Witness, is_as_installed, record_install
from unladen.project.driver_digest import driver_digest
from unladen.project.import_roots import root_in
from unladen.project.project import Project
from unladen.project.targets import driver_folder, driver_of
from unladen.repo.checkout import check_out
from unladen.repo.repository import Repository
from unladen.repo.snapshot import Snapshot, await_another_second, head_of
from unladen.repo.submodules import Unavailable
from unladen.store.interpreter import Interpreter, probe
from unladen.store.owner import check_folders, claim
from unladen.text.hashes import is_hash
from unladen.text.terminal import last_line, one_line, printable

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
KEPT_VARIABLES = frozenset(
    {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "PYTHONHASHSEED", "TMPDIR", "TZ"}
)
KEPT_PREFIXES = ("ASV", "LC_", "UNLADEN_")
LIVE_PREFIX = "UNLADEN_LIVE_"
"""Begins the variables of the live model, its key among them."""
LIVE_SERIES = re.compile(r"\w+\.live\.")
"""Begins the series that a live model is asked for, whatever the capability."""
SIDE_VARIABLE = "UNLADEN_SIDE"
"""Tells a process of a measurement side by side where its commit's code is."""
TARGET_VARIABLE = "UNLADEN_TARGET_DIR"
"""Tells ``targets.loading`` where the driver is, if it is not in the suite's ``targets``."""
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
    def driver(self) -> str:
        """The digest of the target's driver as it is now."""

    @property
    def folder_names(self) -> dict[str, str]:
        """Short names for its folders, to write in place of their paths."""

    def install_failure(self, commit: str) -> str:
        """What was printed when a commit could not be installed, else ""."""

    def unavailable(self, commit: str) -> str:
        """Why a commit could not be checked out although it may be whole, else ""."""

    def forget_measurement(self) -> None:
        """What is run from now on is another measurement."""

    def prove(self, commit: str) -> None:
        """Raise ``UserError`` unless the commit is what was measured."""

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Run its Python as a benchmark process."""


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
    ours = (env for env in _by_name.values() if isinstance(env, UnladenEnvironment))
    return next((why for env in ours for why in env._unavailable.values()), "")


def check_driver(env: BenchmarkEnvironment) -> None:
    """Raise ``UserError`` if the target's driver is malformed, and note it in ``installation``."""
    if not (env.project.root / "targets" / "check.py").is_file():
        return
    _, errors, exit_code = env.run(
        ["-m", "targets.check", env.project.name],
        cwd=str(env.project.root),
        dots=False,
        valid_return_codes=None,
        return_stderr=True,
    )
    if exit_code == 0:
        return
    said = one_line(last_line(errors)) or f"exit code {exit_code}"
    broken = "" if exit_code == MALFORMED_DRIVER else "the driver check crashed: "
    env.refused_driver = broken + said
    raise UserError(env.refused_driver)


def driver_variables(project: Project) -> dict[str, str]:
    """The variable that names the folder of the target's driver; none for one of the suite's."""
    folder = _driver_folder(project)
    in_suite = project.root / "targets" / project.name
    return {} if folder == in_suite else {TARGET_VARIABLE: str(folder)}


def benchmark_variables(
    inherited: Mapping[str, str], configured: Mapping[str, str], *, live: bool = False
) -> dict[str, str]:
    """The environment variables of a benchmark process: the few that a program needs to run.

    No secrets reach an SDK, and exact memory figures do not move with what else happens to be set.
    The one exception is ``live``: a process that asks a live model gets its variables.
    ``configured``, the ``matrix.env`` of the conf, has the last word.
    """
    kept = {k: v for k, v in inherited.items() if _is_kept(k, live)}
    return {**kept, **ONE_THREAD, **configured}


def _driver_folder(project: Project) -> Path:
    return driver_folder(project.folder, project.name).resolve()


def digest_of_driver(project: Project) -> str:
    """The digest of the target's driver."""
    return driver_digest(driver_of(_driver_folder(project)), project.name)


def without_driver(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without what somebody else may have said of a driver's folder."""
    return {name: value for name, value in variables.items() if name != TARGET_VARIABLE}


def asks_a_live_model(arguments: Sequence[str], variables: Mapping[str, str]) -> bool:
    """Whether asv's arguments are those of the one process that does: the ``setup_cache`` of a live
    series, whose figures the others read.

    Never side by side with another commit: one paid run, read in every round, would look
    like samples that do not scatter.
    """
    return (
        "setup_cache" in arguments
        and any(map(LIVE_SERIES.match, arguments))
        and SIDE_VARIABLE not in variables
    )


def _is_kept(name: str, live: bool) -> bool:
    if name.startswith(LIVE_PREFIX):
        return live
    return name in KEPT_VARIABLES or name.startswith(KEPT_PREFIXES)


class UnladenEnvironment(Virtualenv):  # type: ignore[misc]
    """asv's virtualenv with locked packages, a sparse checkout and a path file for an install.

    A non-empty ``install_command`` brings back asv's own build, install and uninstall commands.
    """

    tool_name = "unladen"

    def __init__(self, conf: Any, python: str, requirements: Any, tagged_env_vars: Any) -> None:
        """Read the conf; asv has made its folder the working directory."""
        self.project = project_from(conf)
        self._lock = self.project.lock
        self.paths = self.project.paths
        self._import_roots = self.project.import_roots
        self._driver = driver_variables(self.project)
        self._witness: Witness | None = None
        self._conf = conf
        super().__init__(conf, python, requirements, tagged_env_vars)
        if python == f"{sys.version_info.major}.{sys.version_info.minor}":
            # asv takes the first on PATH, which may be of another patch release, or a dead shim.
            self._executable = sys.executable
        self.refused_driver = ""
        self._driver_checked = False
        self._interpreter: Interpreter | None = None
        self._install_failures: dict[str, str] = {}
        self._unavailable: dict[str, str] = {}
        if not self.project.is_installed_by_commands:
            self._install_command: list[str] = []
            self._build_command: list[str] = conf.build_command or []
            self._uninstall_command: list[str] = conf.uninstall_command or []
        register(self)

    @property
    def interpreter(self) -> Interpreter:
        """The environment's Python and packages, asked once per process."""
        if self._interpreter is None:
            self._interpreter = probe(
                lambda arguments: str(self.run_executable("python", arguments, dots=False))
            )
        return self._interpreter

    @property
    def driver(self) -> str:
        """The digest of the target's driver as it is now."""
        return digest_of_driver(self.project)

    @property
    def folder_names(self) -> dict[str, str]:
        """Short names for this environment's folders, to write in place of their paths."""
        return {
            self._build_root: "<checkout>",
            self._path: "<env>",
            str(self.project.root): "<root>",
            self.interpreter.standard_library: "<stdlib>",
            str(Path(util.__file__).parent.parent): "<asv>",
        }

    def install_failure(self, commit: str) -> str:
        """What was printed when ``commit`` could not be installed in this process, else ""."""
        return self._install_failures.get(commit, "")

    def unavailable(self, commit: str) -> str:
        """Why ``commit`` could not be checked out in this process although it may be whole, such as
        a submodule that cannot be fetched; else ""."""
        return self._unavailable.get(commit, "")

    def root_in(self, checkout: Path) -> Path:
        """The folder of a checkout that goes on ``sys.path``."""
        return root_in(checkout, self._import_roots, self.paths)

    @property
    def own_roots(self) -> list[str]:
        """The folders that this environment's own path file may put on ``sys.path``."""
        return [str(Path(self._build_root, root)) for root in self._import_roots]

    # Creating: packages from the lock.

    def create(self) -> None:
        """Create the environment if it is not there as the lock says. Raises ``UserError``."""
        hold(self._env_dir, self._project)
        check_folders(self.project)
        claim(Path(self._env_dir), self._project)
        if self.refused_driver:
            # Discovery takes a UserError of an install for a commit that does not build and goes
            # on to the next; here it does stop.
            raise UserError(self.refused_driver)
        if self._lock is None:
            raise UserError(f'{self._project}: asv.conf.json must name a "lock" file')
        if not self._lock.is_file():
            raise UserError(f"{self._project}: there is no lock file {self._lock}")
        if self._requirements:
            raise UserError(f"{self._project}: pin packages in the lock, not in matrix.req")
        super().create()

    def check_presence(self) -> bool:
        """Whether the environment exists, made from the lock as it is now."""
        stored = self._digest_file.read_text() if self._digest_file.is_file() else ""
        return stored == self._lock_digest() and bool(super().check_presence())

    def _install_requirements(self) -> None:
        assert self._lock is not None
        variables = {**os.environ, **self.build_env_vars, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        command = ["install", "-r", str(self._lock)]
        try:
            self._run_pip(command, cwd=str(self._lock.parent), env=variables)
        except ProcessError as error:
            said = one_line(last_line(error.stderr))
            raise UserError(f"pip could not install {self._lock}: {said}") from error
        if "asv_runner" not in {name.replace("-", "_") for name in self.interpreter.packages}:
            raise UserError(f"{self._lock} must pin asv_runner, which runs the benchmarks")
        if self.project.distribution and not self.project.is_installed_by_commands:
            found = self.interpreter
            folder = Path(found.site_packages)
            name_distribution(folder, self.project.distribution, found.packages)
            self._interpreter = None  # it has one package more
        self._digest_file.write_text(self._lock_digest())

    @property
    def _digest_file(self) -> Path:
        return Path(self._path, "unladen-lock.sha256")

    def _lock_digest(self) -> str:
        assert self._lock is not None
        made_of = self._lock.read_bytes() + self.project.distribution.encode()
        return hashlib.sha256(made_of).hexdigest()

    # Installing a commit.

    def _get_install_checksum(self) -> list[Any]:
        return [*super()._get_install_checksum(), [*self.paths], [*self._import_roots]]

    def checkout_project(self, repo: Any, commit_hash: str) -> None:
        """Check out ``paths`` of the commit; everything if there are none. Raises asv's
        ``ProcessError``."""
        hold(self._env_dir, self._project)
        if not is_hash(commit_hash):
            raise UserError(f"{self._project}: {printable(commit_hash)} is no full hash")
        await_another_second(Path(self._build_root))
        if not isinstance(repo, Repository):
            super().checkout_project(repo, commit_hash)
            return
        # asv does so after the checkout: one that fails or is interrupted would leave the tree of
        # this commit under the name of the one before.
        self._set_installed_commit_hash(None)
        self._set_commit_hash(commit_hash)
        try:
            check_out(repo, self._build_root, commit_hash, self.paths)
        except Unavailable as error:
            # asv goes on with the next commit only after an error of a process.
            self._unavailable[commit_hash] = str(error)
            raise ProcessError(["git", "checkout"], 1, "", str(error)) from error

    def install_project(self, conf: Any, repo: Any, commit_hash: str) -> None:
        """Make the commit importable and, once per process, check the driver.

        Raises asv's ``ProcessError`` if the commit cannot be installed, and ``UserError`` if the
        driver is malformed, or something else uses the checkout.
        """
        self._witness = None
        try:
            super().install_project(conf, repo, commit_hash)
        except ProcessError as error:
            output = "\n".join([str(error), error.stdout, error.stderr])
            self._install_failures[commit_hash] = output.strip()
            raise
        self._install_failures.pop(commit_hash, None)
        if not self._install_command:
            self._put_checkout_on_path()
        self._note_install(commit_hash)
        if not self._driver_checked:
            check_driver(self)
            self._driver_checked = True

    def install(self, repository: Repository, commit: str) -> None:
        """As ``install_project``."""
        self.install_project(self._conf, repository, commit)

    def _put_checkout_on_path(self) -> None:
        path_file = Path(self.interpreter.site_packages, f"unladen-{self._project}.pth")
        line = f"{self.root_in(Path(self._build_root))}\n"
        if not path_file.is_file() or path_file.read_text() != line:
            path_file.write_text(line)

    # What is installed, and that it is what was measured.

    @property
    def installation(self) -> Installation:
        """Where the installed commit's code is."""
        on_path = [] if self._install_command else [self.root_in(Path(self._build_root))]
        return Installation(
            folder=Path(self._path),
            checkout=Path(self._build_root),
            packages=sorted(Path(self._path, "lib").glob("*/site-packages")),
            on_path=on_path,
            project=self._project,
            root=self.project.root,
        )

    def forget_measurement(self) -> None:
        """What is run from now on is another measurement."""
        self._witness = None

    def prove(self, commit: str) -> None:
        """Raise ``UserError`` unless all that was run since the commit was installed saw its code,
        and nothing else. The next measurement will install it anew then."""
        witness, self._witness = self._witness, None
        complaint = "nothing is known of how it was measured"
        if witness is not None:
            complaint = witness.complaint(self.installation, commit, self._run_like_a_benchmark)
        if complaint:
            self._set_installed_commit_hash(None)
            raise UserError(
                f"{self._project} {commit[:8]}: not stored, it was not what was measured: "
                f"{complaint}"
            )

    def _get_installed_commit_hash(self) -> str | None:
        return self._installed(self.installation.snapshot())

    def _installed(self, snapshot: Snapshot) -> str | None:
        """The installed commit; None if that is not all there any more, as after a kill."""
        commit: str | None = super()._get_installed_commit_hash()
        if commit and is_as_installed(self.installation, commit, snapshot):
            return commit
        return None

    def _note_install(self, commit: str) -> None:
        snapshot = self.installation.snapshot()
        if self._installed(snapshot) == commit:
            return
        head = head_of(self.installation.checkout)
        if head not in (commit, ""):
            raise UserError(
                f"{self._project}: {commit[:8]} was checked out in {self._build_root}, and then "
                f"{head[:40]} by something else: let nothing else use that folder"
            )
        record_install(self.installation, commit, snapshot)

    def _run_like_a_benchmark(self, arguments: list[str], folder: str) -> str:
        return str(self.run(arguments, cwd=folder, dots=False, display_error=False))

    # Running.

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Run the environment's Python as a benchmark process: few variables, one thread, and
        through ``meters/addresses.py``, where the benchmarks have it, fixed addresses."""
        hold(self._env_dir, self._project)
        inherited = {**without_driver(kwargs.get("env", os.environ)), **self._driver}
        if self._witness is None and SIDE_VARIABLE not in inherited:
            snapshot = self.installation.snapshot()
            self._witness = Witness(self._installed(snapshot) or "", snapshot)
        kwargs["env"] = benchmark_variables(
            inherited, self.env_vars, live=asks_a_live_model(args, inherited)
        )
        launcher = self.project.root / "meters" / "addresses.py"
        return super().run([str(launcher), *args] if launcher.is_file() else args, **kwargs)
