"""Whose a folder of results, environments or pages is: two targets in one mix what they measure,
and ``publish`` deletes what is there.

``target.json`` in the folder says it. In a site without it, one of plain asv, ``index.json`` does,
and in environments without it the path files that put an SDK on the path. A folder of results
without it is another target's if that target's conf names it and so does its own name.
"""

from __future__ import annotations

import json
from pathlib import Path

from unladen.errors import UserError
from unladen.project import targets
from unladen.project.project import Project, read_project
from unladen.store.json_files import check_size, write_json
from unladen.text.terminal import printable

MARKER = "target.json"
VERSION = 1

_OF_A_SITE = {MARKER, "index.json", "asv.js", "asv.css"}
"""Files that a ``publish`` leaves, one of them even where it was interrupted."""


def check_folders(project: Project) -> None:
    """Raise ``UserError``, one line, if the results or environments of the conf are another
    target's."""
    check_results_folder(project.results, project.name)
    folder = project.env_dir.resolve()
    _refuse("env_dir", folder, owner_of(folder) or _installed(folder), project.name)


def claim(folder: Path, project: str) -> None:
    """Note in a folder that it is this target's, if nothing does."""
    path = folder.resolve() / MARKER
    if not path.is_file():
        write_json(path, {"project": project}, VERSION)


def check_results_folder(folder: Path, project: str) -> None:
    """Raise ``UserError`` if a folder of results is another target's."""
    folder = folder.resolve()
    _refuse("results_dir", folder, owner_of(folder) or _shared(folder, project), project)


def check_site(project: Project) -> None:
    """Raise ``UserError`` if the folder of the pages is another target's, or holds what no publish
    has left there."""
    folder = project.html_dir.resolve()
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not any((folder / name).exists() for name in _OF_A_SITE):
        raise UserError(
            f"{printable(str(folder))} holds no published site, and publish deletes what is there: "
            'empty it, or name another "html_dir"'
        )
    owner = owner_of(folder) or _text_of(folder / "index.json", "project")
    _refuse("html_dir", folder, owner, project.name)


def _refuse(what: str, folder: Path, owner: str, project: str) -> None:
    if owner and owner != project:
        raise UserError(
            f'{printable(str(folder))} is the "{what}" of {printable(owner)}, not of {project}: '
            "name one of its own in asv.conf.json"
        )


def owner_of(folder: Path) -> str:
    """The target that a folder says it is of; "" if it does not."""
    return _text_of(folder / MARKER, "project")


def _text_of(path: Path, key: str) -> str:
    """A text in a JSON file that others may have written; "" if there is none."""
    try:
        check_size(path)
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError, UserError):
        return ""
    value = found.get(key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _installed(folder: Path) -> str:
    """The project whose SDK environments in a folder put on the path; "" if none or several do."""
    files = folder.glob("*/lib/*/site-packages/unladen-*.pth")
    names = {file.stem.removeprefix("unladen-") for file in files}
    return names.pop() if len(names) == 1 else ""


def _shared(folder: Path, project: str) -> str:
    """Another target whose conf names this folder of results too, if the folder has its name and
    not ours, or nobody's; "" if there is none."""
    if folder.name == project or not folder.is_dir() or not any(folder.iterdir()):
        return ""
    found = [name for name in targets.known_targets() if name != project and _names(name, folder)]
    return found[0] if found else ""


def _names(target: str, folder: Path) -> bool:
    try:
        return read_project(targets.find(target)).results == folder
    except UserError:
        return False  # unreadable: whoever uses that target is told
