"""What every series says of itself, for other tools rely on it."""

from __future__ import annotations

import re
from typing import Any, get_args

from suite import ROOT

from benchmarks.core.series import Direction, Explain, Group, Kind
from unladen.explain import kinds

IMPORTS = {
    "imports.Import.sample_cpu",
    "imports.Import.track_bytecodes",
    "imports.Import.track_modules",
}


def test_a_series_is_of_a_capability_or_is_asked_of_every_target(
    discovered: dict[str, Any],
) -> None:
    capabilities = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
    others = {name for name in discovered if name.partition(".")[0] not in capabilities}
    assert others == IMPORTS
    assert all(discovered[name]["params"] == [] for name in others)
    assert {name.partition(".")[0] for name in discovered} - {"imports"} == capabilities


def test_every_series_says_what_it_is(discovered: dict[str, Any]) -> None:
    for name, series in discovered.items():
        assert series["kind"] in get_args(Kind), name
        assert series["direction"] in get_args(Direction), name
        assert series["group"] in get_args(Group), name
        assert series["unit"], name
        assert series["explain"] in get_args(Explain), name
        is_told = series["kind"] == "exact" or series["group"] == "import"
        assert (series["explain"] != "none") == is_told, name
        assert 0 <= series["tolerance"] <= 0.01, name
        may_move = name.endswith("track_traced_peak") or name == "imports.Import.track_bytecodes"
        assert (series["tolerance"] > 0) == may_move, name
        assert series["version"].isdigit(), f"{name} has no explicit version"


def test_sampled_series_are_those_that_a_clock_or_the_system_measures(
    discovered: dict[str, Any],
) -> None:
    # One live run is paid for, so that its figures are single ones, though no exact ones.
    live = {name for name, series in discovered.items() if series["group"] == "live"}
    assert {discovered[name]["kind"] for name in live} == {"sampled"}
    sampled = {name for name, series in discovered.items() if series["kind"] == "sampled"} - live
    noisy = ("time_", "sample_", "peakrss_")
    assert sampled == {name for name in discovered if name.rpartition(".")[2].startswith(noisy)}


def test_what_measures_by_itself_does_so(discovered: dict[str, Any]) -> None:
    """Two commits are compared again and again with the caches of the first time: what is read of
    these would be one figure, again and again."""
    measuring = {"fresh", "cpu_seconds", "LoopLag"}
    by_itself = {name for name, series in discovered.items() if series.get("by_itself")}
    assert by_itself
    for name in by_itself:
        assert discovered[name]["kind"] == "sampled", name
        function = discovered[name]["code"].partition("by_itself=True")[2].partition("\n\n")[0]
        assert measuring & set(re.findall(r"\w+", function)), name


def test_what_explain_is_said_to_be_is_known_where_it_is_read() -> None:
    known = {value for name, value in vars(kinds).items() if name.isupper()}
    assert set(get_args(Explain)) == known


def test_how_a_difference_is_explained_goes_with_what_a_series_is_of(
    discovered: dict[str, Any],
) -> None:
    exact = {name: one for name, one in discovered.items() if one["kind"] == "exact"}
    by_group = {
        "virtual time": {"waits"},
        "calls": {"counted"},
        "outcome": {"outcomes"},
        "memory": {"retained", "peak", "work"},
        "import": {"imports"},
    }
    for name, one in exact.items():
        assert one["explain"] in by_group.get(one["group"], {"work"}), name
        is_of_bytes = one["group"] == "memory" and one["unit"] == "bytes"
        assert (one["explain"] in ("retained", "peak")) == is_of_bytes, name
    peaks = {name for name, one in exact.items() if one["explain"] == "peak"}
    assert {name for name in exact if name.endswith("track_traced_peak")} <= peaks


def test_a_demo_shows_something_of_every_capability(discovered: dict[str, Any]) -> None:
    shown = {name.partition(".")[0] for name, series in discovered.items() if series.get("demo")}
    assert shown == {name.partition(".")[0] for name in discovered}


def test_asvs_own_memory_benchmarks_are_not_used(discovered: dict[str, Any]) -> None:
    assert {series["type"] for series in discovered.values()} == {
        "track", "time", "sample", "peakrss",
    }  # fmt: skip
