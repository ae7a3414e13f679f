"""asv's git repository, with names and types for what is not public there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from asv import util
from asv.plugins.git import Git
from asv.repo import NoSuchNameError

__all__ = ["AsvGit", "NoSuchNameError"]


def git_says(arguments: Sequence[str]) -> str:
    """What git prints, wherever we are. Raises ``ProcessError``."""
    command = [util.which("git"), *arguments]
    return str(util.check_output(command, dots=False, display_error=False))


class AsvGit(Git):  # type: ignore[misc]
    """What asv takes for a repository if its conf's ``dvcs`` is that of a subclass.

    ``path``: of the repository; ``project``: the name of the target.
    """

    dvcs = ""
    path: str
    project: str

    def __init__(self, project: str) -> None:
        """Does not look for a repository: a subclass sets ``path``."""
        self.project = project
        self._git = util.which("git")

    @classmethod
    def url_match(cls, url: str) -> bool:
        """Never: the class is chosen by ``dvcs``, not by the look of a URL."""
        return False

    def variables(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """The environment variables that git gets."""
        return dict(inherited)

    def run_git(
        self,
        arguments: Sequence[str],
        folder: str | Literal[True] | None = True,
        *,
        shows_errors: bool = False,
        variables: Mapping[str, str] | None = None,
        is_long: bool = False,
    ) -> str:
        """What git prints. Raises ``ProcessError``.

        ``folder``: where it runs: by default in the repository, None: where we are.
        ``shows_errors``: on asv's log as well. ``is_long``: shows there that it goes on, and is not
        ended if it is silent for long.
        """
        options: dict[str, Any] = {"timeout": None} if is_long else {}
        inherited = os.environ if variables is None else variables
        return str(
            self._run_git(
                list(arguments),
                cwd=folder,
                dots=is_long,
                display_error=shows_errors,
                env=inherited,
                **options,
            )
        )

    @cached_property
    def _default_branch(self) -> str:
        """As asv calls it. It takes three calls of git to find, and is seldom wanted."""
        return str(util.git_default_branch())

    @property
    def _path(self) -> str:
        """As asv calls it."""
        return self.path

    def _run_git(self, args: Sequence[str], cwd: Any = True, **kwargs: Any) -> Any:
        kwargs["env"] = self.variables(kwargs.get("env", os.environ))
        return super()._run_git(list(args), cwd=cwd, **kwargs)
