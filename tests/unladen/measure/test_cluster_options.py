"""``--cluster`` and what does not go with it: one line, before anything is measured."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from unladen.cli import build_parser
from unladen.errors import UserError
from unladen.measure.cluster.command import check_options, patterns
from unladen.measure.cluster.dask_transport import check_address, connected
from unladen.measure.saved import what_is_saved_adds_up
from unladen.store.records import Failure


def given(*words: str) -> Namespace:
    """The arguments of a run."""
    return build_parser("run").parse_args(["run", "ALL", *words])


@pytest.mark.parametrize(
    "address",
    ["local:1", "local:16", "10.0.0.1:8786", "tcp://10.0.0.1:8786", "tls://host.example:1"],
)
def test_addresses(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize("address", ["local:0", "local", "local:x", "host", "http://host:80", ""])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UserError, match="give local:N for N workers on this machine"):
        check_address(address)


def test_without_dask_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match=r"pip install 'unladen\[cluster\]'"):
        check_options(given("--cluster", "local:2"))


@pytest.mark.slow
def test_nothing_of_dask_is_imported_without_it() -> None:
    code = (
        "import sys, unladen.cli; sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_where_nobody_listens(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match="no scheduler answers"),
        connected("tcp://127.0.0.1:9", tmp_path, seconds=1),
    ):
        pass


@pytest.mark.parametrize("option", ["--profile", "--quick", "--dry-run", "--steps=3"])
def test_what_workers_cannot_do_is_refused(option: str) -> None:
    with pytest.raises(UserError, match=f"--cluster and {option.partition('=')[0]} cannot be used"):
        check_options(given("--cluster", "local:2", option))


def test_options_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert given("--cluster", "local:2", "--commit-limit", "90").commit_limit == 90
    assert (given().cluster, given().exact_only) == (None, False)
    with pytest.raises(SystemExit):
        given("--commit-limit", "soon")
    assert "'soon' is no number of seconds" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        build_parser("find").parse_args(["find", "a..b", "bench", "--cluster", "local:2"])


def test_failures_of_two_measurements_of_a_commit_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (Failure(name, (), "no", "") for name in ("exact", "sampled"))
    both, alone, new = Path("both"), Path("alone"), Path("new")
    monkeypatch.setattr("unladen.measure.saved.saved_failures", failures := {both: [one]})
    monkeypatch.setattr("unladen.measure.saved.saved_wrong", {})
    failures[alone] = [one]
    with what_is_saved_adds_up():
        assert failures == {}
        failures.update({both: [other], new: [other]})
    assert failures == {both: [one, other], alone: [one], new: [other]}


def test_patterns_find_a_series_and_its_cells_only() -> None:
    assert patterns(["a.b"]) == [r"^a\.b(\(|$)"]
