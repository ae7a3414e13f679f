"""Several commits of one target, each in a checkout of its own, measured in turn.

What is run is what ``run`` runs: asv's benchmark processes in asv's environment. For a target whose
install is a line in a path file, each commit gets a checkout of its own, and an environment
variable tells the path file which one is meant, so that benchmark processes of all commits can be
started at any time. Where each commit has a lock of its own, the variable names the environment of
that lock. For others (``install_command`` in the conf), commits are installed one after the other.

Each round starts new fork servers, so that what depends on a process (memory layout, hash seed) is
part of the noise that rounds show, and not mistaken for a difference between the commits.
"""

from __future__ import annotations

import math
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from unladen.asv_bridge.environments import Ended
from unladen.asv_bridge.processes import ProcessError
from unladen.asv_bridge.suite import CommitProcesses, Launcher, OneRun, remove_cache
from unladen.compare.ab.at_once import at_once
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.side_proof import SideProof
from unladen.errors import UserError
from unladen.measure.variables import SIDE_VARIABLE
from unladen.repo.checkout import check_out
from unladen.repo.snapshot import await_another_second
from unladen.store.damage import number
from unladen.store.reasons import failure_reason, output_by_params, skip_reason, wrong
from unladen.store.series import Status
from unladen.text.terminal import last_line, printable, shorten_paths

PATH_FILE = "unladen_side.pth"
"""Read after ``unladen-PROJECT.pth``, which it overrules: ``-`` sorts before ``_``."""


class InterleavedRunner:
    """Measures ``commits`` in turn. A context: at its end, what it made in the environment is
    gone. The same commit may be there twice."""

    def __init__(self, setup: BenchmarkSetup, commits: Sequence[str]) -> None:
        """Nothing is done before the context is entered."""
        self.commits = tuple(commits)
        self._setup = setup
        self._caches: dict[tuple[int, str], str | Sample] = {}
        self._of_one_round: set[tuple[int, str]] = set()
        self._folder = setup.environment.folder / "sides"
        self._apart = not setup.project.is_installed_by_commands
        self._kept: dict[int, Path] = {}
        self._uninstallable: dict[int, Sample] = {}
        self._broken: dict[int, Sample] = {}
        self._proofs: dict[int, SideProof] = {}

    def __enter__(self) -> InterleavedRunner:
        """Make the checkouts. If that fails, nothing of them is left."""
        if not self._apart:
            return self
        if self._setup.project.commit_lock:
            self._provide_environments()
            return self
        try:
            for side, commit in enumerate(self.commits):
                folder = self._checkout(side)
                folder.parent.mkdir(exist_ok=True)
                paths = self._setup.project.paths
                await_another_second(folder)
                check_out(self._setup.repository, str(folder), commit, paths)
            self._path_file.write_text(_path_line(self._setup.environment.own_roots))
            self._proofs = {side: self._proof(side) for side in range(len(self.commits))}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Remove them, and the caches."""
        for cache in self._caches.values():
            if isinstance(cache, str):
                remove_cache(cache)
        self._path_file.unlink(missing_ok=True)
        env = self._setup.environment
        env.see_commit(env.installed_commit_hash)
        shutil.rmtree(self._folder, ignore_errors=True)

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """One process for each cell and commit; the samples by cell and side.

        The commits of a cell are measured directly after each other, the last one first if
        ``backwards``. Raises ``UserError`` if anything touched what was measured meanwhile.
        """
        self._forget_round()
        order = range(len(self.commits))
        turn = list(reversed(order)) if backwards else list(order)
        found: dict[tuple[int, int], Sample] = {}
        if self._apart:
            self._broken = dict(self._uninstallable)
            sides = [side for side in turn if side not in self._broken]
            with self._launchers(sides, cells) as launchers:
                for side in turn:
                    self._fill_caches(side, launchers, cells)
                for at, cell in enumerate(cells):
                    for side in turn:
                        found[at, side] = self._measure(side, launchers, cell)
            for proof in self._proofs.values():
                proof.check()
        else:
            for side in turn:
                self._install(side)
                with self._launchers([side], cells) as launchers:
                    self._fill_caches(side, launchers, cells)
                    for at, cell in enumerate(cells):
                        found[at, side] = self._measure(side, launchers, cell)
                if not self._setup.environment.install_failure(self.commits[side]):
                    self._setup.environment.prove(self.commits[side])
        return [[found[at, side] for side in order] for at in range(len(cells))]

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        """A process that sees a commit, in the suite's folder, however it ends. Raises
        ``UserError`` if anything touched what was measured meanwhile, or if the commit cannot be
        installed."""
        if not self._apart:
            self._install(side)
            if (broken := self._broken.get(side)) is not None:
                raise UserError(f"{self.commits[side][:8]} {broken.reason}")
        found = CommitProcesses(
            self._setup.environment, self.commits[side], self._variables(side)
        ).ended(arguments, str(self._setup.project.root))
        if self._apart:
            self._proofs[side].check()
        else:
            self._setup.environment.prove(self.commits[side])
        return found

    # Where each commit's code is.

    def _checkout(self, side: int) -> Path:
        return self._folder / str(side)

    @property
    def _path_file(self) -> Path:
        return Path(self._setup.environment.interpreter.site_packages, PATH_FILE)

    def _provide_environments(self) -> None:
        """For targets whose commits have locks of their own."""
        env = self._setup.environment
        for side, commit in enumerate(self.commits):
            try:
                self._kept[side] = env.kept_for(self._setup.repository, commit)
                self._proofs[side] = self._proof(side)
            except ProcessError as error:
                if why := env.unavailable(commit):
                    raise UserError(why) from error
                self._uninstallable[side] = _not_installed(error)

    def _install(self, side: int) -> None:
        """For targets that are built: make this the installed commit."""
        env, commit = self._setup.environment, self.commits[side]
        try:
            env.install(self._setup.repository, commit)
            self._broken.pop(side, None)
        except ProcessError as error:
            self._broken[side] = _not_installed(error)

    def _variables(self, side: int) -> dict[str, str]:
        if not self._apart:
            return {}
        root = self._setup.environment.root_in(self._checkout(side))
        return {SIDE_VARIABLE: str(self._kept.get(side, root))}

    def _proof(self, side: int) -> SideProof:
        env = self._setup.environment
        installation = env.installation_in(self._kept.get(side, env.folder), self._checkout(side))
        processes_of = CommitProcesses(
            self._setup.environment, self.commits[side], self._variables(side)
        )
        return SideProof(installation, self.commits[side], processes_of.says)

    # Processes.

    @contextmanager
    def _launchers(
        self, sides: Sequence[int], cells: Sequence[Cell]
    ) -> Iterator[dict[int, Launcher]]:
        """Those of these sides, started at the same time."""
        launchers: dict[int, Launcher] = {}
        expected: dict[str, list[int]] = defaultdict(list)
        for cell in cells:
            expected[cell.series.name].append(cell.index)

        def start(side: int) -> None:
            launchers[side] = Launcher(
                self._setup.suite,
                self._setup.environment,
                self.commits[side],
                self._variables(side),
                expected,
            )
            if output := launchers[side].preimport():
                self._broken[side] = _failed(f"suite: {failure_reason(output, 1)}")

        try:
            at_once(start, sides)
            yield launchers
        finally:
            at_once(lambda launcher: launcher.close(), list(launchers.values()))

    def _forget_round(self) -> None:
        """Remove the caches that hold sampled figures: those of the next round are others."""
        for key in self._of_one_round:
            cache = self._caches.pop(key)
            if isinstance(cache, str):
                remove_cache(cache)
        self._of_one_round.clear()

    def _fill_caches(
        self, side: int, launchers: Mapping[int, Launcher], cells: Sequence[Cell]
    ) -> None:
        """Run each ``setup_cache`` that the cells need: where it measures what is sampled in each
        round, else once for all rounds."""
        if side in self._broken:
            return
        launcher = launchers[side]
        for cell in cells:
            key = launcher.cache_key(cell.series.name)
            if key is None:
                continue
            if not cell.series.is_exact and launcher.reads_cache(cell.series.name):
                self._of_one_round.add((side, key))
            if (side, key) in self._caches:
                continue
            folder, output = launcher.create_cache(cell.series.name)
            if folder is None:
                self._caches[side, key] = _failed(failure_reason(self._shortened(output), 1))
            else:
                self._caches[side, key] = folder

    def _measure(self, side: int, launchers: Mapping[int, Launcher], cell: Cell) -> Sample:
        if side in self._broken:
            return self._broken[side]
        launcher = launchers[side]
        key = launcher.cache_key(cell.series.name)
        cache = None if key is None else self._caches[side, key]
        if isinstance(cache, Sample):
            return cache
        done = launcher.run(cell.series.name, cell.index, cache)
        output = output_by_params(done.output, cell.series.cells).get(cell.params, "")
        return _sample(done, self._shortened(output))

    def _shortened(self, output: str) -> str:
        names = dict(self._setup.environment.folder_names)
        names.update({str(kept): "<env>" for kept in self._kept.values()})
        for side in range(len(self.commits)):
            names[str(self._checkout(side))] = "<checkout>"
        return shorten_paths(output, names)


def _path_line(main: Sequence[str]) -> str:
    """A path file's line: with the variable set, its folder is there in place of those of
    ``main``."""
    return (
        f"import os, sys; side = os.environ.get({SIDE_VARIABLE!r}); "
        f"side and sys.path.__setitem__(slice(None), [p for p in sys.path if p not in {main!r}] "
        "+ [side] * os.path.isdir(side))\n"
    )


def _not_installed(error: ProcessError) -> Sample:
    said = last_line(error.stderr) or last_line(error.stdout) or str(error)
    return _failed(f"cannot be installed: {said}")


def _failed(reason: str) -> Sample:
    """``reason``: in the words of the code that was measured."""
    return Sample(Status.FAILED, reason=printable(reason))


def _sample(done: OneRun, output: str) -> Sample:
    """What one process gave. A number that is none of its kind is a failure. ``output``: what it
    printed of this combination."""
    if done.value is None:
        return _failed(failure_reason(output, done.exit_code))
    if isinstance(done.value, float) and math.isnan(done.value):
        return Sample(Status.NOT_APPLICABLE, reason=printable(skip_reason(output)))
    given = done.samples if done.samples is not None else [done.value]
    values = [number(value) for value in given]
    if not values or any(value is None for value in values):
        return _failed("not a number")
    numbers = [float(value) for value in values if value is not None]
    reason = wrong(output)
    if reason is not None:
        return Sample(Status.WRONG, numbers, printable(reason))
    return Sample(Status.MEASURED, numbers)
