"""A tiny target with a git history, a driver and benchmarks, to run asv on for real."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from forked_commands import run_unladen

REPOSITORY_ROOT = Path(__file__).resolve().parents[2]
MACHINE = "lab"

AT_ONCE = ("--wait-for-quiet", "0")
"""For what compares side by side: where many tests run, no machine gets quiet."""

BENCHMARKS = """
import sys

def _tiny():
    import tiny
    return tiny

class Work:
    params = ["a", "b"]
    param_names = ["scenario"]

    def setup(self, scenario):
        if scenario == "b" and not hasattr(_tiny(), "b"):
            raise NotImplementedError("tiny has no b yet")

    def track_value(self, scenario):
        print("about to fail, if at all, in", scenario)
        return getattr(_tiny(), scenario)()

    track_value.unit = "calls"
    track_value.kind = "exact"
    track_value.demo = True

def track_seconds():
    return 0.0123

track_seconds.unit = "seconds"
track_seconds.kind = "sampled"
track_seconds.demo = True

def track_environment():
    import os
    secrets = [name for name in os.environ if name.endswith(("_API_KEY", "_TOKEN", "_SECRET"))]
    return len(secrets) * 100 + int(os.environ["OMP_NUM_THREADS"])

track_environment.unit = "count"
track_environment.demo = True
"""

CHECK = """
import pathlib, sys
if "MALFORMED" in pathlib.Path("targets", sys.argv[1], "driver.py").read_text():
    print("driver.py: TARGET.imports must list at least one module", file=sys.stderr)
    sys.exit(2)
"""

CONF: dict[str, Any] = {
    "version": 1,
    "project": "tiny",
    "project_url": "https://example.org",
    "repo": "https://example.invalid/tiny.git",
    "dvcs": "unladen",
    "branches": ["main"],
    "plugins": [".unladen.plugin"],
    "environment_type": "unladen",
    "benchmark_dir": "../../benchmarks",
    "env_dir": "../../.asv/env",
    "results_dir": "../../results/tiny",
    "html_dir": "../../html/tiny",
    "paths": ["lib/tiny"],
    "import_root": "lib",
    "lock": "requirements.txt",
    "launch_method": "forkserver",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git as a fixed person in ``folder``."""
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    return subprocess.run(
        ["git", *person, *arguments],
        cwd=folder,
        env=variables,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@dataclass
class History:
    """A repository: ``commits`` by a short name, in order; ``missing``: a blob that it lost."""

    folder: Path
    commits: dict[str, str] = field(default_factory=dict)
    missing: str = ""

    def commit(self, name: str, files: dict[str, str], day: int) -> str:
        """Write the files, commit them with a date of that day, and remember the hash."""
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        git(self.folder, "add", ".")
        date = f"2026-01-{day:02d}T12:00:00Z"
        os.environ["GIT_COMMITTER_DATE"] = date
        try:
            git(self.folder, "commit", "--quiet", "--message", name, "--date", date)
        finally:
            del os.environ["GIT_COMMITTER_DATE"]
        self.commits[name] = git(self.folder, "rev-parse", "HEAD")
        return self.commits[name]


def empty_history(folder: Path) -> History:
    """A new repository without commits, its branch called ``main``; ``folder`` is made."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    return History(folder)


def write_history(folder: Path) -> History:
    """Commits ``first``, ``elsewhere`` (out of scope), ``unimportable``, ``raising``, ``good``.

    A large file outside the scope is missing from the object store.
    """
    history = empty_history(folder)
    code = "lib/tiny/__init__.py"
    history.commit("first", {code: "def a(): return 1\n", "big.bin": "big" * 1000}, 1)
    history.commit("elsewhere", {"docs/text.md": "words\n"}, 2)
    history.commit("unimportable", {code: "import a_module_that_is_not_there\n"}, 3)
    raising = "def a(): return 2\n\ndef b(): raise ValueError('b is broken')\n"
    history.commit("raising", {code: raising}, 4)
    history.commit("good", {code: "def a(): return 3\n\ndef b(): return 4000000\n"}, 5)
    history.missing = git(folder, "rev-parse", "HEAD:big.bin")
    (folder / ".git/objects" / history.missing[:2] / history.missing[2:]).unlink()
    return history


@dataclass
class TinyProject:
    """A folder with ``targets/tiny``, ``benchmarks``, ``results``, and the history to measure."""

    folder: Path
    history: History
    home: Path

    @property
    def target(self) -> Path:
        """The target's folder."""
        return self.folder / "targets" / "tiny"

    @property
    def results(self) -> Path:
        """The folder of this machine's results."""
        return self.folder / "results" / "tiny" / MACHINE

    def results_file(self, commit: str) -> Path:
        """The results file of a commit, by the commit's short name."""
        return next(self.results.glob(f"{self.history.commits[commit][:8]}-*.json"))

    def change_conf(self, **changes: Any) -> None:
        """Set keys of the conf; None removes one."""
        path = self.target / "asv.conf.json"
        conf = {**json.loads(path.read_text()), **changes}
        path.write_text(json.dumps({k: v for k, v in conf.items() if v is not None}))

    def variables(self, **changes: str) -> dict[str, str]:
        """The environment of a run."""
        return {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "HOME": str(self.home),
            "UNLADEN_REPO_TINY": str(self.history.folder),
            "EXAMPLE_API_KEY": "secret",
            "OMP_NUM_THREADS": "7",
            **changes,
        }

    def unladen(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run our command line in the project's folder."""
        return run_unladen(arguments, self.folder, self.variables(**variables))

    def asv(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run asv's own command line in the project's folder."""
        return subprocess.run(
            [sys.executable, "-m", "asv", *arguments],
            cwd=self.folder,
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def copy(self, folder: Path) -> TinyProject:
        """The same project elsewhere, results included, with the same benchmark environment."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(".asv", "html"))
        copied = TinyProject(folder, self.history, self.home)
        env_dir = json.loads((self.target / "asv.conf.json").read_text())["env_dir"]
        copied.change_conf(env_dir=str((self.target / env_dir).resolve()))
        return copied

    def digest(self) -> dict[str, str]:
        """The content of every file of the project outside its environment, hashed."""
        files = (f for f in sorted(self.folder.rglob("*")) if f.is_file())
        return {
            str(file.relative_to(self.folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if ".asv" not in file.relative_to(self.folder).parts[:1]
        }


def write_project(folder: Path, history: History) -> TinyProject:
    """The project, not measured yet, on a machine that is called ``lab``."""
    files = {
        "benchmarks/__init__.py": "",
        "benchmarks/work.py": BENCHMARKS,
        "targets/__init__.py": "",
        "targets/check.py": CHECK,
        "targets/tiny/driver.py": "TARGET = object()\n",
        "targets/tiny/requirements.txt": f"asv_runner=={version('asv_runner')}\n",
        "targets/tiny/asv.conf.json": json.dumps(CONF),
    }
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    home = folder.with_name("home")
    home.mkdir()
    return TinyProject(folder, history, home)
