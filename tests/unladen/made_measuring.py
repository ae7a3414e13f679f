"""The gate and bisect without measuring: a commit's value is the number that its tree holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from made_lines import SERIES, MadeProject

import unladen.compare.bisect.probes
import unladen.compare.bisect.run
import unladen.compare.gate.exact
import unladen.compare.gate.run
from unladen.compare.ab.cells import Sample, cells_of
from unladen.compare.ab.exact import ExactValues
from unladen.project.driver_digest import DriverDigests
from unladen.store.interpreter import Interpreter
from unladen.store.series import Status


@contextmanager
def measuring(project: MadeProject, stored: Collection[str] | None = None) -> Iterator[None]:
    """The gate and bisect measure what the tree holds. ``stored``: the names of the commits whose
    values are there before, None for all."""
    (cell,) = cells_of([SERIES])

    def samples(_setup: Any, commit: str, *_: Any, **__: Any) -> dict[Any, Sample]:
        value = float(project.value(project.name(commit)))
        return {cell.key: Sample(Status.MEASURED, [value])}

    def known(setup: Any, commit: str, *_: Any) -> tuple[dict[Any, Sample], list[str]]:
        is_there = stored is None or project.name(commit) in stored
        return (samples(setup, commit) if is_there else {}), []

    def setup(project: Any, repository: Any, *_: Any) -> Any:
        python = Interpreter("3.11", "CPython", "", "", {})
        place = SimpleNamespace(interpreter=python, env_vars={}, setting="", driver=DriverDigests())
        series = {SERIES.name: SERIES}
        return SimpleNamespace(
            project=project, repository=repository, series=series, environment=place
        )

    with pytest.MonkeyPatch.context() as patch:
        for module in (unladen.compare.gate.run, unladen.compare.bisect.run):
            patch.setattr(module, "set_up_benchmarks", setup)
        for module in (unladen.compare.gate.run, unladen.compare.bisect.probes):
            patch.setattr(module, "stored_values", known)
        patch.setattr(
            unladen.compare.gate.exact,
            "exact_values",
            lambda *given: ExactValues(samples(*given), 1),
        )
        for module in (unladen.compare.gate.exact, unladen.compare.bisect.probes):
            patch.setattr(module, "measure_values", samples)
        yield
