"""What a commit's differences are made of, kept beside the results of the commit.

``<commit8>-<env>.explained`` lies beside ``<commit8>-<env>.json``: JSON, but not ``.json``, which
asv would load as a result. It holds of some figures the functions that come first, and says under
which conditions that was found, and of which values: once results are others, it is not shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from unladen.errors import UserError
from unladen.history.conditions import Conditions
from unladen.history.history import History
from unladen.history.source import choose_source
from unladen.project.driver_digest import DriverDigests
from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.store.json_files import as_declared, read_json, replacing
from unladen.store.reasons import Params
from unladen.store.results_folder import machine_folders
from unladen.store.series import Status

SUFFIX = ".explained"
VERSION = 1
MOST = 100
"""Figures of a commit, and parts of a figure, that are read."""

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z")]
Line = Annotated[int, Meta(ge=0, le=10**7)]


class KeptPart(msgspec.Struct, frozen=True, kw_only=True):
    """A function that a difference is due to. ``change``, ``share``: of the difference, as they are
    shown; ``commit``, ``path``, ``line``: where in the repository it is to be seen, all empty if
    nowhere, the line 0 if it is none in particular; ``said``: what happens there."""

    function: str
    file: str
    change: str
    share: str
    said: str
    commit: str = ""
    path: str = ""
    line: Line = 0


class KeptFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that the commit changed. ``version``: of its series; ``before``, ``after``: in its
    unit; ``is_of_benchmark``: the parts are of the work of its whole benchmark; ``parts``: the
    foremost first."""

    series: str
    version: str
    params: Params
    before: float
    after: float
    is_of_benchmark: bool = False
    parts: Annotated[Sequence[KeptPart], Meta(min_length=1, max_length=MOST)]

    @property
    def key(self) -> tuple[str, Params]:
        """What there is one of in a commit's explanation."""
        return self.series, self.params


class KeptExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Of a commit and its first parent, by their hashes."""

    commit: Hash
    parent: Hash
    conditions: Conditions
    figures: Annotated[Sequence[KeptFigure], Meta(max_length=MOST)]

    def after(self, earlier: KeptExplanation | None) -> KeptExplanation:
        """This one with the figures of an earlier one that it has not, if both were found under the
        same conditions."""
        if earlier is None or earlier.conditions != self.conditions:
            return self
        ours = {one.key for one in self.figures}
        kept = [one for one in earlier.figures if one.key not in ours]
        return msgspec.structs.replace(self, figures=[*self.figures, *kept][:MOST])


@dataclass(frozen=True)
class Explanations:
    """Those that agree with a history. ``by_commit``: by hash; ``remarks``: a line on files that
    cannot be read, and on those that are of other conditions or values."""

    by_commit: Mapping[str, KeptExplanation]
    remarks: Sequence[str] = ()


def explanation_file(
    project: Project, commit: str, machine: str | None = None, environment: str | None = None
) -> Path:
    """Where the explanation of a commit is kept: beside the results that are shown. ``commit``:
    its whole hash. Raises ``UserError`` if nothing is measured."""
    source = choose_source(project.name, project.results, machine, environment).source
    return source.folder / _name(commit, source.environment)


def _name(commit: str, environment: str) -> str:
    return f"{commit[:SHORT]}-{environment}{SUFFIX}"


def explanation_files(project: Project) -> list[Path]:
    """All that are kept of a target, by whatever machine."""
    folders = machine_folders(project.results)
    return [file for folder in folders for file in sorted(folder.glob(f"*{SUFFIX}"))]


def explanations_of(project: Project, history: History) -> Explanations:
    """What is kept of the commits of a history and agrees with it: found under the conditions of
    the results that are shown, of the same versions of the series, and of the same values."""
    files = _files(project, history)
    if not files:
        return Explanations({})
    agreement = _Agreement(history, is_on_path=project.is_on_path)
    found: dict[str, KeptExplanation] = {}
    remarks, stale = [], []
    for number, commit in enumerate(history.commits):
        for file in files.get(_name(commit.hash, history.environment), ()):
            try:
                agreeing = agreement.of(read_explanation(file), number)
            except UserError as error:
                remarks.append(f"{str(error).replace(f'{project.results}/', '')}; skipped")
                continue
            if agreeing is None:
                stale.append(commit)
            else:
                found.setdefault(commit.hash, agreeing)
    if left := [one.short for one in stale if one.hash not in found]:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        remarks.append(
            f"the explanation of {left[0]}{more} is of other results than those that are shown; "
            f"unladen explain {left[0]} --store makes a new one"
        )
    return Explanations(found, remarks)


def _files(project: Project, history: History) -> Mapping[str, Sequence[Path]]:
    """All that are kept, by name; those of the machine whose results are shown first."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for folder in sorted(
        machine_folders(project.results), key=lambda one: one.name != history.machine
    ):
        for file in sorted(folder.glob(f"*{SUFFIX}")):
            found[file.name].append(file)
    return found


class _Agreement:
    """What of kept explanations is true of a history."""

    def __init__(self, history: History, *, is_on_path: bool) -> None:
        """``is_on_path``: whether all commits have the same packages."""
        self._history = history
        self._is_on_path = is_on_path
        self._series = {one.series.name: one for one in history.series}
        self._numbers = {commit.hash: number for number, commit in enumerate(history.commits)}
        known = [one for one in history.conditions if one is not None]
        self._latest = known[-1] if known else None

    def of(self, kept: KeptExplanation, number: int) -> KeptExplanation | None:
        """What of an explanation is true of a commit, by its index; None if nothing is."""
        history = self._history
        is_lent = bool(history.own) and not history.own[number]
        there = self._latest if is_lent else history.conditions[number]
        if kept.commit != history.commits[number].hash or not self._agree(kept.conditions, there):
            return None
        drivers = dict(kept.conditions.drivers)
        parent = self._numbers.get(kept.parent)
        figures = [
            one
            for one in kept.figures
            if self._is_driven(one, drivers, number)
            and self._is_value(one, one.after, number)
            and (parent is None or self._is_value(one, one.before, parent))
        ]
        return msgspec.structs.replace(kept, figures=figures) if figures else None

    def _agree(self, here: Conditions, there: Conditions | None) -> bool:
        """Whether conditions are the same but for the driver, of which results may have several."""
        if there is None:
            return False
        known = here if self._is_on_path else here.with_packages_of(there)
        return known.agree(replace(there, drivers=frozenset()))

    def _is_driven(self, figure: KeptFigure, drivers: Mapping[str, str], number: int) -> bool:
        """Whether a value that is shown was measured through the driver that it was explained
        through, as far as both are known."""
        found = self._series.get(figure.series)
        session = self._history.session_of(found, number) if found is not None else None
        if found is None or session is None:
            return True
        parts = found.series.parts
        here = DriverDigests(drivers.get("", ""), drivers).of(parts)
        there = session.driver_of(parts)
        return not here or not there or here == there

    def _is_value(self, figure: KeptFigure, value: float, number: int) -> bool:
        """Whether that is what a commit, by its index, has of a figure; one that is not measured
        may have anything."""
        found = self._series.get(figure.series)
        if found is None or found.series.version != figure.version:
            return False
        if figure.params not in found.series.cells:
            return False
        cell = found.series.cells.index(figure.params)
        if found.status(number, cell) is Status.MISSING:
            return True
        stored = found.value(number, cell)
        return stored is not None and not found.series.differ(stored, value)


def write_explanation(file: Path, kept: KeptExplanation) -> None:
    """Write it, atomically."""
    data = {"version": VERSION, **msgspec.to_builtins(kept, order="sorted")}
    text = msgspec.json.format(msgspec.json.encode(data), indent=1)
    with replacing(file) as temporary:
        temporary.write_bytes(text + b"\n")


def read_explanation(file: Path) -> KeptExplanation:
    """One. Raises ``UserError``, one line with the file."""
    what = f"an explanation of version {VERSION}"
    return as_declared(file, read_json(file, VERSION), KeptExplanation, what)
