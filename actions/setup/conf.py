"""Print what the actions need of an ``asv.conf.json``, one line each: the project, then the
absolute paths of its results, environments, pages and lock file. Exit code 2 if it can't be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from unladen.errors import UserError
from unladen.project.project import read_project

REQUIRED = ("project", "results_dir", "env_dir", "html_dir", "lock")


def main(name: str) -> int:
    """Print them; the exit code."""
    try:
        project = read_project(Path(name))
        project.require(REQUIRED)
        assert project.lock is not None
    except UserError as error:
        return _refuse(str(error))
    folders = (project.results_dir, project.env_dir, project.html_dir, project.lock)
    lines = [project.name, *(str(folder.resolve()) for folder in folders)]
    if (
        project.name in (".", "..")
        or "/" in project.name
        or any(c in line for line in lines for c in "\r\n")
    ):
        return _refuse(f"{name}: the project or a path has a name that won't do")
    print("\n".join(lines))
    return 0


def _refuse(why: str) -> int:
    print(f"unladen: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
