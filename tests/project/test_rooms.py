"""Who may import whom, as the design draws it; and suite-wide rules a linter does not know."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    "mocks": {"mocks"},
    "meters": {"meters"},
    "targets": {"targets", "mocks"},
    "benchmarks": {"benchmarks", "targets", "meters", "mocks"},
    "loads": {"loads", "targets", "meters", "mocks"},
    "unladen": {"unladen"},
}

OF_A_FOLDER = ("__init__.py", "conftest.py")


def imported_rooms(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if (room := name.partition(".")[0]) in MAY_IMPORT:
                yield node.lineno, room


def violations(root: Path) -> list[str]:
    return [
        f"{file.relative_to(root)}:{line} imports {room}"
        for home, allowed in MAY_IMPORT.items()
        for file in sorted((root / home).rglob("*.py"))
        for line, room in imported_rooms(file)
        if room not in allowed
    ]


@pytest.mark.slow
@pytest.mark.every_commit
def test_imports_go_one_way() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("home", "statement"),
    [
        ("mocks", "import meters.cpu"),
        ("meters", "from mocks.clock import run"),
        ("targets", "def f():\n    from benchmarks.core import series"),
        ("unladen", "import targets.loading as loading"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, home: str, statement: str) -> None:
    (tmp_path / home).mkdir()
    (tmp_path / home / "module.py").write_text(statement)
    assert len(violations(tmp_path)) == 1


@pytest.mark.slow
@pytest.mark.every_commit
def test_no_room_reaches_another_by_a_relative_import() -> None:
    relative = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for home in MAY_IMPORT
        for file in (ROOT / home).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert relative == []


@pytest.mark.slow
def test_a_benchmark_never_imports_an_sdk() -> None:
    subjects = {path.name for path in (ROOT / "targets").iterdir() if path.is_dir()}
    text = "\n".join(file.read_text() for file in (ROOT / "benchmarks").rglob("*.py"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & (subjects | {"floor"})


def test_there_is_no_coroutine_benchmark() -> None:
    coroutines = [
        f"{file.name}:{node.name}"
        for file in (ROOT / "benchmarks").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith(("time_", "track_", "peakrss_", "sample_"))
    ]
    assert coroutines == []


def test_no_two_modules_of_tests_have_one_name() -> None:
    """Python finds them by name, whichever folder they are in: the first that was imported."""
    tests = ROOT / "tests"
    names = Counter(
        path.name
        for path in tests.rglob("*.py")
        if "tree" not in path.relative_to(tests).parts and path.name not in OF_A_FOLDER
    )
    assert [name for name, number in names.items() if number > 1] == []
