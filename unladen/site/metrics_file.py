"""``metrics.prom``: what was measured of the newest commit, in Prometheus' text format.

For Grafana, for alerts, and for the textfile collector of the node exporter, which takes files of
that ending. docs/levels.md names the metrics. None carries a time of its own: what is scraped is
what is known now, and which commit that is says ``unladen_commit_info``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from unladen.report.commit_results import CommitResults, Series
from unladen.report.held_levels import held_levels
from unladen.report.money import tokens_paid
from unladen.results.bounds import Met
from unladen.site.counts import Counts
from unladen.site.files import write_text
from unladen.store.series import Status, cell_text
from unladen.text.names import shown_name
from unladen.text.terminal import printable

NAME = "metrics.prom"

_PREFIX = "unladen"
_OWN_LABELS = ("target", "machine", "environment")

_UNITLESS = frozenset({"", "ratio", "exponent"})
_IN_BASE_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "second": "seconds",
    "b": "bytes",
    "byte": "bytes",
}


def write_metrics(folder: Path, results: CommitResults, counts: Counts) -> None:
    """Write it into a target's published folder. ``counts``: what the newest commit changed."""
    write_text(folder / NAME, metrics(results, counts))


def metrics(results: CommitResults, counts: Counts) -> str:
    """The text for the commit of these results."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Metrics(results, counts))
    return generate_latest(registry).decode()


class _Metrics(Collector):
    def __init__(self, results: CommitResults, counts: Counts) -> None:
        self._results = results
        self._counts = counts
        history = results.history
        self._whose = [history.target, history.machine, history.environment]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """See ``Collector``."""
        yield from self._commit()
        yield from self._levels()
        yield self._costs()
        yield self._not_right()
        taken: set[str] = set()
        for series in self._results.all_series():
            name = metric_name(series)
            while name in taken:  # two names that differ in what a metric's cannot hold
                name += "_"
            taken.add(name)
            yield from self._values(series, name)

    def _family(self, name: str, about: str, labels: Iterable[str] = ()) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"{_PREFIX}_{name}", about, labels=[*_OWN_LABELS, *labels])

    def _add(self, family: GaugeMetricFamily, labels: Iterable[str], value: float) -> None:
        family.add_metric([printable(label) for label in (*self._whose, *labels)], value)

    def _commit(self) -> Iterator[GaugeMetricFamily]:
        commit = self._results.commit
        info = self._family("commit_info", "The commit that all figures are of.", ["commit"])
        self._add(info, [commit.hash], 1)
        yield info
        date = self._family("commit_timestamp_seconds", "When it was written, by its author.")
        self._add(date, [], commit.date / 1000)
        yield date
        changed = self._family("changed_series", "Series that it changed.", ["change"])
        for change in ("regressions", "improvements", "broken", "suspected", "minor"):
            self._add(changed, [change], getattr(self._counts, change))
        yield changed

    def _levels(self) -> Iterator[GaugeMetricFamily]:
        level = self._family(
            "level_met", "Whether a level is met; none if not measured.", ["level"]
        )
        criterion = self._family(
            "criterion_met",
            "Whether a criterion of a level is met; none if not measured.",
            ["level", "criterion"],
        )
        for held in held_levels(self._results) if self._results.levels is not None else ():
            name = held.level.name
            if held.met is not Met.UNMEASURED:
                self._add(level, [name], held.met is Met.YES)
            for one in held.criteria:
                if one.met is not Met.UNMEASURED:
                    self._add(criterion, [name, one.criterion.name], one.met is Met.YES)
        yield level
        yield criterion

    def _costs(self) -> GaugeMetricFamily:
        labels = ["series", "parameters", "model"]
        family = self._family("cost_dollars", "Tokens of a step, by the list of prices.", labels)
        for series in self._results.all_series():
            paid = tokens_paid(self._results, series)
            for cell, params in enumerate(series.info.cells) if paid is not None else ():
                for price in self._results.prices.model:
                    cost = paid.cost_per_step(cell, price) if paid is not None else None
                    if cost is not None:
                        told = [shown_name(series.name), cell_text(params), price.name]
                        self._add(family, told, cost.value)
        return family

    def _not_right(self) -> GaugeMetricFamily:
        family = self._family(
            "not_right",
            "What failed, or was measured with a wrong outcome: its value is not told.",
            ["series", "parameters", "status"],
        )
        for series in self._results.all_series():
            for cell, params in enumerate(series.info.cells):
                status = series.status(cell)
                if status in (Status.FAILED, Status.WRONG):
                    told = [shown_name(series.name), cell_text(params), status.value]
                    self._add(family, told, 1)
        return family

    def _values(self, series: Series, name: str) -> Iterator[GaugeMetricFamily]:
        info = series.info
        better = "higher" if info.higher_is_better else "lower"
        said = ", ".join(filter(None, [info.unit, info.kind, info.group, f"{better} is better"]))
        codes = ", ".join(f"{n}: {word}" for n, word in enumerate(info.codes))
        about = f"{shown_name(series.name)} ({said}){f'; {codes}' if codes else ''}"
        names = label_names(info.axes)
        family = self._family(name, printable(about), names)
        for cell in range(len(info.cells)):
            figure = series.figure(cell)
            if figure is not None:
                self._add(family, series.params(cell).values(), figure.value)
        if family.samples:
            yield family


def metric_name(series: Series) -> str:
    """What a series is called after the prefix: its name in small letters, its unit at the end."""
    unit = series.info.unit.lower()
    unit = "" if series.info.codes or unit in _UNITLESS else _IN_BASE_UNITS.get(unit, unit)
    name = _word(shown_name(series.name)).lower()
    unit = _word(unit)
    return f"{name}_{unit}" if unit and not name.endswith(f"_{unit}") else name


def label_names(axes: Mapping[str, object]) -> list[str]:
    """What the parameters are called as labels: as they are, but for what a label may not be."""
    found: list[str] = []
    for axis in axes:
        name = _word(axis).lstrip("_") or "parameter"
        name = f"_{name}" if name[0].isdigit() else name
        while name in found or name in _OWN_LABELS:
            name += "_"
        found.append(name)
    return found


def _word(text: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_]+", "_", text).strip("_")
