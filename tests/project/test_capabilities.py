"""What is about one capability is in a folder or file that is called so; nothing else speaks of it.

So a further one needs no line anywhere else, and can be taken out as a whole.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]

CAPABILITIES = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
SUBJECTS = {file.parent.name for file in (ROOT / "targets").glob("*/driver*")}
"""They have a capability, so what is about them may speak of it."""

ROOMS = ("benchmarks", "meters", "mocks", "targets", "unladen")

RECORDED = ("results/", "docs/reports/")
"""What was measured, under the names of its series."""


FOLDERS = {"service": {"load", "loads", "load.md"}}
"""Folders and files that are about a capability by another name."""

PLAIN_WORDS = {*FOLDERS, "agent", "calls", "recall", "rules", "sessions", "turns"}
"""Names of capabilities that are words of every day: only their use as a name is looked for."""


def name_of(capability: str) -> str:
    """A regular expression for what speaks of it: what the noun and its verb begin with, or of a
    plain word the modules and series that are called so."""
    if capability not in PLAIN_WORDS:
        return capability.removesuffix("ion")
    rooms = r"(benchmarks|worlds|protocols|capabilities|templates)[./]"
    return rf"\b{rooms}{capability}\b|\b{capability}\.[a-z_]+\.[A-Z]"


def speaks_of_it(path: str, capability: str) -> bool:
    """Whether a part of the path says that it is about the capability, or about a subject."""
    names = (capability, *SUBJECTS)
    parts = PurePosixPath(path).parts
    if FOLDERS.get(capability, set()).intersection(parts):
        return True
    return any(name in part for name in names for part in parts)


def strangers(root: Path, capability: str) -> list[str]:
    """Tracked files that speak of the capability without being about it."""
    found = subprocess.run(
        ["git", "grep", "-z", "-I", "-i", "-l", "-E", "-e", name_of(capability)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,  # 1: there is none
    )
    assert found.returncode <= 1, found.stderr
    paths = [path for path in found.stdout.split("\0") if path]
    return [
        path
        for path in paths
        if not path.startswith(RECORDED) and not speaks_of_it(path, capability)
    ]


@pytest.mark.slow
def test_nothing_speaks_of_a_capability_that_is_not_about_it() -> None:
    assert CAPABILITIES
    assert {"bare", "parley", "towow"} <= SUBJECTS
    assert {name: found for name in CAPABILITIES if (found := strangers(ROOT, name))} == {}


def test_who_speaks_of_a_capability_is_found(tmp_path: Path) -> None:
    texts = {
        "unladen/text/dates.py": "# such as collation.Run",
        "docs/method.md": "it Collates",
        "docs/collation/README.md": "to collate",
        "tests/test_collation.py": "collate()",
        "targets/bare/driver.py": "def collate(): ...",
        "results/bare/m/a.json": "collation",
        "meters/cpu.py": "nothing of the kind",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    assert strangers(tmp_path, "collation") == ["docs/method.md", "unladen/text/dates.py"]


@pytest.mark.parametrize("word", sorted(PLAIN_WORDS))
def test_a_plain_word_is_looked_for_as_a_name_only(tmp_path: Path, word: str) -> None:
    texts = {
        "docs/method.md": f"the {word} level: 503 {word} unavailable",
        "meters/cpu.py": f"from benchmarks.{word} import load",
        "docs/other.md": f"`{word}.burst.Burst.track_p95`",
        f"docs/{word}.md": f"`{word}.burst.Burst.track_p95`",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    assert strangers(tmp_path, word) == ["docs/other.md", "meters/cpu.py"]


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
    for room in ROOMS:
        for file in (root / room).rglob("*.py"):
            parts = {*file.relative_to(root).parts, file.stem}
            others = capabilities - parts
            homes = {home for name in others for home in homes_of(name)}
            if not parts & SUBJECTS:
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


@pytest.mark.slow
@pytest.mark.every_commit
def test_nothing_shared_imports_a_capability_and_no_capability_another() -> None:
    assert CAPABILITIES
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
