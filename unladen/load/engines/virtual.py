"""A load on the virtual clock: the service, its users and the model in one process, exact."""

from __future__ import annotations

from collections.abc import Generator

from unladen.asv_bridge import processes
from unladen.load.engines.options import LoadOptions
from unladen.load.engines.output import printed_lines
from unladen.measure.environment import UnladenEnvironment

ENGINE = "benchmarks.service.load"
"""The module that plays it. It is another room, so it is run, not imported."""


def virtual_load(
    env: UnladenEnvironment, options: LoadOptions, player: str = ENGINE
) -> Generator[str, None, None]:
    """The lines of the load, played with the commit that is installed in ``env``. ``player``: the
    module that plays it and prints the lines. Raises ``UserError``."""
    command, variables = env.command(["-m", player, *options.arguments()])
    variables["UNLADEN_TARGET"] = env.project.name
    return printed_lines(
        lambda errors: processes.start(command, env.project.root, variables, errors),
        "the virtual load",
    )
