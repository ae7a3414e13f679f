"""What asv does not keep of a measurement: why values are missing, which ones are of a wrong
outcome, what benchmarks said of others, and on what it ran.

Beside each result ``<commit8>-<env>.json`` lies ``<commit8>-<env>.record``: JSON, but not
``.json``, which asv would load as a result. It names no machine, user or absolute path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from unladen.project.driver_digest import DriverDigests
from unladen.store import record_text
from unladen.store.bounds import Count, Date, Load, set_fields
from unladen.store.json_files import as_declared, read_json, replacing, unreadable
from unladen.store.reasons import Params
from unladen.text.terminal import head, printable, printable_lines

NOTE_LIMIT = 2000
"""Characters of a note that are kept."""

VERSIONS = (record_text.FLAT_VERSION, record_text.VERSION)
"""Of the formats that are read; the last is the one that is written."""

DAY = 86_400


@dataclass(frozen=True)
class Circumstances:
    """On what was measured. ``memory`` in bytes; ``python`` such as ``3.11.7``; ``packages``:
    version by name, as installed in the benchmark environment; ``asv`` and ``asv_runner`` are the
    versions of the process that asked for the measurement; ``load_average`` over 1, 5 and 15
    minutes when the result was saved, empty where the system has none."""

    cpu: str
    cores: Count
    memory: Count
    os: str
    kernel: str
    python: str
    implementation: str
    packages: Mapping[str, str]
    asv: str
    asv_runner: str
    unladen: str
    load_average: tuple[Load, ...]

    def __post_init__(self) -> None:
        """Make its texts printable."""
        for name in ("cpu", "os", "kernel", "python", "implementation", "asv", "asv_runner"):
            set_fields(self, **{name: printable(getattr(self, name))})
        packages = {printable(name): printable(text) for name, text in self.packages.items()}
        set_fields(self, unladen=printable(self.unladen), packages=packages)


@dataclass(frozen=True)
class Calibration:
    """How fast the host was (``unladen.measure.calibration``): CPU seconds of a fixed piece of work
    before and after a measurement, None where it was not run. Comparable within one ``version``."""

    version: int
    before: float | None
    after: float | None

    def __post_init__(self) -> None:
        """Leave out what cannot be a time, such as NaN."""
        for name in ("before", "after"):
            score: float | None = getattr(self, name)
            if score is not None and not 0 < score < DAY:
                set_fields(self, **{name: None})


@dataclass(frozen=True)
class Session:
    """One measurement of a commit, and the host meanwhile.

    ``started``, ``ended``: milliseconds since 1970; asv's ``started_at`` of each series that was
    measured lies between them. ``cpu``: its model. ``load_before``, ``load_after``: averages over
    1, 5 and 15 minutes, empty if unknown. ``driver``, ``driver_parts``: the digests of the driver's
    code (``unladen.project.driver_digest``): what all its capabilities share, "" in records that
    were written before there was one, and by name each capability that has a part of its own.
    """

    started: Date
    ended: Date
    cpu: str
    load_before: tuple[Load, ...]
    load_after: tuple[Load, ...]
    calibration: Calibration | None
    driver: str = ""
    driver_parts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make its texts printable."""
        parts = {printable(part): printable(one) for part, one in self.driver_parts.items()}
        driver = printable(self.driver)
        set_fields(self, cpu=printable(self.cpu), driver=driver, driver_parts=parts)

    def driver_of(self, parts: Sequence[str]) -> str:
        """The digest of the driver through which a series was measured, "" if it is not known.
        ``parts``: that may connect it, as ``SeriesInfo.parts`` has them."""
        return DriverDigests(self.driver, self.driver_parts).of(parts)


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

    def __post_init__(self) -> None:
        """Make the reason printable."""
        set_fields(self, reason=printable(self.reason))


@dataclass(frozen=True)
class NotApplicable:
    """A parameter combination that the subject does not have, and the reason it gave ("": none)."""

    series: str
    params: Params
    reason: str

    def __post_init__(self) -> None:
        """Make the reason printable."""
        set_fields(self, reason=printable(self.reason))


@dataclass(frozen=True)
class Wrong:
    """A parameter combination whose value is that of a wrong outcome: it completed, but did not do
    what was asked. ``reason``: what is wrong, one line of ``NOTE_LIMIT`` characters at most."""

    series: str
    params: Params
    reason: str

    def __post_init__(self) -> None:
        """Make the reason printable, and cut it."""
        set_fields(self, reason=head(printable(self.reason), NOTE_LIMIT))


@dataclass(frozen=True)
class Note:
    """What a benchmark said of the value of a parameter combination, such as why an outcome is what
    it is; ``text`` may have several lines."""

    series: str
    params: Params
    text: str

    def __post_init__(self) -> None:
        """Make the text printable, and cut it."""
        set_fields(self, text=head(printable_lines(self.text), NOTE_LIMIT))


@dataclass(frozen=True)
class Carried:
    """A parameter combination that was not measured at the commit itself: all that is said of it,
    its value, reason and note, is from another, whose processes opened nothing that is otherwise
    here (``unladen.history.carrying``). ``commit``: the one that was measured, its hash."""

    series: str
    params: Params
    commit: str

    def __post_init__(self) -> None:
        """Make the hash printable."""
        set_fields(self, commit=printable(self.commit))


@dataclass(frozen=True)
class Opened:
    """What the processes opened of the checkout that all values of a results file are from.

    ``paths``: the name of the list beside it (``unladen.store.opened``), "" if it is not known
    whole; then ``refusal`` says why, one line. ``setting``: a digest of what else decides what they
    open: the variables they had, and what of the checkout was on their path.
    """

    paths: str
    setting: str
    refusal: str = ""

    def __post_init__(self) -> None:
        """Make its texts printable."""
        for name in ("paths", "setting", "refusal"):
            set_fields(self, **{name: printable(getattr(self, name))})


Entry: TypeAlias = Failure | NotApplicable | Note | Wrong | Carried


@dataclass(frozen=True)
class Record:
    """What is known of one results file beyond its values. ``sessions``: the measurements that its
    values are from, oldest first. ``opened``: None if nothing is known of it. Records that were
    written before there were sessions, notes, wrong outcomes or carried values have none."""

    environment: Circumstances | None = None
    failed: tuple[Failure, ...] = field(default=())
    not_applicable: tuple[NotApplicable, ...] = field(default=())
    sessions: tuple[Session, ...] = field(default=())
    notes: tuple[Note, ...] = field(default=())
    wrong: tuple[Wrong, ...] = field(default=())
    carried: tuple[Carried, ...] = field(default=())
    opened: Opened | None = None

    @classmethod
    def load(cls, path: Path, content: bytes | None = None) -> Record:
        """Read a record. ``content``: what is in the file, if that is read already. Raises
        ``UserError`` if there is none, or it is not one."""
        data = read_json(path, *VERSIONS, content=content)
        if lacking := [name for name in _ALWAYS if name not in data]:
            raise unreadable(path, f"its {lacking[0]} is missing")
        try:
            entries = record_text.flat(data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise unreadable(path, "it is not a record") from error
        return as_declared(path, entries, cls, "a record")

    def save(self, path: Path) -> None:
        """Write the record, atomically."""
        said = asdict(self)
        for name in ("carried", "opened"):  # of few commits, where they are said at all
            if not said[name]:
                del said[name]
        with replacing(path) as temporary:
            temporary.write_text(record_text.text(said), encoding="utf-8")

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
            carried=tuple(filter(stays, self.carried)),
            opened=self.opened,
        )

    def with_session(self, session: Session, started: Iterable[int]) -> Record:
        """This record with one more session, without those from which no value is left.

        ``started``: when each series of the results file was measured, milliseconds since 1970.
        """
        times = list(started)
        used = [s for s in self.sessions if any(s.started <= at <= s.ended for at in times)]
        return replace(self, sessions=(*used, session))


_ALWAYS = ("environment", "failed", "not_applicable")
"""What every record has."""


def record_path(results_file: Path) -> Path:
    """Where the record of a results file lies."""
    return results_file.with_suffix(".record")


def has_record(results_file: Path) -> bool:
    """Whether there is one."""
    return record_path(results_file).is_file()


def record_of(results_file: Path) -> Record | None:
    """The record of a results file; None if there is none. Raises ``UserError`` for a bad one."""
    path = record_path(results_file)
    return Record.load(path) if path.exists() else None


def _order(entry: Entry) -> tuple[str, Params]:
    return entry.series, entry.params
