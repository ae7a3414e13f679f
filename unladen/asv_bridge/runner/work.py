"""The processes of one commit: as few as give the figures that one for each cell would give.

- A ``setup_cache`` is forked from the server, where asv begins a process of its own for it.
- All cells that only read from one are read in one process.
- A cell that measures has a process of its own, forked from a server that has measured nothing.
- Once a cell is n/a, as all of a capability are that a commit lacks, one process looks which of the
  others are.

Where a process dies, or is too slow, what it had done is kept, and each of the other cells gets a
process of its own. With several jobs all that is exact is done first, that many processes side by
side; what is sampled is always alone.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unladen.asv_bridge.runner.forks import Do, Done, ForkedProcesses, WorkStep
from unladen.asv_bridge.runner.plan import Plan, PlannedCache, PlannedCell

Told = Callable[[int, int], None]
"""Told, at each tenth, how many exact cells are done of those that are done first, and of how
many."""


@dataclass(frozen=True)
class MeasuredCell:
    """What a process gave of a cell: ``result`` is the JSON that it wrote."""

    output: str
    code: int
    result: str

    @property
    def is_skipped(self) -> bool:
        """Whether it is n/a."""
        return self.code == 0 and self.result == "NaN"


@dataclass(frozen=True)
class FilledCache:
    """What a ``setup_cache`` gave: the folder, None if it failed, and then ``reason``."""

    folder: str | None
    reason: str | None = None


@dataclass(frozen=True)
class _Process:
    """One to be started, for these ``cells``, in a folder, or None for one of its own; ``then`` is
    told what became of its steps. ``together``: as for ``ForkedProcesses.start``; ``is_exact``:
    whether all that it gives is exact."""

    label: str
    cells: Sequence[str]
    steps: Sequence[WorkStep]
    folder: str | None
    then: Callable[[list[Done]], None]
    together: bool = False
    is_exact: bool = True


@dataclass(frozen=True)
class _Started:
    process: _Process
    folder: str

    def remove_own_folder(self) -> None:
        if self.process.folder is None:
            _remove(self.folder)


_lasted: dict[str, float] = {}
"""Seconds that each process took at the commit before, by label: the longest are begun first."""


class Work:
    """``seconds``: what has been spent on each series so far."""

    def __init__(self, processes: ForkedProcesses, plan: Plan, jobs: int, told: Told) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._processes = processes
        self._plan_for(plan)
        self._jobs = jobs
        self._told = told
        self._is_first = jobs > 1
        self._tenths = 0
        self._cells: dict[tuple[str, str], MeasuredCell] = {}
        self._caches: dict[str, FilledCache] = {}
        self._done: set[str] = set()
        self._alone: set[str] = set()
        self._lacking: set[str] = set()
        self._waiting: list[_Process] = []
        self._started: dict[int, _Started] = {}
        self._files = 0

    def expect(self, plan: Plan) -> None:
        """What will be asked for from now on, each when it is asked for; nothing is done first."""
        self._plan_for(plan)
        self._is_first = False

    def _plan_for(self, plan: Plan) -> None:
        self._plan = plan
        self._exact = {one.name for one in plan.cells.values() if one.is_exact}

    def cache(self, benchmark: str, limit: float | None, params: str) -> FilledCache:
        """The cache of a benchmark, whose folder is the caller's from now on."""
        self._do_exact_first()
        key = self._plan.key_of(benchmark)
        if key not in self._caches:
            self._run([self._fill(key, benchmark, limit, params)])
        return self._caches.pop(key)

    def cell(
        self, name: str, params: str, limit: float | None, folder: str, profile: str = "None"
    ) -> MeasuredCell:
        """A cell, measured in this folder if it is not yet; ``profile``: a file for asv's
        profiler."""
        self._do_exact_first()
        planned = self._plan.cells.get(name)
        key = (name, params)
        if profile != "None":
            self._cells.pop(key, None)
        elif planned and planned.only_reads and name not in self._done | self._alone:
            self._run([self._read(self._plan.readers(planned.cache), params, folder)])
        if key not in self._cells:
            self._done.discard(name)
            self._run([self._measure(name, params, limit, folder, profile)])
        cell = self._cells[key]
        if not cell.is_skipped:  # it will be so in further rounds
            del self._cells[key]
        return cell

    def close(self) -> None:
        """Remove what nobody has asked for."""
        for started in self._started.values():
            started.remove_own_folder()
        for cache in self._caches.values():
            if cache.folder is not None:
                _remove(cache.folder)

    # Which processes there are.

    def _fill(self, key: str, benchmark: str, limit: float | None, params: str) -> _Process:
        folder = tempfile.mkdtemp()
        self._caches[key] = FilledCache(folder)
        step = self._step("cache", benchmark, params, limit)

        def keep(done: list[Done]) -> None:
            if done[0].code != 0:
                _remove(folder)
                said = f"{done[0].output}\nasv: setup_cache failed (exit status {done[0].code})"
                self._caches[key] = FilledCache(None, said.strip())

        planned = self._plan.caches.get(key)
        is_exact = planned is not None and planned.is_exact
        return _Process(f"cache {key}", [], [step], folder, keep, is_exact=is_exact)

    def _measure(
        self,
        name: str,
        params: str,
        limit: float | None,
        folder: str | None,
        profile: str = "None",
    ) -> _Process:
        step = self._step("run", name, params, limit, profile)

        def keep(done: list[Done]) -> None:
            cell = self._keep(name, params, step, done[0])
            planned = self._plan.cells.get(name)
            if cell.is_skipped and planned is not None and planned.cache is None:
                self._lacking.add(planned.capability)

        return _Process(name, [name], [step], folder, keep, is_exact=name in self._exact)

    def _read(self, cells: Sequence[PlannedCell], params: str, folder: str) -> _Process:
        def left(names: Sequence[str]) -> None:
            self._alone.update(names)

        return self._together("run", cells, params, folder, left)

    def _skip(self, cells: Sequence[PlannedCell], params: str) -> _Process:
        """What sees which of these cells are n/a, up to the first that is not."""

        def left(names: Sequence[str]) -> None:
            self._alone.update(names[:1])  # the others nobody has looked at

        return self._together("skip", cells, params, None, left)

    def _together(
        self,
        do: Do,
        cells: Sequence[PlannedCell],
        params: str,
        folder: str | None,
        left: Callable[[Sequence[str]], None],
    ) -> _Process:
        names = [one.name for one in cells]
        steps = [self._step(do, one.name, params, one.limit) for one in cells]

        def keep(done: list[Done]) -> None:
            for name, step, each in zip(names, steps, done, strict=True):
                if each.code is not None:
                    self._keep(name, params, step, each)
            left([name for name, each in zip(names, done, strict=True) if each.code is None])

        return _Process(f"{do} {names[0]} ...", names, steps, folder, keep, together=True)

    def _step(
        self, do: Do, name: str, params: str, limit: float | None, profile: str = "None"
    ) -> WorkStep:
        self._files += 1
        output, result = (self._processes.file(f"{self._files}.{kind}") for kind in ("out", "json"))
        return WorkStep(do, name, params, output, result, limit, profile)

    def _keep(self, name: str, params: str, step: WorkStep, done: Done) -> MeasuredCell:
        assert done.code is not None
        result = Path(step.result)
        text = result.read_text() if result.is_file() else ""
        result.unlink(missing_ok=True)
        cell = self._cells[name, params] = MeasuredCell(done.output, done.code, text)
        self._done.add(name)
        self.seconds[name.partition("-")[0]] += done.seconds
        return cell

    # Running them.

    def _run(self, processes: Iterable[_Process]) -> None:
        """Run these and what follows from them."""
        self._waiting += [*processes][::-1]
        while self._waiting or self._started:
            while len(self._started) < self._jobs and (process := self._next()) is not None:
                folder = process.folder or tempfile.mkdtemp()
                number = self._processes.start(
                    process.steps, folder, together=process.together, frozen=process.is_exact
                )
                self._started[number] = _Started(process, folder)
            if self._started:
                self._wait()

    def _wait(self) -> None:
        number, done = self._processes.next_done()
        started = self._started.pop(number)
        started.remove_own_folder()
        _lasted[started.process.label] = sum(step.seconds for step in done)
        started.process.then(done)
        if self._is_first:
            self._tell()

    def _next(self) -> _Process | None:
        """The next that waits for nobody; one that looks what is n/a, where that may save some."""
        under_way = {name for started in self._started.values() for name in started.process.cells}
        for process in self._waiting[::-1]:
            if not under_way.isdisjoint(process.cells):
                continue
            if not process.together and not self._done.isdisjoint(process.cells):
                self._waiting.remove(process)
                continue
            if not process.together and (skipping := self._skipping_for(process, under_way)):
                return skipping
            self._waiting.remove(process)
            return process
        return None

    def _skipping_for(self, process: _Process, under_way: set[str]) -> _Process | None:
        """What looks whether this process is needed, and which others of its capability are."""
        planned = self._plan.cells.get(process.cells[0]) if process.cells else None
        step = process.steps[0]
        if (
            planned is None
            or planned.cache is not None
            or planned.capability not in self._lacking
            or planned.name in self._alone
            or step.profile != "None"
        ):
            return None
        self._lacking.remove(planned.capability)
        known = self._done | self._alone | under_way | {planned.name}
        others = [
            one
            for one in self._plan.cells.values()
            if one.capability == planned.capability and one.cache is None and one.name not in known
        ]
        return self._skip([planned, *others], step.params)

    # What is done first.

    def _do_exact_first(self) -> None:
        """With several jobs, do all that is exact, and tell how far it is."""
        if not self._is_first:
            return
        plan = self._plan
        measured = [one for one in plan.cells.values() if one.is_exact and one.cache is None]
        processes = [
            *map(self._fill_first, plan.exact_caches),
            *(self._measure(one.name, plan.params, one.limit, None) for one in measured),
        ]
        processes.sort(key=lambda one: -_lasted.get(one.label, math.inf))
        self._run(processes)
        self._is_first = False

    def _tell(self) -> None:
        done = len(self._exact & self._done)
        if done * 10 // len(self._exact) > self._tenths:
            self._tenths = done * 10 // len(self._exact)
            self._told(done, len(self._exact))

    def _fill_first(self, planned: PlannedCache) -> _Process:
        """What fills a cache, after which come the cells that need it."""
        params = self._plan.params
        process = self._fill(planned.key, planned.benchmark, planned.limit, self._plan.cache_params)

        def then(done: list[Done]) -> None:
            process.then(done)
            folder = self._caches[planned.key].folder
            if folder is None:
                return
            cells = [one for one in self._plan.cells.values() if one.cache == planned.key]
            self._waiting += [
                self._measure(one.name, params, one.limit, folder)
                for one in cells
                if one.is_exact and not one.only_reads
            ]
            if readers := self._plan.readers(planned.key):
                self._waiting.append(self._read(readers, params, folder))

        return replace(process, then=then)


def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
