"""The lock of the series: which code gave each series its meaning when it got its version.

``locks/CAPABILITY.json`` holds, for every series of a capability, its version and a digest of the
code that its value comes from (its own module and all modules of ours that this imports, comments,
docstrings and layout left out), and for one interpreter the exact values on the floor, with a
digest of the floor's code;
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

from unladen.project.suite_modules import closure, imported_modules

LOCKS = Path(__file__).with_name("locks")
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
    """What is in all lock files. ``floors``: the digest of each capability's floor."""

    interpreter: str
    floors: dict[str, str]
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
    interpreters = {lock.interpreter for lock in locks}
    if len(interpreters) != 1:
        raise ValueError(f"the files in {LOCKS} are not of one interpreter: {HOW}")
    return Lock(
        interpreters.pop(),
        {name: digest for lock in locks for name, digest in lock.floors.items()},
        {name: entry for lock in locks for name, entry in lock.series.items()},
        {cell: value for lock in locks for cell, value in lock.values.items()},
    )


def save(lock: Lock) -> None:
    """Write a file for each capability, and delete those of others."""
    LOCKS.mkdir(exist_ok=True)
    capabilities = _capabilities(lock.series)
    for file in LOCKS.glob("*.json"):
        if file.stem not in capabilities:
            file.unlink()
    for capability in capabilities:
        own = {
            "interpreter": lock.interpreter,
            "floor": lock.floors[capability],
            "series": {
                n: asdict(e) for n, e in lock.series.items() if _capability(n) == capability
            },
            "values": {n: v for n, v in lock.values.items() if _capability(n) == capability},
        }
        text = json.dumps(own, indent=1, sort_keys=True)
        (LOCKS / f"{capability}.json").write_text(f"{text}\n")


def _read(file: Path) -> Lock:
    raw = json.loads(file.read_text())
    series = {name: Entry(**entry) for name, entry in raw["series"].items()}
    return Lock(raw["interpreter"], {file.stem: raw["floor"]}, series, raw["values"])


def _capabilities(series: Iterable[str]) -> set[str]:
    return {_capability(name) for name in series}


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


def floor_digest(capability: str) -> str:
    """Digest of a capability's floor and driver: the files that are named for it, and those that
    are named for none, with what these import. The driver's own file only gathers the others."""
    named = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
    files = sorted(FLOOR.rglob("*.py"))
    # ``agent_stores.py`` is named for a capability too: it connects what is asked of it besides.
    of_one = {file: file.stem.partition("_")[0] for file in files}
    shared = [f for f in files if of_one[f] not in named and f != FLOOR / "driver.py"]
    imported = [path for file in shared for path in _siblings(file)]
    return _digest({*shared, *imported, *(f for f in files if of_one[f] == capability)})


def _siblings(file: Path) -> list[Path]:
    """What a file of a package imports from beside it, by a relative import."""
    return [
        file.with_name(f"{node.module}.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
    ]


def measured_anew(old: Lock | None) -> Lock:
    """The lock as it is now. Of series whose code is as it was, so are the values, and not measured
    again."""
    series = current_series()
    floors = {capability: floor_digest(capability) for capability in _capabilities(series)}
    new = Lock(interpreter(), floors, series, {})
    if old is None or old.interpreter != new.interpreter:
        return replace(new, values=values_of(measure("bare")))
    kept = {
        name
        for name, entry in series.items()
        if entry == old.series.get(name) and _floor(old, name) == _floor(new, name)
    }
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
    moved = sorted({_capability(n) for n in changed if _floor(old, n) != _floor(new, n)})
    if moved:
        return [
            f"{name}: its floor changed too; change it in a commit of its own" for name in moved
        ]
    return [line for name in changed if (line := _evidence(name, old, new, same_meaning))]


def _floor(lock: Lock, series: str) -> str | None:
    return lock.floors.get(_capability(series))


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
    start = [file, ROOT / "benchmarks" / "__init__.py"]
    return closure(start, lambda one: imported_modules(one, ROOT))


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
