"""The files that put an SDK under test, and writing them where there are none."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.init.lock import HEAD
from unladen.init.subject import Subject
from unladen.project.project import CONF
from unladen.project.suite import suite_root
from unladen.project.targets import OWN_FOLDER

WORKFLOWS = Path(".github", "workflows")
_TEMPLATES = Path(__file__).with_name("templates")
_NEEDS = "requirements.txt"
_BY_DEFAULT = "by_default"
_PYTHON_IN_WORKFLOWS = 'python-version: "3.12"'


def capabilities() -> list[str]:
    """The names of the capabilities that a driver can begin with."""
    return sorted(folder.parent.name for folder in _drivers().glob(f"*/{_NEEDS}"))


def usual_capabilities() -> list[str]:
    """Those of them that an SDK is given which does not say what it can do."""
    return sorted(file.parent.name for file in _drivers().glob(f"*/{_BY_DEFAULT}"))


def needs_of(names: Sequence[str]) -> list[str]:
    """The packages that the suite needs, and the worlds of these capabilities."""
    files = [_drivers() / name / _NEEDS for name in ("", *names)]
    return sorted({line for file in files for line in file.read_text().split()})


def folder_of(subject: Subject, names: Sequence[str], lock: Sequence[str]) -> dict[Path, str]:
    """The folder that measures the SDK, with a driver for these capabilities: texts by path, seen
    from the top of the repository."""
    words = {
        "SDK_NAME": subject.project,
        "SDK_DISTRIBUTION": subject.distribution,
        "SDK_PACKAGE": subject.package.name,
        "SDK_PATH": subject.package.path,
        "SDK_ROOT": subject.package.import_root,
        "SDK_BRANCH": subject.branch,
        "SDK_URL": subject.url,
        "SDK_COMMITS": subject.commit_url,
    }
    as_json = {word: json.dumps(text)[1:-1] for word, text in words.items()}
    files = {
        CONF: _without_empty(_filled((_TEMPLATES / CONF).read_text(), as_json)),
        "README.md": _filled((_TEMPLATES / "README.md").read_text(), words),
        ".gitignore": ignored(),
        "requirements.txt": HEAD.format(python=subject.python) + "\n".join([*lock, ""]),
        **driver_files(subject.project, [subject.package.name], names),
    }
    return {Path(OWN_FOLDER, name): text for name, text in files.items()}


def driver_files(project: str, imports: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """A driver for these capabilities, each with its example: texts by path. ``imports``: what a
    user imports."""
    files = {"driver/__init__.py": _beginning(project, imports, names)}
    for name in names:
        for file in sorted((_drivers() / name).glob("[!_]*.py")):
            files[f"driver/{file.name}"] = file.read_text()
    return files


def ignored() -> str:
    """What git should ignore beside a conf."""
    return (_TEMPLATES / "gitignore").read_text()


def workflows(subject: Subject) -> dict[Path, str]:
    """The workflows of GitHub Actions, likewise."""
    python = _PYTHON_IN_WORKFLOWS.replace("3.12", subject.python)
    words = {_PYTHON_IN_WORKFLOWS: python}
    found = sorted((_TEMPLATES / "github").glob("*.yml"))
    return {WORKFLOWS / file.name: _filled(file.read_text(), words) for file in found}


def write_new(root: Path, files: Mapping[Path, str]) -> tuple[list[Path], list[Path]]:
    """Write the files that are not there; those, and those that were there and stay as they are.

    Raises ``UserError`` if one can't be written.
    """
    new = [path for path in files if not os.path.lexists(root / path)]
    for path in new:
        try:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            with open(root / path, "x", encoding="utf-8") as file:
                file.write(files[path])
        except OSError as error:
            raise UserError(f"{root / path}: {error.strerror}") from error
    return new, [path for path in files if path not in new]


def _drivers() -> Path:
    return suite_root() / "targets" / "templates"


def _beginning(project: str, imports: Sequence[str], names: Sequence[str]) -> str:
    """The module with the driver's ``TARGET``."""
    offered = _lines_of([f"{name}.CAPABILITY" for name in names]) if names else ""
    modules = f"\nfrom . import {', '.join(names)}\n" if names else ""
    quoted = [json.dumps(name) for name in imports]
    listed = f"{quoted[0]}," if len(quoted) == 1 else _lines_of(quoted)
    one_of_each = " for Unladen: a module for each capability" if names else ""
    about = "" if names else _NOTHING_YET
    return f'''"""What {project} can do,{one_of_each or " for Unladen"}.{about}"""

from __future__ import annotations

from targets.protocol import Target
{modules}
TARGET = Target(
    name="{project}",
    # What a user imports to do the work.
    imports=({listed}),
    capabilities=[{offered}],
)
'''


def _lines_of(items: Sequence[str]) -> str:
    return "".join(f"\n        {one}," for one in items) + "\n    "


_NOTHING_YET = """ Nothing yet but being imported.

A capability is a module beside this one that connects the package to a mock world: what it must
give is in https://github.com/unladen/unladen/blob/main/docs/drivers.md. Where the package wants a
key even so, add environment={"ITS_API_KEY": "none"}: no variables of yours reach it but those.
"""


def _without_empty(conf: str) -> str:
    """A conf without the lines of what is not known."""
    empty = re.compile(r'^ *"(project_url|show_commit_url|distribution)": "",\n', re.MULTILINE)
    return empty.sub("", conf)


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
