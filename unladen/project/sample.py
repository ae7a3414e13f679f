"""The sample SDK in an empty folder: its history and its driver come with the suite."""

from __future__ import annotations

from pathlib import Path

from unladen.errors import UserError
from unladen.project.project import CONF
from unladen.project.suite import suite_root


def put_sample(folder: Path) -> None:
    """Write the conf of the sample, so that it is measured here.

    Raises ``UserError`` if there is more in ``folder`` than a virtual environment and hidden files:
    results and a site are written beside the conf.
    """
    if not all(map(_may_be_there, folder.iterdir())):
        raise UserError(
            f"there is no {CONF} here or in a folder above, and the sample wants an empty folder: "
            "mkdir demo && cd demo, or name a target with --target"
        )
    (folder / CONF).write_bytes((suite_root() / CONF).read_bytes())


def _may_be_there(path: Path) -> bool:
    return path.name.startswith(".") or (path / "pyvenv.cfg").is_file()
