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
from typing import Any

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
    ``is_installed_by_commands``: whether commits are installed with the conf's own commands
    (``install_command``) instead of a line in a path file; ``distribution``: if not, the name under
    which the SDK asks for its own version. ``written``: the conf's keys and values as they are, for
    asv.
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
    distribution: str = ""
    labels: Path | None = None
    project_url: str = ""
    show_commit_url: str = ""
    launch_method: str = "auto"
    is_installed_by_commands: bool = False
    written: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """That of the conf."""
        return self.conf.parent

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
        raise UserError(f"{conf}: No version specified")
    if found != VERSION:
        raise UserError(f'{conf}: "version" must be {VERSION}')
    return project_of(written, conf.absolute())


def project_of(written: Mapping[str, Any], conf: Path) -> Project:
    """The project of what a conf says; ``conf``: where it is, absolute. Raises ``UserError``."""
    says = _Written(written, conf)
    repo = says.text("repo")
    if not repo:
        raise UserError(f"{conf}: No repo specified")
    return Project(
        name=says.text("project", "project"),
        conf=conf,
        repo=repo,
        dvcs=says.text("dvcs"),
        results_dir=says.folder("results_dir", "results"),
        env_dir=says.folder("env_dir", "env"),
        html_dir=says.folder("html_dir", "html"),
        benchmark_dir=says.folder("benchmark_dir", "benchmarks"),
        branches=says.branches(),
        paths=says.paths(),
        import_roots=says.import_roots(),
        lock=says.file("lock"),
        distribution=says.distribution(),
        labels=says.file("labels"),
        project_url=says.text("project_url", "#"),
        show_commit_url=says.text("show_commit_url", "#"),
        launch_method=says.text("launch_method") or "auto",
        is_installed_by_commands=bool(written.get("install_command")),
        written=dict(written),
    )


class _Written:
    """The keys of a conf, each with the type that it must have."""

    def __init__(self, written: Mapping[str, Any], conf: Path) -> None:
        self._written = written
        self._conf = conf

    def text(self, key: str, default: str = "") -> str:
        found = self._written.get(key, default)
        if found is None:
            return default
        if not isinstance(found, str):
            raise self._malformed(key, "a text")
        return found

    def folder(self, key: str, default: str) -> Path:
        return Path(self._conf.parent, in_suite(self.text(key, default)))

    def file(self, key: str) -> Path | None:
        found = self.text(key)
        return Path(self._conf.parent, in_suite(found)) if found else None

    def branches(self) -> tuple[str | None, ...]:
        found = self._written.get("branches") or [None]
        if found != [None] and not _is_list_of_names(found):
            raise self._malformed("branches", "a list of names")
        return tuple(found)

    def distribution(self) -> str:
        found = self.text("distribution")
        if found and not re.fullmatch(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", found, re.ASCII):
            raise self._malformed("distribution", "the name of a distribution")
        return found

    def paths(self) -> tuple[str, ...]:
        found = self._written.get("paths")
        if found is not None and not _is_list_of_names(found):
            raise self._malformed("paths", "a list of paths in the repository")
        return tuple(found or ())

    def import_roots(self) -> tuple[str, ...]:
        found = self._written.get("import_root") or ""
        roots = [found] if isinstance(found, str) else found
        if not isinstance(roots, list) or not all(map(_is_inside, roots)):
            raise self._malformed("import_root", "a folder of the repository, or a list of them")
        return tuple(dict.fromkeys(roots)) or ("",)

    def _malformed(self, key: str, what: str) -> UserError:
        return UserError(f'{self._conf}: "{key}" must be {what}')


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _is_inside(root: object) -> bool:
    return isinstance(root, str) and not root.startswith("/") and ".." not in root.split("/")
