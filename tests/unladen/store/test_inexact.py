"""What a target declares inexact is the tolerance of its series; a line says what is malformed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from unladen.asv_bridge import inexact_series
from unladen.errors import UserError
from unladen.store.inexact import FILE, declared_inexact

DECLARED = """
[[inexact]]
series = ["talk.loudly.*.track_function_calls", "talk.loudly.Run.track_bytes"]
within = 0.001
why = "it goes through a set"

[[inexact]]
series = ["talk.loudly.Run.*"]
within = 0.01
why = "a thread"
"""


def test_the_widest_of_what_is_declared_counts(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(DECLARED)
    declared = declared_inexact(tmp_path)
    assert declared.tolerance("talk.loudly.Walk.track_function_calls") == 0.001
    assert declared.tolerance("talk.loudly.Run.track_bytes") == 0.01
    assert declared.why("talk.loudly.Run.track_bytes") == "it goes through a set; a thread"
    assert declared.tolerance("talk.softly.Run.track_bytes") == 0
    assert declared.why("talk.softly.Run.track_bytes") == ""


def test_without_a_file_nothing_is_declared(tmp_path: Path) -> None:
    assert declared_inexact(tmp_path).tolerance("talk.loudly.Run.track_bytes") == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within = 0.001", "within = 1.5"),
        ("within = 0.001", ""),
        ('why = "a thread"', 'because = "a thread"'),
        ('series = ["talk.loudly.Run.*"]', "series = []"),
    ],
)
def test_a_malformed_file_is_told_in_one_line(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / FILE).write_text(DECLARED.replace(old, new))
    with pytest.raises(UserError, match="it holds no declarations of what is inexact") as raised:
        declared_inexact(tmp_path)
    assert FILE in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_asv_finds_has_the_tolerance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "targets" / "one"
    folder.mkdir(parents=True)
    (folder / "driver.py").write_text("")
    (folder / FILE).write_text(DECLARED)
    monkeypatch.chdir(folder)
    names = ("talk.loudly.Run.track_bytes", "talk.loudly.Run.track_peak", "talk.softly.Run.track_x")
    found = SimpleNamespace(_all_benchmarks={name: {"tolerance": 0.0} for name in names})
    found._all_benchmarks[names[1]]["tolerance"] = 0.02

    class Found:
        @classmethod
        def discover(cls, conf: Any, *args: Any) -> Any:
            return found

    monkeypatch.setattr(inexact_series, "Benchmarks", Found)
    inexact_series.install()
    inexact_series.install()
    conf = SimpleNamespace(project="one", repo="r", branches=["main"])
    assert Found.discover(conf, "repository") is found
    assert [one["tolerance"] for one in found._all_benchmarks.values()] == [0.01, 0.02, 0.0]
