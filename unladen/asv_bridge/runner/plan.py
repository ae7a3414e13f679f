"""What asv's loop is going to ask of a spawner for one commit."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EXACT = "exact"


@dataclass(frozen=True)
class PlannedCell:
    """A parameter combination. ``name``: asv's, with its index; ``cache``: the key of its
    ``setup_cache``; ``limit``: seconds; ``is_exact``: whether it gives the same figure whatever
    else the machine does; ``only_reads``: whether all it does is to read from that cache."""

    name: str
    series: str
    cache: str | None
    limit: float
    is_exact: bool
    only_reads: bool

    @property
    def capability(self) -> str:
        """The package of its benchmark, or the module."""
        return self.series.partition(".")[0]


@dataclass(frozen=True)
class PlannedCache:
    """A ``setup_cache``. ``benchmark``: one that uses it; ``limit``: seconds; ``is_exact``: whether
    an exact series uses it."""

    key: str
    benchmark: str
    limit: float
    is_exact: bool


@dataclass(frozen=True)
class Plan:
    """``cells``, by name, and ``caches``, by key, in asv's order. ``params``: the JSON that asv
    hands to each process of a cell, unless it appends to samples; ``cache_params``: the same of a
    ``setup_cache``."""

    cells: Mapping[str, PlannedCell]
    caches: Mapping[str, PlannedCache]
    params: str
    cache_params: str

    keys: Mapping[str, str]
    """The key of the ``setup_cache`` of each benchmark that has one."""

    @property
    def exact_caches(self) -> list[PlannedCache]:
        """Those that hold exact figures."""
        return [one for one in self.caches.values() if one.is_exact]

    def key_of(self, benchmark: str) -> str:
        """What benchmarks with the same ``setup_cache`` have in common."""
        return self.keys.get(benchmark, benchmark)

    def readers(self, cache: str | None) -> list[PlannedCell]:
        """The cells that only read from a cache."""
        return [one for one in self.cells.values() if one.only_reads and one.cache == cache]


NOTHING = Plan({}, {}, "{}", "{}", {})
"""Where nothing is known of what will be asked."""


def plan_of(
    described: Mapping[str, Mapping[str, Any]],
    selection: Mapping[str, Sequence[int]],
    extra: Mapping[str, Any],
    rounds: Sequence[int] | None,
) -> Plan:
    """The plan of a run of these benchmarks, as ``asv.runner.run_benchmarks`` goes about it.

    ``described``: asv's descriptions, their time limits filled in; ``selection``: the indices of
    the combinations that are measured, by benchmark, all of those not in it; ``extra``: attributes
    that override those of the benchmarks; ``rounds``: those that are run, all by default.
    """
    cells: dict[str, PlannedCell] = {}
    caches: dict[str, PlannedCache] = {}
    first = min(rounds, default=1) if rounds is not None else 1
    for key, names in _by_cache(described).items():
        for name in names:
            one = described[name]
            if int(extra.get("rounds", one.get("rounds", 1))) < first:
                continue
            if key is not None:
                caches[key] = _with(caches.get(key), key, one)
            for cell in _cells(one, selection.get(name)):
                cells[cell.name] = cell
    keys = {
        name: str(one["setup_cache_key"])
        for name, one in described.items()
        if one.get("setup_cache_key")
    }
    cache_params = json.dumps({"cpu_affinity": extra.get("cpu_affinity")})
    return Plan(cells, caches, json.dumps({**extra}), cache_params, keys)


def _by_cache(described: Mapping[str, Mapping[str, Any]]) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for name in sorted(described):
        found.setdefault(described[name].get("setup_cache_key"), []).append(name)
    return found


def _with(known: PlannedCache | None, key: str, one: Mapping[str, Any]) -> PlannedCache:
    limit = float(one.get("setup_cache_timeout", one["timeout"]))
    is_exact = one.get("kind") == EXACT
    if known is None:
        return PlannedCache(key, one["name"], limit, is_exact)
    return PlannedCache(key, known.benchmark, max(limit, known.limit), is_exact or known.is_exact)


def _cells(one: Mapping[str, Any], selected: Sequence[int] | None) -> list[PlannedCell]:
    indices = range(len([*itertools.product(*one["params"])])) if selected is None else selected
    key = one.get("setup_cache_key")
    is_exact = one.get("kind") == EXACT
    only_reads = is_exact and key is not None and not one.get("alone", False)
    return [
        PlannedCell(
            name=f"{one['name']}-{index}" if one["params"] else one["name"],
            series=one["name"],
            cache=key,
            limit=float(one["timeout"]),
            is_exact=is_exact,
            only_reads=only_reads,
        )
        for index in indices
    ]
