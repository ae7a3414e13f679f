"""``unladen score --noise``."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked_commands import run_unladen

from unladen.errors import UserError
from unladen.labels.score import made
from unladen.labels.score import noise as score_noise
from unladen.labels.score.noise import (
    DETECTORS,
    NoiseScore,
    Seen,
    Window,
    load_windows,
    permutations,
    score,
)
from unladen.labels.score.text import interval

ROOT = Path(__file__).resolve().parents[3]


def windows(number: int = 3, size: int = 60) -> list[Any]:
    random = np.random.default_rng(1)
    values = np.exp(random.normal(scale=0.01, size=(number, size)))
    return [[[value, 100.0] for value in window] for window in values.tolist()]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return run_unladen(["score", *arguments], folder, variables)


@pytest.mark.parametrize("is_zipped", [True, False])
def test_a_file_may_be_zipped_and_weights_may_be_unknown(tmp_path: Path, is_zipped: bool) -> None:
    data = windows()
    data[0][0][1] = None
    text = json.dumps(data).encode()
    path = tmp_path / "noise"
    path.write_bytes(gzip.compress(text) if is_zipped else text)
    found = load_windows(path)
    assert len(found) == 3
    assert found[1].values.tolist() == [value for value, _ in data[1]]
    assert np.isnan(found[0].weights[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting"),
        (b"\x1f\x8bgarbage", "not readable"),
        (gzip.compress(b"[[[1, 2]]]", mtime=0)[:-9], "end-of-stream"),
        (b"[]", "not a list of windows"),
        (b"{}", "not a list of windows"),
        (b"[1]", "window 1 is not a list of [seconds, weight]"),
        (b"[[1, 2]]", "window 1 is not a list of [seconds, weight]"),
        (b'[[["a", 1]]]', "window 1 is not a list"),
        (b"[[[1, 2]]]", "window 1 has 1 readings, not 10 or more"),
        (json.dumps([[[0, 1]] * 12]).encode(), "window 1 has a reading that is not a number above"),
        (json.dumps([[[1e999, 1]] * 12]).encode(), "window 1 has a reading that is not a number"),
        (b"[[[1" + b"0" * 500 + b", 1]]]", "window 1 is not a list"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\xff", "not readable"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "noise.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        load_windows(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert said in message
    assert "\n" not in message


def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_noise, "SIZE_LIMIT", 1000)
    path = tmp_path / "noise"
    path.write_bytes(gzip.compress(b" " * 2000))
    with pytest.raises(UserError, match="larger"):
        load_windows(path)


def test_what_is_counted() -> None:
    window = Window(np.arange(1.0, 21.0), np.ones(20))
    places: list[int] = []

    def never(_: Window) -> list[Seen]:
        return []

    def always(_: Window) -> list[Seen]:
        return [Seen(at, 0.06) for at in range(20)]

    def small(_: Window) -> list[Seen]:
        return [Seen(at, 0.04) for at in range(20)]

    def blind(seen: Window) -> list[Seen]:
        places.append(int(seen.values.argmax()))
        return [Seen(0, 9.0)]

    def downward(_: Window) -> list[Seen]:
        return [Seen(at, -0.06) for at in range(20)]

    detectors = {
        "never": never,
        "always": always,
        "small": small,
        "downward": downward,
        "blind": blind,
    }
    random = np.random.default_rng(1)
    found = score(permutations([window], 5, random), detectors, [7.0], random)
    recall = {name: one.recall[7.0] for name, one in found.items()}
    counts = {
        name: (one.steps, one.alerts, one.bumps, recall[name].near, recall[name].at)
        for name, one in found.items()
    }
    assert counts == {
        "never": (0, 0, 0, 0, 0),
        "always": (5, 5, 5, 5, 5),
        "small": (5, 0, 5, 5, 5),
        "downward": (5, 0, 0, 0, 0),
        "blind": (5, 5, 0, 0, 0),
    }
    assert (recall["always"].alerts, recall["small"].alerts) == (5, 0)
    assert len(set(places)) > 1  # permuted each time


def test_both_find_a_clear_step_and_neither_an_alert_in_quiet_noise() -> None:
    loaded = [Window(np.array([v for v, _ in w]), np.array([w for _, w in w])) for w in windows()]

    def tried() -> dict[str, NoiseScore]:
        random = np.random.default_rng(5)
        return score(permutations(loaded, 2, random), DETECTORS, [30.0], random)

    first = tried()
    for name in ("unladen", "asv"):
        assert first[name].trials == 6
        assert first[name].alerts == 0
        assert first[name].recall[30.0].at >= 5
    assert tried() == first
    assert [seen.at for seen in DETECTORS["unladen"](loaded[0])] == []


def test_the_interval_of_a_share() -> None:
    low, high = interval(0, 100)
    assert low == 0
    assert high == pytest.approx(0.037, abs=0.001)
    assert interval(50, 100) == pytest.approx((0.404, 0.596), abs=0.001)


@pytest.mark.slow
def test_the_command_prints_a_table_or_json_without_a_conf(tmp_path: Path) -> None:
    (tmp_path / "noise.json").write_text(json.dumps(windows()))
    arguments = ("--noise", "noise.json", "--step", "5,20", "--repeats", "2")
    text = run(tmp_path, *arguments)
    assert text.returncode == 0, text.stderr
    assert "3 windows, 6 permutations" in text.stdout
    assert "+20 %: within 2 commits" in text.stdout
    assert max(map(len, text.stdout.splitlines())) <= 100
    found = json.loads(run(tmp_path, *arguments, "--json").stdout)
    assert [step["percent"] for step in found["tools"]["unladen"]["steps"]] == [5.0, 20.0]
    assert found["tools"]["asv"]["trials"] == 6


@pytest.mark.slow
def test_noise_is_made_without_a_file_and_the_same_each_time(tmp_path: Path) -> None:
    arguments = ("--made", "3", "--step", "10")
    text = run(tmp_path, *arguments)
    assert text.returncode == 0, text.stderr
    assert "3 windows of memory 0.6" in text.stdout
    assert max(map(len, text.stdout.splitlines())) <= 100
    first, again = (run(tmp_path, *arguments, "--json").stdout for _ in range(2))
    assert first == again
    found = json.loads(first)
    assert set(made.KINDS) < set(found)
    independent = found["independent"]
    assert independent["unladen"]["trials"] == independent["asv"]["trials"] == 3
    assert independent["unladen"]["any_step"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--made", "0"), "must be a number from 1 to"),
        (("--made", "2", "--noise", "noise.json"), "give one of --labels, --noise and --made"),
        (("--noise", "missing"), "missing is not readable: No such file"),
        (("--noise", "."), "not readable"),
        (("--noise", "noise.json", "--step", "0"), "must be percentages above 0"),
        (("--noise", "noise.json", "--step", "5,x"), "must be percentages above 0"),
        (("--noise", "noise.json", "--repeats", "0"), "must be a number from 1 to"),
        (("--noise", "noise.json", "--seed", "-1"), "must be a whole number"),
        (("--noise", "noise.json", "--labels", "l"), "give one of --labels, --noise and --made"),
        (("--noise", "noise.json", "--explain"), "--explain is of the score of a history"),
        (("--noise", "noise.json", "--windows", "5"), "--windows is of the score of a history"),
        (("--made", "2", "--jobs", "1"), "--jobs is of the score of a history"),
        (("--made", "2", "--env", "other"), "--env is of the score of a history"),
        (("--made", "2", "--repeats", "2"), "--repeats goes with --noise: what is made is not"),
        (("--step", "5"), "--step goes with --noise or --made"),
        (("--repeats", "4"), "--repeats goes with --noise or --made"),
        (("--seed", "0"), "--seed goes with --noise or --made"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "noise.json").write_text(json.dumps(windows()))
    found = run(tmp_path, *arguments)
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert said in line
