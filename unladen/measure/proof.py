"""That what was measured is the commit that was asked for.

Whatever else may use a checkout or an environment meanwhile - a command on a file system without
locks, somebody's git, an editor, pip - no value may be stored under a commit that does not have it.
So the state of all files is taken when a commit has been installed, compared before its first
process is started and after its last, and in the end one more process, started like a benchmark's,
says where it finds the SDK.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.repo.snapshot import Snapshot, head_of
from unladen.store.json_files import replacing
from unladen.text.terminal import last_line, one_line, printable

INSTALLED = "unladen-installed.json"
"""In an environment's folder: the commit that was installed, and the state of all files then."""

WHERE_FOUND = """
import importlib.util, json, os, sys
del sys.path[:1]
root, project, *names = sys.argv[1:]
sys.path.insert(0, root)
if os.path.isfile(os.path.join(root, "targets", "loading.py")):
    from targets.loading import load
    names = [name.partition(":")[0] for name in load(project).imports]
sys.path.append(sys.path.pop(0))
found = {}
for name in names:
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        module = ".".join(parts[:depth])
        spec = importlib.util.find_spec(module)
        found.pop(".".join(parts[: depth - 1]), None)
        if spec is None:
            break
        if spec.has_location:
            found[module] = [spec.origin]
            break
        found[module] = list(spec.submodule_search_locations or ())
print(json.dumps(found))
"""
"""Says where the modules that the driver names are found, or those named: the file of each, or of
its topmost package that has one; the folders where it is a namespace. Imports none of them."""

Run = Callable[[list[str], str], str]
"""Runs a process like a benchmark's with these arguments in this folder; gives what it printed."""


@dataclass(frozen=True)
class Installation:
    """Where an SDK is measured. ``folder``: the environment's; ``checkout``: of the SDK's
    repository, below it; ``packages``: its site-packages. ``on_path``: the folders of the checkout
    that are put on the path; none if the SDK is installed with commands, wherever in ``folder``.
    ``root``: of benchmarks and targets."""

    folder: Path
    checkout: Path
    packages: Sequence[Path]
    on_path: Sequence[Path]
    project: str
    root: Path

    def snapshot(self) -> Snapshot:
        """The state of all files that decide what is imported."""
        return Snapshot.take([self.checkout, *self.packages])


@dataclass(frozen=True)
class Witness:
    """What was there when the first process of a measurement was started. ``commit``: the one that
    was installed, "" if none was, or not whole."""

    commit: str
    snapshot: Snapshot

    def complaint(self, installation: Installation, commit: str, run: Run) -> str:
        """Why values measured since are not those of ``commit``, one line; "" if they are."""
        return self.disturbance(installation, commit) or misplacement(
            installation, self.snapshot, run
        )

    def disturbance(self, installation: Installation, commit: str) -> str:
        """As ``complaint``, as far as files and their times say."""
        if self.commit != commit:
            return f"installed was {self.commit[:8] or 'no commit, or not as a whole'}"
        if lost := self.snapshot.lost(installation.snapshot()):
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            return f"{printable(lost[0])}{more} changed meanwhile, by somebody or by the SDK itself"
        head = head_of(installation.checkout)
        if head not in (commit, ""):
            return f"{printable(head[:40])} was checked out meanwhile"
        return ""


def misplacement(installation: Installation, known: Snapshot, run: Run) -> str:
    """Which module of the SDK is found elsewhere than where the commit put it, one line; "" if
    none. ``known``: the files that were there."""
    modules = sorted({module for folder in installation.on_path for module in modules_in(folder)})
    home = os.path.realpath(installation.checkout if installation.on_path else installation.folder)
    for module, found in _find(installation, run, modules).items():
        paths = [os.path.realpath(path) for path in found]
        if paths and not any(path.startswith(home + os.sep) for path in paths):
            return f"`import {module}` gives {printable(paths[0])}, which is not the commit's"
        for path in filter(os.path.isfile, paths):
            as_walked = str(Path(installation.checkout, os.path.relpath(path, home)))
            if installation.on_path and as_walked not in known.files:
                return f"`import {module}` gives {printable(path)}, which the commit does not have"
    return ""


def _find(
    installation: Installation, run: Run, modules: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-c", WHERE_FOUND, str(installation.root), installation.project, *modules]
        try:
            said = run(arguments, folder)
            return msgspec.json.decode(last_line(said), type=dict[str, list[str]])
        except ProcessError as error:
            why, cause = one_line(last_line(error.stderr) or last_line(error.stdout)), error
        except (msgspec.DecodeError, RecursionError) as error:
            why, cause = one_line(str(error)), error
    raise UserError(
        f"{installation.project}: cannot tell where the SDK is imported from: {printable(why)}"
    ) from cause


def modules_in(folder: Path) -> set[str]:
    """The modules and packages in a folder, as far as the standard library has none called so,
    which would come first in any case."""
    modules = {file.stem for file in folder.glob("*.py")}
    packages = {file.parent.name for file in folder.glob("*/__init__.py")}
    return {name for name in modules | packages if name not in {"test", *sys.stdlib_module_names}}


class _Installed(Struct):
    """What ``INSTALLED`` says."""

    commit: str
    digest: str


def record_install(installation: Installation, commit: str, snapshot: Snapshot) -> None:
    """Note in an environment's folder what has just been installed."""
    said = msgspec.json.encode(_Installed(commit, snapshot.digest))
    with replacing(installation.folder / INSTALLED) as temporary:
        temporary.write_bytes(said)


def is_as_installed(installation: Installation, commit: str, snapshot: Snapshot) -> bool:
    """Whether ``commit`` was installed last, and nothing has changed since."""
    try:
        content = (installation.folder / INSTALLED).read_bytes()
        noted = msgspec.json.decode(content, type=_Installed)
    except (OSError, msgspec.DecodeError, RecursionError):
        return False
    is_same = noted == _Installed(commit, snapshot.digest)
    return is_same and head_of(installation.checkout) in (commit, "")
