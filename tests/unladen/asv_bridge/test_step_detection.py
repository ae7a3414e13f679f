"""What stands in for asv's step detection gives asv's answers, to the bit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib.util import find_spec, module_from_spec
from typing import Any

import numpy as np
import pytest
from asv import step_detect
from asv.graph import Graph
from hypothesis import given
from hypothesis import strategies as st

from unladen.asv_bridge import known_ranges, step_detection
from unladen.asv_bridge.known_ranges import KnownRanges


def _of_asv(name: str) -> Any:
    """A module of asv's, whatever stands in it by now."""
    spec = find_spec(name)
    assert spec is not None
    fresh = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(fresh)
    return fresh


DETECT_AS_ASV = _of_asv("asv.step_detect").detect_steps
GRAPH_OF_ASV = _of_asv("asv.graph").Graph


@pytest.fixture(scope="module", autouse=True)
def _installed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (step_detect, "merge_pieces"),
            (step_detect, "solve_potts_autogamma"),
            (Graph, "add_data_point"),
            (Graph, "get_data"),
            (Graph, "get_file_path"),
        ):
            patch.setattr(module, name, getattr(module, name))
        step_detection.install()
        yield


@given(
    seed=st.integers(0, 1_000_000),
    size=st.integers(0, 120),
    noise=st.sampled_from([0.0, 1e-3, 0.05, 0.5]),
    counts=st.booleans(),
    weighted=st.booleans(),
)
def test_steps_are_asvs(seed: int, size: int, noise: float, counts: bool, weighted: bool) -> None:
    random = np.random.default_rng(seed)
    levels = random.choice([1.0, 1.1, 2.0, 50.0], size=8).repeat(15)[:size]
    values: list[Any] = (levels * random.lognormal(0, noise, size)).tolist()
    if counts:
        values = [round(100 * value) for value in values]
    for at in range(size):
        if random.random() < 0.1:
            values[at] = None if at % 2 else math.nan
    weights = random.uniform(0.1, 3, size).tolist() if weighted else [None] * size
    found = step_detect.detect_steps(values, weights)
    assert repr(found) == repr(DETECT_AS_ASV(values, weights))


def test_a_long_series_with_many_steps_has_asvs_steps() -> None:
    random = np.random.default_rng(7)
    levels = np.array([1.0, 1.4, 1.2, 2.0, 1.1, 1.6, 0.9, 1.3, 1.8, 1.0]).repeat(100)
    values = (levels * random.lognormal(0, 0.02, levels.size)).tolist()
    found = step_detect.detect_steps(values, [None] * len(values))
    assert len(found) == 10
    assert repr(found) == repr(DETECT_AS_ASV(values, [None] * len(values)))


def test_joining_asks_for_few_distances() -> None:
    """Each pair that is joined costs a few, not one for each interval before it."""
    asked: list[tuple[int, int]] = []

    def dist(left: int, right: int) -> float:
        asked.append((left, right))
        # From 100 on all can be joined, the first pair for the least.
        return 1 / (1 + right) if left >= 100 else float(right - left)

    ends = step_detection._joined(0.0, [*range(1, 301)], dist)
    assert ends == [*range(1, 101), 300]
    assert len(asked) < 3 * 300 * 4


@pytest.mark.parametrize(
    "values", [[], [None], [math.nan, 3], [1, 2, 4], [1.5], [None, 2, math.nan, 5.5]]
)
def test_means_are_asvs(values: Sequence[float | None]) -> None:
    known = [value for value in values if value is not None and not math.isnan(value)]
    expected = sum(known) / len(known) if known else None
    assert repr(step_detection.mean_of_known(values)) == repr(expected)


def test_a_graph_reduces_its_data_once_and_again_after_another_point() -> None:
    one = Graph("m.C.track_x", {})
    one.add_data_point(1, 5)
    first = one.get_data()
    assert one.get_data() is first
    one.add_data_point(2, 6)
    assert one.get_data() == [*first, (2, 6.0, None)]


_NUMBERS = st.one_of(
    st.none(), st.just(math.nan), st.integers(-5, 2**60), st.floats(-1e9, 1e9), st.just(-0.0)
)


@given(
    points=st.lists(st.tuples(st.integers(0, 9), st.tuples(_NUMBERS, _NUMBERS)), max_size=12),
    is_scalar=st.booleans(),
    params=st.dictionaries(
        st.sampled_from(["a", "b/c"]), st.sampled_from([None, "", "x:y", 1, 1.0, "1"])
    ),
)
def test_graphs_hold_what_asvs_hold(
    points: list[tuple[int, tuple[Any, Any]]], is_scalar: bool, params: dict[str, Any]
) -> None:
    ours, theirs = Graph("m.C.track_x", params), GRAPH_OF_ASV("m.C.track_x", params)
    assert ours.path == theirs.path
    for revision, (value, weight) in points:
        pair = (value, weight) if is_scalar else ([value, 2], [weight, None])
        ours.add_data_point(revision, *pair)
        theirs.add_data_point(revision, *pair)
    assert repr(ours.get_data()) == repr(theirs.get_data())


class _Repository:
    name = "its own"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_hashes_from_range(self, range_spec: str) -> list[str]:
        self.asked.append(range_spec)
        return ["from git"]


def test_ranges_on_a_line_are_known_and_others_are_asked_for() -> None:
    repository = _Repository()
    known = KnownRanges(repository, [["d", "c", "b", "a"], ["x", "b", "a"]])
    assert known.name == "its own"
    assert known.get_hashes_from_range("a..c") == ["c", "b"]
    assert known.get_hashes_from_range("c..d") == ["d"]
    assert known.get_hashes_from_range("d..a") == []
    assert known.get_hashes_from_range("a..x") == ["x", "b"]
    assert repository.asked == []
    for spec in ("c..x", "nobody..d", "main", ""):
        assert known.get_hashes_from_range(spec) == ["from git"]
    assert repository.asked == ["c..x", "nobody..d", "main", ""]


def test_both_are_installed_once() -> None:
    step_detection.install()
    found = Graph.get_data
    step_detection.install()
    assert Graph.get_data is found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_ranges.Regressions, "publish", known_ranges.Regressions.publish)
        known_ranges.install()
        once = known_ranges.Regressions.publish.__func__
        known_ranges.install()
        assert known_ranges.Regressions.publish.__func__ is once
