"""Which ``setup_cache`` is run in which round, on launchers that are made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_history import series
from made_sides import cells, sampled

from unladen.asv_bridge.suite import OneRun
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.interleaved import InterleavedRunner


class MadeUp:
    """Launchers of both sides. ``filled``: how often each cache was; ``there``: their folders."""

    def __init__(self, folder: Path) -> None:
        self.filled: Counter[str] = Counter()
        self.there: list[Path] = []
        self._folder = folder

    def cache_key(self, benchmark: str) -> str | None:
        return f"cache of {benchmark}"

    def reads_cache(self, benchmark: str) -> bool:
        return not benchmark.startswith("m.Timed")

    def create_cache(self, benchmark: str) -> tuple[str, str]:
        self.filled[benchmark] += 1
        made = self._folder / f"{benchmark} {self.filled[benchmark]}"
        made.mkdir()
        self.there.append(made)
        return str(made), ""

    def run(self, benchmark: str, index: int, cache: str | None) -> OneRun:
        assert cache is not None
        assert Path(cache).is_dir()
        number = float(cache.rpartition(" ")[2])
        return OneRun(number, [number], "", 0)


@pytest.fixture
def made_up(tmp_path: Path) -> MadeUp:
    return MadeUp(tmp_path)


@pytest.fixture
def runner(made_up: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InterleavedRunner:
    @contextmanager
    def launchers(sides: Sequence[int], of: Sequence[Cell]) -> Iterator[dict[int, Any]]:
        yield dict.fromkeys(sides, made_up)

    environment = SimpleNamespace(folder=tmp_path, folder_names={})
    project = SimpleNamespace(is_installed_by_commands=False)
    made: Any = SimpleNamespace(environment=environment, project=project)
    found = InterleavedRunner(made, ["a" * 40, "b" * 40])
    monkeypatch.setattr(found, "_launchers", launchers)
    return found


def test_what_a_cache_measures_is_measured_in_each_round(
    runner: InterleavedRunner, made_up: MadeUp
) -> None:
    noisy = cells(sampled(name="m.Noisy.sample_seconds", values=2))
    values = [runner.measure_round(noisy)[0][0].values for _ in range(3)]
    assert made_up.filled == {"m.Noisy.sample_seconds": 6}
    assert values == [[1.0], [3.0], [5.0]]
    assert [path.is_dir() for path in made_up.there] == [False] * 4 + [True] * 2


def test_what_measures_beside_its_cache_has_it_filled_once(
    runner: InterleavedRunner, made_up: MadeUp
) -> None:
    timed = cells(sampled(name="m.Timed.sample_cpu", values=2))
    for _ in range(3):
        runner.measure_round(timed)
    assert made_up.filled == {"m.Timed.sample_cpu": 2}


def test_what_is_exact_is_filled_once(runner: InterleavedRunner, made_up: MadeUp) -> None:
    exact = cells(series("m.Exact.track_calls", axes={"n": ("0", "1")}))
    for _ in range(3):
        runner.measure_round(exact)
    assert made_up.filled == {"m.Exact.track_calls": 2}
