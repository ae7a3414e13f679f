"""The loop of asv's users: ``-E existing`` measures what a Python of theirs has, as it is.

Benchmarks run as in our own environment, so that exact values are the same where the interpreter
and the packages are. The SDK is the work tree of the clone that ``UNLADEN_REPO_...`` or the conf
names, changes that nobody has committed included; or without one, what is installed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unladen.asv_bridge.console import log
from unladen.asv_bridge.environments import ASV
from unladen.asv_bridge.existing_python import AsvExisting
from unladen.asv_bridge.git import git_says
from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.measure.file_watch import Watched
from unladen.measure.known_environments import check_driver, digests_of_driver, register
from unladen.measure.variables import (
    asks_a_live_model,
    benchmark_variables,
    driver_variables,
    launched,
    without_driver,
)
from unladen.project.driver_digest import DriverDigests
from unladen.project.import_roots import root_in
from unladen.project.project import Project
from unladen.repo.patches.series import series_folder
from unladen.repo.repository import is_url, repository_variable
from unladen.store.interpreter import Interpreter, probe
from unladen.store.owner import check_results_folder
from unladen.store.series import LIVE
from unladen.text.terminal import last_line, one_line, printable

LACKING = """
import importlib.util, json, os, sys
del sys.path[:1]
root, project = sys.argv[1:]
sys.path.insert(0, root)
names = []
if os.path.isfile(os.path.join(root, "targets", "loading.py")):
    from targets.loading import load
    names = sorted({name.partition(":")[0].partition(".")[0] for name in load(project).imports})
sys.path.append(sys.path.pop(0))
print(json.dumps([name for name in names if importlib.util.find_spec(name) is None]))
"""
"""Says which of the packages that the driver imports are not there; imports none of them."""

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")


def uses_existing_python(specifications: Iterable[str]) -> bool:
    """Whether ``-E`` or ``--python`` asks for a Python that is there."""
    return any(one == ":same" or one.partition(":")[0] == "existing" for one in specifications)


class ExistingPython(AsvExisting):
    """A Python that is there, whose processes know the target and run like our own."""

    def __init__(self, conf: Any, executable: str, requirements: Any, variables: Any) -> None:
        """Look for the interpreter and the SDK's work tree."""
        super().__init__(conf, executable, requirements, variables)
        self.refused_driver = ""
        self._work_tree = _work_tree(self.project) if self.project.is_on_path else None
        self._interpreter: Interpreter | None = None
        self._is_checked = False
        register(self)

    @property
    def interpreter(self) -> Interpreter:
        """The Python and its packages, asked once per process."""
        if self._interpreter is None:
            self._interpreter = probe(self.run_python)
        return self._interpreter

    @property
    def driver(self) -> DriverDigests:
        """The digests of the target's driver as it is now."""
        return digests_of_driver(self.project)

    @property
    def folder_names(self) -> dict[str, str]:
        """Short names for folders, to write in place of their paths."""
        tree = {} if self._work_tree is None else {str(self._work_tree): "<checkout>"}
        return {
            **tree,
            str(self.project.root): "<root>",
            self.interpreter.standard_library: "<stdlib>",
            ASV: "<asv>",
        }

    @property
    def seen(self) -> Watched | None:
        """Nothing is watched: somebody works there."""
        return None

    @property
    def setting(self) -> str:
        """None that could be another commit's."""
        return ""

    def install_failure(self, commit: str) -> str:
        """Nothing is installed."""
        return ""

    def unavailable(self, commit: str) -> str:
        """Nothing is checked out."""
        return ""

    def any_unavailable(self) -> str:
        """Nothing is checked out."""
        return ""

    def forget_measurement(self) -> None:
        """Nothing is known of one."""

    def prove(self, commit: str) -> None:
        """Raise ``UserError`` unless the work tree is ``commit``; of what is installed, the user
        has said what it is."""
        if self._work_tree is None:
            return
        head = self._git("rev-parse", "HEAD").strip()
        listed = self._git(
            "status", "--porcelain", "--", *(self.project.paths or ["."])
        ).splitlines()
        changed = [line for line in listed if "__pycache__" not in line]
        if head == commit and not changed:
            return
        why = f"is at {head[:8]}" if head != commit else f"has changes: {changed[0].split()[-1]}"
        raise UserError(
            f"{self.project.name} {commit[:8]}: not stored, the work tree that was measured, "
            f"{printable(str(self._work_tree))}, {printable(why)}"
        )

    def prepare_to_create(self) -> None:
        """Say what is measured. Raises ``UserError``, one line, if it cannot be."""
        if self._is_checked:
            return
        self._is_checked = True
        check_results_folder(self.project.results, self.project.name)
        if "asv_runner" not in {name.replace("-", "_") for name in self.interpreter.packages}:
            raise UserError(f"{self.executable} has no asv_runner: pip install it there")
        check_driver(self)
        if lacking := self._lacking():
            variable = repository_variable(self.project.name)
            raise UserError(
                f"{self.executable} has no {', '.join(lacking)}: install the SDK there, or set "
                f"{variable} to a clone with a work tree"
            )
        if self._work_tree is not None:
            _say(f"measured is the work tree {self._work_tree} as it is")
        if self.project.lock is not None and (found := self._difference(self.project.lock)):
            _say(f"{self.executable} is not as the lock says: {found}; exact values may differ")

    def process(
        self, arguments: Sequence[str], inherited: Mapping[str, str]
    ) -> tuple[list[str], dict[str, str]]:
        """Like that of a benchmark process of our environment."""
        own = {**driver_variables(self.project), **self._on_path()}
        inherited = {**without_driver(inherited), **own}
        asks = asks_a_live_model(arguments, inherited, self.in_group(LIVE))
        variables = benchmark_variables(inherited, self.env_vars, live=asks)
        return launched(arguments, self.project), {**variables, **self._on_path()}

    def _on_path(self) -> dict[str, str]:
        """The variables by which asv's runner, and what it starts, find the SDK."""
        given = os.environ.get("ASV_PYTHONPATH", "")
        own = [] if self._work_tree is None else [str(self._root(self._work_tree))]
        folders = os.pathsep.join([*own, *filter(None, [given])])
        return {"ASV_PYTHONPATH": folders, "PYTHONPATH": folders} if folders else {}

    def _root(self, work_tree: Path) -> Path:
        return root_in(work_tree, self.project.import_roots, self.project.paths)

    def _lacking(self) -> list[str]:
        arguments = ["-c", LACKING, str(self.project.root), self.project.name]
        try:
            said = self.says(arguments)
        except ProcessError as error:
            why = one_line(last_line(error.stderr) or last_line(error.stdout))
            raise UserError(f"{self.project.name}: cannot look for the SDK: {why}") from error
        found: list[str] = json.loads(last_line(said))
        return found

    def _difference(self, lock: Path) -> str:
        """In what the packages differ from the lock, in a few words; "" if in nothing."""
        pinned = {_normal(name): (name, version) for name, version in _pins(lock)}
        there = {_normal(name): version for name, version in self.interpreter.packages.items()}
        wrong = [
            f"{name} {there.get(key, 'absent')}, not {version}"
            for key, (name, version) in pinned.items()
            if there.get(key) != version
        ]
        more = sorted({*there} - {*pinned} - {"pip", "setuptools", "wheel"})
        if more:
            others = f" and {len(more) - 1} more" if len(more) > 1 else ""
            wrong.append(f"it also has {more[0]}{others}")
        rest = f"; {len(wrong) - 2} more differences" if len(wrong) > 2 else ""
        return "; ".join(wrong[:2]) + rest

    def _git(self, *arguments: str) -> str:
        command = ["-C", str(self._work_tree), *arguments]
        return git_says(command)


def _work_tree(project: Project) -> Path | None:
    """The clone that is used in place of the repository, if it has a work tree."""
    path = os.environ.get(repository_variable(project.name), "")
    if not path and not is_url(project.repo) and not series_folder(project.repo):
        path = os.path.abspath(project.repo)
    return Path(path) if path and Path(path, ".git").exists() else None


def _pins(lock: Path) -> list[tuple[str, str]]:
    try:
        lines = lock.read_text().splitlines()
    except OSError as error:
        raise UserError(f"{lock}: {error.strerror}") from error
    found = (_PIN.match(line.strip()) for line in lines)
    return [(match[1], match[2]) for match in found if match]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _say(line: str) -> None:
    log.flush()
    print(f"unladen: {printable(line)}", file=sys.stderr)
