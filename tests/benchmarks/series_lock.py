"""The lock of the series: which code gave each series its meaning when it got its version.

``locks/CAPABILITY.json`` holds, for every series of a capability, its version and a digest of the
code that its value comes from (its own module and all modules of ours that this imports, comments,
docstrings and layout left out), and for one interpreter the exact values on the floor;
``locks/imports.json`` those of the series that are asked of every target.

``python tests/benchmarks/series_lock.py`` writes them anew after a change. It refuses a series
whose code changed under the same version, unless its exact values on the floor are what they were
(the change was a refactoring); a sampled series has no such proof, so name it with
``--same-meaning``.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from suite import ROOT, Measured, agree, measure

LOCKS = Path(__file__).with_name("locks")
ROOMS = ("benchmarks", "meters", "mocks")
FLOOR = ROOT / "targets" / "bare"
HOW = "run python tests/benchmarks/series_lock.py; it says which versions to bump"


@dataclass(frozen=True)
class Entry:
    """What is locked of one series."""

    version: str
    kind: str
    code: str
    tolerance: float = 0.0


@dataclass(frozen=True)
class Lock:
    """The content of a lock file, or of all."""

    interpreter: str
    floor: str
    series: dict[str, Entry]
    values: dict[str, object]


def interpreter() -> str:
    """What exact values depend on besides our code."""
    return (
        f"{platform.python_implementation()} {platform.python_version()}, numpy {version('numpy')}"
    )


def load() -> Lock:
    """All locks as they are on disk, as one. They were written together."""
    locks = [_read(file) for file in sorted(LOCKS.glob("*.json"))]
    interpreters, floors = {lock.interpreter for lock in locks}, {lock.floor for lock in locks}
    if len(interpreters) != 1 or len(floors) != 1:
        raise ValueError(f"the files in {LOCKS} are not of one interpreter and floor: {HOW}")
    return Lock(
        interpreters.pop(),
        floors.pop(),
        {name: entry for lock in locks for name, entry in lock.series.items()},
        {cell: value for lock in locks for cell, value in lock.values.items()},
    )


def save(lock: Lock) -> None:
    """Write a file for each capability, and delete those of others."""
    LOCKS.mkdir(exist_ok=True)
    capabilities = {_capability(name) for name in lock.series}
    for file in LOCKS.glob("*.json"):
        if file.stem not in capabilities:
            file.unlink()
    for capability in capabilities:
        own = replace(
            lock,
            series={name: e for name, e in lock.series.items() if _capability(name) == capability},
            values={cell: v for cell, v in lock.values.items() if _capability(cell) == capability},
        )
        text = json.dumps(asdict(own), indent=1, sort_keys=True)
        (LOCKS / f"{capability}.json").write_text(f"{text}\n")


def _read(file: Path) -> Lock:
    raw = json.loads(file.read_text())
    series = {name: Entry(**entry) for name, entry in raw["series"].items()}
    return Lock(raw["interpreter"], raw["floor"], series, raw["values"])


def _capability(series: str) -> str:
    """What ``capability.baseline.Run.track_x`` is of, or ``imports``."""
    return series.partition(".")[0]


def current_series() -> dict[str, Entry]:
    """Every series as the code has it now."""
    listing = (
        "import json; from benchmarks.__main__ import list_series; print(json.dumps(list_series()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", listing],
        cwd=ROOT,
        env={"UNLADEN_TARGET": "bare", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        name: Entry(code=code_digest(name.rsplit(".", 2)[0]), **series)
        for name, series in json.loads(done.stdout).items()
    }


def values_of(measured: Measured) -> dict[str, object]:
    """The exact values that were measured on the floor, by series and parameters."""
    assert not measured.wrong, measured.wrong
    return {f"{name}({', '.join(p)})": v for (name, p), v in measured.comparable().items()}


def code_digest(module: str) -> str:
    """Digest of a benchmark module and all that it imports of ours."""
    file = ROOT.joinpath("benchmarks", *module.split("."))
    return _digest(_closure(file.with_name(f"{file.name}.py")))


def floor_digest() -> str:
    """Digest of the floor and its driver."""
    return _digest(FLOOR.rglob("*.py"))


def measured_anew(old: Lock | None) -> Lock:
    """The lock as it is now. Of series whose code is as it was, so are the values, and not measured
    again."""
    new = Lock(interpreter(), floor_digest(), current_series(), {})
    if old is None or (old.interpreter, old.floor) != (new.interpreter, new.floor):
        return replace(new, values=values_of(measure("bare")))
    kept = {name for name, entry in new.series.items() if entry == old.series.get(name)}
    values = {cell: v for cell, v in old.values.items() if cell.partition("(")[0] in kept}
    if changed := sorted(new.series.keys() - kept):
        pattern = f"^({'|'.join(map(re.escape, changed))})$"
        values |= values_of(measure("bare", pattern))
    return replace(new, values=values)


def refused(old: Lock, new: Lock, same_meaning: str | None) -> list[str]:
    """The series whose meaning may have changed under the same version, with the evidence."""
    changed = [
        name
        for name, entry in new.series.items()
        if name in old.series
        and entry.version == old.series[name].version
        and entry.code != old.series[name].code
    ]
    if not changed:
        return []
    if old.interpreter != new.interpreter:
        return [f"all: the values were locked on {old.interpreter}, this is {new.interpreter}"]
    if old.floor != new.floor:
        return ["all: the floor changed too; change it in a commit of its own"]
    return [line for name in changed if (line := _evidence(name, old, new, same_meaning))]


def _evidence(name: str, old: Lock, new: Lock, same_meaning: str | None) -> str | None:
    if new.series[name].kind == "sampled":
        if same_meaning is not None and re.search(same_meaning, name):
            return None
        return f"{name}: its code changed; bump its version or name it with --same-meaning"
    for cell, value in new.values.items():
        mine = cell.startswith(f"{name}(")
        if mine and not agree(old.values.get(cell), value, new.series[name].tolerance):
            return f"{cell} was {old.values.get(cell)} and is {value}: bump its version"
    return None


def _closure(file: Path) -> Iterator[Path]:
    """A module of ours and all modules of ours that it imports, packages included."""
    seen: set[Path] = set()
    waiting = [file, ROOT / "benchmarks" / "__init__.py"]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        yield current
        waiting += _imported(current)


@cache
def _imported(file: Path) -> tuple[Path, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    ours = (name.split(".") for name in names if name.split(".")[0] in ROOMS)
    found = [path for parts in ours for path in _files(ROOT.joinpath(*parts))]
    return tuple(path for path in found if path.is_file())


def _files(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}.py"), path / "__init__.py"


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.relative_to(ROOT).as_posix().encode())
        total.update(_code(file))
    return total.hexdigest()[:16]


@cache
def _code(file: Path) -> bytes:
    return _shape(_without_docstrings(ast.parse(file.read_text()))).encode()


def _shape(node: object) -> str:
    """A syntax tree as text, the same on all Python versions: what is empty is left out."""
    if isinstance(node, list):
        return f"[{','.join(map(_shape, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, value) for name, value in ast.iter_fields(node) if value not in (None, []))
    return f"{type(node).__name__}({','.join(f'{n}={_shape(v)}' for n, v in fields)})"


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        node.body = [
            statement
            for statement in node.body
            if not (
                isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Constant)
                and isinstance(statement.value.value, str)
            )
        ]
    return tree


def main() -> int:
    """Write the lock anew, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--same-meaning", metavar="REGEX", help="sampled series left as they are")
    options = parser.parse_args()
    old = load() if LOCKS.exists() else None
    new = measured_anew(old)
    if old is not None:
        refusals = refused(old, new, options.same_meaning)
        if refusals:
            print(*refusals, sep="\n", file=sys.stderr)
            return 1
    save(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
