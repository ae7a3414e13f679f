"""What the commands that read results show of merges, branches and dates out of order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_lines import FILE, MadeProject, make_project
from made_repository import Made


def value(number: int) -> dict[str, str]:
    return {FILE: str(number)}


REBASED = [
    Made("base", (), value(10), 5),
    Made("A", ("base",), value(10), 6),
    Made("B", ("A",), value(20), 7),
    Made("C", ("B",), value(20), 1),
    Made("D", ("C",), value(10), 2),
]
"""As after a rebase: C and D have older dates than what they stand on."""

ALTERNATING = [
    Made("root", (), value(10), 0),
    *(
        Made(f"m{n}", (f"m{n - 1}" if n > 1 else "root",), {FILE: "10", "x": f"{n}"}, 2 * n)
        for n in range(1, 4)
    ),
    *(
        Made(f"r{n}", (f"r{n - 1}" if n > 1 else "root",), {FILE: "20", "x": f"{n}"}, 2 * n + 1)
        for n in range(1, 4)
    ),
]


@pytest.fixture
def rebased(tmp_path: Path) -> MadeProject:
    project = make_project(tmp_path / "project", REBASED, {"main": "D"})
    project.store(["base", "A", "B", "C", "D"])
    return project


@pytest.fixture
def two(tmp_path: Path) -> MadeProject:
    """main: constant 10, release: constant 20, with alternating dates."""
    project = make_project(
        tmp_path / "project", ALTERNATING, {"main": "m3", "release": "r3"}, paths=None
    )
    project.store([made.name for made in ALTERNATING])
    return project


def shown_commit(project: MadeProject, *arguments: str) -> tuple[str, str]:
    """The commit of the table, and what is said."""
    code, out, err = project.unladen("table", "--json", *arguments)
    assert code == 0, err
    return project.name(json.loads(out)[0]["commit"]), err


@pytest.mark.slow
def test_dates_out_of_order_change_nothing(rebased: MadeProject) -> None:
    assert rebased.changes() == [("B", 10, 20), ("D", 20, 10)]
    assert shown_commit(rebased) == ("D", "")
    code, out, _ = rebased.unladen("report")
    assert code == 0
    assert f"at commit `{rebased.made.hashes['D'][:8]}`" in out


@pytest.mark.slow
def test_without_the_repository_the_order_is_by_date_and_that_is_said(
    rebased: MadeProject,
) -> None:
    conf = json.loads((rebased.folder / "asv.conf.json").read_text())
    for repo, why in (
        (str(rebased.folder / "gone"), "no such folder"),
        ("https://example.invalid/x.git", "the repository is not here; set UNLADEN_REPO_TINY="),
    ):
        changed = {**conf, "repo": repo}
        (rebased.folder / "asv.conf.json").write_text(json.dumps(changed))
        name, said = shown_commit(rebased)
        assert name == "B"
        (line,) = said.splitlines()
        assert "in the order of their authors' dates: " in line
        assert why in line
        code, _, said = rebased.unladen("report")
        assert code == 0
        assert line in said.splitlines()


@pytest.mark.slow
def test_a_report_of_any_commit_that_git_can_name(rebased: MadeProject) -> None:
    for name in ("HEAD~3", rebased.made.hashes["A"][:6]):
        code, out, err = rebased.unladen("report", name)
        assert code == 0, err
        assert f"at commit `{rebased.made.hashes['A'][:8]}`" in out
        assert shown_commit(rebased, name)[0] == "A"
    for command in ("report", "table", "faults", "changes"):
        code, _, err = rebased.unladen(command, "nosuch")
        assert code == 2
        assert err == "unladen: no such commit, branch or tag: nosuch\n"


@pytest.mark.slow
def test_each_branch_is_a_history_of_its_own(two: MadeProject) -> None:
    remark = "unladen: branch release has results of 3 commits of its own: --branch release\n"
    for arguments, expected, said in (
        ([], [], remark),
        (["--branch", "main"], [], remark),
        (["--branch", "release"], [("r1", 10, 20)], remark.replace("release", "main")),
    ):
        code, out, err = two.unladen("changes", "--json", *arguments)
        assert code == 0
        assert [two.name(c["commit"]) for c in json.loads(out)["changes"]] == [
            name for name, _, _ in expected
        ]
        assert err == said
    assert shown_commit(two) == ("m3", remark)
    assert shown_commit(two, "--branch", "release")[0] == "r3"
    code, out, err = two.unladen("report")
    assert code == 0
    assert remark in err
    assert f"at commit `{two.made.hashes['m3'][:8]}`" in out


@pytest.mark.slow
def test_a_range_to_another_branch_shows_that_branch_and_says_so(two: MadeProject) -> None:
    assert two.changes("main..release") == [("r1", 10, 20)]
    code, out, _ = two.unladen("changes", "main..release")
    assert code == 0
    assert out.splitlines()[1].startswith("(branch release, on lab, env; ")
    assert "2 measured commits changed nothing" in out


@pytest.mark.slow
def test_a_branch_that_is_not_there(two: MadeProject) -> None:
    for command in ("changes", "table", "report", "faults", "confirm"):
        code, _, err = two.unladen(command, "--branch", "nosuch")
        assert code == 2, command
        assert err.endswith("there is no branch nosuch in the repository; there is main, release\n")


@pytest.mark.slow
@pytest.mark.parametrize("branches", [None, [], [None], ["HEAD"]])
def test_without_branches_it_is_the_default_one(
    tmp_path: Path, branches: list[str | None] | None
) -> None:
    project = make_project(tmp_path / "project", REBASED, {"main": "D"})
    conf = json.loads((project.folder / "asv.conf.json").read_text())
    del conf["branches"]
    changed = conf if branches is None else {**conf, "branches": branches}
    (project.folder / "asv.conf.json").write_text(json.dumps(changed))
    project.store(["base", "A", "B", "C", "D"])
    assert project.changes() == [("B", 10, 20), ("D", 20, 10)]


@pytest.mark.slow
def test_the_site_has_pages_of_each_branch(two: MadeProject) -> None:
    code, _, err = two.unladen("publish", "--no-pull", "--with-asv")
    assert code == 0, err
    html = two.folder / "html"
    main, release = html / "index.html", html / "branches" / "1-release" / "index.html"
    assert '<a href="branches/1-release/index.html">Branch release</a>' in main.read_text()
    text = release.read_text()
    assert '<a href="../../index.html">Branch main</a>' in text
    assert "tiny (release)" in text
    assert 'href="../../asv.html"' in text
    assert 'href="../../../index.html"' in text
    for folder, tip, other in ((html, "m3", "r3"), (release.parent, "r3", "m3")):
        commits = (folder / "data" / "commits.js").read_text()
        assert two.made.hashes[tip] in commits
        assert two.made.hashes[other] not in commits
    assert "--branch release" in (html / "data" / "site.js").read_text()


@pytest.mark.slow
def test_results_off_the_lines_are_named_once_on_the_site(two: MadeProject) -> None:
    conf = json.loads((two.folder / "asv.conf.json").read_text())
    (two.folder / "asv.conf.json").write_text(json.dumps({**conf, "branches": ["main"]}))
    code, out, err = two.unladen("publish", "--no-pull")
    assert code == 0, err
    assert "Couldn't find" not in out + err
    data = (two.folder / "html" / "data" / "site.js").read_text()
    assert data.count("left out: results of 3 commits off main's line of first parents: ") == 1


@pytest.mark.slow
def test_a_branch_without_results_of_its_own_has_no_pages(two: MadeProject) -> None:
    for name in ("r1", "r2", "r3"):
        next((two.folder / "results" / "lab").glob(f"{two.made.hashes[name][:8]}-*")).unlink()
    code, _, err = two.unladen("publish", "--no-pull")
    assert code == 0, err
    assert not (two.folder / "html" / "branches").exists()
    assert "Branch release" not in (two.folder / "html" / "index.html").read_text()
