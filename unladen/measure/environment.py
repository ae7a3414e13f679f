"""Where a target's benchmarks run: a virtual environment with the pinned packages of its lock.

``"environment_type": "unladen"`` reads, besides asv's own options, from ``asv.conf.json``:
``lock`` (a pip requirements file), ``paths`` (what to check out; everything if absent) and
``import_root`` (the folder of the checkout that is put on ``sys.path``, or several). Where each
commit has a lock of its own (``"lock": "commit:PATH"``), each lock has an environment of its own,
and this one is what they have in common.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from unladen.asv_bridge.environment_setup import environments_of
from unladen.asv_bridge.environments import ASV, AsvVirtualenv, CannotCheckOut
from unladen.errors import UserError
from unladen.measure.checkout_watch import CheckoutWatch
from unladen.measure.file_watch import Watched
from unladen.measure.kept_installs import (
    CannotInstall,
    KeptInstalls,
    LockNotInstalled,
    Unreachable,
    lock_of,
)
from unladen.measure.known_environments import check_driver, digests_of_driver, register
from unladen.measure.lock import hold
from unladen.measure.proof import Installation, Witness, is_as_installed, record_install
from unladen.measure.shared_packages import SharedPackages
from unladen.measure.variables import (
    SIDE_VARIABLE,
    asks_a_live_model,
    benchmark_variables,
    driver_variables,
    launched,
    setting_digest,
    without_driver,
)
from unladen.project.driver_digest import DriverDigests
from unladen.project.import_roots import root_in
from unladen.project.project import Project
from unladen.repo.checkout import check_out
from unladen.repo.repository import Repository
from unladen.repo.snapshot import Snapshot, await_another_second, head_of
from unladen.repo.submodules import Unavailable
from unladen.store.interpreter import Interpreter, probe
from unladen.store.owner import check_folders, claim
from unladen.store.series import LIVE
from unladen.text.hashes import is_hash
from unladen.text.terminal import printable


def kept_installs_of(project: Project) -> list[KeptInstalls]:
    """Those of the conf's environments; its folder must be the working directory."""
    found = environments_of(project)
    return [one.kept_installs for one in found if isinstance(one, UnladenEnvironment)]


class UnladenEnvironment(AsvVirtualenv):
    """A virtual environment with locked packages, a sparse checkout and a path file for an install.

    A non-empty ``install_command`` brings back asv's own build, install and uninstall commands.
    Commits with locks of their own are installed by naming the environment of their lock.
    """

    tool_name = "unladen"

    def __init__(self, conf: Any, python: str, requirements: Any, tagged_env_vars: Any) -> None:
        """As asv calls it."""
        self._witness: Witness | None = None
        self._watch = CheckoutWatch()
        self.refused_driver = ""
        self._driver_checked = False
        self._interpreters: dict[Path, Interpreter] = {}
        self._kept: Path | None = None
        self._install_failures: dict[str, str] = {}
        self._unavailable: dict[str, str] = {}
        super().__init__(conf, python, requirements, tagged_env_vars)
        register(self)

    @property
    def interpreter(self) -> Interpreter:
        """The Python and packages that what is installed is measured with; asked once per process
        and environment, and again where commands have installed something."""
        programs = self.programs_for({})
        if programs not in self._interpreters:
            self._interpreters[programs] = probe(self.run_python)
        return self._interpreters[programs]

    @property
    def driver(self) -> DriverDigests:
        """The digests of the target's driver as it is now."""
        return digests_of_driver(self.project)

    @property
    def folder_names(self) -> dict[str, str]:
        """Short names for this environment's folders, to write in place of their paths."""
        return {
            str(self.checkout): "<checkout>",
            str(self.folder): "<env>",
            **({} if self._kept is None else {str(self._kept): "<env>"}),
            str(self.project.root): "<root>",
            self.interpreter.standard_library: "<stdlib>",
            ASV: "<asv>",
        }

    def install_failure(self, commit: str) -> str:
        """What was printed when ``commit`` could not be installed in this process, else ""."""
        return self._install_failures.get(commit, "")

    def unavailable(self, commit: str) -> str:
        """Why ``commit`` could not be checked out in this process although it may be whole, such as
        a submodule that cannot be fetched; else ""."""
        return self._unavailable.get(commit, "")

    def any_unavailable(self) -> str:
        """The same of any commit."""
        return next(iter(self._unavailable.values()), "")

    def root_in(self, checkout: Path) -> Path:
        """The folder of a checkout that goes on ``sys.path``."""
        return root_in(checkout, self.project.import_roots, self.project.paths)

    @property
    def own_roots(self) -> list[str]:
        """The folders that this environment's own path file may put on ``sys.path``."""
        return [str(self.checkout / root) for root in self.project.import_roots]

    # Creating: packages from the lock.

    def prepare_to_create(self) -> None:
        """Look whether all is there that is needed. Raises ``UserError``."""
        name, lock = self.project.name, self.project.lock
        hold(self.environments, name)
        check_folders(self.project)
        claim(Path(self.environments), name)
        if self.refused_driver:
            # Discovery takes a UserError of an install for a commit that does not build and goes
            # on to the next; here it does stop.
            raise UserError(self.refused_driver)
        if lock is None and not self.project.commit_lock:
            raise UserError(f'{name}: asv.conf.json must name a "lock" file')
        if lock is not None and not lock.is_file():
            raise UserError(f"{name}: there is no lock file {lock}")
        if self.has_pins:
            raise UserError(f"{name}: pin packages in the lock, not in matrix.req")

    def is_up_to_date(self) -> bool:
        """Whether the environment, if it is there, was made from the lock as it is now."""
        return self._shared_packages.are_up_to_date()

    def install_packages(self) -> None:
        """Install those of the lock that all commits share. Raises ``UserError``."""
        self._shared_packages.install(self)
        self._interpreters.clear()  # it has packages now

    @property
    def _shared_packages(self) -> SharedPackages:
        return SharedPackages(self.project, self.folder)

    # Installing a commit.

    def install_settings(self) -> list[Any]:
        """What is checked out, and what of it goes on ``sys.path``, or says what is installed."""
        settings = [[*self.project.paths], [*self.project.import_roots]]
        return [*settings, self.project.commit_lock] if self.project.commit_lock else settings

    def check_out(self, repository: Any, commit: str) -> None:
        """Check out the conf's ``paths`` of the commit; everything if there are none. Raises
        ``CannotCheckOut``, ``ProcessError``."""
        hold(self.environments, self.project.name)
        if not is_hash(commit):
            raise UserError(f"{self.project.name}: {printable(commit)} is no full hash")
        await_another_second(self.checkout)
        if not isinstance(repository, Repository):
            super().check_out(repository, commit)
            return
        # asv does so after the checkout: one that fails or is interrupted would leave the tree of
        # this commit under the name of the one before.
        self.forget_installed()
        self._kept = None
        self.see_commit(commit)
        try:
            check_out(repository, str(self.checkout), commit, self.project.paths)
        except Unavailable as error:
            self._unavailable[commit] = str(error)
            raise CannotCheckOut(str(error)) from error

    def prepare_to_install(self, commit: str) -> None:
        """What is run from now on is another measurement."""
        self.forget_measurement()

    def install_checked_out(self, repository: Any, commit: str) -> None:
        """Provide the environment of the commit's lock, if it has one. Raises ``ProcessError``."""
        if self.project.commit_lock:
            self._kept = self.kept_for(repository, commit)
        elif self.project.is_installed_by_commands:
            self._interpreters.clear()

    def kept_for(self, repository: Any, commit: str) -> Path:
        """The folder of the environment that is made of the lock of a commit, which may be there
        beside that of another one. Raises ``ProcessError`` if it cannot be made; if that says
        nothing of the commit, it is ``unavailable``."""
        path = self.project.commit_lock
        try:
            kept = self.kept_installs.provide(lock_of(repository, commit, path))
        except CannotInstall as error:
            raise LockNotInstalled(path, str(error), error.output) from error
        except Unreachable as error:
            self._unavailable[commit] = f"{self.project.name} {commit[:8]}: {error}"
            raise LockNotInstalled(path, str(error)) from error
        if not any(kept.glob("lib/*/site-packages/asv_runner/__init__.py")):
            raise LockNotInstalled(path, "it pins no asv_runner")
        return kept

    @property
    def kept_installs(self) -> KeptInstalls:
        """Those that commits' locks have in this environment."""
        return KeptInstalls(self.folder / "kept", str(self._executable))

    def note_failure(self, commit: str, output: str) -> None:
        """Keep why a commit could not be installed."""
        self._install_failures[commit] = output.strip()

    def complete_install(self, commit: str) -> None:
        """Make the commit importable and, once per process, check the driver. Raises ``UserError``
        if the driver is malformed, or something else uses the checkout."""
        self._install_failures.pop(commit, None)
        if self.project.is_on_path:
            self._put_checkout_on_path()
        self._note_install(commit)
        if not self._driver_checked:
            check_driver(self)
            self._driver_checked = True

    def _put_checkout_on_path(self) -> None:
        name = f"unladen-{self.project.name}.pth"
        path_file = Path(self.interpreter.site_packages, name)
        line = f"{self.root_in(self.checkout)}\n"
        if not path_file.is_file() or path_file.read_text() != line:
            path_file.write_text(line)

    # What is installed, and that it is what was measured.

    @property
    def installation(self) -> Installation:
        """Where the installed commit's code is."""
        return self.installation_in(self._kept or self.folder, self.checkout)

    def installation_in(self, folder: Path, checkout: Path) -> Installation:
        """The same of another environment or checkout. ``folder``: the environment's."""
        return Installation(
            folder=folder,
            checkout=checkout,
            packages=sorted((folder / "lib").glob("*/site-packages")),
            on_path=[self.root_in(checkout)] if self.project.is_on_path else [],
            project=self.project.name,
            root=self.project.root,
        )

    def forget_measurement(self) -> None:
        """What is run from now on is another measurement."""
        self._witness = None
        self._watch.forget()

    @property
    def seen(self) -> Watched | None:
        """What the processes opened of the checkout that were proved last; None if not known."""
        return self._watch.seen

    @property
    def setting(self) -> str:
        """A digest of what else than files decides what processes open (``Opened.setting``)."""
        return setting_digest(os.environ, self.env_vars, [self.install_settings()])

    def prove(self, commit: str) -> None:
        """Raise ``UserError`` unless all that was run since the commit was installed saw its code,
        and nothing else. The next measurement will install it anew then."""
        witness, self._witness = self._witness, None
        self._watch.end()  # what follows reads in the checkout as well
        complaint = "nothing is known of how it was measured"
        if witness is not None:
            complaint = witness.complaint(self.installation, commit, self.says)
        if complaint:
            self.forget_installed()
            raise UserError(
                f"{self.project.name} {commit[:8]}: not stored, it was not what was measured: "
                f"{complaint}"
            )

    def verified(self, commit: str) -> str | None:
        """The commit; None if it is not all there any more, as after a kill."""
        if self.project.commit_lock and self._kept is None:
            return None  # it costs nothing to name its environment again
        installation = self.installation
        return commit if is_as_installed(installation, commit, installation.snapshot()) else None

    def _installed(self, snapshot: Snapshot) -> str | None:
        commit = self.believed_commit
        return commit if commit and is_as_installed(self.installation, commit, snapshot) else None

    def _note_install(self, commit: str) -> None:
        snapshot = self.installation.snapshot()
        if self._installed(snapshot) == commit:
            return
        head = head_of(self.checkout)
        if head not in (commit, ""):
            raise UserError(
                f"{self.project.name}: {commit[:8]} was checked out in {self.checkout}, and then "
                f"{head[:40]} by something else: let nothing else use that folder"
            )
        record_install(self.installation, commit, snapshot)

    # Running.

    def programs_for(self, variables: Mapping[str, str]) -> Path:
        """Those of the environment of the installed commit's lock, or of the side's that the
        variables name; without such locks, of this one."""
        side = variables.get(SIDE_VARIABLE, "") if self.project.commit_lock else ""
        return (Path(side) if side else self._kept or self.folder) / "bin"

    def process(
        self, arguments: Sequence[str], inherited: Mapping[str, str]
    ) -> tuple[list[str], dict[str, str]]:
        """A benchmark process has few variables, one thread, and fixed addresses where the
        benchmarks have ``meters/addresses.py``."""
        hold(self.environments, self.project.name)
        inherited = {**without_driver(inherited), **driver_variables(self.project)}
        if self._witness is None and SIDE_VARIABLE not in inherited:
            snapshot = self.installation.snapshot()
            self._witness = Witness(self._installed(snapshot) or "", snapshot)
            # Where commands make something of the commit's files, these are not what is measured.
            if self.project.is_on_path and not self._build_command:
                self._watch.begin(self.checkout)
        asks = asks_a_live_model(arguments, inherited, self.in_group(LIVE))
        variables = benchmark_variables(inherited, self.env_vars, live=asks)
        return launched(arguments, self.project), variables
