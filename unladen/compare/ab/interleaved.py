"""Several commits of one target, each in a checkout of its own, measured in turn.

What is run is what ``run`` runs: asv's benchmark processes in asv's environment. For a target whose
install is a line in a path file, each commit gets a checkout of its own, and an environment
variable tells the path file which one is meant, so that benchmark processes of all commits can be
started at any time. For others (``install_command`` in the conf), commits are installed one after
the other.

Each round starts new fork servers, so that what depends on a process (memory layout, hash seed) is
part of the noise that rounds show, and not mistaken for a difference between the commits.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from asv import util
from asv.runner import get_spawner, run_benchmark

from unladen.asv_bridge import processes
from unladen.asv_bridge.processes import ProcessError
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.side_proof import SideProof
from unladen.measure.environment import SIDE_VARIABLE, UnladenEnvironment
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
        self._folder = Path(setup.environment._path, "sides")
        self._apart = not setup.project.is_installed_by_commands
        self._broken: dict[int, Sample] = {}
        self._proofs: list[SideProof] = []

    def __enter__(self) -> InterleavedRunner:
        """Make the checkouts. If that fails, nothing of them is left."""
        if not self._apart:
            return self
        try:
            for side, commit in enumerate(self.commits):
                folder = self._checkout(side)
                folder.parent.mkdir(exist_ok=True)
                paths = self._setup.environment.paths
                await_another_second(folder)
                check_out(self._setup.repository, str(folder), commit, paths)
            self._path_file.write_text(_path_line(self._setup.environment.own_roots))
            self._proofs = [self._proof(side) for side in range(len(self.commits))]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Remove them, and the caches."""
        for cache in self._caches.values():
            if isinstance(cache, str):
                util.long_path_rmtree(cache, True)
        self._path_file.unlink(missing_ok=True)
        env = self._setup.environment
        env._set_commit_hash(env.installed_commit_hash)
        shutil.rmtree(self._folder, ignore_errors=True)

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """One process for each cell and commit; the samples by cell and side.

        The commits of a cell are measured directly after each other, the last one first if
        ``backwards``. Raises ``UserError`` if anything touched what was measured meanwhile.
        """
        order = range(len(self.commits))
        turn = list(reversed(order)) if backwards else list(order)
        found: dict[tuple[int, int], Sample] = {}
        if self._apart:
            self._broken.clear()
            with self._spawners(turn) as spawners:
                for side in turn:
                    self._fill_caches(side, spawners[side], cells)
                for at, cell in enumerate(cells):
                    for side in turn:
                        found[at, side] = self._measure(side, spawners[side], cell)
            for proof in self._proofs:
                proof.check()
        else:
            for side in turn:
                self._install(side)
                with self._spawners([side]) as spawners:
                    self._fill_caches(side, spawners[side], cells)
                    for at, cell in enumerate(cells):
                        found[at, side] = self._measure(side, spawners[side], cell)
                if not self._setup.environment.install_failure(self.commits[side]):
                    self._setup.environment.prove(self.commits[side])
        return [[found[at, side] for side in order] for at in range(len(cells))]

    # Where each commit's code is.

    def _checkout(self, side: int) -> Path:
        return self._folder / str(side)

    @property
    def _path_file(self) -> Path:
        return Path(self._setup.environment.interpreter.site_packages, PATH_FILE)

    def _install(self, side: int) -> None:
        """For targets that are built: make this the installed commit."""
        env, commit = self._setup.environment, self.commits[side]
        try:
            env.install(self._setup.repository, commit)
            self._broken.pop(side, None)
        except ProcessError as error:
            said = last_line(error.stderr) or last_line(error.stdout) or str(error)
            self._broken[side] = _failed(f"cannot be installed: {said}")

    def _environment_of(self, side: int) -> _SideEnvironment:
        root = self._setup.environment.root_in(self._checkout(side))
        variables = {SIDE_VARIABLE: str(root)} if self._apart else {}
        return _SideEnvironment(self._setup.environment, self.commits[side], variables)

    def _proof(self, side: int) -> SideProof:
        installation = replace(
            self._setup.environment.installation,
            checkout=self._checkout(side),
            on_path=[self._setup.environment.root_in(self._checkout(side))],
        )
        return SideProof(installation, self.commits[side], self._environment_of(side).run)

    # Processes.

    @contextmanager
    def _spawners(self, runner: Sequence[int]) -> Iterator[dict[int, Any]]:
        """asv's launchers of benchmark processes, started at the same time."""
        spawners: dict[int, Any] = {}
        is_over = threading.Event()

        def start(side: int) -> None:
            spawners[side] = get_spawner(
                self._environment_of(side),
                self._setup.benchmarks.benchmark_dir,
                self._setup.launch_method,
            )
            if is_over.is_set():
                return
            success, output = spawners[side].preimport()
            if not success:
                self._broken[side] = _failed(f"suite: {failure_reason(output, 1)}")

        try:
            with ThreadPoolExecutor(max_workers=len(runner)) as starting:
                try:
                    list(starting.map(start, runner))
                except BaseException:
                    # Interrupted. An import that goes on would be waited for.
                    is_over.set()
                    processes.end_all()
                    raise
            yield spawners
        finally:
            with ThreadPoolExecutor(max_workers=len(runner)) as closing:
                list(closing.map(lambda spawner: spawner.close(), spawners.values()))

    def _fill_caches(self, side: int, spawner: Any, cells: Sequence[Cell]) -> None:
        """Run each ``setup_cache`` that the cells need, once for all rounds, as asv does."""
        if side in self._broken:
            return
        for cell in cells:
            benchmark = self._benchmark(cell)
            key = benchmark.get("setup_cache_key")
            if key is None or (side, key) in self._caches:
                continue
            limit = benchmark.get("setup_cache_timeout", benchmark["timeout"])
            folder, output = spawner.create_setup_cache(cell.series.name, limit, "{}")
            if folder is None:
                self._caches[side, key] = _failed(failure_reason(self._shortened(output or ""), 1))
            else:
                self._caches[side, key] = folder

    def _measure(self, side: int, spawner: Any, cell: Cell) -> Sample:
        if side in self._broken:
            return self._broken[side]
        benchmark = self._benchmark(cell)
        key = benchmark.get("setup_cache_key")
        cache = None if key is None else self._caches[side, key]
        if isinstance(cache, Sample):
            return cache
        selected = {cell.index} if benchmark["params"] else None
        result = run_benchmark(benchmark, spawner, profile=False, selected_idx=selected, cwd=cache)
        output = output_by_params(result.stderr, cell.series.cells).get(cell.params, "")
        return _sample(
            result.result[cell.index],
            result.samples[cell.index],
            self._shortened(output),
            result.errcode,
        )

    def _benchmark(self, cell: Cell) -> dict[str, Any]:
        benchmark: dict[str, Any] = self._setup.benchmarks[cell.series.name]
        if benchmark.get("timeout") is None:
            benchmark["timeout"] = self._setup.environment._default_benchmark_timeout
        return benchmark

    def _shortened(self, output: str) -> str:
        names = dict(self._setup.environment.folder_names)
        for side in range(len(self.commits)):
            names[str(self._checkout(side))] = "<checkout>"
        return shorten_paths(output, names)


class _SideEnvironment:
    """asv's environment with one commit's code, as far as asv's launchers look at it."""

    _starting = threading.Lock()

    def __init__(self, env: UnladenEnvironment, commit: str, variables: Mapping[str, str]) -> None:
        self._env = env
        self._commit = commit
        self._variables = variables
        self.name = env.name
        self.env_vars = env.env_vars

    def run(self, arguments: list[str], **kwargs: Any) -> Any:
        """Start a process that sees this commit."""
        kwargs["env"] = {**kwargs.get("env", os.environ), **self._variables}
        if not kwargs.get("return_popen"):
            return self._run(arguments, kwargs)
        with self._starting:  # ASV_COMMIT is a variable of the environment as a whole
            return self._run(arguments, kwargs)

    def _run(self, arguments: list[str], kwargs: dict[str, Any]) -> Any:
        self._env._set_commit_hash(self._commit)
        return self._env.run(arguments, **kwargs)


def _path_line(main: Sequence[str]) -> str:
    """A path file's line: with the variable set, its folder is there in place of those of
    ``main``."""
    return (
        f"import os, sys; side = os.environ.get({SIDE_VARIABLE!r}); "
        f"side and sys.path.__setitem__(slice(None), [p for p in sys.path if p not in {main!r}] "
        "+ [side] * os.path.isdir(side))\n"
    )


def _failed(reason: str) -> Sample:
    """``reason``: in the words of the code that was measured."""
    return Sample(Status.FAILED, reason=printable(reason))


def _sample(result: Any, samples: Any, output: str, exit_code: int) -> Sample:
    """What asv's result of one process means. A number that is none of its kind is a failure."""
    if result is None:
        return _failed(failure_reason(output, exit_code))
    if util.is_nan(result):
        return Sample(Status.NOT_APPLICABLE, reason=printable(skip_reason(output)))
    given = samples if samples is not None else [result]
    values = [number(value) for value in given]
    if not values or any(value is None for value in values):
        return _failed("not a number")
    numbers = [float(value) for value in values if value is not None]
    reason = wrong(output)
    if reason is not None:
        return Sample(Status.WRONG, numbers, printable(reason))
    return Sample(Status.MEASURED, numbers)
