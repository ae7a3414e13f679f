"""What the tests of patch series share: reading, running apart, damaging."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from series_history import git
from tiny_project import REPOSITORY_ROOT

from unladen.errors import UserError


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def head_of(folder: Path) -> str:
    return (folder / "HEAD").read_text().strip()


def log(repository: Path, form: str) -> str:
    return git(repository, "log", "--date=raw", f"--format={form}", "main")


def python(code: str, *arguments: object, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY_ROOT), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


PROVIDE = """
import os, pathlib, sys
os.umask(int(sys.argv[3], 8))
from unladen.repo.patches.series import provide
print(provide(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
"""

SAVE = """
import os, pathlib, sys
os.umask(int(sys.argv[3], 8))
from unladen.repo.patches.save import save
print(save(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
"""


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return output.strip()


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(UserError) as caught:
        call(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    return message


def truncate_object(repository: Path) -> None:
    file = next(f for f in (repository / "objects").glob("??/*") if f.stat().st_size > 60)
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:40])
