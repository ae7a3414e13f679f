"""What workers deliver: whether it can be believed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from unladen.history.conditions import Conditions, conditions_of
from unladen.measure.cluster.messages import Delivery, MeasuredFile, Order
from unladen.store.records import Record, record_path
from unladen.store.results_file import ResultsFile, read_results
from unladen.store.series import SeriesInfo
from unladen.text.terminal import printable


@dataclass(frozen=True)
class Expected:
    """What a delivery has to be. ``conditions``: of each environment here, by asv's name of it;
    ``series``: as they describe themselves here; ``kit``: what is measured with. ``pins``: of a
    commit that brings its own packages, by full hash, the version of each that its lock names; None
    where all commits have those of here."""

    conditions: Mapping[str, Conditions]
    series: Mapping[str, SeriesInfo]
    kit: str
    pins: Callable[[str], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class Read:
    """A results file that was delivered, and its record."""

    file: ResultsFile
    record: Record


@contextmanager
def unpacked(delivery: Delivery) -> Iterator[list[Read]]:
    """The files of a delivery, in a folder of their own. Raises ``UserError`` for what is not
    readable."""
    with tempfile.TemporaryDirectory() as folder:
        yield [_read(Path(folder), one) for one in delivery.files]


def _read(folder: Path, delivered: MeasuredFile) -> Read:
    path = folder / Path(delivered.name).name
    path.write_bytes(delivered.results)
    record_path(path).write_bytes(delivered.record)
    for name, content in delivered.beside.items():
        (folder / Path(name).name).write_bytes(content)
    return Read(read_results(path), Record.load(record_path(path)))


def complaint(order: Order, delivery: Delivery, read: Sequence[Read], expected: Expected) -> str:
    """Why a delivery cannot be believed, one line; "" if it can."""
    if delivery.kit != expected.kit:
        return "what it measures with is not what was sent"
    environments = {one.file.environment for one in read}
    if environments != set(expected.conditions) or len(read) != len(environments):
        return f"measured in {_listed(environments)}, not in {_listed(expected.conditions)}"
    return next(filter(None, (_complaint(order, one, expected) for one in read)), "")


def _complaint(order: Order, read: Read, expected: Expected) -> str:
    file = read.file
    if file.commit != order.commit:
        return f"delivered {file.commit[:8]}, asked for {order.commit[:8]}"
    here = expected.conditions[file.environment]
    there = conditions_of(read.record, file.variables)
    if expected.pins is not None and there is not None:
        here = here.with_packages_of(there)
        if why := _other_pins(expected.pins(order.commit), there, order, file):
            return why
    if there is None or not here.agree(there):
        return _difference(here, there)
    for name in order.series:
        stored = file.series.get(name)
        if stored is None:
            return f"delivered no {name}"
        if file.of(expected.series[name]) is None:
            return f"its {name} has version {stored.version}: another suite"
    return ""


def _other_pins(pins: Mapping[str, str], there: Conditions, order: Order, file: ResultsFile) -> str:
    """What a worker had installed that the commit's lock does not name so, one line. Nothing is
    said of a commit without values: its packages may be none that can be installed."""
    values = (file.series[name].entry("result") for name in order.series if name in file.series)
    if not any(one is not None for found in values for one in found or ()):
        return ""
    installed = {canonicalize_name(name): version for name, version in there.packages}
    for name, version in pins.items():
        found = installed.get(canonicalize_name(name), "none")
        if found != version:
            return f"another package: {printable(name)} {printable(found)}, in the lock {version}"
    return ""


def _difference(here: Conditions, there: Conditions | None) -> str:
    """In what two conditions differ, one line."""
    if there is None:
        return "does not say what it measured with"
    for what, one, other in (
        ("interpreter", here.python, there.python),
        ("interpreter", here.implementation, there.implementation),
    ):
        if one != other:
            return f"another {what}: {printable(other)}, here {one}"
    for what, mine, theirs in (
        ("package", here.packages, there.packages),
        ("variable", here.variables, there.variables),
        ("driver", here.drivers, there.drivers),
    ):
        if mine != theirs:
            name = min(name for name, _ in mine ^ theirs)
            other, one = (dict(side).get(name, "none") for side in (theirs, mine))
            return f"another {what}: {printable(name)} {printable(other)}, here {one}"
    return "measured through more than one driver"


def _listed(names: Collection[str]) -> str:
    return printable(", ".join(sorted(names))) or "no environment"
