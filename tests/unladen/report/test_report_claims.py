"""The section of a report that holds what others say against what is measured."""

from __future__ import annotations

from dataclasses import replace

from made_history import outcomes, series
from made_report import measured

from unladen.report.commit_results import CommitResults
from unladen.report.document import Document, Section, Table
from unladen.report.figures import Fact, Figure
from unladen.report.held_claims import ClaimCounts, held_claims
from unladen.report.markdown import render
from unladen.report.sections import claims as section
from unladen.results.claims import CitedFigure, Claim, Claims, Part
from unladen.results.loads import KeptLoad

X = CitedFigure(series="m.C.track_x", of="calls", at_most=4)
Y = CitedFigure(series="m.C.track_y", below=1)
HANGS = CitedFigure(
    series="talk.faults.Run.track_outcome", cell={"fault": "offer: hangs"}, one_of=["hang"]
)
LOADED = CitedFigure(load="ramp", figure="latency.p95", below=2)
ANSWER = CitedFigure(series="m.C.track_x")
NEVER = CitedFigure(load="ramp", figure="recovery_s", below=30)

RAMP = KeptLoad(
    target="toy",
    commit="2" * 40,
    options=["22222222", "--keep=ramp"],
    engine="virtual",
    profile="ramp",
    seconds=60.0,
    trouble="it froze at (main.py:3)",
    figures={"latency.p95": 1.25, "recovery_s": None},
)


def said(*cited: CitedFigure, kind: str = "claim", unmeasured: str = "") -> Claim:
    return Claim("2.1", "it is so", kind, cited, unmeasured)  # type: ignore[arg-type]


def results(*claims: Claim) -> CommitResults:
    made = measured(
        (series("m.C.track_x"), [3, 5]),
        (series("m.C.track_y"), [None, None]),
        (outcomes(), [[4, 0, 0], [4, 0, 0]]),
    )
    about = Claims("What it says", "a plan", [Part("Latency", claims)])
    return replace(made, claims=about, loads={"ramp": RAMP})


def section_of(*claims: Claim) -> Section:
    found = section.write(results(*claims))
    assert found is not None
    return found


def rows_of(*claims: Claim) -> list[list[str]]:
    (table,) = [block for block in section_of(*claims).blocks if isinstance(block, Table)]
    return [
        [
            "".join(span.text if isinstance(span, Figure | Fact) else span for span in cell)
            for cell in row
        ]
        for row in table.rows
    ]


def test_without_claims_there_is_no_section() -> None:
    assert section.write(measured((series("m.C.track_x"), [3, 5]))) is None


def test_a_claim_holds_or_not_by_what_is_measured() -> None:
    rows = rows_of(
        said(X),
        said(LOADED, kind="target"),
        said(X, LOADED),
        said(NEVER, kind="target"),
        said(HANGS, kind="question"),
        said(ANSWER, kind="question"),
    )
    assert [row[-1] for row in rows] == [
        "does not hold",
        "met",
        "holds in part",
        "not met",
        "yes",
        "answered",
    ]
    assert rows[0] == ["2.1", "it is so", "calls: 5", "m.C.x", "does not hold"]
    assert rows[2][2:4] == ["calls: 5; 1.25 s", "m.C.x; load ramp"]
    assert rows[3][2] == "never"
    assert rows[4][2] == "hang"


def test_what_is_not_measured_says_why() -> None:
    rows = rows_of(
        said(unmeasured="there is no database"),
        said(Y),
        said(CitedFigure(series="m.C.track_z")),
        said(CitedFigure(load="spike", figure="requests")),
        said(CitedFigure(load="ramp", figure="requests")),
        said(CitedFigure(load="a", figure="x"), CitedFigure(load="a", figure="y")),
    )
    assert {row[-1] for row in rows} == {"not measured"}
    assert [row[2] for row in rows] == [
        "there is no database",
        "not measured at this commit",
        "there is no such series",
        "no load spike is kept",
        RAMP.trouble,
        "no load a is kept",
    ]


def test_what_a_load_lacks_because_it_broke_off_disagrees() -> None:
    asked = CitedFigure(load="ramp", figure="right_rate", at_least=1)
    ((*_, measured_text, _, verdict),) = rows_of(said(asked, LOADED, kind="question"))
    assert measured_text == f"{RAMP.trouble}; 1.25 s"
    assert verdict == "in part"


def test_the_summary_counts_them() -> None:
    ((_, spans),) = section_of(
        said(X), said(LOADED), said(X, LOADED), said(Y), said(ANSWER)
    ).findings
    text = "".join(span.text if isinstance(span, Fact) else str(span) for span in spans)
    assert text == (
        "What it says: of 5 claims, targets and questions 1 agree with what is measured, 1 do not, "
        "1 do in part, and 1 are not measured; the rest is answered."
    )


def test_what_is_told_beside_a_figure_that_is_judged_counts_nothing() -> None:
    held = held_claims(
        results(said(LOADED, ANSWER), said(X, ANSWER), said(ANSWER), said(Y, LOADED))
    )
    assert held is not None
    assert [one.verdict for one in held.every()] == ["holds", "does not hold", "answered", "holds"]
    assert held.counts == ClaimCounts(
        claims=4, agree=2, disagree=1, partly=0, answered=1, unmeasured=0
    )


def test_the_markdown_leads_to_series_and_commands() -> None:
    one = section_of(said(X), said(LOADED))
    text = render(Document(["A report"], "1" * 40, [], [one]), None)
    assert "`unladen --target toy load 22222222 --keep=ramp`; it breaks off: it froze" in text
    assert "`load ramp`" in text
    assert "<sub>From [m.C.x][s1], [load ramp][s2]</sub>" in text
