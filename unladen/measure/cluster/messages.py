"""What the command and its workers say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Kit:
    """What a worker measures with. ``conf``: of the target, without what is particular to a
    machine; ``files``: all that it names and the benchmarks need, a tar file, compressed;
    ``digest``: of the files' names and contents (``unladen.measure.cluster.kit``)."""

    target: str
    conf: Mapping[str, object]
    files: bytes
    digest: str


@dataclass(frozen=True)
class Introduction:
    """What a worker says of itself. ``unladen``, ``code``: version and digest of our own code
    there; ``host``: its name; ``folder``: where it measures; ``kit``: the digest of what it has
    unpacked there."""

    host: str
    process: int
    folder: str
    unladen: str
    code: str
    python: str
    system: str
    kit: str


@dataclass(frozen=True)
class Order:
    """One commit to be measured. ``commit``: its full hash; ``series``: their names; ``machine``:
    the name under which it is to be measured; ``seconds``: how long that may take."""

    kit: str
    target: str
    commit: str
    series: tuple[str, ...]
    machine: str
    seconds: float


@dataclass(frozen=True)
class MeasuredFile:
    """A results file and its record, as they are. ``name``: of the former; ``beside``: by name,
    other files that the record speaks of."""

    name: str
    results: bytes
    record: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What became of an order. ``files``: one for each environment of the conf, none if the commit
    could not be measured there; ``why``: the reason then, one line; ``is_late``: the time was up.
    ``cpu``: seconds of CPU, of all processes."""

    commit: str
    kit: str
    files: tuple[MeasuredFile, ...]
    why: str
    is_late: bool
    cpu: float


@dataclass(frozen=True)
class Failed:
    """A worker could not answer. ``why``: one line."""

    why: str


Content: TypeAlias = Introduction | Delivery | Failed


@dataclass(frozen=True)
class Reply:
    """What came back from a worker, by the name that its transport gives it."""

    worker: str
    content: Content
