"""Environments of which there is one for each lock, made by uv in seconds and kept: a commit that
was installed once is installed by naming its folder, and two are there at the same time.

Those that were not used for long are removed, and the longest unused ones when all together are too
large.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.measure.package_index import UNREACHABLE, complaint, run_uv
from unladen.repo.refs import GitRepository, git_output

REFUSAL = "# cannot be installed: "
"""Begins the line of a lock that says why there is nothing to install."""

SPACE_VARIABLE = "UNLADEN_KEPT_GIGABYTES"
GIGABYTES = 5.0
DAYS = 30.0
"""How much space all of one target's may take, and how long one is kept that nobody uses."""

_WHOLE = "unladen-kept"
"""In the folder of each that is complete; the time of its last change is that of the last use."""

_in_use: deque[Path] = deque(maxlen=4)
"""Those that this process asked for last: more are never measured side by side."""


class CannotInstall(Exception):
    """A lock that cannot be installed: why, one line. ``output``: what uv said."""

    def __init__(self, why: str, output: str = "") -> None:
        """Both as above."""
        super().__init__(why)
        self.output = output


class Unreachable(Exception):
    """The package index could not be asked: why, one line. It says nothing of a lock."""


class LockNotInstalled(ProcessError):  # type: ignore[misc]  # asv has no types
    """The environment of a commit's lock cannot be made. asv tells its user what this is as text,
    and so that says why."""

    def __init__(self, path: str, why: str, output: str = "") -> None:
        """``path``: of the lock; ``why``: one line; ``output``: what the installer said."""
        super().__init__(["install", path], 1, output, why)

    def __str__(self) -> str:
        """Why, after the lock's path."""
        return f"{self.args[1]}: {self.stderr}"


@dataclass(frozen=True)
class KeptInstalls:
    """Those in one folder. ``python``: the interpreter that they are of."""

    folder: Path
    python: str

    def at(self, lock: str) -> Path:
        """Where the environment of this lock is or will be: its folder."""
        pins = "\n".join(line for line in _lines(lock) if not line.startswith("#"))
        made_of = f"{sys.implementation.cache_tag}\0{self.python}\0{pins}"
        return self.folder / hashlib.sha256(made_of.encode()).hexdigest()[:16]

    def find(self, lock: str) -> Path | None:
        """The environment of this lock, if it is there."""
        found = self.at(lock)
        return found if (found / _WHOLE).is_file() else None

    def provide(self, lock: str) -> Path:
        """The environment of this lock, made if it is not there. ``lock``: a requirements file with
        all packages pinned. Raises ``CannotInstall``, ``Unreachable``."""
        for line in _lines(lock):
            if line.startswith(REFUSAL):
                raise CannotInstall(line.removeprefix(REFUSAL))
        found = self.find(lock)
        if found is None:
            found = self.at(lock)
            self._make_room(found)
            self._make(found, lock)
        (found / _WHOLE).touch()
        _in_use.append(found)
        return found

    def clear(self) -> int:
        """Remove all of them; how many there were."""
        kept = list(self._all())
        for one in kept:
            _remove(one)
        return len(kept)

    def _make(self, folder: Path, lock: str) -> None:
        _remove(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            _uv(["venv", "--quiet", "--no-project", "--python", self.python, str(folder)])
            file = folder / "requirements.txt"
            file.write_text(lock)
            # Copies: a link's time of change moves with what else is linked to the file.
            options = ["--quiet", "--link-mode", "copy", "--compile-bytecode"]
            command = ["pip", "sync", *options, "--python", str(folder / "bin" / "python")]
            try:
                _uv([*command, "--offline", str(file)])
            except (CannotInstall, Unreachable):
                _uv([*command, str(file)])
        except BaseException:
            _remove(folder)
            raise
        (folder / _WHOLE).touch()

    def _make_room(self, wanted: Path) -> None:
        now, limit = time.time(), _space() * 1e9
        sizes = {one: _size(one) for one in self._all() if one != wanted}
        unused = {one: _last_use(one) for one in sizes if one not in _in_use}
        for one in sorted(unused, key=unused.__getitem__):
            if now - unused[one] > DAYS * 86_400 or sum(sizes.values()) > limit:
                _remove(one)
                sizes.pop(one)

    def _all(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (one for one in self.folder.iterdir() if one.is_dir())


def lock_of(repository: GitRepository, commit: str, path: str) -> str:
    """The lock that a commit has at this path. Raises ``CannotInstall``."""
    try:
        return git_output(repository, ["show", f"{commit}:{path}"])
    except ProcessError as error:
        raise CannotInstall(f"this commit has no {path}") from error


def _lines(lock: str) -> Iterator[str]:
    return filter(None, map(str.strip, lock.splitlines()))


def _uv(arguments: list[str]) -> None:
    """Raises ``CannotInstall``, ``Unreachable``."""
    done = run_uv(arguments)
    if done.returncode == UNREACHABLE:
        raise Unreachable(complaint(done.stderr))
    if done.returncode:
        raise CannotInstall(complaint(done.stderr), done.stderr)


def _space() -> float:
    given = os.environ.get(SPACE_VARIABLE, "")
    try:
        found = float(given or GIGABYTES)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e6:
        raise UserError(f"{SPACE_VARIABLE}={given}: must be a number of gigabytes")
    return found


def _last_use(folder: Path) -> float:
    try:
        return (folder / _WHOLE).stat().st_mtime
    except OSError:
        return 0.0  # it was not made whole


def _size(folder: Path) -> int:
    """Bytes of its files."""
    files = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return sum(file.lstat().st_size for file in files)


def _remove(folder: Path) -> None:
    # What says that it is whole goes first: an interrupt must not leave half of it under that name.
    (folder / _WHOLE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
