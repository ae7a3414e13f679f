"""A verdict as strict JSON, as docs/gate.md describes it."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.statistics import Estimate
from unladen.compare.gate.model import UNDECIDED, Cut, Finding, GateResult
from unladen.compare.gate.words import headline
from unladen.measure.machine_load import Load
from unladen.repo.commits import Commit
from unladen.results.spared import Spared
from unladen.text.units import word

VERSION = 1


def as_json(result: GateResult) -> dict[str, Any]:
    """One object; findings in the order of the series."""
    return {
        "version": VERSION,
        "target": result.target,
        "base": commit_json(result.base),
        "head": commit_json(result.head),
        "base_since": _cut(result.cut),
        "exit_code": result.exit_code,
        "judged": result.code != UNDECIDED,
        "verdict": headline(result),
        "machine": result.machine,
        "python": result.python,
        "same_code": result.same_code,
        "spared": _spared(result.spared),
        "rounds": result.rounds,
        "load": load_json(result.load),
        "waited": result.waited,
        "stored_series": result.stored,
        "seconds": result.seconds,
        "findings": [_finding(one) for one in result.findings],
        "remarks": list(result.remarks),
    }


def load_json(load: Load | None) -> dict[str, Any] | None:
    """How busy the machine was; None if nothing sampled was measured."""
    return None if load is None else {**asdict(load), "busy": load.is_busy}


def _cut(cut: Cut | None) -> dict[str, Any] | None:
    """What the commit called BASE has done since the one that is compared."""
    if cut is None:
        return None
    return {
        **commit_json(cut.named),
        "commits": cut.commits,
        "compared_values": cut.values,
        "changed": [_finding(one) for one in cut.changed],
    }


def _spared(spared: Spared | None) -> dict[str, Any] | None:
    """The series that were not measured at both commits."""
    if spared is None:
        return None
    return {
        "commit": spared.commit,
        "differing_files": spared.files,
        "series": sorted(spared.series),
    }


def commit_json(commit: Commit) -> dict[str, Any]:
    """A commit."""
    return {"commit": commit.hash, "date": commit.date, "subject": commit.subject}


def cell_json(cell: Cell) -> dict[str, Any]:
    """Which cell of which series."""
    return {
        "series": cell.series.name,
        "params": dict(zip(cell.series.axes, cell.params, strict=True)),
        "unit": cell.series.unit,
        "series_kind": cell.series.kind,
        "group": cell.series.group,
    }


def sample_json(sample: Sample, cell: Cell) -> dict[str, Any]:
    """Status, value, the word for it if it is a code, and reason."""
    value = finite(sample.level) if sample.values else None
    said = word(value, cell.series.codes)
    return {"status": sample.status.value, "value": value, "word": said, "reason": sample.reason}


def estimate_json(seen: Estimate | None) -> dict[str, Any] | None:
    """Ratios of after over before, with a 95 % interval."""
    if seen is None:
        return None
    return {
        "rounds": seen.rounds,
        "ratio": finite(seen.ratio),
        "low": finite(math.exp(seen.low)) if math.isfinite(seen.low) else None,
        "high": finite(math.exp(seen.high)) if math.isfinite(seen.high) else None,
        "p": seen.p,
    }


def finite(value: float | None) -> float | int | None:
    """The number, whole ones as integers; None for what JSON has not."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _finding(one: Finding) -> dict[str, Any]:
    return {
        **cell_json(one.cell),
        "outcome": one.judgement.value,
        "before": sample_json(one.before, one.cell),
        "after": sample_json(one.after, one.cell),
        "worse": finite(one.worse),
        "threshold": one.threshold,
        "first_look": estimate_json(one.first),
        "measured_again": estimate_json(one.again),
        "note": one.note,
    }
