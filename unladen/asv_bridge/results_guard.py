"""Keeps results that others wrote from stopping asv: what cannot be used is named and left out.

asv reads whatever size a file has, and one value that is no number, or a description of the wrong
type, ends a whole ``publish`` with a traceback. So its reading is wrapped: ``asv.util.load_json``
and ``asv.results.Results.load`` raise asv's ``UserError`` for what they cannot use, which asv
reports before it goes on; and what ``publish``, ``compare`` and ``show`` get to see are numbers of
right outcomes, for asv has no way to show that one is wrong.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from asv import results as asv_results
from asv import util
from asv.commands import compare, publish, show
from asv.commands.publish import Publish
from asv.console import log
from asv.machine import Machine
from asv.results import Results

from unladen.errors import UserError
from unladen.store.damage import number
from unladen.store.json_files import check_size, read_json, unreadable
from unladen.store.owner import MARKER
from unladen.store.readings import Reasons
from unladen.store.reasons import Params
from unladen.store.records import record_of
from unladen.store.results_file import head_complaint
from unladen.text.terminal import printable

_OF_BAD_DATA = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_NO_RESULTS = {"benchmarks.json", "machine.json"}
"""Files of asv's in a folder of results that hold none."""
_SCALARS = (str, int, float, type(None))


def install() -> None:
    """Wrap asv's functions. Does nothing the second time."""
    if hasattr(Results.load, "unladen"):
        return
    util.load_json = _bounded(util.load_json)
    Results.load = classmethod(_checking(Results.load.__func__))
    asv_results.iter_results_paths = of_machines(asv_results.iter_results_paths)
    publish.iter_machine_files = _usable_machines(publish.iter_machine_files)
    for command in (compare, show):
        command.iter_results_for_machine_and_hash = _numbers_only(
            command.iter_results_for_machine_and_hash
        )
    Publish.iter_results = staticmethod(_numbers_only(Publish.iter_results))


def _bounded(load_json: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(load_json)
    def load_json_bounded(path: str, *args: Any, **kwargs: Any) -> Any:
        check_size(Path(path))
        try:
            return load_json(path, *args, **kwargs)
        except UserError as error:
            raise UserError(printable(str(error))) from error
        except RecursionError as error:
            raise unreadable(Path(path), "it is nested too deeply") from error
        except (TypeError, UnicodeDecodeError) as error:  # a version that is no number, no object
            raise unreadable(Path(path), "it is not in asv's format") from error

    return load_json_bounded


def _checking(load: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(load)
    def load_checked(cls: type, path: str, machine_name: str | None = None) -> Any:
        try:
            results = load(cls, path, machine_name)
            complaint = _complaint(results)
        except UserError as error:
            raise UserError(printable(str(error))) from error
        except _OF_BAD_DATA as error:
            raise unreadable(Path(path), "it is not in asv's format") from error
        if complaint:
            raise unreadable(Path(path), complaint)
        return results

    load_checked.unladen = True  # type: ignore[attr-defined]
    return load_checked


def _complaint(results: Any) -> str:
    """Why asv cannot use loaded results, "" if it can. May raise ``_OF_BAD_DATA``."""
    of_environment = [*results.params.values(), *results.env_vars.values()]
    of_environment += [results._python, results._env_name]
    if not all(isinstance(value, _SCALARS) for value in of_environment):
        return "it does not describe its environment"
    for name, values in results._results.items():
        axes = results._benchmark_params[name]
        if not _is_list(values) or not (_is_list(axes) and all(map(_is_list, axes or ()))):
            return "it is not in asv's format"
    return head_complaint(results.commit_hash, results.date)


def _is_list(value: object) -> bool:
    return value is None or type(value) is list


def of_machines(paths: Callable[[str], Iterator[Any]]) -> Callable[[str], Iterator[Any]]:
    """asv's walk over results, without our note of whose a folder is: asv takes it for results of a
    machine that does not describe itself, and says so at each publish."""

    @functools.wraps(paths)
    def paths_of_machines(folder: str) -> Iterator[Any]:
        entries = list(os.scandir(folder)) if os.path.isdir(folder) else []
        unknown = {entry.name for entry in entries if entry.name.endswith(".json")} - _NO_RESULTS
        if unknown != {MARKER}:
            yield from paths(folder)
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from paths(entry.path)

    return paths_of_machines


def _usable_machines(files: Callable[[str], Iterator[str]]) -> Callable[[str], Iterator[str]]:
    @functools.wraps(files)
    def usable_machine_files(results_dir: str) -> Iterator[str]:
        for path in files(results_dir):
            try:
                name = read_json(Path(path), Machine.api_version).get("machine")
            except UserError as error:
                log.warning(f"{error}; skipped")
                continue
            if isinstance(name, str):
                yield path
            else:
                log.warning(f"{unreadable(Path(path), 'it names no machine')}; skipped")

    return usable_machine_files


def _numbers_only(results: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @functools.wraps(results)
    def results_of_numbers(source: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """``source``: a conf, or the folder of results."""
        folder = source if isinstance(source, str) else source.results_dir
        for one in results(source, *args, **kwargs):
            wrong = _wrong_in(Path(folder, one._filename))
            for name, values in one._results.items():
                if one._benchmark_params[name] is None:
                    one._benchmark_params[name] = []
                if values is not None:
                    axes = one._benchmark_params[name]
                    one._results[name] = _right(values, axes, wrong.wrong_of(name))
                one._stats[name] = _usable_stats(one._stats[name])
            yield one

    return results_of_numbers


def _wrong_in(results_file: Path) -> Reasons:
    """What is known of wrong outcomes beside a results file; a bad record says nothing."""
    try:
        return Reasons(record_of(results_file))
    except UserError:
        return Reasons(None)


def _right(
    values: Sequence[object], axes: Sequence[Sequence[str]], wrong: Collection[Params]
) -> list[float | int | None]:
    """The values that can be drawn; None for others, and for the combinations of wrong outcomes."""
    plotted = [_plotted(value) for value in values]
    if wrong:
        for index, cell in enumerate(itertools.product(*axes)):
            if cell in wrong and index < len(plotted):
                plotted[index] = None
    return plotted


def _plotted(value: object) -> float | int | None:
    """A value as it is, if it can be drawn; n/a is NaN."""
    if isinstance(value, float) and math.isnan(value):
        return value
    return number(value)


def _usable_stats(stats: Sequence[Mapping[str, object]] | None) -> list[object] | None:
    """asv's statistics of each value; None where they are no numbers."""
    if stats is None:
        return None
    return [one if all(isinstance(n, int | float) for n in one.values()) else None for one in stats]
