"""``summary.json``: a target's summary, as each publish leaves it for the portal and for programs.

docs/site.md describes it. What is read back may come from anybody's folder: types are checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from unladen.changes.model import Direction
from unladen.site.counts import Counts
from unladen.site.figures import TargetFigure
from unladen.site.files import write_text
from unladen.site.summary import ChangeHeadline, Host, LatestCommit, Newest, Summary
from unladen.store.json_files import read_json, unreadable
from unladen.store.presentation import read_portal_row
from unladen.store.series import Status

NAME = "summary.json"
VERSION = 3

T = TypeVar("T")


def write_summary(folder: Path, summary: Summary) -> None:
    """Write it into a target's published folder, atomically."""
    data = asdict(summary)
    for figure in data["figures"]:
        figure["status"] = figure["status"].value
        figure["row"]["cell"] = dict(figure["row"]["cell"])
    text = json.dumps({"version": VERSION, **data}, indent=1, allow_nan=False)
    write_text(folder / NAME, text + "\n")


def read_summary(path: Path) -> Summary:
    """Read one. Raises ``UserError``, one line, if it is none of this version."""
    data = read_json(path, VERSION)
    try:
        return Summary(
            target=_text(data["target"]),
            project_url=_text(data["project_url"]),
            machine=_text(data["machine"]),
            environment=_text(data["environment"]),
            measured=_count(data["measured"]),
            newest=Newest(**_commit(data["newest"])),
            host=None if data["host"] is None else _host(data["host"]),
            figures=_list(data["figures"], _figure),
            counts=_counts(data["counts"]),
            regressions=_list(data["regressions"], _headline),
            regressions_found=_count(data["regressions_found"]),
            regressions_there=_count(data["regressions_there"]),
            regression_drifts=_count(data["regression_drifts"]),
            improvements=_list(data["improvements"], _headline),
            improvements_found=_count(data["improvements_found"]),
            latest=_list(data["latest"], _latest),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise unreadable(path, f"it is no summary of version {VERSION} ({error!r:.80})") from error


def _figure(data: Any) -> TargetFigure:
    status = Status(data["status"])
    value = _number(data["value"])
    if (value is not None) != (status is Status.MEASURED):
        raise ValueError("a figure has a value if, and only if, it is measured")
    params = tuple(_list(data["cell"], _text))
    row = read_portal_row(data["row"])
    if row is None:
        raise TypeError("a figure has a row")
    return TargetFigure(row, _text(data["series"]), status, value, _text(data["reason"]), params)


def _host(data: Any) -> Host:
    return Host(
        _text(data["cpu"]), _count(data["cores"]), _text(data["python"]), _number(data["load"])
    )


def _headline(data: Any) -> ChangeHeadline:
    undone = data["undone_by"]
    direction = Direction(data["verdict"])
    return ChangeHeadline(
        **_commit(data),
        series=_text(data["series"]),
        name=_text(data["name"]),
        where=_text(data["where"]),
        before=_text(data["before"]),
        after=_text(data["after"]),
        unit=_text(data["unit"]),
        size=_text(data["size"]),
        mark=_text(data["mark"]),
        verdict=direction.value,
        state=_text(data["state"]),
        cell=tuple(_list(data["cell"], _text)),
        cells=_count(data["cells"]),
        there=_count(data["there"]),
        of=_count(data["of"]),
        undone_by=None if undone is None else _text(undone),
        steps=_count(data["steps"]),
    )


def _latest(data: Any) -> LatestCommit:
    return LatestCommit(
        **_commit(data), counts=_counts(data["counts"]), headline=_headline(data["headline"])
    )


def _commit(data: Any) -> dict[str, Any]:
    date = _number(data["date"])
    if date is None:
        raise TypeError("a commit has a date")
    return {
        "commit": _text(data["commit"]),
        "date": int(date),
        "subject": _text(data["subject"]),
    }


def _counts(data: Any) -> Counts:
    return Counts(**{name: _count(data[name]) for name in Counts.__dataclass_fields__})


def _list(data: Any, read: Callable[[Any], T]) -> Sequence[T]:
    if not isinstance(data, list):
        raise TypeError("not a list")
    return tuple(map(read, data))


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise TypeError("not a text")
    return data


def _count(data: Any) -> int:
    if type(data) is not int or data < 0:
        raise TypeError("not a number of things")
    return data


def _number(data: Any) -> float | None:
    if data is None:
        return None
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise TypeError("not a number")
    value = float(data)
    if value - value != 0:
        raise ValueError("not a finite number")
    return value
