"""The reports of the committed results: every number traced, and the committed one up to date."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import msgspec
import pytest

from unladen.capabilities.negotiation.report import scale
from unladen.project import targets
from unladen.report.claims_table import claims_table, with_claims
from unladen.report.commit_results import CommitResults, load_commit_results
from unladen.report.document import Document, blocks_of, spans_of, typed
from unladen.report.figures import Fact, Figure, FigureSource, Span
from unladen.report.files import contents
from unladen.report.held_levels import held_levels
from unladen.report.markdown import render
from unladen.report.write import write
from unladen.store.series import Status, plain
from unladen.text.dates import day

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "docs" / "reports"
COMMITTED = (
    *("autobmad", "gateway", "insight", "loom", "towow"),
    *("langgraph", "openai_agents", "pydantic_ai", "agno", "haystack", "agent_framework"),
    *("autogen_agentchat", "google_adk", "llama_index_workflows"),
)
TARGETS = (*COMMITTED, "parley", "bare")

MOST_IN_A_LINE = 200

_TOKEN = re.compile(r"\d[\d.,]*\d|\d")


def load(target: str, commit: str | None = None) -> CommitResults:
    project = targets.load_project(targets.find(target))
    committed = replace(project, results_dir=ROOT / "results" / target)
    # Where asv would be: releases are named by a history that lies beside the conf.
    with contextlib.chdir(project.conf.parent):
        return load_commit_results(committed, commit, machine="reference")


@pytest.fixture(scope="module", params=TARGETS)
def measured(request: pytest.FixtureRequest) -> CommitResults:
    return load(request.param)


@pytest.fixture(scope="module")
def document(measured: CommitResults) -> Document:
    return write(measured)


def spans(document: Document) -> Iterator[Span]:
    for block in blocks_of(document):
        yield from spans_of(block)
    for section in document.sections:
        for _, finding in section.findings:
            yield from finding


@pytest.mark.slow
@pytest.mark.parametrize("target", COMMITTED)
def test_a_committed_report_is_that_of_its_results(target: str) -> None:
    """To write it again: unladen --target TARGET report --machine reference -o FILE, the file being
    docs/reports/TARGET.md."""
    file = REPORTS / f"{target}.md"
    files = contents(write(load(target)), file)
    assert {path: path.read_text("utf-8") for path in files if path.exists()} == files
    assert set(file.with_suffix("").glob("*")) == {path for path in files if path != file}


@pytest.mark.slow
def test_the_committed_table_of_claims_is_that_of_the_results() -> None:
    """To write it again: unladen claims --machine reference -o docs/reports/claims.md"""
    names = sorted(file.parent.name for file in ROOT.glob("targets/*/claims.toml"))
    assert {*names} <= {*COMMITTED}
    table = claims_table(with_claims([load(name) for name in names]))
    assert (REPORTS / "claims.md").read_text("utf-8") == render(table, None)


@pytest.mark.slow
def test_every_figure_is_from_a_series(measured: CommitResults, document: Document) -> None:
    figures = [span for span in spans(document) if isinstance(span, Figure)]
    assert figures
    for figure in figures:
        for source in figure.sources:
            assert value_of(measured, source) is not None or source.cell is None, figure


@pytest.mark.slow
def test_a_figure_from_one_value_is_that_value(measured: CommitResults, document: Document) -> None:
    checked = 0
    for figure in (span for span in spans(document) if isinstance(span, Figure)):
        value = value_of(measured, figure.sources[0]) if len(figure.sources) == 1 else None
        if value is not None and figure.value == value[0]:
            assert figure.text.startswith(value[1]), figure
            checked += 1
    assert checked > 20


@pytest.mark.slow
def test_every_other_number_is_a_parameter_or_a_fact(
    measured: CommitResults, document: Document
) -> None:
    allowed = facts(measured)
    for span in spans(document):
        if isinstance(span, str):
            assert typed(span) == span
        elif isinstance(span, Fact) and not span.sources:
            unknown = {token for token in _TOKEN.findall(span.text) if token not in allowed}
            assert not unknown, span


def facts(measured: CommitResults) -> set[str]:
    """The numbers of names, dates, parameters, settings, notes and reasons, and of the ranks."""
    record = measured.record
    texts = [str(asdict(record.environment))] if record.environment else []
    texts += [failure.reason for failure in record.failed]
    texts += [gap.reason for gap in record.not_applicable]
    texts += [one.reason for one in record.wrong]
    texts += [note.text for note in record.notes]
    commits = measured.commits
    for commit in commits:
        texts += [commit.short, day(commit.date)]
    for one in measured.all_series():
        texts.append(one.name)
        points = [plain(point) for axis in one.info.axes.values() for point in axis]
        texts += points
        texts += [f"{float(p):,g}" for p in points if re.fullmatch(r"[\d.]+", p)]
        cells = one.info.cells
        texts += [f"{number:,}" for number in range(1, len(cells) + 1)]  # "and 5 more"
    texts += [str(msgspec.to_builtins(measured.claims)), str(measured.loads)]
    texts.append(str(msgspec.to_builtins(measured.prices)))
    if measured.levels:
        criteria = [one for level in held_levels(measured) for one in level.criteria]
        texts += [text for one in criteria for text in (one.criterion.name, one.limit)]
        texts += [str(n) for n in range(len(criteria) + 1)]
    for one in measured.explanations:
        texts += [one.what, *one.where]
    if measured.explanations:
        # Of how many values a line tells, those of several series among them.
        texts += [f"{n:,}" for n in range(MOST_IN_A_LINE)]
    texts += [f"{n:,}" for n in range(len(commits) + 1)]
    held = {value for one in measured.all_series() for value in one.info.holds.values()}
    texts += [f"{v:,g}" for v in (*held, scale.GOAL_AGENTS, scale.GOAL_MESSAGES)]
    if record.environment:
        texts += [f"{record.environment.memory / 1e9:.3g}", f"{len(record.environment.packages)}"]
    return {token for text in texts for token in _TOKEN.findall(text)}


def value_of(measured: CommitResults, source: FigureSource) -> tuple[float, str] | None:
    """The stored value of a source and its text; None if it has none, or is not one value."""
    if source.command:
        return None  # of a kept load, which the command plays again
    series = next(one for one in measured.all_series() if one.name == source.series)
    commits = [commit.hash for commit in measured.history.commits]
    at = commits.index(source.commit)
    if source.cell is None:
        return None
    cell = series.info.cells.index(source.cell)
    if series.stored.status(at, cell) is not Status.MEASURED:
        return float("nan"), ""  # of a failure: what is told is that it failed
    value = float(series.stored.values[at, cell])
    return value, series.text(value)


@pytest.mark.slow
def test_an_older_commit_knows_nothing_of_later_ones() -> None:
    commits = load("parley").commits
    older = load("parley", commits[20].hash[:10])
    assert [commit.hash for commit in older.commits] == [commit.hash for commit in commits[:21]]
    later = {commit.short for commit in commits[21:]}
    said = {span.text for span in spans(write(older)) if isinstance(span, Fact)}
    assert not said & later
