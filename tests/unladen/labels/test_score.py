"""``unladen score`` on labelled histories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Project, history, series, write_project

from unladen.changes.load import find_changes
from unladen.history.history import History
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.labels.score.matching import Detection, Matched, Matcher, detection_of
from unladen.labels.score.scoring import DetectionCounts, size_names, total
from unladen.store.verdicts import Verdicts

ROOT = Path(__file__).resolve().parents[3]
WORK = series("m.C.track_work")
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds", group="cpu")
OTHER_CPU = series("m.D.time_cpu", kind="sampled", unit="seconds", group="cpu")
MEMORY = series("m.D.peak", kind="sampled", unit="bytes", group="memory")


def labels(number: int, changes: dict[int, list[LabelledChange]]) -> Labels:
    """Labels of ``number`` commits, by the index of the commit."""
    return Labels(
        "3.11",
        tuple(
            Label(f"commit {n}", Kind.FEATURE, "it does", tuple(changes.get(n, [])))
            for n in range(number)
        ),
    )


def worse(name: str, low: float = 1.1, high: float = 1.3) -> LabelledChange:
    return LabelledChange(name, Effect.WORSE, ratio=Range(low, high))


def matched(
    made: History, said: dict[int, list[LabelledChange]], detections: list[Detection]
) -> Matched:
    matcher = Matcher(made, labels(len(made.commits), said))
    return matcher.match(matcher.truths, detections)


def detection(info: Any, commit: int, effect: Effect = Effect.WORSE, reach: int = 0) -> Detection:
    return Detection(info, 0, commit, effect, commit - reach, commit + reach)


def flat(*infos: Any, number: int = 20) -> History:
    return history(*((info, [100.0] * number) for info in infos))


@pytest.mark.parametrize(
    ("detections", "found", "wrong"),
    [
        ([], 0, 0),
        ([detection(CPU, 10)], 1, 0),
        ([detection(CPU, 12)], 1, 0),
        ([detection(CPU, 13)], 0, 1),
        ([detection(CPU, 13, reach=4)], 0, 0),
        ([detection(CPU, 10, Effect.BETTER)], 0, 1),
        ([detection(CPU, 9), detection(CPU, 10)], 1, 1),
        ([detection(MEMORY, 10)], 0, 1),
    ],
)
def test_a_claim_is_right_near_the_label_and_once(
    detections: list[Detection], found: int, wrong: int
) -> None:
    result = matched(flat(CPU, MEMORY), {10: [worse(CPU.name)]}, detections)
    assert sum(one is not None for _, one in result.found) == found
    assert len(result.wrong) == wrong


def test_the_nearest_claim_is_taken() -> None:
    detections = [detection(CPU, 9), detection(CPU, 10)]
    result = matched(flat(CPU), {10: [worse(CPU.name)]}, detections)
    assert result.found[0][1] is detections[1]


def test_what_the_labels_leave_open_is_neither() -> None:
    work = [100.0] * 10 + [102.0] * 10
    made = history((WORK, work), *((info, [1.0] * 20) for info in (CPU, OTHER_CPU, MEMORY)))
    at_work = [
        detection(CPU, 10),
        detection(CPU, 12, reach=2),
        detection(OTHER_CPU, 10),
        detection(MEMORY, 10),
    ]
    result = matched(made, {10: [worse(WORK.name, 1.01, 1.03)]}, at_work)
    assert result.neither == at_work[:3]  # less work, or more, is CPU as well; memory is not
    labelled_elsewhere = matched(made, {5: [worse(CPU.name)]}, [detection(OTHER_CPU, 5)])
    assert len(labelled_elsewhere.neither) == 1
    states = matched(made, {}, [detection(CPU, 5, Effect.BROKEN)])
    assert len(states.neither) == 1


def test_what_is_near_to_the_tolerance_counts_neither_way() -> None:
    info = series("m.C.track_peak", tolerance=0.005)
    made = history((info, [1000.0, 1004.0, 1100.0, 1103.0]))
    changes = find_changes(made, Verdicts())
    detections = [
        detection_of(change, {c.hash: n for n, c in enumerate(made.commits)}) for change in changes
    ]
    said = {1: [worse(info.name, 1.0, 1.01)], 2: [worse(info.name, 1.0, 1.2)]}
    result = matched(made, said, detections)
    assert [truth.commit for truth, _ in result.found] == [2]
    assert not result.wrong


def test_commits_that_were_not_measured_are_not_missed() -> None:
    made = history((WORK, [1.0, None, 2.0, 2.0]))
    result = matched(
        made, {1: [worse(WORK.name)], 2: [worse(WORK.name)]}, [detection(WORK, 2, reach=0)]
    )
    assert [truth.commit for truth, _ in result.found] == [2]


def test_shares() -> None:
    counts = total({"a": DetectionCounts(10, 8, 6, 2, 1), "b": DetectionCounts()})
    assert (counts.recall, counts.precision, counts.right_commit) == (0.8, 0.8, 0.75)
    assert (
        DetectionCounts().recall,
        DetectionCounts().precision,
        DetectionCounts().right_commit,
    ) == (None, None, None)
    assert len(size_names()) == len(set(size_names()))


def project_of(folder: Path) -> Project:
    """30 commits: work rises at 20, CPU at 12."""
    project = write_project(folder, [], *["f"] * 30)
    project.describe(WORK, CPU)
    random = np.random.default_rng(1)
    for n in range(30):
        cpu = float(np.exp(random.normal(scale=0.01))) * (1.3 if n >= 12 else 1)
        stats = [cpu * 0.99, cpu * 1.01, cpu * 0.995, cpu * 1.005, 1, 10]
        row = [[cpu], [], "1", None, None, *([value] for value in stats)]
        project.store(n, {WORK.name: [[110 if n >= 20 else 100], [], "1"], CPU.name: row})
    for n in range(30):  # asv itself wants to know the machine
        data = json.loads(project.file(n).read_text())
        data["params"] = {"machine": "lab"}
        project.file(n).write_text(json.dumps(data))
    (project.results / "lab" / "machine.json").write_text(
        json.dumps({"version": 1, "machine": "lab", "arch": "x", "cpu": "x", "num_cpu": "1"})
    )
    entries = {
        12: f'{{ series = "{CPU.name}", is = "worse", ratio = [1.25, 1.4] }}',
        20: f'{{ series = "{WORK.name}", is = "worse", before = 100, after = 110 }}',
        25: f'{{ series = "{CPU.name}", is = "worse", ratio = [1.04, 1.06] }}',
    }
    text = 'interpreter = "3.11"\n'
    for n in range(30):
        subject = f"commit {n} \N{REPLACEMENT CHARACTER}[31mred"
        text += f'[[commit]]\nsubject = "{subject}"\nkind = "feature"\nstory = "s"\n'
        text += f"changes = [{entries[n]}]\n" if n in entries else ""
    (folder / "labels.toml").write_text(text)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project; tests leave it as it is."""
    return project_of(tmp_path_factory.mktemp("project"))


@pytest.mark.slow
def test_the_command_compares_labels_ours_and_asv(project: Project) -> None:
    before = sorted(path.name for path in project.folder.iterdir())
    found = project.unladen("score", "--labels", "labels.toml", "--json")
    assert found.returncode == 0, found.stderr
    data = json.loads(found.stdout)
    assert data["total"]["exact"]["recall"] == 1
    assert data["total"]["exact"]["precision"] == 1
    sampled = data["total"]["sampled"]
    assert (sampled["labelled"], sampled["found"], sampled["at_commit"]) == (2, 1, 1)
    assert sampled["wrong"] == 0
    assert data["by_size"]["sampled"]["3 % to 10 %"]["recall"] == 0
    assert data["by_size"]["sampled"]["30 % to x2"]["recall"] == 1
    assert data["regressions"]["exact"]["asv"]["found"] == 1  # asv ran for real
    assert data["regressions"]["sampled"]["asv"]["found"] == 1
    assert data["confirmed"] is None
    assert sorted(path.name for path in project.folder.iterdir()) == before
    text = project.unladen("score", "--labels", "labels.toml").stdout
    assert "beside stock asv" in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "sdk has no labels: name them with --labels"),
        (("--labels", "missing.toml"), "missing.toml is not readable"),
        (("--labels", "other.toml"), "is of another history"),
        (("--labels", "labels.toml", "--machine", "nowhere"), "nothing is measured of sdk"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    text = (project.folder / "labels.toml").read_text()
    (project.folder / "other.toml").write_text(text.replace("commit 7 ", "commit 700 "))
    found = project.unladen("score", *arguments)
    (project.folder / "other.toml").unlink()
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert said in line
