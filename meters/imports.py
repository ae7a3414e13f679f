"""Import cost: what importing modules takes in a fresh interpreter.

Kind: CPU seconds are sampled; modules loaded and bytecodes executed are exact.
Unit: seconds; modules; bytecodes.
Cost: one fresh interpreter per value, and one per process and set of modules to warm the caches.
Counting bytecodes is 2 to 5 times slower than the import (asyncio 0.7 million in 0.1 s, numpy 1.6
million in 0.25 s, asv 4.6 million in 0.6 s: ten million take a bit over a second).
Blind spots: bytecode caches (.pyc) are warm, by a run that is not counted, so the cost of compiling
is left out; where caches cannot be written it is counted in every run. The child sees this
process's ``sys.path`` but runs without ``site``: a module that is found only through an import hook
of a .pth file is not found. Threads that an import starts, and C code, execute bytecodes that are
not seen. The import system searches ``sys.path`` in Python, so exact numbers depend on its entries
and are comparable within one environment only.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CHILD = Path(__file__).with_name("import_child.py")
# Where the interpreter finds itself and its caches; every other PYTHON* setting changes the cost.
_KEPT_SETTINGS = frozenset({"PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX"})


class ImportFailed(RuntimeError):
    """A module could not be imported; the message ends with the child's last error line."""


@dataclass(frozen=True, slots=True)
class ImportCost:
    """What an import takes: CPU seconds of each repetition, modules loaded, bytecodes executed."""

    cpu_seconds: tuple[float, ...]
    modules: int
    bytecodes: int


def measure(modules: Sequence[str], repeat: int) -> ImportCost:
    """Import ``modules`` in fresh interpreters: ``repeat`` times for CPU, once for each count.

    Raises ImportFailed if one of them cannot be imported.
    """
    return ImportCost(
        cpu_seconds=tuple(import_cpu_seconds(modules) for _ in range(repeat)),
        modules=import_modules(modules),
        bytecodes=import_bytecodes(modules),
    )


def import_cpu_seconds(modules: Sequence[str], *, warm: bool = False) -> float:
    """CPU seconds (all threads) of importing ``modules``, without starting the interpreter.

    ``warm``, here and below: their byte code caches are known to be written.
    """
    return float(_in_child("cpu_seconds", modules, {}, warm))


def import_modules(modules: Sequence[str], *, warm: bool = False) -> int:
    """Number of modules that importing ``modules`` adds to a bare interpreter's own."""
    return int(_in_child("modules", modules, {"PYTHONHASHSEED": "0"}, warm))


def import_bytecodes(modules: Sequence[str], *, warm: bool = False) -> int:
    """Bytecodes executed by importing ``modules``, those of the import system included."""
    return int(_in_child("bytecodes", modules, {"PYTHONHASHSEED": "0"}, warm))


def _in_child(
    question: str, modules: Sequence[str], settings: Mapping[str, str], warm: bool
) -> str:
    names = ",".join(modules)
    path = tuple(sys.path)
    if not warm:
        _warm_caches(names, path)
    return _run_child(question, names, path, settings)


@cache
def _warm_caches(names: str, path: tuple[str, ...]) -> None:
    """Import once without measuring, so that every bytecode cache has been written."""
    _run_child("modules", names, path, {})


def _run_child(
    question: str, names: str, path: tuple[str, ...], settings: Mapping[str, str]
) -> str:
    # Without site (-S) no .pth file starts coverage or adds to the path that is passed on.
    command = [sys.executable, "-S", str(_CHILD), question, names, *path]
    child = subprocess.run(
        command,
        env={**_plain_environment(), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    answer = child.stdout.strip()
    if child.returncode != 0 or not answer:
        lines = child.stderr.strip().splitlines() or [f"exit code {child.returncode}, no message"]
        raise ImportFailed(f"importing {names}: {lines[-1].strip()}")
    return answer


def _plain_environment() -> dict[str, str]:
    """This process's environment without settings that change how Python runs."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") or name in _KEPT_SETTINGS
    }
