"""Repositories of any shape, made in one go: merges, branches, tags, dates in any order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

START = 1_700_000_000
DAY = 86_400


@dataclass(frozen=True)
class Made:
    """A commit to be made: its ``name`` is its subject, its files are those of its first parent
    with ``files`` (texts by path) written over them. ``day``: of its dates."""

    name: str
    parents: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    day: int = 0


@dataclass(frozen=True)
class Repository:
    """A repository, and the hashes of its commits by name."""

    folder: Path
    hashes: Mapping[str, str]

    def named(self, *hashes: str) -> list[str]:
        """The names of commits."""
        names = {commit: name for name, commit in self.hashes.items()}
        return [names[one] for one in hashes]


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Run git as a fixed person."""
    person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *person, *arguments],
        cwd=folder,
        env=variables,
        check=True,
        capture_output=True,
        input=stdin.encode(),
    )
    return done.stdout.decode().strip()


def make_repository(
    folder: Path, commits: Sequence[Made], branches: Mapping[str, str], head: str = "main"
) -> Repository:
    """Make ``folder`` a bare repository. ``commits``: parents first; ``branches``: the name of
    the commit at the tip of each."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch", head)
    marks = {made.name: n for n, made in enumerate(commits, 1)}
    stream = [_stream(made, marks) for made in commits]
    stream += [f"reset refs/heads/{name}\nfrom :{marks[tip]}\n\n" for name, tip in branches.items()]
    git(folder, "fast-import", "--quiet", "--export-marks=marks", stdin="".join(stream))
    made_refs = git(folder, "for-each-ref", "--format=delete %(refname)", "refs/made")
    git(folder, "update-ref", "--stdin", stdin=f"{made_refs}\n")
    lines = (folder / "marks").read_text().splitlines()
    by_mark = dict(line.removeprefix(":").split() for line in lines)
    return Repository(folder, {name: by_mark[str(mark)] for name, mark in marks.items()})


def _stream(made: Made, marks: Mapping[str, int]) -> str:
    person = f"Ann <ann@example.org> {START + made.day * DAY} +0000"
    kinds = ["from", *["merge"] * len(made.parents)]
    parents = [f"{k} :{marks[p]}\n" for k, p in zip(kinds, made.parents, strict=False)]
    files = [
        f"M 644 inline {path}\ndata {len(text.encode())}\n{text}\n"
        for path, text in made.files.items()
    ]
    return (
        f"commit refs/made/{marks[made.name]}\nmark :{marks[made.name]}\n"
        f"author {person}\ncommitter {person}\ndata {len(made.name.encode())}\n{made.name}\n"
        f"{''.join(parents)}{''.join(files)}\n"
    )
