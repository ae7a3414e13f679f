"""What a target is to reach, level by level: ``levels.toml`` beside its driver.

    title = "The levels of its plan"
    source = "the plan of its authors"

    [[level]]
    name = "professional"
    about = "small teams: 5 to 10 turns a second, fewer than 50 sessions"

    [[level.criterion]]
    name = "50 turns at once take less than 10 s"
    series = "talk.concurrency.Parallel.track_makespan"
    cell = { turns = "50" }
    below = 10                        # or above, at_most, at_least, or one_of = ["recovered"]
    required = true                   # optional: not met where it could not be measured

    [[level.criterion]]
    name = "a turn costs less than a cent"
    series = "talk.tokens.Journeys.track_prompt_tokens"
    cell = { turns = "10" }
    priced_as = "gpt-4"               # dollars for each step, by the list of prices
    below = 0.01

    [[level.criterion]]
    name = "less than 70 % of the CPU"
    unmeasured = "the share depends on the host and on what else it does"

A figure is as in a claim (``unladen.results.claims``): of a series, priced or not, or of a load
that is kept. Criteria are written as those of a load (``unladen.load.acceptance_file``): held
against one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from unladen.project.project import Project
from unladen.project.targets import driver_folder
from unladen.results.claims import CitedFigure, why_no_figure
from unladen.store.json_files import unreadable
from unladen.store.toml_files import read_toml
from unladen.text.terminal import printable

FILE = "levels.toml"

Name = Annotated[str, Meta(pattern=r"\A\S[^\n]*\Z", max_length=200)]


class LevelCriterion(CitedFigure, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of what must be. ``required``: not met where it could not be measured;
    ``unmeasured``: why nothing measures it."""

    name: Name
    required: bool = False
    unmeasured: str = ""


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What belongs together, such as what a small team needs."""

    name: Name
    criterion: Annotated[Sequence[LevelCriterion], Meta(min_length=1)]
    about: str = ""


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of a target, with where they are from."""

    title: str
    source: str
    level: Annotated[Sequence[Level], Meta(min_length=1)]


def levels_of(project: Project) -> Levels | None:
    """Those of a target, None without any. Raises ``UserError`` for a file that holds none."""
    file = driver_folder(project.folder, project.name) / FILE
    return read_levels(file) if file.is_file() else None


def read_levels(file: Path) -> Levels:
    """Those of a file. Raises ``UserError``, one line with the file."""
    levels = read_toml(file, Levels, "levels")
    names = [level.name for level in levels.level]
    for level in levels.level:
        if names.count(level.name) > 1:
            raise unreadable(file, f"there are two levels {printable(level.name)[:60]}")
        for criterion in level.criterion:
            if why := _why_wrong(criterion):
                raise unreadable(file, f"{printable(criterion.name)[:60]!r}: {why}")
    return levels


def _why_wrong(criterion: LevelCriterion) -> str:
    if criterion.unmeasured:
        if criterion.series or criterion.load:
            return "what is unmeasured has no figure"
        return "what is unmeasured cannot be required" if criterion.required else ""
    if why := why_no_figure(criterion):
        return why
    if criterion.one_of:
        return "it needs one_of or a number, not both" if criterion.bounds else ""
    return criterion.why_unbounded()
