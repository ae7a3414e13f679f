"""What asv does not keep of a measurement: why values are missing, and on what it ran.

Beside each result ``<commit8>-<env>.json`` lies ``<commit8>-<env>.record``: JSON, but not
``.json``, which asv would load as a result. It names no machine, user or absolute path.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from asv import util

from unladen.reasons import Params

VERSION = 1


@dataclass(frozen=True)
class Circumstances:
    """On what was measured. ``memory`` in bytes; ``python`` such as ``3.11.7``; ``packages``:
    version by name, as installed in the benchmark environment; ``asv`` and ``asv_runner`` are the
    versions of the process that asked for the measurement; ``load_average`` over 1, 5 and 15
    minutes when the result was saved, empty where the system has none."""

    cpu: str
    cores: int
    memory: int
    os: str
    kernel: str
    python: str
    implementation: str
    packages: Mapping[str, str]
    asv: str
    asv_runner: str
    unladen: str
    load_average: tuple[float, ...]


@dataclass(frozen=True)
class Failure:
    """A parameter combination of a series that gave no value.

    ``params``: as asv writes them, () for none. ``reason``: one line, the last of the traceback.
    ``stderr``: the tail of what the benchmark process printed.
    """

    series: str
    params: Params
    reason: str
    stderr: str


@dataclass(frozen=True)
class NotApplicable:
    """A parameter combination that the subject does not have, and the reason it gave ("": none)."""

    series: str
    params: Params
    reason: str


@dataclass(frozen=True)
class Record:
    """What is known of one results file beyond its values."""

    environment: Circumstances | None = None
    failed: tuple[Failure, ...] = field(default=())
    not_applicable: tuple[NotApplicable, ...] = field(default=())

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read a record. Raises ``UserError`` if there is none, or it is not one."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != VERSION:
                raise util.UserError(f"{path} has version {data['version']}, not {VERSION}")
            environment = data["environment"]
            return cls(
                environment=None if environment is None else _circumstances(environment),
                failed=tuple(Failure(**_entry(item)) for item in data["failed"]),
                not_applicable=tuple(
                    NotApplicable(**_entry(item)) for item in data["not_applicable"]
                ),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise util.UserError(f"{path} is not a readable record: {error!r}") from error

    def save(self, path: Path) -> None:
        """Write the record, atomically once ``unladen.results_hook`` is installed."""
        util.write_json(str(path), asdict(self), VERSION)

    def updated(
        self,
        environment: Circumstances,
        measured: Mapping[str, Collection[Params]],
        failed: Iterable[Failure],
        not_applicable: Iterable[NotApplicable],
    ) -> Record:
        """This record after a measurement.

        ``measured``: the combinations of each series that were measured now. Their old entries
        disappear; those of other series and combinations stay.
        """

        def stays(entry: Failure | NotApplicable) -> bool:
            return entry.params not in measured.get(entry.series, ())

        return Record(
            environment=environment,
            failed=tuple(sorted([*filter(stays, self.failed), *failed], key=_order)),
            not_applicable=tuple(
                sorted([*filter(stays, self.not_applicable), *not_applicable], key=_order)
            ),
        )


def record_path(results_file: Path) -> Path:
    """Where the record of a results file lies."""
    return results_file.with_suffix(".record")


def _order(entry: Failure | NotApplicable) -> tuple[str, Params]:
    return entry.series, entry.params


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "params": tuple(item["params"])}


def _circumstances(data: dict[str, Any]) -> Circumstances:
    return Circumstances(**{**data, "load_average": tuple(data["load_average"])})
