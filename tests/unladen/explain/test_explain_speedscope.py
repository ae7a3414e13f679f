"""Profiles in speedscope's file format, held against its specification."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
import pytest
from made_explanation import made_explanation, made_pair, rows
from made_sources import Row, own
from msgspec import Meta

from unladen.explain.code import Key
from unladen.explain.contexts import RunFunction
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.explain.speedscope import as_speedscope

Number = float | int
Index = Annotated[int, Meta(ge=0)]


class FrameSpec(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A function: its name, and where it is."""

    name: str
    file: str | None = None
    line: Index | None = None
    col: Index | None = None


class SharedSpec(msgspec.Struct, forbid_unknown_fields=True):
    """What all profiles refer to by index."""

    frames: Sequence[FrameSpec]


Unit = Literal["none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"]


class SampledSpec(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A profile of stacks, the outermost function first, and as many weights."""

    type: Literal["sampled"]
    name: str
    unit: Unit
    startValue: Number
    endValue: Number
    samples: Sequence[Sequence[Index]]
    weights: Sequence[Number]


class FileSpec(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the published schema requires and allows of a file of sampled profiles."""

    schema: Literal["https://www.speedscope.app/file-format-schema.json"] = msgspec.field(
        name="$schema"
    )
    shared: SharedSpec
    profiles: Sequence[SampledSpec]
    name: str | None = None
    activeProfileIndex: Index | None = None
    exporter: str | None = None


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("speedscope"))


def checked(found: ExplainedPair) -> FileSpec:
    """The profiles of an explanation, as a program reads them that goes by the specification."""
    text = json.dumps(as_speedscope(found), allow_nan=False)
    file = msgspec.json.decode(text, type=FileSpec)
    for profile in file.profiles:
        assert len(profile.samples) == len(profile.weights)
        assert all(weight > 0 for weight in profile.weights)
        assert profile.startValue <= profile.endValue
        assert profile.endValue - profile.startValue == sum(profile.weights)
        assert all(stack for stack in profile.samples)
        assert all(max(stack) < len(file.shared.frames) for stack in profile.samples)
    return file


def stacks(file: FileSpec, profile: int) -> dict[str, Number]:
    """Weights by the names on the stack."""
    names = [one.name for one in file.shared.frames]
    found = file.profiles[profile]
    return {
        "/".join(names[at] for at in stack): weight
        for stack, weight in zip(found.samples, found.weights, strict=True)
    }


def test_before_and_after_are_two_profiles_in_bytecodes(pair: CommitPair) -> None:
    found = made_explanation(pair, rows(1, "was_called"), rows(4))
    file = checked(found)
    assert [one.name for one in file.profiles] == [
        f"before ({pair.before.short}): m.C.bytecodes, bytecodes",
        f"after ({pair.after.short}): m.C.bytecodes, bytecodes",
    ]
    assert [one.unit for one in file.profiles] == ["none", "none"]
    work = found.figures[0].work
    assert work is not None
    assert [one.endValue for one in file.profiles] == [work.before, work.after]
    ask = "measure/run_once/run/ask"
    assert (stacks(file, 0)[ask], stacks(file, 1)[ask]) == (2, 8)
    dumps = f"{ask}/create_task/call_soon/dumps"
    assert (stacks(file, 0)[dumps], stacks(file, 1)[dumps]) == (100, 400)


def test_a_renamed_function_is_one_frame(pair: CommitPair) -> None:
    file = checked(made_explanation(pair, rows(1, "was_called"), rows(4)))
    names = [one.name for one in file.shared.frames]
    assert len(names) == len(set(names))
    assert "is_called" in names
    assert "was_called" not in names
    assert "measure/run_once/run/is_called" in stacks(file, 0)


def test_functions_of_the_sdk_have_their_lines(pair: CommitPair) -> None:
    file = checked(made_explanation(pair, rows(1, "was_called"), rows(4)))
    lines = {one.name: (one.file, one.line) for one in file.shared.frames}
    assert lines["ask"] == ("sdk/engine.py", 5)
    assert lines["dumps"] == ("lib.py", None)


def test_what_is_not_explained_has_no_profile(pair: CommitPair) -> None:
    (figure,) = made_explanation(pair, [], []).figures
    empty = ExplainedPair("sdk", pair, [ExplainedFigure(figure.cell, None, reason="n/a")])
    assert checked(empty).profiles == []


def test_hostile_names_are_printable(pair: CommitPair) -> None:
    hostile = RunFunction("own", Key("sdk/\x1b]0;x\x07.py", "f\u202e\n\udc80"))
    made: list[Row] = [(-1, hostile, 0, 1, {1: 10}), (0, own("ask"), 0, 1, {1: 1})]
    file = checked(made_explanation(pair, [], made, target="\x1b[31m"))
    frames = file.shared.frames
    told = [file.name, *(one.name for one in frames), *(one.file for one in frames)]
    assert all(text is not None and text.isprintable() for text in told)


def test_what_counts_nothing_is_no_sample(pair: CommitPair) -> None:
    made: list[Row] = [(-1, own("run"), 0, 1, {}), (0, own("ask"), 0, 1, {1: 3})]
    file = checked(made_explanation(pair, made, made))
    assert stacks(file, 1) == {"run/ask": 3}
