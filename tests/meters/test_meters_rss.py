"""Peak resident memory: known allocations, and no trace of the parent process."""

import subprocess
import sys
from pathlib import Path

import pytest
from fresh_process import ROOT

from meters import rss

MB = 1_000_000

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

PARENT = """
import subprocess, sys
ballast = b"x" * 200_000_000
child = subprocess.run([sys.executable, "-c", sys.argv[1]], capture_output=True, text=True)
print(child.stdout or child.stderr)
"""

CHILD = """
import resource
from meters.rss import peak_rss
peak = peak_rss(lambda: len(b"x" * 5_000_000)).bytes
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, peak)
"""


@linux_only
def test_a_known_allocation_is_found_although_it_was_freed() -> None:
    measured = rss.peak_rss(lambda: len(b"x" * (100 * MB)))
    assert 98 * MB < measured.bytes < 110 * MB
    assert measured.result == 100 * MB


@linux_only
def test_what_was_resident_before_does_not_count() -> None:
    ballast = b"x" * (100 * MB)
    assert rss.peak_rss(lambda: None).bytes < 5 * MB
    assert len(ballast) == 100 * MB


@linux_only
def test_an_earlier_higher_peak_does_not_count() -> None:
    len(b"x" * (150 * MB))
    assert 48 * MB < rss.peak_rss(lambda: b"x" * (50 * MB)).bytes < 60 * MB


@linux_only
def test_a_large_parent_does_not_show() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARENT, CHILD],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    inherited, measured = map(int, done.stdout.split())
    assert inherited > 190 * MB
    assert 4 * MB < measured < 10 * MB


def test_other_systems_are_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NotImplementedError, match="darwin"):
        rss.peak_rss(lambda: None)


@linux_only
def test_a_kernel_without_the_reset_is_refused_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rss, "_CLEAR_REFS", tmp_path / "missing" / "clear_refs")
    with pytest.raises(NotImplementedError, match="cannot reset"):
        rss.peak_rss(lambda: None)
