"""Who may import whom, as the design draws it; and suite-wide rules a linter does not know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    "mocks": {"mocks"},
    "meters": {"meters"},
    "targets": {"targets", "mocks"},
    "benchmarks": {"benchmarks", "targets", "meters", "mocks"},
    "unladen": {"unladen"},
}


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


def test_imports_go_one_way() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("home", "statement"),
    [
        ("mocks", "import meters.cpu"),
        ("meters", "from mocks.clock import run"),
        ("targets", "def f():\n    from benchmarks.negotiation import baseline"),
        ("unladen", "import targets.loading as loading"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, home: str, statement: str) -> None:
    (tmp_path / home).mkdir()
    (tmp_path / home / "module.py").write_text(statement)
    assert len(violations(tmp_path)) == 1


def test_no_room_reaches_another_by_a_relative_import() -> None:
    relative = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for home in MAY_IMPORT
        for file in (ROOT / home).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert relative == []


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


CAPABILITIES = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
SUBJECTS = {"bare", "parley", "towow"}


def parts_of(file: Path) -> set[str]:
    relative = file.relative_to(ROOT)
    return {*relative.parts, relative.stem}


def test_what_stands_in_for_the_world_knows_no_capability() -> None:
    assert "negotiation" in CAPABILITIES
    worlds = {f"mocks.worlds.{name}": name for name in CAPABILITIES}
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno} imports {world}"
        for room in ("mocks", "meters")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for world, name in worlds.items()
        if world in ast.unparse(node) and name not in parts_of(file)
    ]
    assert wrong == []


def test_rooms_do_not_speak_of_a_capability_of_somebody_elses() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{number}"
        for room in ("mocks", "targets", "meters")
        for file in (ROOT / room).rglob("*.py")
        if not parts_of(file) & (SUBJECTS | CAPABILITIES)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if "negotiat" in line.lower()
    ]
    assert wrong == []
