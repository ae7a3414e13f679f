"""asv's ``existing``: benchmarks run by a Python that is there, with names and types for what is
not public there."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from typing import Any

from asv import environment, util
from asv.environment import ExistingEnvironment

from unladen.asv_bridge.confs import project_from
from unladen.asv_bridge.environments import RunsBenchmarks


class AsvExisting(ExistingEnvironment, RunsBenchmarks):  # type: ignore[misc]
    """A Python that is there, as asv's ``existing``."""

    def __init__(self, conf: Any, executable: str, requirements: Any, variables: Any) -> None:
        """Look for the interpreter; asv has made the conf's folder the working directory."""
        super().__init__(conf, executable, requirements, variables)
        self.project = project_from(conf)

    @property
    def executable(self) -> str:
        """The interpreter."""
        return str(self._executable)

    def run_python(self, arguments: Sequence[str]) -> str:
        """What the Python prints; not as a benchmark process."""
        return str(util.check_output([self.executable, *arguments], dots=False))

    def create(self) -> None:
        """There is nothing to create."""
        self.prepare_to_create()

    def command(self, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """As asv makes them up from ``process``."""
        given, variables = self.process(arguments, {**os.environ, **self._global_env_vars})
        return [self.executable, *given], variables

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Run the Python as a benchmark process."""
        inherited = {**kwargs.get("env", os.environ), **self._global_env_vars}
        arguments, kwargs["env"] = self.process(args, inherited)
        return super().run(arguments, **kwargs)


def use_for_existing(ours: type[AsvExisting]) -> None:
    """Let asv take this class for ``existing``. Does nothing the second time."""
    if not hasattr(environment.get_environment_class, "unladen"):
        for name in ("get_environment_class", "get_environment_class_by_name"):
            setattr(environment, name, _instead(getattr(environment, name), ours))


def _instead(choose: Callable[..., type], ours: type[AsvExisting]) -> Callable[..., type]:
    @functools.wraps(choose)
    def choose_ours(*args: Any, **kwargs: Any) -> type:
        chosen = choose(*args, **kwargs)
        return ours if chosen is ExistingEnvironment else chosen

    choose_ours.unladen = True  # type: ignore[attr-defined]
    return choose_ours
