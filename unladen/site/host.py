"""On what figures were measured."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from unladen.history.commit_values import Values
from unladen.store.bounds import Count, Finite


@dataclass(frozen=True)
class Host:
    """A machine with its Python. ``load``: the average over 1 minute when the figures that depend
    on the machine were measured, None if unknown."""

    cpu: str
    cores: Count
    python: str
    load: Finite | None


def host_of(values: Values, machine_bound: Collection[str]) -> Host | None:
    """On what a commit was measured; None if that is not recorded. ``machine_bound``: the names of
    the series whose figures depend on the machine."""
    host = values.host
    if host is None:
        return None
    load = _load(values, machine_bound)
    if load is None:
        load = next(iter(host.load_average), None)
    return Host(host.cpu, host.cores, host.python, load)


def _load(values: Values, names: Collection[str]) -> float | None:
    """The load while these series were measured: exact ones of the same commit may have been
    measured since, under another load. None if that is not known."""
    began = [one.started for one in values.series if one.name in names]
    loads = [
        session.load_before[0]
        for session in values.sessions
        if session.load_before
        and any(at is not None and session.started <= at <= session.ended for at in began)
    ]
    return max(loads, default=None)
