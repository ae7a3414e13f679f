"""What a target's ``asv.conf.json`` says, read once.

It is JSON with comments and trailing commas, as asv reads it. Relative paths are seen from the
folder of the conf; those that begin with ``unladen:`` are in the suite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from unladen.errors import UserError
from unladen.project.suite import in_suite
from unladen.text import json5_text
from unladen.text.terminal import one_line

CONF = "asv.conf.json"

VERSION = 1
"""Of the format of a conf, asv's."""


@dataclass(frozen=True)
class Project:
    """A target as its conf describes it. ``name``: asv's ``project``; ``conf``: the file.

    Folders are absolute, links in them not followed. ``branches``: None stands for the repository's
    default one. ``paths``: what of the repository is in scope, all if empty. ``import_roots``: the
    folders of a checkout that are put on ``sys.path``, at least one, "" for its top.
    ``lock``: the requirements file of all commits; ``commit_lock``: where in the repository each
    commit has one of its own instead, the SDK among its packages; one of both or neither.
    ``is_installed_by_commands``: whether commits are installed with the conf's own commands
    (``install_command``) instead of a line in a path file; ``distribution``: if not, the name under
    which the SDK asks for its own version. ``named_by_tags``: commits are called as their tags are;
    ``show_commit_url``: the page of one, less its hash, or with ``NAME_PLACE`` where its name is.
    ``site_url``: the folder on the web that the target's site is published in, "" if none is known.
    ``written``: the conf's keys and values as they are, for asv.
    """

    name: str
    conf: Path
    repo: str
    dvcs: str
    results_dir: Path
    env_dir: Path
    html_dir: Path
    benchmark_dir: Path
    branches: tuple[str | None, ...] = (None,)
    paths: tuple[str, ...] = ()
    import_roots: tuple[str, ...] = ("",)
    lock: Path | None = None
    commit_lock: str = ""
    distribution: str = ""
    named_by_tags: bool = False
    labels: Path | None = None
    project_url: str = ""
    show_commit_url: str = ""
    site_url: str = ""
    launch_method: str = "auto"
    is_installed_by_commands: bool = False
    written: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """That of the conf."""
        return self.conf.parent

    @property
    def is_on_path(self) -> bool:
        """Whether a commit's checkout is put on the path, so that all commits have the same
        packages; else each is installed, and has its own."""
        return not self.is_installed_by_commands and not self.commit_lock

    @cached_property
    def results(self) -> Path:
        """The folder of results, links followed."""
        return self.results_dir.resolve()

    @cached_property
    def root(self) -> Path:
        """The folder that holds the benchmarks and what they import, links followed."""
        return self.benchmark_dir.parent.resolve()

    def require(self, keys: tuple[str, ...]) -> None:
        """Raise ``UserError`` for keys that the conf leaves out or empty."""
        missing = [key for key in keys if not self.written.get(key)]
        if missing:
            raise UserError(f"{self.conf}: missing: {', '.join(missing)}")


def read_project(conf: Path) -> Project:
    """The project of a conf. Raises ``UserError``, one line with the file."""
    try:
        written = json5_text.loads(conf.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"conf {conf} not found") from None
    except (ValueError, OSError, RecursionError) as error:
        raise UserError(f"{conf}: not a readable conf: {one_line(str(error))}") from error
    found = written.get("version") if isinstance(written, dict) else None
    if found is None:
        raise UserError(f'{conf}: No version specified: set "version" to {VERSION}')
    if found != VERSION:
        raise UserError(f'{conf}: "version" must be {VERSION}')
    return project_of(written, conf.absolute())


def project_of(written: Mapping[str, Any], conf: Path) -> Project:
    """The project of what a conf says; ``conf``: where it is, absolute. Raises ``UserError``."""
    try:
        says = msgspec.convert(dict(written), _Conf)
    except msgspec.ValidationError as error:
        raise UserError(f"{conf}: {_complaint(error)}") from error
    if not says.repo:
        raise UserError(
            f'{conf}: No repo specified: set "repo" to the git repository to measure, a path or URL'
        )

    def folder(named: str | None, default: str) -> Path:
        return Path(conf.parent, in_suite(default if named is None else named))

    def file(named: str | None) -> Path | None:
        return Path(conf.parent, in_suite(named)) if named else None

    lock = says.lock or ""
    in_commits = lock.removeprefix(IN_COMMITS) if lock.startswith(IN_COMMITS) else ""
    if in_commits and says.install_command:
        raise UserError(f'{conf}: with the "lock" {lock} there can be no "install_command"')
    roots = says.import_root or ""
    return Project(
        name="project" if says.project is None else says.project,
        conf=conf,
        repo=says.repo,
        dvcs=says.dvcs or "",
        results_dir=folder(says.results_dir, "results"),
        env_dir=folder(says.env_dir, "env"),
        html_dir=folder(says.html_dir, "html"),
        benchmark_dir=folder(says.benchmark_dir, "benchmarks"),
        branches=tuple(says.branches or [None]),
        paths=tuple(says.paths or ()),
        import_roots=tuple(dict.fromkeys([roots] if isinstance(roots, str) else roots)) or ("",),
        lock=None if in_commits else file(says.lock),
        commit_lock=in_commits,
        distribution=says.distribution or "",
        named_by_tags=says.commit_names is not None,
        labels=file(says.labels),
        project_url="#" if says.project_url is None else says.project_url,
        show_commit_url="#" if says.show_commit_url is None else says.show_commit_url,
        site_url=says.site_url or "",
        launch_method=says.launch_method or "auto",
        is_installed_by_commands=bool(says.install_command),
        written=dict(written),
    )


Name = Annotated[str, Meta(min_length=1)]
Inside = Annotated[str, Meta(pattern=r"(?s)\A(?!/)(?!(?:.*/)?\.\.(?:/|\Z))")]
"""A path that leads out of no folder."""

Distribution = Annotated[str, Meta(pattern=r"\A(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?\Z")]


NAME_PLACE = "{name}"

IN_COMMITS = "commit:"
"""Begins a ``lock`` that each commit has, at this path in the repository."""


class _Conf(Struct):
    """What is used of a conf, by key; null is as if it were not there."""

    repo: str | None = None
    project: str | None = None
    dvcs: str | None = None
    results_dir: str | None = None
    env_dir: str | None = None
    html_dir: str | None = None
    benchmark_dir: str | None = None
    branches: list[Name | None] | None = None
    paths: list[Name] | None = None
    import_root: Inside | list[Inside] | None = None
    lock: str | None = None
    distribution: Distribution | None = None
    commit_names: Literal["tags"] | None = None
    labels: str | None = None
    project_url: str | None = None
    show_commit_url: str | None = None
    site_url: str | None = None
    launch_method: str | None = None
    install_command: Any = None


_MUST_BE = {
    "branches": "a list of names",
    "commit_names": '"tags"',
    "distribution": "the name of a distribution",
    "import_root": "a folder of the repository, or a list of them",
    "paths": "a list of paths in the repository",
}
"""What a key must be that may not be any text."""


def _complaint(error: msgspec.ValidationError) -> str:
    """Which key is not as it must be, in words."""
    found = re.search(r" - at `\$\.(\w+)", str(error))
    key = found[1] if found else ""
    return f'"{key}" must be {_MUST_BE.get(key, "a text")}'
