"""Locust's environment: made once, of pinned packages, in the user's folder of caches.

gevent changes the process that it is in, and Locust brings forty packages: neither is ours, nor the
SDK's. What is there is another environment as soon as a line of ``loads/requirements.txt`` or the
Python is another.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import virtualenv

from unladen.errors import UserError
from unladen.project.suite import suite_root
from unladen.store.cache_folder import user_caches
from unladen.text.terminal import last_line, one_line, printable

REQUIREMENTS = "loads/requirements.txt"
_COMPLETE = "unladen-complete"
"""A file in an environment in which all is installed."""


def locust_python() -> Path:
    """The Python of the environment, which is made if it is not there. Raises ``UserError``."""
    requirements = suite_root() / REQUIREMENTS
    folder = user_caches() / f"locust-{_digest(requirements)}"
    python = folder / "bin" / "python"
    try:
        with _alone(folder):
            if not (folder / _COMPLETE).is_file():
                _make(folder, python, requirements)
    except OSError as error:
        raise UserError(f"cannot make Locust's environment {folder}: {error}") from error
    return python


def _digest(requirements: Path) -> str:
    made_of = requirements.read_bytes() + f"{sys.version_info[:3]} {sys.base_prefix}".encode()
    return hashlib.sha256(made_of).hexdigest()[:16]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands make it one after the other."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(folder: Path, python: Path, requirements: Path) -> None:
    print("unladen: making Locust's environment, once", file=sys.stderr)
    if folder.exists():
        shutil.rmtree(folder)  # of a command that was interrupted
    virtualenv.cli_run([str(folder), "--python", sys.executable, "--no-download"])
    done = subprocess.run(
        [
            *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-input", "--requirement", str(requirements)),
        ],
        env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
        said = printable(one_line(errors[-1] if errors else last_line(done.stderr)))
        raise UserError(f"pip cannot install Locust, which --process and --url need: {said}")
    (folder / _COMPLETE).touch()
