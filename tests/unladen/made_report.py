"""Results made up for reports: in memory, of one commit or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from made_history import ROOT, Value, history, outcomes, series

from unladen.report.commit_results import CommitResults, measured_up_to
from unladen.report.document import Document, Section, spans_of
from unladen.report.figures import Figure
from unladen.store.benchmarks_file import load_series
from unladen.store.records import Note, Record
from unladen.store.series import SeriesInfo

Row = tuple[SeriesInfo, Sequence[Value | Sequence[Value]]]


Notes = dict[tuple[str, tuple[str, ...]], str]


def measured(*rows: Row, notes: Notes | None = None) -> CommitResults:
    """The newest commit of a made-up history. ``notes``: by series and parameters."""
    made = history(*rows)
    said = tuple(
        Note(name, tuple(map(repr, points)), text) for (name, points), text in (notes or {}).items()
    )
    records = [Record(notes=said)] * len(made.commits)
    return measured_up_to(replace(made, records=records), len(made.commits) - 1)


SUITE = load_series(ROOT / "results" / "bare")
"""What the series of the suite say of themselves."""

CAPABILITY = next(
    one.capability
    for one in SUITE.values()
    if one.name.endswith("scaling.Agents.track_sdk_bytecodes")
)
"""The one that reports are made up for: runs of it have agents."""


def asked(name: str, **changes: object) -> SeriesInfo:
    """A series of the suite, which is called so after the capability's name, as it says of itself,
    but for the changes; another one if the suite has none."""
    known = SUITE.get(f"{CAPABILITY}.{name}")
    if known is None:
        return series(name, **changes)
    said = {"question": known.question, "holds": known.holds, "roles": known.roles,
            "headline": known.headline}  # fmt: skip
    return series(known.name, **{**said, **changes})


def over(name: str, axis: str, points: Sequence[str], **changes: object) -> SeriesInfo:
    """A series of the suite over one parameter."""
    return asked(name, axes={axis: points}, **changes)


def baseline(makespan: Value = 3.0, cpu: Value = 0.002, calls: Value = 7) -> list[Row]:
    """A plain run at two commits."""
    scenario = ["'plan'", "'ask_one'"]
    return [
        (over("baseline.Run.track_makespan", "scenario", scenario, unit="seconds"),
         [[2.0, "n/a"], [makespan, "n/a"]]),
        (over("baseline.Run.time_cpu", "scenario", scenario, unit="seconds",
              kind="sampled"), [[0.001, "n/a"], [cpu, "n/a"]]),
        (over("baseline.Run.track_model_calls", "scenario", scenario),
         [[7, "n/a"], [calls, "n/a"]]),
        (over("baseline.Run.track_sdk_bytecodes", "scenario", scenario, unit="bytecodes"),
         [[1000, "n/a"], [2500, "failed"]]),
    ]  # fmt: skip


def faults(*by_commit: Sequence[Value], notes: Mapping[str, str] | None = None) -> CommitResults:
    """Outcomes of ``made_history.CASES`` over the commits."""
    info = replace(
        outcomes(f"{CAPABILITY}.faults.Run.track_outcome"),
        question=SUITE[f"{CAPABILITY}.faults.Run.track_outcome"].question,
    )
    said: Notes = {(info.name, (case,)): text for case, text in (notes or {}).items()}
    return measured((info, by_commit), notes=said)


def text_of(part: Document | Section | None) -> str:
    """All that a part of a report says, as plain text."""
    assert part is not None
    sections = part.sections if isinstance(part, Document) else [part]
    blocks = [block for section in sections for block in section.blocks]
    if isinstance(part, Document):
        blocks = [*part.lead, *blocks]
    return "\n".join(
        "".join(span if isinstance(span, str) else span.text for span in spans_of(block))
        for block in blocks
    )


def findings_of(part: Section | None) -> list[str]:
    """What the summary may say of a section, as plain text."""
    assert part is not None
    return [
        "".join(span if isinstance(span, str) else span.text for span in spans)
        for _, spans in part.findings
    ]


def figures_of(part: Section | None) -> list[Figure]:
    """All figures of a section."""
    assert part is not None
    spans = [span for block in part.blocks for span in spans_of(block)]
    return [span for span in spans if isinstance(span, Figure)]
