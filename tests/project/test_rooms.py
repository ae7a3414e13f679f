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
SUBJECTS = {file.parent.name for file in (ROOT / "targets").glob("*/asv.conf.json")} | {"parley"}


def parts_of(file: Path, root: Path = ROOT) -> set[str]:
    relative = file.relative_to(root)
    return {*relative.parts, relative.stem}


def homes_of(capability: str) -> set[str]:
    """The packages that are a capability's own."""
    return {
        f"mocks.worlds.{capability}",
        f"targets.protocols.{capability}",
        f"benchmarks.{capability}",
        f"unladen.capabilities.{capability}",
    }


def capability_imports(root: Path, capabilities: set[str]) -> list[str]:
    """Imports of a capability by what is shared, or by another capability. A target's driver may
    have several."""
    found = []
    for room in MAY_IMPORT:
        for file in (root / room).rglob("*.py"):
            parts = parts_of(file, root)
            others = capabilities - parts
            homes = {home for name in others for home in homes_of(name)}
            if not parts & (SUBJECTS):
                found += [
                    f"{file.relative_to(root)}:{line} imports {name}"
                    for line, name in imported_names(file)
                    if any(name == home or name.startswith(f"{home}.") for home in homes)
                ]
    return found


def imported_names(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_nothing_shared_imports_a_capability_and_no_capability_another() -> None:
    assert "negotiation" in CAPABILITIES
    assert capability_imports(ROOT, CAPABILITIES) == []


@pytest.mark.parametrize(
    ("file", "statement"),
    [
        ("benchmarks/core/harness.py", "from benchmarks.talk import workload"),
        ("benchmarks/walk/workload.py", "from targets.protocols.talk import Talk"),
        ("mocks/worlds/walk/script.py", "import mocks.worlds.talk.script"),
        ("targets/protocols/walk.py", "from targets.protocols import talk"),
        ("unladen/report/write.py", "from unladen.capabilities.talk.report import REPORT"),
    ],
)
def test_an_import_of_a_capability_is_found(tmp_path: Path, file: str, statement: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(statement)
    assert len(capability_imports(tmp_path, {"talk", "walk"})) == 1
    assert capability_imports(tmp_path, {"walk"}) == []


def test_what_is_shared_does_not_speak_of_a_capability() -> None:
    stems = {name[:8] for name in CAPABILITIES}
    wrong = [
        f"{file.relative_to(ROOT)}:{number}"
        for room in MAY_IMPORT
        for ending in ("py", "js", "ts", "html", "css")
        for file in (ROOT / room).rglob(f"*.{ending}")
        if not parts_of(file) & (SUBJECTS | CAPABILITIES)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if any(stem in line.lower() for stem in stems)
    ]
    assert wrong == []
