"""What echo's files import of what is shared is there: quick, for whoever renames it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from echo_tree import ADDED, ROOMS, ROOT

FILES = sorted(ADDED.rglob("*.py"))


def file_of(module: str) -> Path | None:
    """The file of one of our modules, a package's ``__init__.py``; None if there is none."""
    for root in (ROOT, ADDED):
        path = root.joinpath(*module.split("."))
        for file in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
            if file.is_file():
                return file
    return None


@cache
def names_in(module: str) -> frozenset[str]:
    """What a module defines or imports at its top level. Raises ``LookupError`` without a file."""
    file = file_of(module)
    if file is None:
        raise LookupError(module)
    found: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            found |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return frozenset(found)


def missing_in(text: str) -> Iterator[str]:
    """What a file asks of our modules that they do not have."""
    tree = ast.parse(text)
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in ROOMS:
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            if file_of(whole) is not None:
                modules[alias.asname or alias.name] = whole
            elif alias.name not in names_in(node.module or ""):
                yield whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module is not None and node.attr not in names_in(module):
                yield f"{module}.{node.attr}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ADDED).as_posix())
def test_what_it_imports_is_there(file: Path) -> None:
    assert list(missing_in(file.read_text())) == []


def test_what_is_not_there_is_found() -> None:
    text = "from benchmarks.core.harness import Rig, Harness\n"
    text += "from benchmarks.questions import work\n"
    text += "a = work.makespan, work.speed"
    found = ["benchmarks.core.harness.Rig", "benchmarks.questions.work.speed"]
    assert list(missing_in(text)) == found
