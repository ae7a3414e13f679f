"""A working tree that holds only the paths that matter.

Some clones lack large files elsewhere in the tree, where a plain checkout fails. A sparse checkout
never asks for them, and the commits keep their hashes.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence

from unladen.asv_bridge.processes import ProcessError
from unladen.repo.repository import Repository
from unladen.repo.submodules import check_out_submodules

_QUIET = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]


def check_out(repository: Repository, folder: str, commit: str, paths: Sequence[str]) -> None:
    """Make ``folder`` a clean tree of ``paths`` at ``commit``, of everything without paths; needs
    git 2.35 or newer.

    Paths that the commit does not have are left out. Hooks do not run. The folder shares the
    repository's objects. Raises asv's ``ProcessError`` if git fails, and ``Unavailable`` if a
    submodule cannot be had.
    """

    def git(*arguments: str, cwd: str | None = folder, show: bool = True) -> None:
        repository.run_git([*_QUIET, *arguments], cwd, shows_errors=show)

    def update(show: bool) -> None:
        patterns = [_pattern(path) for path in paths]
        selection = ["set", "--no-cone", *patterns] if patterns else ["disable"]
        git("sparse-checkout", *selection, show=show)
        git("checkout", "--force", "--detach", commit, show=show)
        git("clean", "-ffdxq", show=show)
        check_out_submodules(repository, folder, commit, paths)

    if os.path.isdir(folder):
        try:
            update(show=False)
            return
        except ProcessError:
            # A damaged tree, or one that shares the objects of another clone: start again.
            shutil.rmtree(folder)
    source = repository.path
    git("clone", "--quiet", "--shared", "--no-checkout", "--template=", source, folder, cwd=None)
    update(show=True)


def _pattern(path: str) -> str:
    """The sparse-checkout pattern of exactly this path and what is below it."""
    return "/" + re.sub(r"([\\*?\[\]])", r"\\\1", path.strip("/"))
