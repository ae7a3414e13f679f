"""What asv's loop asks for processes, in place of asv's spawners.

asv asks for one cell after the other. What it gets was done in as few processes as give the same
figures, as ``plan`` has it:

- a ``setup_cache`` is forked from the server, where asv begins a process of its own for it;
- all cells that only read from one are read in one process;
- a cell that measures has a process of its own, forked from a server in which nothing was measured;
- once a cell is n/a, as all of a capability are that a commit lacks, one process looks which of
  the next ones are.

Where a process dies, or is too slow, what it had done is kept, and each of the other cells gets a
process of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv.console import log
from asv.runner import Spawner
from asv.util import UserError

from unladen.asv_bridge.runner.forks import Done, ForkedProcesses, Step
from unladen.asv_bridge.runner.plan import Plan, PlannedCell
from unladen.store.series import LIVE

_IS_SKIPPED = "NaN"


@dataclass(frozen=True)
class Cell:
    """What a process of a cell gave: ``result`` is the JSON that it wrote."""

    output: str
    code: int
    result: str


@dataclass(frozen=True)
class Cache:
    """What a ``setup_cache`` gave: the folder, None if it failed, and then why."""

    folder: str | None
    reason: str | None


@dataclass(frozen=True)
class _Waiting:
    """A process to be started, and who is told what became of its steps."""

    label: str
    steps: list[Step]
    folder: str
    together: bool
    then: Callable[[list[Done]], None]


class ForkingSpawner(Spawner):  # type: ignore[misc]  # asv has no types
    """One commit's. ``seconds``: what has been spent on each series and ``setup_cache`` so far."""

    def __init__(self, env: Any, root: str, plan: Plan) -> None:
        """Start the server."""
        super().__init__(env, root)
        self.seconds: dict[str, float] = defaultdict(float)
        self._plan = plan
        self._cells: dict[tuple[str, str], Cell] = {}
        self._alone: set[str] = set()
        self._caches: dict[str, Cache] = {}
        self._skipping: set[str] = set()
        self._files = 0
        self._processes = ForkedProcesses(env, self.benchmark_dir)

    # What asv calls.

    def preimport(self) -> tuple[bool, str]:
        """Wait until the suite is imported: whether it is, and what was printed."""
        try:
            return True, self._processes.imported()
        except Exception as error:  # noqa: BLE001 - whatever it is, asv goes on to tell it
            said = str(error) if isinstance(error, UserError) else traceback.format_exc()
            return False, f"asv: benchmark runner crashed\n{said}".rstrip()

    def create_setup_cache(
        self, benchmark_id: str, timeout: float | None, params_str: str
    ) -> tuple[str | None, str | None]:
        """The folder of the cache of a benchmark; None if it failed, and why."""
        if self._asks_live_model(benchmark_id):
            folder, reason = super().create_setup_cache(benchmark_id, timeout, params_str)
            return folder, reason
        if benchmark_id not in self._caches:
            self._run(self._fill(benchmark_id, benchmark_id, timeout, params_str))
        found = self._caches.pop(benchmark_id)
        return found.folder, found.reason

    def run(
        self,
        name: str,
        params_str: str,
        profile_path: str,
        result_file_name: str,
        timeout: float | None,
        cwd: str,
    ) -> tuple[str, int]:
        """Run a cell, or give what is known of it; its output and exit code."""
        planned = self._plan.cells.get(name)
        if profile_path == "None" and (name, params_str) not in self._cells and planned:
            self._do_together(planned, params_str, cwd)
        if profile_path != "None" or (name, params_str) not in self._cells:
            self._run(self._measure(name, params_str, timeout, cwd, profile_path))
        cell = self._cells.pop((name, params_str))
        if planned and _is_skipped(cell):
            self._skipping.add(planned.capability)
        Path(result_file_name).write_text(cell.result)
        return cell.output, cell.code

    def close(self) -> None:
        """End all that was started."""
        printed = self._processes.close()
        for cache in self._caches.values():
            if cache.folder is not None:
                shutil.rmtree(cache.folder, ignore_errors=True)
        if printed and not self.interrupted:
            with log.indent():
                log.error("unladen: the process that benchmarks are forked from:")
                log.error(printed)

    # Which processes there are.

    def _do_together(self, planned: PlannedCell, params: str, folder: str) -> None:
        """Do in one process what can be done so: this cell and others."""
        if planned.name in self._alone:
            return
        if planned.only_reads:
            assert planned.cache is not None
            readers = self._plan.readers(planned.cache)
            self._run(self._together("run", readers, params, folder))
        elif planned.capability in self._skipping and planned.cache is None:
            self._skipping.discard(planned.capability)
            self._skip_all(planned, params)

    def _skip_all(self, first: PlannedCell, params: str) -> None:
        """Look which cells of a capability are n/a, from this one to the first that is not."""
        names = [*self._plan.cells]
        behind = [self._plan.cells[name] for name in names[names.index(first.name) :]]
        cells = [
            one
            for one in behind
            if one.capability == first.capability
            and one.cache is None
            and (one.name, params) not in self._cells
        ]
        folder = tempfile.mkdtemp()
        try:
            self._run(self._together("skip", cells, params, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _together(
        self, do: Any, cells: Iterable[PlannedCell], params: str, folder: str
    ) -> _Waiting:
        cells = [*cells]
        steps = [self._step(do, one.name, params, one.limit) for one in cells]

        def keep(done: list[Done]) -> None:
            for one, step, each in zip(cells, steps, done, strict=True):
                if each.code is None:
                    self._alone.add(one.name)
                else:
                    self._keep(one.name, params, step, each)

        return _Waiting(cells[0].cache or cells[0].name, steps, folder, True, keep)

    def _measure(
        self, name: str, params: str, limit: float | None, folder: str, profile: str = "None"
    ) -> _Waiting:
        step = self._step("run", name, params, limit, profile)

        def keep(done: list[Done]) -> None:
            self._keep(name, params, step, done[0])

        return _Waiting(name, [step], folder, False, keep)

    def _fill(self, key: str, benchmark: str, limit: float | None, params: str) -> _Waiting:
        folder = tempfile.mkdtemp()
        self._caches[key] = Cache(folder, None)  # so that it is removed whatever happens
        step = self._step("cache", benchmark, params, limit)

        def keep(done: list[Done]) -> None:
            if done[0].code != 0:
                shutil.rmtree(folder, ignore_errors=True)
                failed = f"{done[0].output}\nasv: setup_cache failed (exit status {done[0].code})"
                self._caches[key] = Cache(None, failed.strip())

        return _Waiting(key, [step], folder, False, keep)

    def _step(
        self, do: Any, name: str, params: str, limit: float | None, profile: str = "None"
    ) -> Step:
        self._files += 1
        output, result = (self._processes.file(f"{self._files}.{kind}") for kind in ("out", "json"))
        return Step(do, name, params, output, result, limit, profile)

    def _keep(self, name: str, params: str, step: Step, done: Done) -> None:
        assert done.code is not None
        result = ""
        if os.path.isfile(step.result):
            result = Path(step.result).read_text()
            os.unlink(step.result)
        self._cells[name, params] = Cell(done.output, done.code, result)
        self.seconds[name.partition("-")[0]] += done.seconds

    # Running them.

    def _run(self, one: _Waiting) -> None:
        """Run it, and wait for it."""
        self._processes.start(one.steps, one.folder, together=one.together)
        _, done = self._processes.next_done()
        one.then(done)

    def _asks_live_model(self, benchmark: str) -> bool:
        """Whether its ``setup_cache`` gets variables that the server must not have."""
        return benchmark in self.env.in_group(LIVE)


def _is_skipped(cell: Cell) -> bool:
    return cell.code == 0 and cell.result == _IS_SKIPPED
