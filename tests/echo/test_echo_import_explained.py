"""``unladen explain`` of what an SDK's import costs: which statement brings which module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from echo_explaining import commit, explain
from echo_tree import EchoTree, grow

pytestmark = pytest.mark.slow

BYTECODES = "imports.Import.bytecodes"
STATEMENT = "import xml.dom.minidom"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> EchoTree:
    """Echo's SDK with two commits: one imports a big module, one no more."""
    tree = grow(tmp_path_factory.mktemp("imports"))
    code = tree.sdk / "toy" / "__init__.py"
    plain = code.read_text()
    commit(tree, "Read documents", plain + f"\n\n{STATEMENT}\n")
    commit(tree, "Read no documents", plain)
    return tree


@pytest.fixture(scope="module")
def figures(tree: EchoTree) -> list[dict[str, Any]]:
    """Both exact figures of the first commit."""
    file = Path(tree.folder, "imports.json")
    done = explain(tree, "HEAD~1", BYTECODES, "imports.Import.modules", "--json", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads(file.read_text())["figures"]
    return found


def test_the_statement_is_named_and_the_parts_add_up(figures: list[dict[str, Any]]) -> None:
    bytecodes, modules = figures
    imports = bytecodes["imports"]
    assert (imports["before"], imports["after"]) == (bytecodes["before"], bytecodes["after"])
    assert imports["modules"] == [modules["before"], modules["after"]]
    (cause,) = imports["causes"]
    assert (cause["text"], cause["file"], cause["function"]) == (
        STATEMENT,
        "toy/__init__.py",
        "<module>",
    )
    assert cause["hunk"] is not None
    assert cause["modules"] == modules["after"] - modules["before"] > 1
    assert cause["change"] > 1_000
    assert {one["chain"][0] for one in cause["parts"]} == {"toy"}
    assert any(one["module"] == "xml.dom.minidom" for one in cause["parts"])
    assert (imports["left_over"], imports["modules_left_over"]) == (0, 0)


def test_the_text_is_the_same_in_every_process(tree: EchoTree) -> None:
    texts = {explain(tree, "HEAD", BYTECODES, seed=seed).stdout for seed in (1, 2, 3)}
    (text,) = texts
    assert f"* {STATEMENT}" in text
    assert "1 gone: toy/__init__.py:" in text
    assert "toy > xml.dom.minidom > " in text


def test_the_cpu_of_an_import_is_told_as_sampled(tree: EchoTree) -> None:
    done = explain(tree, "HEAD~1", "imports.Import.sample_cpu")
    assert done.returncode == 0, done.stderr
    assert "CPU, sampled" in done.stdout
    assert f"* {STATEMENT}" in done.stdout
