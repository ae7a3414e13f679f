"""An explanation as JSON; docs/explain.md describes it."""

from __future__ import annotations

from typing import Any

from unladen.explain.code import Key
from unladen.explain.counted_json import counted_json
from unladen.explain.entries_json import entries_json
from unladen.explain.holders_json import holders_json
from unladen.explain.imports_json import imports_as_json
from unladen.explain.outcomes_json import outcomes_json
from unladen.explain.peaks import Peak
from unladen.explain.retained import SitePart
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.explain.sums import SumCause
from unladen.explain.sums_json import key_json, sum_json
from unladen.explain.text import is_touched
from unladen.explain.wait_places import WaitPlace
from unladen.explain.wait_shares import WaitPart
from unladen.explain.waits import Waits
from unladen.explain.work.explained import Cause, CausePart, Executed
from unladen.repo.commits import Commit

VERSION = 1


def as_json(explanation: ExplainedPair) -> dict[str, Any]:
    """The whole explanation, nothing left out."""
    pair = explanation.pair
    return {
        "version": VERSION,
        "target": explanation.target,
        "before": _commit(pair.before),
        "after": _commit(pair.after),
        "figures": [_figure(one, pair) for one in explanation.figures],
    }


def _commit(commit: Commit) -> dict[str, Any]:
    return {"commit": commit.hash, "subject": commit.subject}


def _figure(figure: ExplainedFigure, pair: CommitPair) -> dict[str, Any]:
    found: dict[str, Any] = {
        "series": figure.cell.series.name,
        "parameters": list(figure.cell.params),
        "unit": figure.cell.series.unit,
        "before": figure.before,
        "after": figure.after,
        "reason": figure.reason,
        "imports": None if figure.imports is None else imports_as_json(figure.imports, pair),
    }
    if figure.work is None:
        nothing = dict.fromkeys(
            ("work", "waits", "counted", "outcomes", "retained", "holders", "peak")
        )
        return {**found, **nothing}
    work = figure.work
    return {
        **found,
        "work": {
            "of": "benchmark" if figure.is_whole else "own files" if work.is_own_only else "figure",
            "unit": work.unit,
            "before": work.before,
            "after": work.after,
            "causes": [_cause(one, pair) for one in work.causes],
            "below_no_changed_function": [
                {"name": one.name, "change": one.change} for one in work.rest
            ],
            "left_over": work.left_over,
            "moved": work.moved,
            "executed": [_executed(one, pair) for one in work.executed],
            "entries": None if work.entries is None else entries_json(work.entries),
            "c_functions": [
                {"name": one.name, "calls": list(one.calls), "called_by": one.called_by}
                for one in work.c_functions
            ],
        },
        "waits": None if figure.waits is None else _waits(figure.waits),
        "counted": None if figure.counted is None else counted_json(figure.counted, pair),
        "outcomes": None if figure.outcomes is None else outcomes_json(figure.outcomes, pair),
        "retained": None if figure.retained is None else sum_json(figure.retained, _site),
        "holders": None if figure.holders is None else holders_json(figure.holders),
        "peak": None if figure.peak is None else _peak(figure.peak),
    }


def _cause(cause: Cause, pair: CommitPair) -> dict[str, Any]:
    return {
        **key_json(cause.key),
        "why": cause.why,
        "change": cause.change,
        "calls": list(cause.calls),
        "parts": [_part(one, cause.key, pair) for one in cause.parts],
    }


def _part(part: CausePart, key: Key, pair: CommitPair) -> dict[str, Any]:
    hunk = pair.touched.at(key.file, part.line) if part.line else None
    return {
        "line": part.line or None,
        "text": part.place.text,
        "into": part.place.into,
        "is_reached_otherwise": part.place.is_more_calls,
        "change": part.change,
        "calls": list(part.calls),
        "hunk": None if hunk is None else str(hunk),
    }


def _executed(one: Executed, pair: CommitPair) -> dict[str, Any]:
    return {
        "origin": one.function.origin,
        **key_json(one.function.key),
        "before": one.bytecodes[0],
        "after": one.bytecodes[1],
        "calls": list(one.calls),
        "by_calls": one.by_calls,
        "called_by": one.called_by,
        "is_touched": is_touched(one, pair),
    }


def _waits(waits: Waits) -> dict[str, Any]:
    parting = waits.parting
    return {
        "part_at": None if parting is None else parting.at,
        "led_before": None if parting is None else _led(parting.before),
        "lead_after": None if parting is None else _led(parting.after),
        **sum_json(waits, _wait),
    }


def _led(way: tuple[WaitPlace, float] | None) -> dict[str, Any] | None:
    if way is None:
        return None
    place, seconds = way
    cause = None if place.cause is None else key_json(place.cause)
    return {**_place(place), "cause": cause, "seconds": seconds}


def _place(place: WaitPlace) -> dict[str, str]:
    return {"where": place.where, "waits_at": place.text, "via": place.via}


def _wait(part: WaitPart, cause: SumCause[WaitPart]) -> dict[str, Any]:
    times = list(part.times)
    return {
        **_place(part.place),
        "lock": part.place.lock,
        "line": part.line or None,
        "times": times,
        "change": part.change,
    }


def _peak(peak: Peak) -> dict[str, Any]:
    places = [
        None if one is None else {**key_json(one.key), "line": one.line, "text": one.text}
        for one in peak.places
    ]
    return {"places": places, **sum_json(peak, _site)}


def _site(part: SitePart, cause: SumCause[SitePart]) -> dict[str, Any]:
    return {
        "where": part.place.where,
        "text": part.place.text,
        "line": part.line or None,
        "change": part.change,
    }
