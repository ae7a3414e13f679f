"""A project as asv knows it, and the other way round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asv.config import Config
from asv.plugin_manager import plugin_manager

from unladen.project import suite_paths
from unladen.project.project import CONF, Project, project_of


def conf_for(project: Project) -> Any:
    """A new ``Config`` of asv's; the project's folder must be the working directory. What it names
    as plugins is loaded."""
    suite_paths.install()
    conf = Config.from_json(dict(project.written))
    for plugin in conf.plugins:
        plugin_manager.import_plugin(plugin)
    return conf


def project_from(conf: Any) -> Project:
    """The project of a conf that asv has read; asv has made its folder the working directory."""
    return project_of(vars(conf), Path.cwd() / CONF)
