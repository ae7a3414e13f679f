"""The figures by which targets are held against each other, on the same work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.store.reasons import Params
from unladen.store.series import Status, plain


@dataclass(frozen=True)
class Definition:
    """One figure: a cell of a series, perhaps divided by ``per`` or, after that, ``inverted``.

    ``work``: what is done, in the words of the portal; ``cell``: its parameters as people read
    them. ``unit``: of the figure, ``kind``: of the series. ``in_floors``: whether it is told as a
    multiple of the floor's. ``needs_same``: what must be the same for a comparison: ``""``
    (nothing), ``python`` (its version) or ``machine`` (its CPU, and Python).
    """

    key: str
    label: str
    work: str
    series: str
    unit: str
    kind: str
    cell: Mapping[str, str] = field(default_factory=dict)
    per: float = 1.0
    inverted: bool = False
    in_floors: bool = True
    needs_same: str = ""


_PLAIN = {"scenario": "plan"}

DEFINITIONS: Sequence[Definition] = (
    Definition(
        key="cpu",
        label="CPU per negotiation",
        work="a plain negotiation of 5 agents",
        series="negotiation.baseline.Run.time_cpu",
        cell=_PLAIN,
        unit="seconds",
        kind="sampled",
        needs_same="machine",
    ),
    Definition(
        key="bytecodes",
        label="Bytecodes per negotiation",
        work="the same: SDK, libraries, asyncio and harness",
        series="negotiation.baseline.Run.track_bytecodes",
        cell=_PLAIN,
        unit="bytecodes",
        kind="exact",
        needs_same="python",
    ),
    Definition(
        key="own_bytecodes",
        label="Bytecodes of its own code",
        work="the same: only the target's own files",
        series="negotiation.baseline.Run.track_sdk_bytecodes",
        cell=_PLAIN,
        unit="bytecodes",
        kind="exact",
        needs_same="python",
    ),
    Definition(
        key="retained_bytes",
        label="Bytes retained per agent",
        work="after a plain negotiation of 100 agents, its result kept",
        series="negotiation.scaling.Agents.track_retained_bytes",
        cell={"agents": "100"},
        unit="bytes",
        kind="exact",
        per=100.0,
        needs_same="python",
    ),
    Definition(
        key="import_cpu",
        label="Import time",
        work="CPU of importing the target in a fresh process",
        series="imports.Import.sample_cpu",
        unit="seconds",
        kind="sampled",
        needs_same="machine",
    ),
    Definition(
        key="makespan",
        label="Makespan / critical path",
        work="20 negotiations of 50 agents at once, 1.1 s a model call; 1 is as fast as can be",
        series="negotiation.latency.Model.track_efficiency",
        cell={"latency_s": "1.1", "negotiations": "20", "slots": "unlimited"},
        unit="ratio",
        kind="exact",
        inverted=True,
        in_floors=False,
    ),
    Definition(
        key="agents_lost",
        label="Agents lost",
        work="of 1,000, when the same shares 20 model slots",
        series="negotiation.latency.Model.track_agents_lost",
        cell={"latency_s": "1.1", "negotiations": "20", "slots": "20"},
        unit="agents",
        kind="exact",
        in_floors=False,
    ),
    Definition(
        key="growth",
        label="Growth exponent of its work",
        work="its own bytecodes from 5 to 1,000 agents; 1 is linear, 2 is quadratic",
        series="negotiation.scaling.Growth.track_exponent",
        cell={"quantity": "sdk_bytecodes"},
        unit="exponent",
        kind="exact",
        in_floors=False,
        needs_same="python",
    ),
)
"""The rows of the portal, in order."""


@dataclass(frozen=True)
class Figure:
    """A figure of one target. ``value``: there if, and only if, ``status`` is measured, so that
    none of a wrong outcome is held against others; ``reason``: why it is not, "" if nobody said.
    ``cell``: as asv writes it."""

    key: str
    status: Status
    value: float | None = None
    reason: str = ""
    cell: Params = ()


def figures_of(values: Values) -> list[Figure]:
    """All figures of one commit, in the order of ``DEFINITIONS``."""
    by_name = {series.name: series for series in values.series}
    return [_figure(definition, by_name.get(definition.series)) for definition in DEFINITIONS]


def _figure(definition: Definition, series: SeriesValues | None) -> Figure:
    cell = _find(series, definition.cell) if series else None
    if cell is None:
        return Figure(definition.key, Status.MISSING)
    if cell.value is None or cell.status is not Status.MEASURED:
        return Figure(definition.key, cell.status, None, cell.reason, cell.params)
    value = cell.value / definition.per
    if not definition.inverted:
        return Figure(definition.key, Status.MEASURED, value, "", cell.params)
    if value == 0:
        return Figure(definition.key, Status.FAILED, None, "it is 0", cell.params)
    return Figure(definition.key, Status.MEASURED, 1 / value, "", cell.params)


def _find(series: SeriesValues, wanted: Mapping[str, str]) -> CellValue | None:
    if set(wanted) != set(series.axes):
        return None
    order = tuple(wanted[axis] for axis in series.axes)
    return next((c for c in series.cells if tuple(map(plain, c.params)) == order), None)
