"""The repository's rooms with the capability *echo* added to them, and an SDK that has it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROOMS = ("benchmarks", "meters", "mocks", "targets", "unladen")
ADDED = HERE / "tree"
"""What somebody who adds a capability writes, at the places where it belongs."""

Cell = tuple[str, ...]


@dataclass(frozen=True)
class EchoTree:
    """A copy of the rooms with echo's files, and the repository of the SDK: ``sdk``."""

    folder: Path
    sdk: Path

    def python(self, *arguments: str, **more_variables: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the tree's rooms, and not with those of this repository."""
        variables = {
            **os.environ,
            "HOME": str(self.folder),
            "PYTHONPATH": str(self.folder),
            "UNLADEN_REPO_TOY": str(self.sdk),
            "UNLADEN_TARGET": "toy",
            **more_variables,
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def unladen(self, *arguments: str) -> str:
        """What our command line says of the SDK; it must succeed."""
        done = self.python("-m", "unladen", "--target", "toy", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def commit(self) -> str:
        """The SDK's one commit."""
        return _git(self.sdk, "rev-parse", "HEAD")

    def digests(self) -> dict[str, str]:
        """The content of every file of the rooms, hashed."""
        return {
            file.relative_to(self.folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for room in ROOMS
            for file in _files(self.folder / room)
        }


@dataclass(frozen=True)
class Row:
    """A value as ``unladen table`` tells it."""

    value: float | None
    word: str | None
    status: str
    note: str


@dataclass(frozen=True)
class Table:
    """All values that were measured, by series and parameters."""

    rows: Mapping[str, Mapping[Cell, Row]]

    def of(self, series: str) -> dict[Cell, float | None]:
        """The values of a series of echo's by its parameters."""
        return {cell: row.value for cell, row in self.rows[f"echo.{series}"].items()}

    def one(self, series: str) -> float | None:
        """The value of a series of echo's without parameters."""
        return self.of(series)[()]


def grow(folder: Path) -> EchoTree:
    """Copy the rooms, add echo's files to them, and commit the SDK. Raises ``FileExistsError`` if
    one of the files would replace one that is there."""
    tree = EchoTree(folder / "tree", folder / "sdk")
    # What is compiled comes along; not what another process is writing just now.
    ignored = shutil.ignore_patterns("*.pyc.*", "towow")
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree.folder / room, ignore=ignored)
    for file in _files(ADDED):
        place = tree.folder / file.relative_to(ADDED)
        if place.exists():
            raise FileExistsError(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    shutil.copytree(HERE / "sdk", tree.sdk, ignore=shutil.ignore_patterns("__pycache__"))
    _git(tree.sdk, "init", "--quiet", "--initial-branch", "main")
    _git(tree.sdk, "add", ".")
    _git(tree.sdk, "commit", "--quiet", "--message", "Say phrases")
    return tree


def table_of(tree: EchoTree) -> Table:
    """What was measured."""
    (target,) = json.loads(tree.unladen("table", "--json"))
    rows: dict[str, dict[Cell, Row]] = {}
    for row in target["rows"]:
        cell = tuple(point.strip("'") for point in row["params"].values())
        rows.setdefault(row["series"], {})[cell] = _row(row)
    return Table(rows)


def _row(row: Mapping[str, Any]) -> Row:
    return Row(row["value"], row["word"], row["status"], row["note"])


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _git(folder: Path, *arguments: str) -> str:
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    done = subprocess.run(
        ["git", *person, *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
