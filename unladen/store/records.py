"""What asv does not keep of a measurement: why values are missing, which ones are of a wrong
outcome, what benchmarks said of others, and on what it ran.

Beside each result ``<commit8>-<env>.json`` lies ``<commit8>-<env>.record``: JSON, but not
``.json``, which asv would load as a result. It names no machine, user or absolute path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from unladen.store.json_files import read_json, unreadable, write_json
from unladen.store.reasons import Params
from unladen.text.terminal import head, printable, printable_lines

NOTE_LIMIT = 2000
"""Characters of a note that are kept."""

VERSION = 1
DAY = 86_400


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
class Calibration:
    """How fast the host was (``unladen.measure.calibration``): CPU seconds of a fixed piece of work
    before and after a measurement, None where it was not run. Comparable within one ``version``."""

    version: int
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Session:
    """One measurement of a commit, and the host meanwhile.

    ``started``, ``ended``: milliseconds since 1970; asv's ``started_at`` of each series that was
    measured lies between them. ``cpu``: its model. ``load_before``, ``load_after``: averages over
    1, 5 and 15 minutes, empty if unknown. ``driver``: the digest of the driver's code
    (``unladen.project.driver_digest``), "" in records that were written before there was one.
    """

    started: int
    ended: int
    cpu: str
    load_before: tuple[float, ...]
    load_after: tuple[float, ...]
    calibration: Calibration | None
    driver: str = ""


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
class Wrong:
    """A parameter combination whose value is that of a wrong outcome: it completed, but did not do
    what was asked. ``reason``: what is wrong, one line of ``NOTE_LIMIT`` characters at most."""

    series: str
    params: Params
    reason: str


@dataclass(frozen=True)
class Note:
    """What a benchmark said of the value of a parameter combination, such as why an outcome is what
    it is; ``text`` may have several lines."""

    series: str
    params: Params
    text: str


Entry: TypeAlias = Failure | NotApplicable | Note | Wrong


@dataclass(frozen=True)
class Record:
    """What is known of one results file beyond its values. ``sessions``: the measurements that its
    values are from, oldest first. Records that were written before there were sessions, notes or
    wrong outcomes have none."""

    environment: Circumstances | None = None
    failed: tuple[Failure, ...] = field(default=())
    not_applicable: tuple[NotApplicable, ...] = field(default=())
    sessions: tuple[Session, ...] = field(default=())
    notes: tuple[Note, ...] = field(default=())
    wrong: tuple[Wrong, ...] = field(default=())

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read a record, its texts made printable. Raises ``UserError`` if there is none, or it is
        not one."""
        data = read_json(path, VERSION)
        try:
            environment = data["environment"]
            return cls(
                environment=None if environment is None else _circumstances(environment),
                failed=tuple(map(_failure, data["failed"])),
                not_applicable=tuple(map(_not_applicable, data["not_applicable"])),
                sessions=tuple(map(_session, data.get("sessions", []))),
                notes=tuple(map(_note, data.get("notes", []))),
                wrong=tuple(map(_wrong, data.get("wrong", []))),
            )
        except KeyError as error:
            raise unreadable(path, f"{printable(str(error))[:80]} is missing") from error
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            raise unreadable(path, "it is not a record") from error

    def save(self, path: Path) -> None:
        """Write the record, atomically."""
        write_json(path, asdict(self), VERSION)

    def updated(
        self,
        environment: Circumstances,
        kept: Mapping[str, Collection[Params]],
        failed: Iterable[Failure],
        not_applicable: Iterable[NotApplicable],
        notes: Iterable[Note] = (),
        wrong: Iterable[Wrong] = (),
    ) -> Record:
        """This record after a measurement.

        ``kept``: of each series that was measured now, the combinations that were not, and whose
        old entries still hold. All others of these series disappear, those on combinations that a
        series has no more among them; entries of other series stay, and so do the sessions.
        """

        def stays(entry: Entry) -> bool:
            return entry.series not in kept or entry.params in kept[entry.series]

        return Record(
            environment=environment,
            failed=tuple(sorted([*filter(stays, self.failed), *failed], key=_order)),
            not_applicable=tuple(
                sorted([*filter(stays, self.not_applicable), *not_applicable], key=_order)
            ),
            sessions=self.sessions,
            notes=tuple(sorted([*filter(stays, self.notes), *notes], key=_order)),
            wrong=tuple(sorted([*filter(stays, self.wrong), *wrong], key=_order)),
        )

    def with_session(self, session: Session, started: Iterable[int]) -> Record:
        """This record with one more session, without those from which no value is left.

        ``started``: when each series of the results file was measured, milliseconds since 1970.
        """
        times = list(started)
        used = [s for s in self.sessions if any(s.started <= at <= s.ended for at in times)]
        return replace(self, sessions=(*used, session))


def record_path(results_file: Path) -> Path:
    """Where the record of a results file lies."""
    return results_file.with_suffix(".record")


def note_text(text: str) -> str:
    """A note as a record keeps it: printable, of ``NOTE_LIMIT`` characters at most."""
    return head(printable_lines(text), NOTE_LIMIT)


def wrong_text(text: str) -> str:
    """What is wrong as a record keeps it: printable, one line, cut at ``NOTE_LIMIT`` characters."""
    return head(printable(text), NOTE_LIMIT)


def _order(entry: Entry) -> tuple[str, Params]:
    return entry.series, entry.params


def _failure(item: Mapping[str, Any]) -> Failure:
    return Failure(**{**_entry(item), "stderr": str(item["stderr"])})


def _not_applicable(item: Mapping[str, Any]) -> NotApplicable:
    return NotApplicable(**_entry(item))


def _wrong(item: Mapping[str, Any]) -> Wrong:
    return Wrong(**_cell_of(item), reason=wrong_text(str(item["reason"])))


def _note(item: Mapping[str, Any]) -> Note:
    return Note(**_cell_of(item), text=note_text(str(item["text"])))


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**_cell_of(item), "reason": printable(str(item["reason"]))}


def _cell_of(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"series": str(item["series"]), "params": tuple(map(str, item["params"]))}


def _circumstances(data: Mapping[str, Any]) -> Circumstances:
    def text(name: str) -> str:
        return printable(str(data[name]))

    return Circumstances(
        cpu=text("cpu"),
        cores=int(data["cores"]),
        memory=int(data["memory"]),
        os=text("os"),
        kernel=text("kernel"),
        python=text("python"),
        implementation=text("implementation"),
        packages={printable(k): printable(str(v)) for k, v in data["packages"].items()},
        asv=text("asv"),
        asv_runner=text("asv_runner"),
        unladen=text("unladen"),
        load_average=_numbers(data["load_average"]),
    )


def _session(data: Mapping[str, Any]) -> Session:
    calibration = data["calibration"]
    return Session(
        started=int(data["started"]),
        ended=int(data["ended"]),
        cpu=printable(str(data["cpu"])),
        load_before=_numbers(data["load_before"]),
        load_after=_numbers(data["load_after"]),
        calibration=None if calibration is None else _calibration(calibration),
        driver=printable(str(data.get("driver", ""))),
    )


def _calibration(data: Mapping[str, Any]) -> Calibration:
    return Calibration(int(data["version"]), _score(data["before"]), _score(data["after"]))


def _score(stored: object) -> float | None:
    """CPU seconds; what cannot be any is not known."""
    if isinstance(stored, int | float) and 0 < stored < DAY:
        return float(stored)
    return None


def _numbers(stored: Sequence[Any]) -> tuple[float, ...]:
    return tuple(map(float, stored))
