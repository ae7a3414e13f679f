"""Figures of a real model, if there are any: never beside those of the mock."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Prose, Section, Spans, Table
from unladen.report.figures import Fact
from unladen.text.names import shown_name


def write(results: CommitResults) -> Section | None:
    """A table of its own for every live series that has a value."""
    known = [
        series
        for one in results.all_series()
        if one.info.is_live and (series := results.series(one.name)) is not None
    ]
    if not known:
        return None
    text = Prose()
    text.say(
        "These figures, and only these, are of a real model behind a real endpoint: real seconds, "
        "tokens and money, sampled once. They are not comparable with any other figure of this "
        "report."
    )
    rows: list[list[Spans]] = [
        [[Fact(shown_name(series.name), code=True)], [Fact(", ".join(params.values()))], [figure],
         [Fact(series.info.unit)]]
        for series in known
        for params, figure in series.figures()
    ]  # fmt: skip
    head: list[Spans] = [["series"], ["case"], ["value"], ["unit"]]
    return Section(
        "A real model", [*text.paragraph(), Table(["Live figures."], head, rows, text_columns=2)]
    )
