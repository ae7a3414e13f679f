"""An SDK's repository as a runner of GitHub Actions sees it: a clone, a remote, a home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from tiny_project import CONF, empty_history, git

ROOT = Path(__file__).resolve().parents[2]

CONFIG = "bench/asv.conf.json"

BENCHMARKS = """
class Work:
    params = ["a"]
    param_names = ["scenario"]

    def track_value(self, scenario):
        import tiny
        return tiny.a()

    track_value.unit = "calls"
    track_value.kind = "exact"
    track_value.group = "calls"
"""


@dataclass
class Step:
    """What a step did. ``outputs``: what it wrote to GITHUB_OUTPUT, by name."""

    code: int
    text: str
    summary: str
    outputs: dict[str, str]


@dataclass
class Runner:
    """``sdk``: the clone that actions/checkout made of ``remote``, a bare repository."""

    sdk: Path
    remote: Path
    home: Path
    commits: dict[str, str] = field(default_factory=dict)

    def run(self, script: str, **variables: str) -> Step:
        """Run a script of ours, such as ``gate/gate.sh``, as its step does, with these inputs."""
        files = {name: self.home / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "CONFIG": CONFIG,
            "RESULTS_BRANCH": "unladen-results",
            **{name: str(file) for name, file in files.items()},
            **variables,
        }
        done = subprocess.run(
            ["bash", str(ROOT / "actions" / script)],
            cwd=self.sdk,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        summary, written = (files[n].read_text() for n in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"))
        return Step(done.returncode, done.stdout, summary, outputs(written))

    def prepare(self) -> Step:
        """The set-up's step."""
        return self.run("setup/prepare.sh", BRANCH="main", MACHINE="github-Linux-X64")

    def check_out(self, commit: str) -> None:
        """Another run: everything from the remote, the work tree at this commit, no local branch,
        nothing measured, but for the cached environments."""
        git(self.sdk, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
        git(self.sdk, "checkout", "--quiet", "--force", "--detach", self.commits[commit])
        if git(self.sdk, "branch", "--list", "main"):
            git(self.sdk, "branch", "--quiet", "-D", "main")
        git(self.sdk, "clean", "--quiet", "-ffdx", "--exclude", "bench/.asv")

    def stored(self) -> list[str]:
        """The files on the branch of results, as the remote has it."""
        return git(self.remote, "ls-tree", "-r", "--name-only", "unladen-results").splitlines()


def outputs(written: str) -> dict[str, str]:
    """What is in GITHUB_OUTPUT: ``name=value`` or ``name<<end``, lines, ``end``."""
    found, lines = {}, iter(written.splitlines())
    for line in lines:
        name, _, value = line.partition("=")
        if "<<" in name:
            name, _, end = line.partition("<<")
            value = "\n".join(iter(lambda end=end: next(lines), end))  # type: ignore[misc]
        found[name] = value
    return found


def _code(value: int, comment: str = "") -> dict[str, str]:
    return {"lib/tiny/__init__.py": f"def a(): return {value}\n{comment}"}


def made_runner(folder: Path) -> Runner:
    """A repository with ``first`` and ``second`` on main, and branches from there: ``same``,
    ``worse``, ``broken``."""
    history = empty_history(folder / "author")
    conf = {
        **CONF,
        "repo": "..",
        "benchmark_dir": "benchmarks",
        "env_dir": ".asv",
        "results_dir": "results/tiny",
        "html_dir": "html/tiny",
    }
    bench = {
        CONFIG: json.dumps(conf),
        "bench/requirements.txt": f"asv_runner=={version('asv_runner')}\n",
        "bench/benchmarks/__init__.py": "",
        "bench/benchmarks/work.py": BENCHMARKS,
        "bench/.gitignore": ".asv/\nresults/\nhtml/\n",
    }
    history.commit("first", {**bench, **_code(100)}, 1)
    history.commit("second", _code(100, "# faster to read\n"), 2)
    branches = {"same": _code(100, "# a\n"), "worse": _code(150), "broken": {**_code(1)}}
    branches["broken"]["lib/tiny/__init__.py"] = "raise ValueError('it is broken')\n"
    for day, (branch, files) in enumerate(branches.items(), 3):
        git(history.folder, "checkout", "--quiet", "-b", branch, history.commits["second"])
        history.commit(branch, files, day)
    git(history.folder, "checkout", "--quiet", "main")
    remote, sdk, home = folder / "remote.git", folder / "sdk", folder / "home"
    home.mkdir()
    git(folder, "clone", "--quiet", "--bare", str(history.folder), str(remote))
    git(folder, "clone", "--quiet", str(remote), str(sdk))
    made = Runner(sdk, remote, home, history.commits)
    made.check_out("second")
    return made
