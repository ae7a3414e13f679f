"""The committed results: complete, explained, and consistent with themselves."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from committed_cells import FILES, cells_of

from unladen.store.records import Record, record_path

WHOLE = "bare"
"""The target of which every series is measured. Of another one, what is measured at one commit is
measured at all; a class of series that it lacks is not there."""

MAY_LACK = ("service.", "sessions.", "turns.")
"""Of these series the sampled ones, which want a quiet machine, may be there or not. Of a commit
that was measured with ``--exact-only`` none of any series is."""

OF_RELEASES = ("langchain_core", "langgraph", "mcp", "openai_agents", "pydantic_ai")
"""Targets whose commits are releases of a package. What is sampled may be there or not, and so may
the classes that take as long as all others together: they are measured of some releases."""
LONG = ("memory.Leak", "cancellation.Run", "baseline.Kept")

LATER = (
    *("approval.Run", "growth.Cpu", "guardrails.Run", "stores.Growth", "stores.Large"),
    *("stores.Turns", "teams.Asking", "teams.HandOver", "timeouts.Limit", "tracing.Run"),
)
"""Classes that came when the floor had been measured already with what is sampled: its older commit
lacks their parts."""


def class_of(series: str) -> str:
    return series.rpartition(".")[0]


@cache
def classes(target: str) -> set[str]:
    """Those of which a series is measured at some commit of a target."""
    files = [file for file in FILES if file.parts[-3] == target]
    return {class_of(name) for file in files for name, _ in cells_of(file)}


def test_all_commits_are_there() -> None:
    counts = Counter(file.parts[-3] for file in FILES)
    assert counts == {
        "autobmad": 17,
        "loom": 15,
        "towow": 34,
        "parley": 168,
        "bare": 2,
        "gateway": 83,
        "insight": 125,
        "langgraph": 7,
        "langchain_core": 15,
        "mcp": 35,
        "openai_agents": 25,
        "pydantic_ai": 6,
        "agno": 1,
        "haystack": 1,
        "autogen_agentchat": 1,
        "google_adk": 1,
        "llama_index_workflows": 1,
        "agent_framework": 1,
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.name[:8]}")
def test_every_series_is_measured_and_every_gap_explained(file: Path) -> None:
    cells = cells_of(file)
    known = json.loads((file.parents[1] / "benchmarks.json").read_text())
    target = file.parts[-3]
    names = {name for name in known if name != "version"}
    wanted = {name for name in names if target == WHOLE or class_of(name) in classes(target)}
    measured = {name for name, _ in cells}
    assert measured <= wanted
    is_exact_only = all(known[name]["kind"] == "exact" for name in measured)
    for name in wanted - measured:
        is_later = target == WHOLE and not is_exact_only and class_of(name).endswith(LATER)
        is_long = target in OF_RELEASES and class_of(name).endswith(LONG)
        if not (is_later or is_long):
            assert is_exact_only or name.startswith(MAY_LACK) or target in OF_RELEASES
            assert known[name]["kind"] == "sampled"
    record = Record.load(record_path(file))
    failed = {(failure.series, tuple(failure.params)) for failure in record.failed}
    missing = {(gap.series, tuple(gap.params)) for gap in record.not_applicable}
    assert all(failure.reason for failure in record.failed)
    assert all(gap.reason for gap in record.not_applicable)
    assert {key for key, value in cells.items() if value is None} == failed
    is_nan = {key for key, value in cells.items() if value is not None and math.isnan(value)}
    assert is_nan == missing
