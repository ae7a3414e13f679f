"""Which measurements of the sample SDK are worth what they cost.

``python tests/parley/worth.py`` lists what is measured at a time, a ``setup_cache`` or a series
that has none: seconds at the newest measured commit, how many labelled changes exact series of it
see, and how many of those nothing that stands above it sees. Those come first that see most for a
second; ``demo`` stands where the demo measures some of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import measured_history
from measured_history import ROOT, TARGET

from unladen.labels.labels import Kind, Label, load

RESULTS = ROOT / "results" / TARGET
CHEAPEST_S = 0.05
"""What the cheapest costs besides: a process."""


@dataclass(frozen=True)
class Measurement:
    """What is measured at a time. ``seconds``: it takes them; ``sees``: subjects of commits."""

    name: str
    seconds: float
    sees: frozenset[str]
    is_in_demo: bool


@dataclass(frozen=True)
class Suite:
    """Of each series: ``unit``, what it is measured with; ``exact`` ones and those of the
    ``demo``; ``seconds`` by unit."""

    unit: Mapping[str, str]
    exact: frozenset[str]
    demo: frozenset[str]
    seconds: Mapping[str, float]


def committed_suite() -> Suite:
    """What the committed results say, of costs those of the newest commit."""
    described = json.loads((RESULTS / "benchmarks.json").read_text())
    series = {name: one for name, one in described.items() if isinstance(one, dict)}
    unit = {name: one.get("setup_cache_key") or name for name, one in series.items()}
    newest = json.loads(_newest().read_text())
    column = newest["result_columns"].index("duration")
    alone = {
        name: row[column] or 0.0 for name, row in newest["results"].items() if len(row) > column
    }
    then = {
        name.removeprefix("<setup_cache ").removesuffix(">"): seconds
        for name, seconds in newest["durations"].items()
        if name.startswith("<setup_cache ")
    }
    names = _same_caches(then, {one for name, one in unit.items() if one != name})
    caches = {names[key]: seconds for key, seconds in then.items() if key in names}
    return Suite(
        unit=unit,
        exact=frozenset(name for name, one in series.items() if one.get("kind") == "exact"),
        demo=frozenset(name for name, one in series.items() if one.get("demo")),
        seconds={one: caches.get(one, alone.get(one, 0.0)) for one in unit.values()},
    )


def _same_caches(then: Iterable[str], now: Iterable[str]) -> dict[str, str]:
    """The keys of caches now by those of then: lines move, their order in a module does not. None
    of a module that has more or fewer now."""
    found: dict[str, str] = {}
    before, after = _by_module(then), _by_module(now)
    for module, keys in before.items():
        if len(keys) == len(after.get(module, ())):
            found.update(zip(keys, after[module], strict=True))
    return found


def _by_module(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in sorted(keys, key=lambda key: int(key.rpartition(":")[2])):
        found.setdefault(key.rpartition(":")[0], []).append(key)
    return found


def told() -> list[Label]:
    """The labelled commits that change something for the worse or the better."""
    labels = load(measured_history.LABELS).commits
    return [one for one in labels if one.kind in (Kind.REGRESSION, Kind.IMPROVEMENT)]


def seen_by(series: Collection[str], labels: Iterable[Label]) -> set[str]:
    """The subjects of the commits that change one of these series."""
    return {
        label.subject
        for label in labels
        if any(change.series in series for change in label.changes)
    }


def measurements(suite: Suite, labels: Sequence[Label]) -> list[Measurement]:
    """All of a suite, in no order."""
    found = []
    for unit, seconds in suite.seconds.items():
        series = {name for name, one in suite.unit.items() if one == unit}
        sees = seen_by(series & suite.exact, labels)
        found.append(Measurement(unit, seconds, frozenset(sees), bool(series & suite.demo)))
    return found


def by_worth(found: Iterable[Measurement]) -> list[tuple[Measurement, int]]:
    """Each time the one that sees most for a second of what is not seen yet, and how much that is;
    what sees nothing more is left out."""
    left, seen = list(found), set[str]()
    chosen: list[tuple[Measurement, int]] = []

    def worth(one: Measurement) -> float:
        return len(one.sees - seen) / (one.seconds + CHEAPEST_S)

    while left and (best := max(left, key=lambda one: (worth(one), one.name))).sees - seen:
        left.remove(best)
        chosen.append((best, len(best.sees - seen)))
        seen |= best.sees
    return chosen


def main() -> None:
    """Print them."""
    labels, suite = told(), committed_suite()
    print(f"{'seconds':>8} {'sees':>5} {'more':>5}  of {len(labels)} labelled changes")
    for one, more in by_worth(measurements(suite, labels)):
        mark = "  demo" if one.is_in_demo else ""
        print(f"{one.seconds:8.2f} {len(one.sees):5} {more:5}  {one.name}{mark}")
    print(f"The demo's exact series see {len(seen_by(suite.demo & suite.exact, labels))} of them")


def _newest() -> Path:
    files = sorted((RESULTS / "reference").glob("*-*.json"))
    return max(files, key=lambda file: json.loads(file.read_text())["date"])


if __name__ == "__main__":
    main()
