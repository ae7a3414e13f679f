"""The exact series of every commit of a labelled history, measured here and now.

Each commit's tree is checked out into a folder of its own and put in front of the modules' search
path of ``python -m benchmarks``. Commits whose import root is the same tree, by git's own hash, are
one program and are measured once. What was measured is kept in ``.pytest_cache``, under a name
made of all that it depends on: that tree, the code of the benchmarks, the interpreter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

from suite import measure  # noqa: E402

from unladen.errors import UserError  # noqa: E402
from unladen.history.lines import line_of  # noqa: E402
from unladen.labels.check import CellKey, CommitValues, Value, WrongValue  # noqa: E402
from unladen.project import targets  # noqa: E402
from unladen.repo.commits import Commit, log_of  # noqa: E402
from unladen.repo.repository import Repository, open_repository  # noqa: E402
from unladen.store.series import SeriesInfo, Status  # noqa: E402
from unladen.text.terminal import last_line  # noqa: E402

TARGET = "parley"
LABELS = ROOT / "mocks" / TARGET / "history.toml"
CACHE = ROOT / ".pytest_cache" / "d" / "measured-history"

_LISTING = """
import json
from asv_runner.discovery import disc_benchmarks
for b in disc_benchmarks("benchmarks"):
    print(json.dumps(dict(
        name=b.name, kind=b.kind, unit=b.unit, group=b.group, higher=b.direction == "higher",
        tolerance=b.tolerance, version=b.version, names=b.param_names, points=b.params,
        codes=getattr(b.func, "codes", []), expected=getattr(b.func, "expected", {}))))
"""


@dataclass(frozen=True)
class Subject:
    """A history to measure. ``target``: whose driver; ``import_root``: the folder of a commit's
    tree that its packages lie in; ``pattern``: of the series' names."""

    repository: Path
    commits: Sequence[Commit]
    target: str = TARGET
    import_root: str = "src"
    pattern: str = ""


def parley() -> Subject:
    """The sample SDK's history, in its built repository or ``UNLADEN_REPO_PARLEY``."""
    with contextlib.chdir(ROOT):
        project = targets.load_target(targets.find(TARGET))
        repository = open_repository(project)
        commits = line_of(project, repository).commits
        (root,) = project.import_roots
        return Subject(Path(repository.path).resolve(), commits, import_root=root)


def in_repository(path: Path, target: str, import_root: str, pattern: str) -> Subject:
    """The history of a clone's ``HEAD``, to be measured as another target's."""
    commits = log_of(Repository(str(path), target), ["HEAD"])[::-1]
    return Subject(path, commits, target, import_root, pattern)


def series() -> dict[str, SeriesInfo]:
    """All series of the suite, by name, in order."""
    listing = subprocess.run(
        [sys.executable, "-c", _LISTING],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "UNLADEN_TARGET": "bare"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = {}
    for line in sorted(listing.stdout.splitlines()):
        row = json.loads(line)
        axes = dict(zip(row["names"], map(tuple, row["points"]), strict=True))
        found[row["name"]] = SeriesInfo(
            name=row["name"],
            kind=row["kind"],
            unit=row["unit"] or "",
            group=row["group"],
            higher_is_better=row["higher"],
            tolerance=row["tolerance"],
            version=row["version"],
            axes=axes,
            codes=row["codes"],
            expected=row["expected"],
        )
    return found


def measure_history(
    subject: Subject,
    cache: Path | None = CACHE,
    tell: Callable[[str], None] = lambda line: None,
    stored: Mapping[str, Mapping[CellKey, Value]] = MappingProxyType({}),
) -> list[CommitValues]:
    """Measure all commits, as many at a time as there are cores; oldest first.

    ``cache``: a folder to keep values in, None for none. ``tell`` hears one line a measurement.
    ``stored``: values by tree (``trees_of``) that stand for a measurement.
    Raises ``UserError`` if a commit cannot be measured at all.
    """
    trees = trees_of(subject)
    first_with = {trees[commit.hash]: commit for commit in reversed(subject.commits)}
    code = harness_digest(subject.target)

    def cells_of(tree: str) -> Mapping[CellKey, Value]:
        if tree in stored:
            return stored[tree]
        key = hashlib.sha256("\n".join([tree, code, subject.pattern]).encode()).hexdigest()
        kept = None if cache is None else cache / f"{key[:32]}.json"
        if kept is not None and kept.is_file():
            return _cells(json.loads(kept.read_text()))
        tell(first_with[tree].subject)
        rows = measure_commit(subject, first_with[tree].hash)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}")
            partial.write_text(json.dumps(rows))
            partial.replace(kept)
        return _cells(rows)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        measured = dict(zip(first_with, pool.map(cells_of, first_with), strict=True))
    return [
        CommitValues(commit.subject, measured[trees[commit.hash]]) for commit in subject.commits
    ]


Row = tuple[str, tuple[str, ...], float | None, bool]


def trees_of(subject: Subject) -> dict[str, str]:
    """The tree of each commit's import root, by the commit's hash: commits that share one are one
    program."""
    return {commit.hash: import_tree(subject, commit.hash) for commit in subject.commits}


def measure_commit(subject: Subject, commit: str) -> list[Row]:
    """Series, parameters and value of every exact cell of one commit, NaN for n/a, None if it
    failed, and whether its outcome is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        root = check_out(subject, commit, Path(folder))
        pattern = [subject.pattern] if subject.pattern else []
        done = measure(subject.target, *pattern, path=(root,))
    if done.returncode not in (0, 1) or not done.values:
        raise UserError(f"{commit[:8]} cannot be measured: {last_line(done.errors)}")
    return [
        (name, params, value, (name, params) in done.wrong)
        for (name, params), value in done.values.items()
    ]


def check_out(subject: Subject, commit: str, folder: Path) -> Path:
    """Write a commit's import root below ``folder``; where it is then. It may not be there."""
    if import_tree(subject, commit):
        archive = _git(subject.repository, "archive", commit, subject.import_root)
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    return folder / subject.import_root


def import_tree(subject: Subject, commit: str) -> str:
    """Git's hash of a commit's import root; "" if it has none."""
    listed = _git(subject.repository, "ls-tree", commit, subject.import_root).decode()
    return listed.split()[2] if listed else ""


def harness_digest(target: str) -> str:
    """Digest of all that exact values depend on besides the commit."""
    rooms = [ROOT / "benchmarks", ROOT / "meters", *_mocks()]
    drivers = [*(ROOT / "targets").glob("*.py"), *(ROOT / "targets" / target).rglob("*.py")]
    total = hashlib.sha256()
    for fact in (platform.python_implementation(), platform.python_version(), platform.machine()):
        total.update(fact.encode())
    for package in ("asv_runner", "numpy"):
        total.update(version(package).encode())
    for file in sorted({*_python_files(rooms), *drivers}):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def _mocks() -> list[Path]:
    return [path for path in (ROOT / "mocks").iterdir() if path.name != TARGET]


def _python_files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        yield from path.rglob("*.py") if path.is_dir() else [path]


def _cells(rows: Iterable[Sequence[object]]) -> dict[CellKey, Value]:
    cells: dict[CellKey, Value] = {}
    for name, params, value, is_wrong in rows:
        assert isinstance(name, str)
        assert isinstance(params, list | tuple)
        assert value is None or isinstance(value, float | int)
        cells[name, tuple(params)] = _value(value, bool(is_wrong))
    return cells


def _value(value: float | int | None, is_wrong: bool) -> Value:
    if value is None:
        return Status.FAILED
    if math.isnan(value):
        return Status.NOT_APPLICABLE
    return WrongValue(value) if is_wrong else value


def _git(repository: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout
