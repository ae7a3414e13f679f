"""The gate compares what a pull request changes, and bisect finds who did it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_lines import FILE, SERIES, MadeProject, make_project
from made_measuring import measuring
from made_repository import Made, git

from unladen.compare.bisect.run import bisect
from unladen.compare.gate.as_json import as_json
from unladen.compare.gate.markdown import render
from unladen.compare.gate.model import GateResult
from unladen.compare.gate.run import Options, gate
from unladen.errors import UserError

HISTORY = [
    Made("A", (), {FILE: "20"}, 1),
    Made("m1", ("A",), {"docs": "1"}, 2),
    Made("m2", ("m1",), {FILE: "10"}, 3),
    Made("m3", ("m2",), {"docs": "3"}, 4),
    Made("p1", ("m1",), {"docs": "p"}, 5),
    Made("harmless", ("p1",), {FILE: "20", "other": "x"}, 6),
    Made("slower", ("p1",), {FILE: "30"}, 6),
    Made("merged", ("slower", "m3"), {FILE: "15"}, 7),
    Made("late", ("merged",), {"docs": "late"}, 0),
    Made("merged first", ("harmless", "m3"), {FILE: "10"}, 7),
    Made("then slower", ("merged first",), {FILE: "15"}, 8),
    Made("criss", ("m3", "slower"), {FILE: "25"}, 9),
    Made("cross", ("slower", "m3"), {FILE: "25"}, 9),
    Made("alone", (), {FILE: "1"}, 9),
]
"""main: m2 makes it twice as fast. Four branches were cut at m1: ``harmless`` changes nothing,
``slower`` costs a half, ``late`` is that with main merged into it, ``then`` merges main first."""

BRANCHES = {
    "main": "m3",
    "harmless": "harmless",
    "slower": "slower",
    "late": "late",
    "then": "then slower",
    "criss": "criss",
    "cross": "cross",
    "alone": "alone",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> MadeProject:
    folder = tmp_path_factory.mktemp("gate") / "project"
    return make_project(folder, HISTORY, BRANCHES)


def judged(
    project: MadeProject, base: str, head: str, is_exact: bool = False, *stored: str
) -> GateResult:
    options = Options(kinds=("exact",), exact_base=is_exact)
    with measuring(project, stored or None):
        return gate(project.read(), base, head, options, lambda _: None)


def blamed(project: MadeProject, good: str, bad: str) -> list[str]:
    with measuring(project, ()):
        found = bisect(project.read(), SERIES.name, good, bad, lambda _: None)
    return project.made.named(*(one.hash for one in found.found))


@pytest.mark.slow
def test_an_improvement_of_main_is_not_blamed_on_the_branch(project: MadeProject) -> None:
    result = judged(project, "main", "harmless")
    assert result.exit_code == 0
    assert result.same_code
    assert project.name(result.base.hash) == "m1"
    exact = judged(project, "main", "harmless", True)
    assert exact.exit_code == 1
    assert project.name(exact.base.hash) == "m3"


@pytest.mark.slow
def test_an_improvement_of_main_does_not_hide_a_regression(project: MadeProject) -> None:
    result = judged(project, "main", "slower")
    assert result.exit_code == 1
    (finding,) = result.findings
    assert (finding.before.level, finding.after.level) == (20, 30)
    assert result.cut is not None
    assert (result.cut.commits, result.cut.values) == (2, 1)
    m1, m3 = (project.made.hashes[name][:8] for name in ("m1", "m3"))
    text = render(result, "unladen")
    assert f"compared with `{m1}`, where the branch was cut or last got BASE" in text
    assert f"has gone on by 2 commits since, to `{m3}`; there: `C.value` 50 % better" in text
    assert f"    unladen bisect C.value {m1} {project.made.hashes['slower'][:8]}" in text
    said = as_json(result)["base_since"]
    assert said["commit"] == project.made.hashes["m3"]
    assert (said["commits"], said["compared_values"]) == (2, 1)
    assert said["changed"][0]["outcome"] == "improvement"
    json.dumps(said, allow_nan=False)


@pytest.mark.slow
def test_what_main_changed_is_said_only_if_it_is_measured(project: MadeProject) -> None:
    text = render(judged(project, "main", "slower", False, "m1"), "unladen")
    assert "what that changed is not measured" in text
    text = render(judged(project, "main~1", "harmless"), "unladen")
    assert "has gone on by 1 commit since" in text


@pytest.mark.slow
def test_after_main_was_merged_into_the_branch(project: MadeProject) -> None:
    for head, culprit in (("late", "slower"), ("then", "then slower")):
        result = judged(project, "main", head)
        assert result.exit_code == 1
        assert result.cut is None
        (finding,) = result.findings
        assert (finding.before.level, finding.after.level) == (10, 15)
        # The command that the gate prints finds who did it.
        assert blamed(project, result.base.short, result.head.short) == [culprit]


@pytest.mark.slow
def test_bisect_blames_the_merge_if_nothing_before_it_did(project: MadeProject) -> None:
    assert blamed(project, "main", "criss") == ["criss"]
    assert blamed(project, "main~3", "criss") == ["criss"]


@pytest.mark.slow
def test_the_commands_that_are_printed_work(project: MadeProject) -> None:
    result = judged(project, "main", "harmless", True)
    text = render(result, "unladen")
    assert "--exact-base --series" in text
    assert " bisect " not in text
    with pytest.raises(UserError, match="is not in the history of"):
        blamed(project, result.base.short, result.head.short)


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "head", "said"),
    [
        ("criss", "cross", "have several merge bases, for each was merged into the other"),
        ("main", "alone", "main and alone have no commit in common; with --exact-base"),
        ("main", "main~1", "main~1 is an older commit of main, so it changes nothing there"),
        ("main", "nosuch", "no such commit, branch or tag: nosuch"),
    ],
)
def test_without_one_merge_base_it_says_what_to_do(
    project: MadeProject, base: str, head: str, said: str
) -> None:
    with pytest.raises(UserError, match=said) as refused:
        judged(project, base, head)
    assert "\n" not in str(refused.value)
    if head != "nosuch":
        assert judged(project, base, head, True).head.short
    assert judged(project, "main", "main").same_code


@pytest.mark.slow
def test_a_shallow_clone_without_the_merge_base_says_how_to_deepen_it(
    project: MadeProject, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    source = project.made.folder.as_uri()
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", source, str(clone))
    cloned = replace(project.read(), repo=str(clone))
    with measuring(project), pytest.raises(UserError, match="fetch --unshallow"):
        gate(cloned, "main", "origin/slower", Options(kinds=("exact",)), lambda _: None)
