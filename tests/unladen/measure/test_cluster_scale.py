"""What a hundred SDKs take: the reckoning, and the figures that it is based on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from unladen.measure.cluster.scale import FIGURES, Fleet, main, reckon
from unladen.store.benchmarks_file import FILE, load_series
from unladen.store.records import record_path
from unladen.store.results_file import read_results
from unladen.store.results_folder import results_files

pytestmark = pytest.mark.slow

PARLEY = Path(__file__).resolve().parents[3] / "results" / "parley"
SMALL = Fleet(sdks=2, releases=60, series=200, workers=5, cells=FIGURES.cells)


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Some results files of parley's."""
    return results_files(PARLEY / "reference")[::9]


def test_the_figures_are_those_of_the_committed_results(files: list[Path]) -> None:
    stored = [read_results(file).series for file in files]
    cells = sum(len(one.entry("result") or ()) for series in stored for one in series.values())
    assert sum(file.stat().st_size for file in files) / cells == pytest.approx(
        FIGURES.results, rel=0.2
    )
    assert sum(record_path(file).stat().st_size for file in files) / cells == pytest.approx(
        FIGURES.record, rel=0.2
    )
    assert cells / sum(map(len, stored)) == pytest.approx(FIGURES.cells, rel=0.1)
    described = (PARLEY / FILE).stat().st_size / len(load_series(PARLEY))
    assert described == pytest.approx(FIGURES.description, rel=0.2)


def test_time_is_work_and_a_little_more() -> None:
    found = reckon(replace(SMALL, lifetime=1e12))
    each = FIGURES.commit + 200 * FIGURES.cells * (1 - FIGURES.sampled_share) * FIGURES.exact
    least = SMALL.sdks * SMALL.releases * each / SMALL.workers
    assert least < found.exact < 1.4 * least
    assert found.busy == pytest.approx(least / found.exact, rel=0.1)
    assert found.deaths == 0


def test_workers_that_die_cost_time_and_lose_nothing() -> None:
    lasting, dying = (reckon(replace(SMALL, lifetime=each)) for each in (1e12, 1_500.0))
    assert dying.deaths > 0
    assert dying.exact > lasting.exact
    assert dying.busy < lasting.busy


def test_twice_the_releases_take_twice_the_space() -> None:
    one, two = (reckon(replace(SMALL, releases=releases)) for releases in (60, 120))
    assert two.memory == 2 * one.memory
    assert one.largest_file == two.largest_file
    assert 1.9 * one.exact < two.exact + 0.3 * one.exact
    assert two.results < 2 * one.results


def test_more_workers_do_not_help_sampled_series() -> None:
    one, many = (reckon(replace(SMALL, workers=workers)) for workers in (1, 5))
    assert one.sampled == many.sampled
    assert one.exact > 4 * many.exact


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--sdks", "2", "--releases", "20", "--series", "50", "--workers", "3"]
    assert main([*words, "--cells", "1"]) == 0
    said = capsys.readouterr().out
    assert "2 SDKs x 20 releases x 50 series (1,000 readings each) on 3 workers" in said
    with pytest.raises(SystemExit):
        main(["--sdks", "0"])
