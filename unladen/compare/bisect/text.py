"""A bisection as a log for people, and as JSON."""

from __future__ import annotations

from typing import Any

from unladen.compare.ab.cells import Sample
from unladen.compare.bisect.probes import Probe
from unladen.compare.bisect.run import Bisection
from unladen.compare.gate.as_json import cell_json, commit_json, estimate_json, finite, sample_json
from unladen.compare.gate.words import figure, interval
from unladen.repo.commits import Commit
from unladen.text.screen import Column, Grid, Screen

VERSION = 1


def render(found: Bisection) -> str:
    """The two ends, each probe, and what was found; whole, however long lines are."""
    rows = [
        f"{word:4}  {commit}  {subject:40}  {said}" for word, commit, subject, said in _rows(found)
    ]
    listed = [f"  {'  '.join(filter(None, row))}" for row in _named(found)]
    change = [f"      {line}" for line in _change(found)]
    return "\n".join([_title(found), *rows, *change, "", _conclusion(found), *listed])


def show(found: Bisection, screen: Screen) -> None:
    """The same on a terminal, as wide as that is."""
    columns = (Column(""), Column(""), Column("", folds=True), Column("", folds=True))
    named = [Grid((Column(""), Column("", folds=True)), rows)] if (rows := _named(found)) else []
    screen.print(
        _title(found),
        Grid(columns, _rows(found)),
        *_change(found),
        "",
        _conclusion(found),
        *named,
    )


def as_json(found: Bisection) -> dict[str, Any]:
    """One object, as docs/gate.md describes it."""
    return {
        "version": VERSION,
        "target": found.target,
        **cell_json(found.cell),
        "good": {**commit_json(found.good), **sample_json(found.ends.good, found.cell)},
        "bad": {**commit_json(found.bad), **sample_json(found.ends.bad, found.cell)},
        "differ": found.ends.differ,
        "undecided": found.ends.undecided,
        "change": estimate_json(found.ends.change),
        "commits": len(found.line),
        "probes": [
            {
                **commit_json(one.commit),
                **sample_json(one.sample, found.cell),
                "answer": one.answer.value,
                "stored": one.stored,
                "rounds": one.rounds,
                "position": finite(one.position),
            }
            for one in found.probes
        ],
        "found": [commit_json(commit) for commit in found.found],
        "remarks": list(found.remarks),
    }


def _title(found: Bisection) -> str:
    return f"{found.target}: {found.cell.name}, {len(found.line)} commits"


def _rows(found: Bisection) -> list[tuple[str, str, str, str]]:
    return [
        _row("good", found.good, found.ends.good, found),
        *(_probe(one, found) for one in found.probes),
        _row("bad", found.bad, found.ends.bad, found),
    ]


def _row(word: str, commit: Commit, sample: Sample, found: Bisection) -> tuple[str, str, str, str]:
    text = figure(sample, found.cell)
    if sample.reason:
        text += f": {sample.reason}"
    return word, commit.short, commit.subject, text


def _probe(one: Probe, found: Bisection) -> tuple[str, str, str, str]:
    *named, text = _row(one.answer.value, one.commit, one.sample, found)
    if one.position is not None:
        text += f"  ({100 * one.position:.0f} % of the way, {one.rounds} rounds)"
    elif one.stored:
        text += "  (stored)"
    word, commit, subject = named
    return word, commit, subject, text


def _change(found: Bisection) -> list[str]:
    seen = found.ends.change
    if seen is None:
        return []
    return [f"bad / good: x{seen.ratio:.3g} ({interval(seen)}; {seen.rounds} rounds)"]


def _conclusion(found: Bisection) -> str:
    if found.ends.undecided:
        return (
            f"Could not judge whether {found.good.short} and {found.bad.short} differ: what was "
            "measured scatters too much. Try again on a quiet machine."
        )
    if not found.found:
        return f"No change between {found.good.short} and {found.bad.short}."
    if len(found.found) == 1:
        return f"A first commit with the change: {found.found[0].hash}"
    return f"One of these {len(found.found)} commits; all but the last could not be judged:"


def _named(found: Bisection) -> list[tuple[str, str]]:
    """The commits that were found; the hash of a single one is told by the conclusion."""
    single = len(found.found) == 1
    return [("" if single else one.short, f"{one.subject} ({one.author})") for one in found.found]
