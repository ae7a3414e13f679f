"""The benchmarks of a suite as asv knows them: found, and measured one at a time or all."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import runner
from asv.benchmarks import Benchmarks
from asv.machine import Machine
from asv.results import Results

from unladen.asv_bridge.confs import conf_for
from unladen.asv_bridge.environments import AsvVirtualenv, RunsBenchmarks
from unladen.asv_bridge.runner.plan import plan_of
from unladen.asv_bridge.runner.spawner import ForkingSpawner
from unladen.project.project import Project
from unladen.store.benchmarks_file import FILE, VERSION, load_series
from unladen.store.json_files import write_json
from unladen.store.series import SeriesInfo

_MEASURING = frozenset({"time", "peakrss"})
"""The types of benchmarks whose figure is none that the function gives."""


class Suite:
    """The benchmarks of a project, by name, as they describe themselves to asv."""

    def __init__(self, project: Project, benchmarks: Any) -> None:
        """``benchmarks``: asv's."""
        self.project = project
        self._benchmarks = benchmarks

    @property
    def versions(self) -> dict[str, str]:
        """asv's version of each benchmark, by name."""
        return {str(name): str(one["version"]) for name, one in self._benchmarks.items()}

    def with_attribute(self, name: str) -> list[str]:
        """The benchmarks of which that attribute is set."""
        return [benchmark for benchmark, one in self._benchmarks.items() if one.get(name)]

    def series(self) -> dict[str, SeriesInfo]:
        """What each benchmark says of itself, by name, as a results folder would have it. Raises
        ``UserError`` if that is malformed."""
        with tempfile.TemporaryDirectory() as folder:
            write_json(Path(folder, FILE), dict(self._benchmarks), VERSION)
            return load_series(Path(folder))

    def describe(self, machine: str | None) -> Mapping[str, Any]:
        """Write what the series say of themselves, and the machine of itself, into the project's
        folder of results; the latter is given. Raises ``UserError``."""
        found = Machine.load(machine_name=machine, interactive=True)
        found.save(str(self.project.results_dir))
        self._benchmarks.save()
        return dict(found.__dict__)

    def measure(
        self,
        environment: AsvVirtualenv,
        commit: str,
        date: int,
        combinations: Mapping[str, Sequence[int] | None],
        *,
        install: Callable[[], bool],
        keep: bool,
        folder: Path,
    ) -> Path:
        """Measure benchmarks at a commit and write its results file, whose path is given.

        ``date``: of the commit, milliseconds since 1970. ``combinations``: by benchmark the indices
        of its parameter combinations, None for all. ``install``: makes it the installed commit;
        false if it cannot be, which is a failure of all. ``keep``: add to what ``folder``, which
        is then that of the project's results, holds of the commit.
        """
        machine = Machine.load(interactive=True)
        python, requirements = environment.python, environment.requirements
        params = {**machine.__dict__, "python": python, **requirements}
        variables = environment.env_vars
        results = Results(params, requirements, commit, date, python, environment.name, variables)
        if keep:
            machine.save(str(folder))
            self._benchmarks.save()
            results.load_data(str(folder))
        selected = self._selected(combinations)
        if install():
            launch_method = self.project.launch_method
            runner.run_benchmarks(
                selected, environment, results=results, launch_method=launch_method
            )
        else:
            runner.skip_benchmarks(selected, environment, results=results)
        results.save(str(folder))
        return folder / str(results._filename)

    def _selected(self, combinations: Mapping[str, Sequence[int] | None]) -> Any:
        selected = self._benchmarks.filter_out(set(self._benchmarks) - combinations.keys())
        chosen = {name: [*some] for name, some in combinations.items() if some is not None}
        selected._benchmark_selection = {**selected._benchmark_selection, **chosen}
        return selected


def discover(
    project: Project,
    repository: Any,
    environments: Sequence[Any],
    commits: Sequence[str],
    patterns: Sequence[str] | None = None,
) -> Suite:
    """Ask the first of ``commits`` that can be imported for its benchmarks. The conf's folder must
    be the working directory. ``patterns``: those that these find, as ``--bench`` has them; None:
    all. Raises ``UserError``."""
    conf = conf_for(project)
    regex = None if patterns is None else [*patterns]
    found = Benchmarks.discover(conf, repository, [*environments], [*commits], regex=regex)
    return Suite(project, found)


@dataclass(frozen=True)
class OneRun:
    """What one process gave. ``value``: None if it failed, NaN if it is n/a; ``samples``: of a
    sampled one, None of others; ``output``: what was printed, ``exit_code``: asv's."""

    value: Any
    samples: Sequence[Any] | None
    output: str
    exit_code: int


class Launcher:
    """Starts the benchmark processes of one commit, as asv does in a run.

    ``variables``: that all of its processes get; they tell where the commit's code is.
    ``expected``: the indices of the parameter combinations that will be run, by benchmark; what is
    n/a of them is found out together where our own runner measures.
    """

    def __init__(
        self,
        suite: Suite,
        environment: AsvVirtualenv,
        commit: str,
        variables: Mapping[str, str],
        expected: Mapping[str, Sequence[int]],
    ) -> None:
        """Start what the launch method needs."""
        self._suite = suite
        self._timeout = environment.default_timeout
        self._spawner = runner.get_spawner(
            CommitProcesses(environment, commit, variables),
            suite._benchmarks.benchmark_dir,
            suite.project.launch_method,
        )
        if isinstance(self._spawner, ForkingSpawner):
            described = {name: self._benchmark(name) for name in expected}
            self._spawner.work.expect(plan_of(described, expected, {}, None))

    def preimport(self) -> str:
        """Import the suite; what was printed if that fails, else ""."""
        success, output = self._spawner.preimport()
        return "" if success else str(output) or " "

    def cache_key(self, benchmark: str) -> str | None:
        """What benchmarks that share a ``setup_cache`` have in common; None without one."""
        key: str | None = self._benchmark(benchmark).get("setup_cache_key")
        return key

    def reads_cache(self, benchmark: str) -> bool:
        """Whether its figures may be those of its ``setup_cache``. They are not where asv times
        what is called, or its memory, nor where the function says that it measures by itself."""
        described = self._benchmark(benchmark)
        measures = described["type"] in _MEASURING or bool(described.get("by_itself"))
        return self.cache_key(benchmark) is not None and not measures

    def create_cache(self, benchmark: str) -> tuple[str | None, str]:
        """Run its ``setup_cache``: the folder, None if it failed, and what was printed."""
        described = self._benchmark(benchmark)
        limit = described.get("setup_cache_timeout", described["timeout"])
        folder, output = self._spawner.create_setup_cache(benchmark, limit, "{}")
        return folder, output or ""

    def run(self, benchmark: str, combination: int, cache: str | None) -> OneRun:
        """One process for a parameter combination, by its index."""
        described = self._benchmark(benchmark)
        selected = {combination} if described["params"] else None
        found = runner.run_benchmark(
            described, self._spawner, profile=False, selected_idx=selected, cwd=cache
        )
        return OneRun(
            found.result[combination], found.samples[combination], found.stderr, found.errcode
        )

    def close(self) -> None:
        """End what was started."""
        self._spawner.close()

    def _benchmark(self, name: str) -> dict[str, Any]:
        described: dict[str, Any] = self._suite._benchmarks[name]
        if described.get("timeout") is None:
            described["timeout"] = self._timeout
        return described


def remove_cache(folder: str) -> None:
    """Remove what ``create_cache`` made."""
    shutil.rmtree(folder, ignore_errors=True)


class CommitProcesses(RunsBenchmarks):
    """An environment that starts processes of one commit, as far as asv's launchers look at it."""

    _starting = threading.Lock()

    def __init__(
        self, environment: AsvVirtualenv, commit: str, variables: Mapping[str, str]
    ) -> None:
        """``variables``: that each process gets."""
        self._environment = environment
        self._commit = commit
        self._variables = variables
        self.name = environment.name
        self.env_vars = environment.env_vars

    def in_group(self, group: str) -> frozenset[str]:
        """As the environment has it."""
        return self._environment.in_group(group)

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Start a process that sees this commit."""
        kwargs["env"] = {**kwargs.get("env", os.environ), **self._variables}
        if not kwargs.get("return_popen"):
            return self._run(args, kwargs)
        with self._starting:  # ASV_COMMIT is a variable of the environment as a whole
            return self._run(args, kwargs)

    def _run(self, arguments: list[str], kwargs: dict[str, Any]) -> Any:
        self._environment.see_commit(self._commit)
        return self._environment.run(arguments, **kwargs)
