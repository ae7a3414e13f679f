"""A target that has none of the capabilities: all that needs one is n/a, and nothing fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks.core import subject
from targets.protocol import Target

DRIVER = """
from targets.protocol import Target
TARGET = Target(name="nothing", imports=("json",), capabilities=[])
"""

ROOT = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.slow
def test_what_needs_a_capability_that_is_not_there_is_not_applicable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = Target(name="nothing", imports=("json",), capabilities=[])
    monkeypatch.setattr(subject, "target", lambda: nothing)
    # The same for processes that a benchmark starts.
    (tmp_path / "driver.py").write_text(DRIVER)
    monkeypatch.setenv("UNLADEN_TARGET", nothing.name)
    monkeypatch.setenv("UNLADEN_TARGET_DIR", str(tmp_path))
    caches: dict[str, Any] = {}
    for benchmark in disc_benchmarks(str(ROOT)):
        if benchmark.name.startswith("imports."):
            continue
        key = benchmark.setup_cache_key
        if key is not None and key not in caches:
            caches[key] = benchmark.do_setup_cache()
        benchmark.set_cache(caches.get(key))
        if benchmark.params:
            benchmark.set_param_idx(0)
        assert benchmark.do_setup() is True, f"{benchmark.name} is not skipped"
    assert caches


def test_whichever_series_fills_a_cache_no_setup_of_a_cell_is_called_for_it() -> None:
    for benchmark in disc_benchmarks(str(ROOT)):
        if benchmark.setup_cache_key is not None:
            early = [one for one in benchmark._setups if benchmark._is_parameter_free_setup(one)]
            assert not early, benchmark.name
