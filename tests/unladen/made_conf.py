"""Projects without a conf."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unladen.project.project import Project

NOWHERE = Path("/nowhere")


def made_project(*branches: str, **fields: Any) -> Project:
    """A target called ``tiny`` with these branches, by default the repository's own."""
    return Project(
        **{
            "name": "tiny",
            "conf": NOWHERE / "asv.conf.json",
            "repo": str(NOWHERE / "repository"),
            "dvcs": "unladen",
            "results_dir": NOWHERE / "results",
            "env_dir": NOWHERE / "env",
            "html_dir": NOWHERE / "html",
            "benchmark_dir": NOWHERE / "benchmarks",
            "branches": branches or (None,),
            **fields,
        }
    )
