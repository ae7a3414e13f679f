"""The claims about several targets as one text, as JSON, and the command that writes them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import series
from made_report import measured

from unladen.cli import main
from unladen.project import targets
from unladen.report.claims_table import TargetClaims, as_json, claims_table, with_claims
from unladen.report.commit_results import CommitResults
from unladen.report.markdown import render
from unladen.results.claims import CitedFigure, Claim, Claims, Part
from unladen.results.levels import Level, LevelCriterion, Levels
from unladen.results.loads import KeptLoad

ROOT = Path(__file__).resolve().parents[3]

FEW = CitedFigure(series="m.C.track_x", cell={"runs": "2"}, of="calls", at_most=4)
NEVER = CitedFigure(load="ramp", figure="recovery_s", below=30)
RAMP = KeptLoad(
    target="toy",
    commit="2" * 40,
    options=["22222222", "--keep=ramp"],
    engine="virtual",
    profile="ramp",
    seconds=60.0,
    figures={"recovery_s": None},
)


def about(target: str, *claims: Claim) -> CommitResults:
    made = measured((series("m.C.track_x", axes={"runs": ["1", "2"]}), [[3, 3], [3, 5]]))
    said = Claims(f"What the plan of {target} says", "a plan", [Part("Latency", claims)])
    history = replace(made.history, target=target)
    return replace(made, history=history, claims=said, loads={"ramp": RAMP})


def of_two() -> list[TargetClaims]:
    silent = replace(about("silent"), claims=None)
    first = about("first", Claim("1.1", "few calls", "claim", [FEW], remark="of two runs"))
    second = about(
        "second",
        Claim("2.1", "it recovers", "target", [NEVER]),
        Claim("2.2", "it is cheap", unmeasured="nobody knows"),
    )
    return with_claims([first, silent, second])


def test_a_section_for_each_target_below_the_counts() -> None:
    text = render(claims_table(of_two()), None)
    sections = [line for line in text.splitlines() if line.startswith("## ")]
    assert sections == [
        "## first: What the plan of first says",
        "## second: What the plan of second says",
        "## Series",
    ]
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    hashed = of_two()[0].results.commit.short
    assert f"| first | `{hashed}` | 1 | 0 | 1 | 0 | 0 | 0 |" in rows
    assert f"| second | `{hashed}` | 2 | 0 | 1 | 0 | 0 | 1 |" in rows
    assert "| 1.1 | few calls | calls: 5; of two runs | `m.C.x` | does not hold |" in rows
    assert "| 2.1 | it recovers | never | `load ramp` | not met |" in rows
    assert "| 2.2 | it is cheap | nobody knows |  | not measured |" in rows


def test_the_levels_of_a_target_follow_its_claims() -> None:
    criterion = LevelCriterion(name="few", series="m.C.track_x", cell={"runs": "2"}, at_most=4)
    levels = Levels("What it is to reach", "a plan", [Level("basic", [criterion])])
    first, second = of_two()
    levelled = replace(first, results=replace(first.results, levels=levels))
    text = render(claims_table([levelled]), None)
    titles = [section.title for section in claims_table([levelled, second]).sections]
    assert titles == [
        "first: What the plan of first says",
        "first: What it is to reach",
        "second: What the plan of second says",
    ]
    assert "| few | ≤ 4 | 5 | `m.C.x` | not met |" in text


def test_the_json_has_each_claim_with_its_figures() -> None:
    data = json.loads(json.dumps(as_json(of_two()), allow_nan=False))
    assert [one["target"] for one in data["targets"]] == ["first", "second"]
    (few,) = data["targets"][0]["claims"]
    assert few == {
        "part": "Latency",
        "where": "1.1",
        "says": "few calls",
        "kind": "claim",
        "verdict": "does not hold",
        "remark": "of two runs",
        "unmeasured": "",
        "measured": [
            {
                "by": "m.C.x",
                "figure": "",
                "cell": {"runs": "2"},
                "of": "calls",
                "value": 5.0,
                "shown": "5",
                "why": "",
                "bearing": "disagrees",
            }
        ],
    }
    never, unknown = data["targets"][1]["claims"]
    (figure,) = never["measured"]
    assert (figure["by"], figure["figure"]) == ("load ramp", "recovery_s")
    assert (figure["value"], figure["shown"]) == (None, "never")
    assert (unknown["verdict"], unknown["unmeasured"]) == ("not measured", "nobody knows")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose targets are *towow*, measured, and *second*, which is not; claims of both."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(targets, "suite_root", lambda: tmp_path)
    said = (
        'title = "What is said"\nsource = "a plan"\n[[part]]\ntitle = "All"\n[[part.claim]]\n'
        'where = "1"\nsays = "something"\nunmeasured = "it is no figure"\n'
    )
    for name in ("towow", "second"):
        folder = tmp_path / "targets" / name
        folder.mkdir(parents=True)
        conf = {"version": 1, "project": name, "repo": str(tmp_path / "nowhere"), "dvcs": "unladen"}
        places = {"results_dir": "results", "benchmark_dir": "b", "env_dir": "e", "html_dir": "h"}
        (folder / "asv.conf.json").write_text(json.dumps({**conf, **places}))
        (folder / "claims.toml").write_text(said)
    shutil.copytree(ROOT / "results" / "towow", tmp_path / "targets" / "towow" / "results")
    return tmp_path


@pytest.mark.slow
def test_a_target_that_is_not_measured_is_left_out_and_said(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "-o", "claims.md"]) == 3
    text = (two / "claims.md").read_text("utf-8")
    assert "| towow | " in text
    assert "second" not in text
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "unladen: left out: second: nothing is measured of second" in printed.err


@pytest.mark.slow
def test_nothing_measured_or_nothing_said_is_refused(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (two / "targets" / "towow" / "claims.toml").unlink()
    assert main(["claims"]) == 2
    assert capsys.readouterr().err.startswith("unladen: second: nothing is measured of second")
    (two / "targets" / "second" / "claims.toml").unlink()
    assert main(["claims", "--json"]) == 2
    said = "no target has a claims.toml beside its driver: docs/report.md says how to write one"
    assert capsys.readouterr().err == f"unladen: {said}\n"
