"""The claims and levels that are held against results: each figure that is cited can be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from unladen.project.project import read_project
from unladen.results.claims import CitedFigure, claims_of
from unladen.results.levels import levels_of
from unladen.results.loads import kept_loads
from unladen.results.prices import prices_of
from unladen.store.benchmarks_file import load_series
from unladen.store.series import plain

ROOT = Path(__file__).resolve().parents[2]
TARGETS = sorted(file.parent.name for file in ROOT.glob("targets/*/claims.toml"))
LEVELLED = sorted(file.parent.name for file in ROOT.glob("targets/*/levels.toml"))
SUITE = load_series(ROOT / "results" / "bare")


def is_there(cited: CitedFigure) -> bool:
    """Whether the suite has the series, and the series such a combination, exactly one; of a series
    that was not measured on the floor only whether it is written."""
    series = SUITE.get(cited.series)
    if series is None:
        *module, name, function = cited.series.split(".")
        source = ROOT.joinpath("benchmarks", *module).with_suffix(".py").read_text()
        is_written = f"def {function}(" in source or f"    {function} = " in source
        return f"class {name}:" in source and is_written
    points = [dict(zip(series.axes, map(plain, cell), strict=True)) for cell in series.cells]
    return points.count(dict(cited.cell)) == 1


@pytest.mark.parametrize("target", TARGETS)
def test_each_figure_is_of_a_series_or_a_load_that_there_is(target: str) -> None:
    project = read_project(ROOT / "targets" / target / "asv.conf.json")
    claims, loads = claims_of(project), kept_loads(project)
    assert claims is not None
    cited = [one for part in claims.part for claim in part.claim for one in claim.measured]
    assert cited
    assert [one for one in cited if one.series and not is_there(one)] == []
    assert {one.load for one in cited if one.load} <= {*loads}
    lacking = [
        (one.load, one.figure)
        for one in cited
        if one.load and not loads[one.load].trouble and one.figure not in loads[one.load].figures
    ]
    assert lacking == []


@pytest.mark.parametrize("target", LEVELLED)
def test_each_criterion_of_a_level_is_of_a_series_or_a_load_that_there_is(target: str) -> None:
    project = read_project(ROOT / "targets" / target / "asv.conf.json")
    levels, loads, prices = levels_of(project), kept_loads(project), prices_of(project)
    assert levels is not None
    criteria = [one for level in levels.level for one in level.criterion if not one.unmeasured]
    assert criteria
    assert [one.name for one in criteria if one.series and not is_there(one)] == []
    assert {one.load for one in criteria if one.load} <= {*loads}
    assert all(prices.called(one.priced_as) for one in criteria if one.priced_as)


@pytest.mark.parametrize("target", TARGETS)
def test_loads_that_are_kept_are_exact_and_say_what_repeats_them(target: str) -> None:
    project = read_project(ROOT / "targets" / target / "asv.conf.json")
    for name, load in kept_loads(project).items():
        assert load.is_exact
        assert load.command.startswith(f"unladen --target {target} load {load.commit[:8]}")
        assert load.command.endswith(f"--keep={name}")
