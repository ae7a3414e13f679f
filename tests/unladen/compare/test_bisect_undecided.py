"""Ends of which noise hides whether they differ: not the same as ends that do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_history import commits
from made_sides import MadeSides, cells, sampled
from terminals import Terminal, unstyled

from unladen.compare.bisect import probes
from unladen.compare.bisect.probes import Ends, SampledProber
from unladen.compare.bisect.run import Bisection
from unladen.compare.bisect.text import as_json, render, show
from unladen.text.screen import Screen

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


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_a_pipe_gets_whole_lines_and_a_terminal_is_not_overrun(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    told = found(ends(Made(noise=0.01), monkeypatch))
    told = replace(told, good=replace(GOOD, subject="a " * 60 + "end"), found=[BAD, GOOD])
    assert "a " * 60 + "end" in render(told)
    assert f"\n  {BAD.short}  {BAD.subject} ({BAD.author})\n" in render(told)
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    show(told, Screen(stream, is_whole=True))
    lines = unstyled(stream.getvalue()).splitlines()
    assert max(map(len, lines)) <= columns
    said = " ".join(" ".join(lines).split())
    assert said.startswith("sdk: m.C.")
    assert f"{GOOD.short} " in said
    assert "One of these 2 commits; all but the last could not be judged:" in said
    assert said.count("a ") >= 60
    assert " end" in said
