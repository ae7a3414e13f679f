"""Git as it is everywhere: without what this machine or user configured.

Whatever decides a hash or a byte of a patch is run through ``git``, which hides the configuration
(user's and system's), the attributes, templates and hooks, ``GIT_*`` variables, the locale and the
time zone. The configuration of the repository itself still holds, so it must be one of ours.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.text.terminal import last_line, one_line

BRANCH = "main"
MAIN = f"refs/heads/{BRANCH}"

_ISOLATED = {
    # As a home, a folder in which git finds nothing.
    "HOME": os.devnull,
    "XDG_CONFIG_HOME": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C",
    "TZ": "UTC",
}
# A repository that lost data in a power failure is found damaged and built again, so nothing is
# synced; and no clean-up may outlive the temporary folder that it cleans.
_OPTIONS = ("core.fsync=none", "gc.auto=0", "maintenance.auto=false", "core.hooksPath=/dev/null")


class GitError(UserError):
    """Git failed; the message is one line of what it said, shown to the user if nobody can help."""


def git(
    arguments: Sequence[str],
    repository: Path,
    *,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """The output of git, run in and on the bare ``repository``, which must exist.

    ``variables`` are added to the environment. Raises ``GitError``.
    """
    environment = {**without_git(os.environ), **_ISOLATED, "GIT_DIR": str(repository)}
    options = [word for option in _OPTIONS for word in ("-c", option)]
    if not repository.is_dir():
        raise GitError(f"{repository}: no such folder")
    done = subprocess.run(
        ["git", *options, *arguments],
        cwd=repository,
        env={**environment, **(variables or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise GitError(complaint(done.stderr.decode(errors="replace"), done.returncode))
    return done.stdout


def users_git(arguments: Sequence[str], work: Path) -> str:
    """The output of git in a work tree, as its user configured it. Raises ``GitError``."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=work,
        env={**without_git(os.environ), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise GitError(complaint(done.stderr.decode(errors="replace"), done.returncode))
    return os.fsdecode(done.stdout).strip()


def new_repository(repository: Path) -> None:
    """Make an empty bare repository with SHA-1 hashes, whose HEAD is the branch ``main``."""
    repository.mkdir()
    git(["init", "--quiet", "--bare", "--template=", f"--initial-branch={BRANCH}"], repository)


def without_git(inherited: Mapping[str, str]) -> dict[str, str]:
    """The variables that are not git's: those would name another repository, or change a hash."""
    return {k: v for k, v in inherited.items() if not k.startswith("GIT_")}


def complaint(stderr: str, exit_code: int) -> str:
    """Git's own one line about a failure."""
    said = [line for line in stderr.splitlines() if line.startswith(("fatal:", "error:"))]
    return one_line(said[0] if said else last_line(stderr)) or f"exit {exit_code}"
