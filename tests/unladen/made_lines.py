"""Results of a repository of any shape: each commit's value is what its tree holds."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from made_history import COLUMNS, Project, series
from made_repository import DAY, START, Made, Repository, make_repository

from unladen.cli import main
from unladen.project import project as target

FILE = "lib/tiny"
"""The file whose number is the value of a commit, and the only path in scope."""

SERIES = series("C.track_value", unit="calls")


@dataclass
class MadeProject:
    """A conf, a repository and results of machine ``lab``."""

    folder: Path
    made: Repository
    commits: Mapping[str, Made]

    def read(self) -> target.Project:
        """What the conf says now."""
        return target.read_project(self.folder / "asv.conf.json")

    def value(self, name: str) -> int:
        """The number in the file of a commit."""
        made = self.commits[name]
        return int(made.files[FILE]) if FILE in made.files else self.value(made.parents[0])

    def store(self, names: Iterable[str]) -> None:
        """Measure these commits: write their results."""
        folder = self.folder / "results" / "lab"
        for name in names:
            data = {
                "version": 2,
                "commit_hash": self.made.hashes[name],
                "env_name": "env",
                "date": (START + self.commits[name].day * DAY) * 1000,
                "params": {},
                "python": "3.11",
                "requirements": {},
                "env_vars": {},
                "result_columns": COLUMNS,
                "results": {SERIES.name: [[self.value(name)], [], "1"]},
                "durations": {},
            }
            path = folder / f"{self.made.hashes[name][:8]}-env.json"
            path.write_text(json.dumps(data))

    def unladen(self, *arguments: str) -> tuple[int, str, str]:
        """Our command line: exit code, output, errors. In this process: there are many.

        Without the remark that nothing was measured on this machine."""
        out, err = io.StringIO(), io.StringIO()
        conf = str(self.folder / "asv.conf.json")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--config", conf, *arguments])
        said = [line for line in err.getvalue().splitlines(True) if "shown is lab" not in line]
        return code, out.getvalue(), "".join(said)

    def changes(self, *arguments: str) -> list[tuple[str, float, float]]:
        """What ``changes`` says: commit, value before and after, oldest first."""
        code, out, err = self.unladen("changes", "--json", *arguments)
        assert code == 0, err
        found = json.loads(out)["changes"]
        return [
            (self.name(one["commit"]), one["before"]["value"], one["after"]["value"])
            for one in reversed(found)
        ]

    def name(self, commit: str) -> str:
        """The name of a commit."""
        return self.made.named(commit)[0]


def make_project(
    folder: Path, commits: Sequence[Made], branches: Mapping[str, str], **conf: Any
) -> MadeProject:
    """A project with nothing measured. ``conf``: keys of its conf; None leaves one out."""
    made = make_repository(folder / "repository", commits, branches)
    written = {
        "version": 1,
        "project": "tiny",
        "repo": str(made.folder),
        "dvcs": "unladen",
        "branches": list(branches),
        "plugins": [".unladen.plugin"],
        "paths": [FILE],
        "environment_type": "unladen",
        "results_dir": "results",
        "benchmark_dir": "benchmarks",
        "env_dir": ".asv/env",
        "html_dir": "html",
        "lock": "lock",
        **conf,
    }
    kept = {key: value for key, value in written.items() if value is not None}
    (folder / "asv.conf.json").write_text(json.dumps(kept))
    project = Project(folder, [])
    project.describe(SERIES)
    (folder / "results" / "lab").mkdir()
    machine = {"version": 1, "machine": "lab"}
    (folder / "results" / "lab" / "machine.json").write_text(json.dumps(machine))
    return MadeProject(folder, made, {made.name: made for made in commits})
