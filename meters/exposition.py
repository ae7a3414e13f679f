"""What a program tells of itself in Prometheus' text format: its samples, and totals of them.

Kind: as exact as what the program counts. Unit: the program's.
Cost: none to the program beside what it takes to write its text; read after the run.
Blind spots: exemplars and OpenMetrics' further syntax are not read. A metric that has no sample yet
is not told from one that is not there.
The format: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_SAMPLE = re.compile(
    rf"(?P<name>{_NAME})[ \t]*(?:\{{(?P<labels>(?:[^\"}}]|{_QUOTED})*)\}})?"
    r"[ \t]+(?P<value>\S+)(?:[ \t]+-?\d+)?"
)
_LABEL = re.compile(rf"[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*({_QUOTED})[ \t]*(?:,[ \t]*|$)")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: a metric's value with these labels."""

    name: str
    labels: Mapping[str, str]
    value: float


def samples(text: str) -> Iterator[Sample]:
    """All samples of a text, in its order. ``ValueError``: with the first line that is none."""
    for line in text.split("\n"):
        said = line.strip(" \t\r")
        if said and not said.startswith("#"):
            yield _sample(said)


def total(text: str, metric: str) -> float | None:
    """The sum over all labels of a metric, by the name that its samples have; ``None`` if it has
    none. Raises ``ValueError`` as ``samples`` does."""
    values = [sample.value for sample in samples(text) if sample.name == metric]
    return sum(values) if values else None


def _sample(line: str) -> Sample:
    found = _SAMPLE.fullmatch(line)
    if found is None:
        raise ValueError(f"no sample of a metric: {line[:100]!r}")
    labels = dict(_labels(found["labels"] or "", line))
    return Sample(found["name"], labels, float(found["value"]))  # float reads NaN and +Inf too


def _labels(written: str, line: str) -> Iterator[tuple[str, str]]:
    at = 0
    while written[at:].strip(" \t"):
        found = _LABEL.match(written, at)
        if found is None:
            raise ValueError(f"no labels of a metric: {line[:100]!r}")
        yield found[1], _ESCAPED.sub(_meant, found[2][1:-1])
        at = found.end()


def _meant(escaped: re.Match[str]) -> str:
    return {"n": "\n", '"': '"', "\\": "\\"}.get(escaped[1], escaped[0])
