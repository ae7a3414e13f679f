"""Two asv benchmark types for sampled values: ``peakrss_*`` and ``sample_*``.

asv keeps one number of a ``track_*`` function and one of a ``peakmem_*``. These types return
several samples in the form of asv's timing benchmarks, and so get what timings get: a median, a
confidence interval, and the Mann-Whitney test in ``asv compare`` and ``asv continuous``.

Kind: sampled. Unit: bytes for ``peakrss_*``, the ``unit`` attribute for ``sample_*``.
Cost: ``repeat`` calls of the function per round; the types themselves add microseconds.
Blind spots: those of ``meters.rss``; setup and teardown run once per process, so all samples of a
round share what the first of them warmed up.

A suite calls ``register()`` before asv scans its functions, in its ``__init__.py``.
"""

import math
import re
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Real
from typing import Any

from asv_runner.benchmarks import benchmark_types
from asv_runner.benchmarks._base import Benchmark, _get_first_attr

from meters import rss


@dataclass(frozen=True, slots=True)
class Repeat:
    """How many samples to take: up to ``most``, and none after ``seconds`` beyond ``least``."""

    least: int
    most: int
    seconds: float

    @classmethod
    def parse(cls, value: Any, default: int) -> "Repeat":
        """Read asv's ``repeat`` attribute: a count, 0 for the default, or (min, max, seconds)."""
        if isinstance(value, (tuple, list)):
            least, most, seconds = value
            return cls(int(least), int(most), float(seconds))
        wanted = int(value) or default
        return cls(wanted, wanted, math.inf)


class _SampledBenchmark(Benchmark, ABC):  # type: ignore[misc]  # asv_runner has no types
    """A benchmark whose result is a list of samples, each taken by ``sample``."""

    default_repeat: int
    default_rounds: int

    def __init__(self, name: str, func: Any, attr_sources: list[Any]) -> None:
        super().__init__(name, func, attr_sources)
        self.rounds = int(_get_first_attr(attr_sources, "rounds", self.default_rounds))
        self._load_repeat()

    def _load_repeat(self) -> None:
        self.repeat = _get_first_attr(self._attr_sources, "repeat", self.default_repeat)

    def do_setup(self) -> bool:
        """Run the setup once; True means skipped.

        Attributes are read again after it: asv puts those of its ``-a`` option among the sources
        only after construction, and a setup may set them too.
        """
        skip = bool(super().do_setup())
        self._load_repeat()
        return skip

    def run(self, *param: Any) -> dict[str, Any]:
        """Take the samples of one round, in the form that asv knows from its timings."""
        repeat = Repeat.parse(self.repeat, self.default_repeat)
        started = time.monotonic()
        samples = [self.sample(*param)]
        while len(samples) < repeat.most and (
            len(samples) < repeat.least or time.monotonic() - started < repeat.seconds
        ):
            samples.append(self.sample(*param))
        return {"samples": samples, "number": 1}

    @abstractmethod
    def sample(self, *param: Any) -> float:
        """Take one sample."""


class PeakRssBenchmark(_SampledBenchmark):
    """``peakrss_*``: peak resident bytes of a call above the level before it, see ``meters.rss``.

    Where that cannot be measured the benchmark is skipped, which asv shows as n/a.
    """

    name_regex = re.compile(r"^(PeakRss[A-Z_].+|peakrss_.+)$")
    default_repeat = 3
    default_rounds = 1

    def __init__(self, name: str, func: Any, attr_sources: list[Any]) -> None:
        super().__init__(name, func, attr_sources)
        self.type = "peakrss"
        self.unit = "bytes"

    def do_setup(self) -> bool:
        """Run the setup once; True means skipped, by it or because memory cannot be measured."""
        skip = super().do_setup()
        try:
            rss.require_support()
        except NotImplementedError as error:
            # The form in which asv's own benchmarks tell why they were skipped.
            print(f"asv: skipped: {error!r} ")
            return True
        return skip

    def sample(self, *param: Any) -> int:
        """Peak resident bytes of one call."""
        return rss.peak_rss(lambda: self.func(*param)).bytes


class SampleBenchmark(_SampledBenchmark):
    """``sample_*``: the function returns one sampled number per call, in its ``unit``."""

    name_regex = re.compile(r"^(Sample[A-Z_].+|sample_.+)$")
    default_repeat = 5
    default_rounds = 2

    def __init__(self, name: str, func: Any, attr_sources: list[Any]) -> None:
        super().__init__(name, func, attr_sources)
        self.type = "sample"
        self.unit = _get_first_attr(attr_sources, "unit", "unit")

    def sample(self, *param: Any) -> float:
        """The number that one call returns; TypeError or ValueError if it is no finite number."""
        value = self.func(*param)
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{self.name} returned {value!r}, which is no number")
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{self.name} returned {number}, which cannot be a sample")
        return number


def register() -> None:
    """Put both types in front of asv's own; calling it again changes nothing."""
    for kind in (SampleBenchmark, PeakRssBenchmark):
        if kind not in benchmark_types:
            benchmark_types.insert(0, kind)
