"""Slow tests take turns: which of them this commit leaves for others.

Of each family of tests a commit runs a sixth, at least one, and the hash of the commit says which.
The slow tests of a file are a family. ``@pytest.mark.rotated`` on a test makes its cases one, also
where they are not slow; ``rotated(name="demo")`` joins tests of several files, and ``one_in=6``
runs fewer of them. With ``each="command"`` the tests with one value of that parameter are a family,
so some are run of each command. With ``whole=True`` the tests of a file take their turn together,
for they share what they measure. ``@pytest.mark.every_commit``: a slow test takes no turns.

Nothing of a test file is left where the commit, or what is not committed yet, changed the file, a
helper that it imports, a ``conftest.py`` above it, or the package that its folder mirrors. Nor is
anything left of files that are named on the command line, or by ``make test-all``.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from moving_sample import ROOT, tried_now

ONE_IN = 6

TESTED = {
    "tests/browser": ("unladen/site", "unladen/report"),
    "tests/echo": ("benchmarks/core", "benchmarks/questions", "unladen/report/questions"),
    "tests/parley": ("mocks/parley", "targets/parley", "unladen/labels"),
    "tests/project": (
        "docs",
        "README.md",
        "CONTRIBUTING.md",
        "results",
        "tests/mutants",
        "tests/rotation.py",
    ),
    "tests/wheel": ("hatch_build.py", "pyproject.toml", "unladen/init", "unladen/project"),
}
"""What the tests of a folder are about, where no room or package is called as the folder."""

_IMPORTED = re.compile(r"^\s*(?:from|import) (\w+)(?= import|$)", re.MULTILINE)


class Family(NamedTuple):
    """Tests of which each commit runs one in so many. ``whole``: all of a file's or none."""

    name: str
    one_in: int = ONE_IN
    whole: bool = False

    def unit(self, item: pytest.Item) -> str:
        """What is run or left as one."""
        return _file(item) if self.whole else item.nodeid


def left_for_others(items: Iterable[pytest.Item], changed: Collection[str]) -> list[pytest.Item]:
    """The tests that this commit does not run. ``changed``: the files that it changed."""
    families: defaultdict[Family, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if family := family_of(item):
            families[family].append(item)
    left = []
    for family, members in families.items():
        units = {family.unit(item) for item in members}
        tried = tried_now(units, -(-len(units) // family.one_in))
        left += [
            item
            for item in members
            if family.unit(item) not in tried and not tests_any(_file(item), changed)
        ]
    return left


def family_of(item: pytest.Item) -> Family | None:
    """The family that a test takes turns in; None if each commit runs it."""
    for node, mark in item.iter_markers_with_node():  # the closest first
        if mark.name == "every_commit":
            return None
        if mark.name != "rotated":
            continue
        name = item.nodeid.partition("[")[0] if node is item else node.nodeid
        given = {"name": name, **mark.kwargs}
        if parameter := given.pop("each", None):
            given["name"] = f"{given['name']} {_parameters(item)[parameter]}"
        return Family(**given)
    return Family(_file(item)) if item.get_closest_marker("slow") else None


def changed_files() -> list[str]:
    """What the commit that is checked out changed, and what is not committed; without git or a
    parent, nothing."""
    against_parent = _git("diff", "--name-only", "--no-renames", "HEAD~1")
    return against_parent + _git("ls-files", "--others", "--exclude-standard")


def tests_any(file: str, changed: Collection[str]) -> bool:
    """Whether a test file is about one of these files. All paths are relative to the root."""
    if not changed:
        return False
    folder = Path(file).parent
    about = TESTED.get(_room(folder), (folder.relative_to("tests").as_posix(),))
    helpers = {path for path in changed if path in _helpers().values()} & _imported_by(file)
    return bool(helpers) or any(
        path == file
        or any(path == one or path.startswith(f"{one}/") for one in about)
        or (Path(path).name == "conftest.py" and Path(path).parent in Path(file).parents)
        for path in changed
    )


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    found: Mapping[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
    return found


def _room(folder: Path) -> str:
    return "/".join(folder.parts[:2])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@cache
def _helpers() -> dict[str, str]:
    """The modules that tests import from each other, by name."""
    found = (path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py"))
    return {path.stem: path.as_posix() for path in found if "tree" not in path.parts}


@cache
def _imported_by(file: str) -> frozenset[str]:
    """The helpers that a test file imports, and those that they do."""
    found: set[str] = set()
    waiting = [file]
    while waiting:
        for name in _IMPORTED.findall((ROOT / waiting.pop()).read_text()):
            helper = _helpers().get(name)
            if helper is not None and helper not in found:
                found.add(helper)
                waiting.append(helper)
    return frozenset(found)


def _git(*arguments: str) -> list[str]:
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []
