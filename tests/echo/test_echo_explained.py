"""``unladen explain`` on an SDK: the cause of a difference, and its parts, in every process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from echo_explaining import commit, explain
from echo_tree import EchoTree, grow

pytestmark = pytest.mark.slow

BYTECODES = "echo.baseline.Run.bytecodes"
MAKESPAN = "echo.baseline.Run.makespan"

OLD = "        said = Said(phrase, text)\n"
NEW = """\
        for word in sorted({*text.split(), *"abcdefgh"}):
            text = _marked(text, word)
        said = Said(phrase, text)
"""
MARKED = """

def _marked(text: str, word: str) -> str:
    return text.replace(f"<{word}>", word)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> EchoTree:
    """Echo's SDK with three commits: one that works more, and one that changes words only."""
    tree = grow(tmp_path_factory.mktemp("explained"))
    code = tree.sdk / "toy" / "__init__.py"
    commit(tree, "Mark words", code.read_text().replace(OLD, NEW) + MARKED)
    commit(tree, "Say so", code.read_text().replace("Have the phrase said.", "Have it said."))
    return tree


@pytest.fixture(scope="module")
def first(tree: EchoTree) -> subprocess.CompletedProcess[str]:
    """The explanation of the commit that works more; its JSON is in ``first.json``."""
    file = str(tree.folder / "first.json")
    done = explain(tree, "HEAD~1", BYTECODES, MAKESPAN, "--json", file, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def figures(tree: EchoTree, *arguments: str) -> list[dict[str, Any]]:
    done = explain(tree, *arguments, "--json", "-")
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["figures"]
    return found


def test_it_names_the_cause_and_the_line(first: subprocess.CompletedProcess[str]) -> None:
    lines = first.stdout.splitlines()
    cause = next(line for line in lines if " 1 " in line)
    assert "_marked" in cause or "Parrot.say" in cause
    assert any("*" in line and "text = _marked(text, word)" in line for line in lines)
    assert any("left over" in line and "+0" in line for line in lines)


def test_the_text_is_the_same_in_every_process(
    tree: EchoTree, first: subprocess.CompletedProcess[str]
) -> None:
    for seed in (2, 3):
        assert explain(tree, "HEAD~1", BYTECODES, MAKESPAN, seed=seed).stdout == first.stdout


def test_the_parts_add_up(tree: EchoTree, first: subprocess.CompletedProcess[str]) -> None:
    (figure, whole) = json.loads((tree.folder / "first.json").read_text())["figures"]
    assert whole["work"]["of"] == "benchmark"
    assert whole["work"]["left_over"] == 0
    assert whole["work"]["causes"][0]["function"] in {"Parrot.say", "_marked"}
    work = figure["work"]
    assert (work["before"], work["after"]) == (figure["before"], figure["after"])
    parts = [one["change"] for one in (*work["causes"], *work["below_no_changed_function"])]
    assert sum(parts) == work["after"] - work["before"] > 0
    assert work["left_over"] == 0
    names = [one["function"] for one in work["causes"]]
    assert set(names[:2]) == {"Parrot.say", "_marked"}
    assert sum(one["after"] - one["before"] for one in work["executed"]) == sum(parts)


def test_what_changes_words_only_is_silent(tree: EchoTree) -> None:
    (figure,) = figures(tree, "HEAD", BYTECODES)
    assert figure["before"] == figure["after"]
    assert figure["work"]["causes"] == figure["work"]["executed"] == []


def test_a_range_is_one_change(tree: EchoTree) -> None:
    (figure,) = figures(tree, "HEAD~2..HEAD", "echo.baseline.Run.sdk_bytecodes")
    assert figure["work"]["of"] == "own files"
    assert figure["work"]["left_over"] == 0
    assert {"Parrot.say", "_marked"} == {one["function"] for one in figure["work"]["causes"]}


def test_a_gate_tells_the_first_causes(tree: EchoTree) -> None:
    file = tree.folder / "gate.json"
    series = r"^echo\.baseline\.Run\.(bytecodes|makespan)$"
    done = tree.python(
        *("-m", "unladen", "--target", "toy", "gate", "HEAD~2", "HEAD~1", "--only", "exact"),
        *("--series", series, "--explain", "--markdown", "-", "--json", str(file)),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "#### What it is made of" in done.stdout
    table = done.stdout.partition("cause | change | share | where |")[2]
    assert "`_marked` toy/__init__.py" in table
    assert "`Parrot.say` toy/__init__.py" in table
    (figure,) = json.loads(file.read_text())["explanation"]["figures"]
    assert figure["series"] == "echo.baseline.Run.track_bytecodes"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["HEAD"], "nothing is measured of toy"),
        (["HEAD~2", BYTECODES], "has no parent"),
        (["HEAD", "baseline.Run.bytecods"], "no series is called 'baseline.Run.bytecods'"),
        (["nowhere", BYTECODES], "no such commit"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    tree: EchoTree, arguments: list[str], said: str
) -> None:
    done = explain(tree, *arguments)
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("unladen: ")
    assert said in last
    assert "Traceback" not in done.stderr


def test_a_commit_that_fails_is_said_to_have_no_value(tree: EchoTree, tmp_path: Path) -> None:
    broken = EchoTree(tree.folder, tmp_path / "sdk")
    subprocess.run(["git", "clone", "--quiet", tree.sdk, broken.sdk], check=True)
    code = broken.sdk / "toy" / "__init__.py"
    commit(broken, "Break", code.read_text().replace(OLD, "        said = 1 / 0\n"))
    done = explain(broken, "HEAD", BYTECODES)
    assert done.returncode == 0, done.stderr
    assert "ZeroDivisionError" in done.stdout
    assert "not explained" in done.stdout


@pytest.fixture(scope="module")
def measured(tree: EchoTree) -> None:
    """One series of the first two commits is measured and stored."""
    chosen = ("--bench", r"^echo\.baseline\.Run\.track_bytecodes$")
    for one in ("HEAD~2^!", "HEAD~1^!"):
        tree.unladen("run", one, *chosen)


@pytest.mark.usefixtures("measured")
def test_what_is_stored_is_shown_on_the_page_of_the_commit(tree: EchoTree) -> None:
    done = explain(tree, "HEAD~1", "--store")
    assert done.returncode == 0, done.stderr
    assert "not shown" not in done.stderr
    (file,) = (tree.folder / "results" / "toy").glob("*/*.explained")
    kept = json.loads(file.read_text())
    (figure,) = kept["figures"]
    assert {one["function"] for one in figure["parts"]} == {"Parrot.say", "_marked"}
    assert [one["path"] for one in figure["parts"]] == ["toy/__init__.py"] * 2
    assert file.stat().st_size < 4000
    again = explain(tree, "HEAD~1", BYTECODES, "--store", seed=2)
    assert again.returncode == 0, again.stderr
    assert json.loads(file.read_text()) == kept
    tree.unladen("publish", "--no-pull")
    changes = (tree.folder / "html" / "toy" / "data" / "changes-0.js").read_text()
    data = json.loads(changes.partition(",")[2].removesuffix(");\n"))
    ((_, _, values, _, parts),) = data["explained"]["1"]
    before, after = (f"{figure[side]:,.0f}" for side in ("before", "after"))
    assert values == f"{before} \N{RIGHTWARDS ARROW} {after} bytecodes"
    assert [one[0] for one in parts] == [one["function"] for one in figure["parts"]]


def test_a_range_is_not_stored(tree: EchoTree) -> None:
    done = explain(tree, "HEAD~2..HEAD", BYTECODES, "--store")
    assert done.returncode == 2
    assert "unladen: --store keeps what one commit changed, not a range" in done.stderr


@pytest.mark.usefixtures("measured")
def test_what_has_no_cause_is_not_stored(tree: EchoTree) -> None:
    done = explain(tree, "HEAD", BYTECODES, "--store")
    assert done.returncode == 0
    assert "every function does as much as before" in done.stdout
    assert "unladen: nothing is stored: no function that the commit changed" in done.stderr


@pytest.mark.usefixtures("first")
def test_a_picture_and_profiles_are_written(tree: EchoTree) -> None:
    picture, profile = tree.folder / "difference.svg", tree.folder / "difference.json"
    files = ("--flamegraph", str(picture), "--profile", str(profile))
    done = explain(tree, "HEAD~1", BYTECODES, *files)
    assert done.returncode == 0, done.stderr
    assert "_marked" in done.stdout
    assert "<title>_marked  toy/__init__.py" in picture.read_text()
    sides = json.loads((tree.folder / "first.json").read_text())["figures"][0]["work"]
    found = json.loads(profile.read_text())["profiles"]
    assert [one["endValue"] for one in found] == [sides["before"], sides["after"]]
    printed = explain(tree, "HEAD~1", BYTECODES, "--flamegraph", "-", seed=5)
    assert printed.stdout == picture.read_text()


def test_only_one_goes_to_standard_output(tree: EchoTree) -> None:
    done = explain(tree, "HEAD~1", BYTECODES, "--json", "-", "--profile", "-")
    assert done.returncode == 2
    assert "only one of --json, --flamegraph and --profile can be -" in done.stderr
