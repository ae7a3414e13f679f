"""The gate and bisect without measuring: a commit's value is the number that its tree holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from made_lines import SERIES, MadeProject

import unladen.bisect.probes
import unladen.bisect.run
import unladen.gate.exact
import unladen.gate.run
from unladen.ab.cells import Sample, cells_of
from unladen.ab.exact import Values
from unladen.series import Status


@contextmanager
def measuring(project: MadeProject, stored: Collection[str] | None = None) -> Iterator[None]:
    """The gate and bisect measure what the tree holds. ``stored``: the names of the commits whose
    values are there before, None for all."""
    (cell,) = cells_of([SERIES])

    def samples(_workshop: Any, commit: str, *_: Any, **__: Any) -> dict[Any, Sample]:
        value = float(project.value(project.name(commit)))
        return {cell.key: Sample(Status.MEASURED, [value])}

    def known(workshop: Any, commit: str, *_: Any) -> tuple[dict[Any, Sample], list[str]]:
        is_there = stored is None or project.name(commit) in stored
        return (samples(workshop, commit) if is_there else {}), []

    def workshop(conf: Any, repository: Any, *_: Any) -> Any:
        place = SimpleNamespace(interpreter=SimpleNamespace(version="3.11"))
        series = {SERIES.name: SERIES}
        return SimpleNamespace(conf=conf, repository=repository, series=series, environment=place)

    with pytest.MonkeyPatch.context() as patch:
        for module in (unladen.gate.run, unladen.bisect.run):
            patch.setattr(module, "open_workshop", workshop)
        for module in (unladen.gate.run, unladen.bisect.probes):
            patch.setattr(module, "stored_values", known)
        patch.setattr(unladen.gate.exact, "exact_values", lambda *given: Values(samples(*given), 1))
        for module in (unladen.gate.exact, unladen.bisect.probes):
            patch.setattr(module, "measure_values", samples)
        yield
