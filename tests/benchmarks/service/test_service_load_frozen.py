"""A virtual load whose service freezes in the middle: what had ended is told, and the proof."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.core.cells import Kept
from benchmarks.service import load
from benchmarks.service.running import CALLER, Frozen
from mocks.worlds.service.rows import Row

PROOF = f"spin at virtual time 1.2 s, at app.py:7 in receive\n{CALLER}server.py:9 in serve"


class FreezingService:
    def __init__(self, provider: object) -> None:
        self.heard: Any = None

    def __enter__(self) -> FreezingService:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, heard: Any) -> None:
        heard(Row(user=1, kind="chat", prompt="p", due=0.0, started=0.0, ended=1.0, status=200))
        raise Frozen(PROOF)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = SimpleNamespace(kinds=["chat"])
    monkeypatch.setattr(load, "Running", FreezingService)
    monkeypatch.setattr(load, "play", lambda running, profile, seed, heard: heard)
    monkeypatch.setattr(load, "fresh", lambda measure, limit_s: Kept(measure(), ""))
    monkeypatch.setattr(load.subject, "capability", lambda kind: offered)
    monkeypatch.setattr(load.subject, "target", lambda: SimpleNamespace(name="toy"))


@pytest.mark.usefixtures("frozen")
def test_what_had_ended_is_told_and_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert load.main(["--users", "2"]) == load.UNMEASURABLE
    told = capsys.readouterr()
    plan, row = map(json.loads, told.out.splitlines())
    assert (plan["t"], plan["subject"], plan["users"]) == ("plan", "toy", 2)
    assert (row["t"], row["ended"]) == ("row", 1.0)
    assert told.err == "unladen: spin at virtual time 1.2 s, at app.py:7 in receive\n"


def test_bad_options_are_refused_before_anything_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert load.main(["--profile", "nonsense"]) == 2
    assert capsys.readouterr().err.startswith("unladen: there is no profile 'nonsense'")
