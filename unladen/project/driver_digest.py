"""Which driver it was that connected an SDK: a digest of its code.

Exact values say what an SDK does when it is driven so. Those of another driver say nothing about
the commit. Comments, docstrings, blank lines and what is at the ends of lines do not count; nor
does the interpreter that reads the driver here.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from unladen.project.suite import suite_root

LENGTH = 16
"""Hexadecimal digits of a digest."""

_OF_THE_SUITE = "protocols"
"""A package in ``targets`` that is no target's: what a series means is its version's affair."""


def driver_digest(driver: Path, project: str) -> str:
    """The digest of a target's driver: of its file and all modules of targets that this imports, at
    once or inside functions; "" if there is no such file.

    ``driver``: ``driver.py``, or the ``__init__.py`` of a package ``driver``.
    """
    if not driver.is_file():
        return ""
    is_package = driver.name == "__init__.py"
    folder = driver.parent.parent if is_package else driver.parent
    found: dict[str, Path] = {}
    pending = [(f"targets.{project}.driver", driver)]
    while pending:
        name, file = pending.pop()
        if name not in found:
            found[name] = file
            pending += _imported(name, file, {project: folder})
    digest = hashlib.sha256()
    for name, file in sorted(found.items()):
        digest.update(f"{name}\n{code_text(file.read_bytes())}\n\n".encode())
    return digest.hexdigest()[:LENGTH]


def code_text(source: bytes) -> str:
    """The text of a module without what does nothing; as it is, if it is no Python."""
    try:
        tree = ast.parse(source)
        tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
        text = source.decode(tokens[0].string)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return source.decode(errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    idle = [(token.start, token.end) for token in tokens if token.type == tokenize.COMMENT]
    for (first, start), (last, end) in sorted([*idle, *_docstrings(tree, lines)], reverse=True):
        lines[first - 1 : last] = [lines[first - 1][:start] + lines[last - 1][end:]]
    return "\n".join(line.rstrip() for line in lines if line.strip())


_Position = tuple[int, int]


def _docstrings(tree: ast.Module, lines: list[str]) -> Iterator[tuple[_Position, _Position]]:
    """Where each begins and ends, as ``tokenize`` has it: lines from 1, characters from 0."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            text = node.body[0]
            assert text.end_lineno is not None
            assert text.end_col_offset is not None
            yield (
                (text.lineno, _characters(lines[text.lineno - 1], text.col_offset)),
                (text.end_lineno, _characters(lines[text.end_lineno - 1], text.end_col_offset)),
            )


def _characters(line: str, size: int) -> int:
    return len(line.encode()[:size].decode())


def _imported(name: str, file: Path, folders: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """The modules of targets, and their packages, that a module imports. ``folders``: of targets
    that are not where the suite has them."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        for wanted in _names(node, package):
            parts = wanted.split(".")
            for depth in range(2, len(parts) + 1):
                if found := _file_of(parts[:depth], folders):
                    yield ".".join(parts[:depth]), found


def _names(node: ast.AST, package: str) -> Iterator[str]:
    """The absolute names that an import may mean."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1]
            base = ".".join([*above, *([base] if base else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _file_of(parts: list[str], folders: dict[str, Path]) -> Path | None:
    if parts[0] != "targets" or parts[1] == _OF_THE_SUITE:
        return None
    folder = folders.get(parts[1], suite_root() / "targets" / parts[1])
    if not folder.is_dir():
        return None
    module = folder.joinpath(*parts[2:])
    files = [module / "__init__.py", *([module.with_suffix(".py")] if len(parts) > 2 else [])]
    return next((file for file in files if file.is_file()), None)
