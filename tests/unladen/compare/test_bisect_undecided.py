"""Ends of which noise hides whether they differ: not the same as ends that do not."""

from __future__ import annotations

from typing import Any

import pytest
from made_history import commits
from made_sides import MadeSides, cells, sampled

from unladen.compare.bisect import probes
from unladen.compare.bisect.probes import Ends, SampledProber
from unladen.compare.bisect.run import Bisection
from unladen.compare.bisect.text import as_json, render

GOOD, BAD = commits(2)
(CELL,) = cells(sampled())


class Made(MadeSides):
    """Sides that are a context."""

    def __enter__(self) -> Made:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def ends(made: Made, monkeypatch: pytest.MonkeyPatch) -> Ends:
    monkeypatch.setattr(probes, "InterleavedRunner", lambda setup, hashes: made)
    setup: Any = None
    return SampledProber(setup, CELL, GOOD, BAD, lambda text: None).ends()


def found(ends: Ends) -> Bisection:
    return Bisection("sdk", CELL, GOOD, BAD, [BAD], ends, [], [])


def test_ends_that_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    same = ends(Made(noise=0.01), monkeypatch)
    assert (same.differ, same.undecided) == (False, False)
    assert render(found(same)).endswith("No change between 00000000 and 00000001.")


def test_ends_that_noise_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = ends(Made(ratio=1.02, noise=2.0), monkeypatch)
    assert (hidden.differ, hidden.undecided) == (False, True)
    assert "Could not judge whether 00000000 and 00000001 differ" in render(found(hidden))
    assert as_json(found(hidden))["undecided"] is True
