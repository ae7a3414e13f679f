"""Building the distributions of this tree, and using the wheel as its users do."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Built:
    """``folder``: holds both."""

    folder: Path

    @property
    def wheel(self) -> Path:
        return next(self.folder.glob("*.whl"))

    @property
    def sdist(self) -> Path:
        return next(self.folder.glob("*.tar.gz"))


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and a home in which there is nothing."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-home")

    @property
    def variables(self) -> dict[str, str]:
        """All that a program of the environment gets to know."""
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
            "PIP_CACHE_DIR": str(pip_cache()),
        }

    def run(
        self, program: str, *arguments: str, cwd: Path, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """A program of the environment, with few variables: none of the tests' own Python."""
        self.home.mkdir(exist_ok=True)
        return subprocess.run(
            [str(self.folder / "bin" / program), *arguments],
            cwd=cwd,
            env={**self.variables, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, program: str, *arguments: str, cwd: Path, **variables: str) -> str:
        """Its standard output; fails with all that it said unless it ended well."""
        return output_of(self.run(program, *arguments, cwd=cwd, **variables))


def output_of(done: subprocess.CompletedProcess[str]) -> str:
    """The standard output of what ended well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path) -> None:
    """The sdist of the files that git doesn't ignore, and the wheel that is made of the sdist."""
    tree = folder / "tree"
    listed = output_of(run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT)).splitlines()
    for name in listed:
        if not name.startswith(("tests/", "results/")) and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((ROOT / name).read_bytes())
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder))
    output_of(run(*command, str(tree), cwd=folder))


def installed_in(shared: Path, built: Built, python: str) -> Installed:
    """The wheel in an environment of ``python``, and nothing else but what it needs."""
    version = Path(python).resolve().name
    once(shared / version, lambda folder: install(folder, python, built.wheel))
    return Installed(shared / version)


def once(folder: Path, make: Callable[[Path], None]) -> None:
    """``make(folder)`` in one process of those that ask; the others wait until it is done."""
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_name(f"{folder.name}.done")
        if not done.exists():
            make(folder)
            done.touch()


def install(folder: Path, python: str, wheel: Path) -> None:
    """An environment of ``python`` with the wheel and what it needs."""
    output_of(run(python, "-m", "venv", str(folder), cwd=folder.parent))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-compile")
    output_of(run(*pip, "--disable-pip-version-check", str(wheel), cwd=folder.parent))


def pip_cache() -> Path:
    """What pip has downloaded is shared; the home is not."""
    given = os.environ.get("PIP_CACHE_DIR")
    return Path(given) if given else Path.home() / ".cache" / "pip"


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
