"""Pinned packages for an SDK's environment: what it needs, in the versions that pip takes today."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from unladen.errors import UserError
from unladen.init.subject import Subject
from unladen.measure.package_index import run_pip
from unladen.repo.patches.git import users_git
from unladen.text.terminal import last_line, one_line

RUNNER = "asv_runner"
HEAD = """\
# Pinned, so that the series show the SDK's history and not that of its dependencies: everything but
# the SDK itself, for Python {python}. A changed line is a new environment, and a new series.
"""


def pinned(subject: Subject, needs: Sequence[str]) -> tuple[list[str], str]:
    """The lines of a requirements file: asv's runner, ``needs`` and what the SDK's newest commit
    needs, with all that these need; and why the SDK is not among that, "" if it is.

    Asks the package index; nothing is installed. Raises ``UserError`` if it cannot be asked.
    """
    runner = f"{RUNNER}=={version(RUNNER)}"
    own = [runner, *needs]
    with tempfile.TemporaryDirectory(prefix="unladen-init-") as made:
        clone = Path(made, "sdk")
        # Not the work tree: building leaves files. With tags, of which some versions are made.
        users_git(["clone", "--quiet", "--shared", str(subject.root), str(clone)], subject.root)
        users_git(["checkout", "--quiet", "--detach", _head(subject)], clone)
        found, why = _resolved([*own, str(clone / subject.source)])
        if found is None:
            found, said = _resolved(own)
            if found is None:
                raise UserError(f"pip cannot find the packages for unladen's own needs: {said}")
    return [runner, *sorted((line for line in found if line != runner), key=str.lower)], why


def _head(subject: Subject) -> str:
    return users_git(["rev-parse", "HEAD"], subject.root)


def _resolved(requirements: Sequence[str]) -> tuple[list[str] | None, str]:
    """Packages as pip takes them, pinned; None, and why, if there is no such set."""
    options = ["--dry-run", "--ignore-installed", "--quiet", "--no-input", "--report", "-"]
    done = run_pip(["install", *options, *requirements])
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
        return None, one_line(errors[-1] if errors else last_line(done.stderr))
    return [pin for item in json.loads(done.stdout)["install"] if (pin := _pin(item))], ""


def _pin(item: dict[str, Any]) -> str:
    """A package as a line of a requirements file; "" for the SDK, which was given as a folder."""
    name, number = item["metadata"]["name"], item["metadata"]["version"]
    origin = item["download_info"]
    if "dir_info" in origin:
        return ""
    if "vcs_info" in origin:
        taken = origin["vcs_info"]
        return f"{name} @ {taken['vcs']}+{origin['url']}@{taken['commit_id']}"
    # The name that the environment class looks for.
    name = RUNNER if name.replace("-", "_").lower() == RUNNER else name
    return f"{name}=={number}"
