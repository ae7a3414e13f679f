"""A bisection as a log for people, and as JSON."""

from __future__ import annotations

from typing import Any

from unladen.compare.ab.cells import Sample
from unladen.compare.bisect.probes import Probe
from unladen.compare.bisect.run import Bisection
from unladen.compare.gate.as_json import cell_json, commit_json, estimate_json, finite, sample_json
from unladen.compare.gate.words import figure, interval
from unladen.repo.commits import Commit
from unladen.text.terminal import fitted

VERSION = 1
_WIDTH = 100


def render(found: Bisection) -> str:
    """The two ends, each probe, and what was found."""
    lines = [
        f"{found.target}: {found.cell.name}, {len(found.line)} commits",
        _line("good", found.good, found.ends.good, found),
        *(_probe(one, found) for one in found.probes),
        _line("bad", found.bad, found.ends.bad, found),
    ]
    if found.ends.change is not None:
        seen = found.ends.change
        lines.append(
            f"      bad / good: x{seen.ratio:.3g} ({interval(seen)}; {seen.rounds} rounds)"
        )
    return "\n".join([fitted(line, _WIDTH) for line in lines] + ["", _conclusion(found)])


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


def _conclusion(found: Bisection) -> str:
    if found.ends.undecided:
        return (
            f"Could not judge whether {found.good.short} and {found.bad.short} differ: what was "
            "measured scatters too much. Try again on a quiet machine."
        )
    if not found.found:
        return f"No change between {found.good.short} and {found.bad.short}."
    if len(found.found) == 1:
        (commit,) = found.found
        return f"A first commit with the change: {commit.hash}\n  {_who(commit)}"
    listed = [f"  {commit.short}  {_who(commit)}" for commit in found.found]
    return "\n".join(
        [
            f"One of these {len(found.found)} commits; all but the last could not be judged:",
            *(fitted(line, _WIDTH) for line in listed),
        ]
    )


def _who(commit: Commit) -> str:
    return f"{commit.subject} ({commit.author})"


def _probe(one: Probe, found: Bisection) -> str:
    line = _line(one.answer.value, one.commit, one.sample, found)
    if one.position is not None:
        return f"{line}  ({100 * one.position:.0f} % of the way, {one.rounds} rounds)"
    return f"{line}  (stored)" if one.stored else line


def _line(word: str, commit: Commit, sample: Sample, found: Bisection) -> str:
    text = figure(sample, found.cell)
    if sample.reason:
        text += f": {fitted(sample.reason, 50)}"
    return f"{word:4}  {commit.short}  {fitted(commit.subject, 40):40}  {text}"
