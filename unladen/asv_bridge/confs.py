"""A project as asv knows it, and the other way round; and two things that a conf may say to asv."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asv.config import Config
from asv.plugin_manager import plugin_manager

from unladen.asv_bridge import suite_paths
from unladen.project.project import CONF, Project, project_of


def install() -> None:
    """Let asv find what is in the suite, and take an empty list of branches, which it refuses, for
    none: the default branch is meant. Idempotent."""
    suite_paths.install()
    if not hasattr(Config.from_json, "unladen"):
        Config.from_json = classmethod(_without_empty(Config.from_json.__func__))


def conf_for(project: Project) -> Any:
    """A new ``Config`` of asv's; the project's folder must be the working directory. What it names
    as plugins is loaded."""
    install()
    conf = Config.from_json(dict(project.written))
    for plugin in conf.plugins:
        plugin_manager.import_plugin(plugin)
    return conf


def project_from(conf: Any) -> Project:
    """The project of a conf that asv has read; asv has made its folder the working directory."""
    return project_of(vars(conf), Path.cwd() / CONF)


def _without_empty(from_json: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(from_json)
    def from_json_without_empty(cls: type, data: dict[str, Any]) -> Any:
        is_empty = "branches" in data and data["branches"] in ([], None)
        kept = {k: v for k, v in data.items() if k != "branches"} if is_empty else data
        return from_json(cls, kept)

    from_json_without_empty.unladen = True  # type: ignore[attr-defined]
    return from_json_without_empty
