"""The digest of a driver: what moves it, and what becomes of exact values of two drivers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_history import history, series
from tiny_project import TinyProject

from unladen.changes.by_commit import group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import State
from unladen.changes.text import render
from unladen.history.conditions import Conditions
from unladen.history.history import History
from unladen.project.code_text import Module, code_text
from unladen.project.driver_digest import LENGTH, DriverDigests, driver_digests
from unladen.store.records import Session

DRIVER = '''"""A driver."""
from targets.protocol import Target
from targets.protocols.talk import Talk
from .near import far  # what is beside


def open(world):
    """Connects."""
    from targets.sdk import late
    return late.engine(world, "a # b")


TARGET = Target(name="sdk", imports=("sdk",))
'''


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    """A driver with what it imports, and what it does not, beside it."""
    folder = tmp_path / "unladen-bench"
    folder.mkdir()
    for name, text in {
        "driver.py": DRIVER,
        "near.py": "from targets.sdk.further import far\n",
        "further.py": "far = 1\n",
        "late.py": "def engine(world, text): ...\n",
        "alone.py": "nobody = 1\n",
    }.items():
        (folder / name).write_text(text)
    return folder / "driver.py"


def digest(driver: Path, project: str) -> str:
    """That of a driver without parts."""
    found = driver_digests(driver, project)
    assert found.parts == {}
    return found.common


def edited(driver: Path, file: str, old: str, new: str) -> str:
    """The digest after an edit of a file."""
    path = driver.with_name(file)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    return digest(driver, "sdk")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("driver.py", '"""A driver."""', '"""A driver\nof ours."""'),
        ("driver.py", '"""Connects."""', ""),
        ("driver.py", "  # what is beside", "  # somewhere"),
        ("driver.py", "TARGET", "# the target\n\n\nTARGET"),
        ("driver.py", "\n", "\r\n"),
        ("alone.py", "nobody", "somebody"),
    ],
)
def test_what_does_nothing_does_not_count(driver: Path, file: str, old: str, new: str) -> None:
    before = digest(driver, "sdk")
    assert len(before) == LENGTH
    assert edited(driver, file, old, new) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("driver.py", '"a # b"', '"a # c"'),
        ("driver.py", "    from targets", "    if world:\n        pass\n    from targets"),
        ("near.py", "far", "far as near"),
        ("further.py", "1", "2"),
        ("late.py", "...", "return 1"),
    ],
)
def test_what_is_loaded_counts(driver: Path, file: str, old: str, new: str) -> None:
    before = digest(driver, "sdk")
    assert edited(driver, file, old, new) != before


def test_a_drivers_folder_does_not_count_and_a_package_is_a_driver(driver: Path) -> None:
    before = digest(driver, "sdk")
    moved = driver.parent.rename(driver.parent.with_name("sdk"))
    assert digest(moved / "driver.py", "sdk") == before
    package = moved / "driver"
    package.mkdir()
    (package / "__init__.py").write_text("from .echo import TARGET\n")
    (package / "echo.py").write_text("from targets.sdk import late\nTARGET = late\n")
    one = digest(package / "__init__.py", "sdk")
    (package / "echo.py").write_text("TARGET = 2\n")
    assert digest(package / "__init__.py", "sdk") not in (one, before)
    assert digest(moved / "no" / "driver.py", "sdk") == ""


def test_docstrings_end_where_python_says() -> None:
    code = 'def f(): "é"; return """no\n\ndocstring"""  # é\n'
    code += "class C:\n    '''é\n    é'''\n    x = 1\n"
    module = Module.read(code.encode())
    assert module is not None
    assert code_text(module) == ('def f(): ; return """no\ndocstring"""\nclass C:\n    x = 1')
    assert Module.read(b"no python (\n") is None


def test_a_driver_that_is_no_python_counts_as_it_is(driver: Path) -> None:
    driver.write_text("no python (\n")
    before = digest(driver, "sdk")
    driver.write_text("no python ((\n")
    assert digest(driver, "sdk") not in (before, "")


PARTS = """\
from targets.protocol import Target
from targets.protocols.talk import Talk
from targets.sdk.turns import TURNS

TARGET = Target(
    name="sdk",
    imports=("sdk",),
    capabilities=[Talk(open=print), TURNS],
)
"""


@pytest.fixture
def apart(driver: Path) -> Path:
    """A driver with a part for turns, which shares a module with one for sessions, not listed."""
    for name, text in {
        "driver.py": PARTS,
        "turns.py": "from .shared import one\nTURNS = one(1)\n",
        "sessions.py": "from .shared import one\nSESSIONS = OTHER = one(2)\n",
        "shared.py": "one = print\n",
        "rules.py": "RULES = 1\n",
    }.items():
        driver.with_name(name).write_text(text)
    return driver


def with_driver(apart: Path, *edits: tuple[str, str]) -> DriverDigests:
    """The digests after edits of the driver's own file."""
    text = PARTS
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    apart.write_text(text)
    return driver_digests(apart, "sdk")


def test_a_capabilitys_module_counts_for_it_alone(apart: Path) -> None:
    before = driver_digests(apart, "sdk")
    assert list(before.parts) == ["turns"]
    for file, old, new in (("turns.py", "1", "2"), ("shared.py", "print", "repr")):
        path = apart.with_name(file)
        path.write_text(path.read_text().replace(old, new))
        after = driver_digests(apart, "sdk")
        assert after.common == before.common
        assert after.parts["turns"] != before.parts["turns"]
        before = after
    after = with_driver(apart, ("open=print", "open=repr"))
    assert after.common != before.common
    assert after.parts["turns"] != before.parts["turns"]


IMPORT = "from targets.sdk.turns import TURNS\n"
LISTED = "    capabilities=[Talk(open=print), TURNS],\n"
SPREAD = "    capabilities=[\n        Talk(open=print),  # talk\n{}    ],\n"


@pytest.mark.parametrize(
    ("imports", "listed"),
    [
        ("from targets.sdk.sessions import SESSIONS\n", "SESSIONS"),
        ("from targets.sdk import sessions\n", "sessions.SESSIONS"),
        ("from .sessions import SESSIONS as talks\n", "talks"),
    ],
)
def test_to_connect_one_more_moves_no_other(apart: Path, imports: str, listed: str) -> None:
    before = driver_digests(apart, "sdk")
    spread = SPREAD.format(f"        {listed},\n        TURNS,\n")
    after = with_driver(apart, (IMPORT, IMPORT + imports), (LISTED, spread))
    assert after.common == before.common
    assert after.parts["turns"] == before.parts["turns"]
    assert sorted(after.parts) == ["sessions", "turns"]
    in_one = (
        'TARGET = Target(name="sdk", imports=("sdk",), capabilities=[Talk(open=print), TURNS])\n'
    )
    spread_out = PARTS[PARTS.index("TARGET =") :]
    assert with_driver(apart, (spread_out, in_one)) == before
    alone = with_driver(apart, (IMPORT, ""), (LISTED, SPREAD.format("")))
    assert alone == DriverDigests(before.common)


def test_names_of_a_part_may_be_imported_in_one_statement(apart: Path) -> None:
    before = with_driver(apart, (IMPORT, "from targets.sdk import near\n"), (", TURNS", ""))
    one = with_driver(
        apart, (IMPORT, "from targets.sdk import near, turns\n"), ("TURNS", "turns.T")
    )
    assert (one.common, list(one.parts)) == (before.common, ["turns"])


@pytest.mark.parametrize(
    ("imports", "old", "new"),
    [
        ("from .rules import RULES\n", "open=print", "open=RULES"),
        ("from .rules import RULES\n", ", TURNS", ", TURNS, RULES(print)"),
        ("from .rules import RULES\n", "imports", "extra=RULES, imports"),
        ("import targets.sdk.rules\n", ", TURNS", ", TURNS, targets.sdk.rules.RULES"),
    ],
)
def test_a_part_that_does_more_than_stand_in_the_list_counts_for_all(
    apart: Path, imports: str, old: str, new: str
) -> None:
    before = with_driver(apart, (IMPORT, IMPORT + imports), (old, new))
    assert list(before.parts) == ["turns"]
    apart.with_name("rules.py").write_text("RULES = 2\n")
    after = driver_digests(apart, "sdk")
    assert after.common != before.common
    assert after.parts["turns"] != before.parts["turns"]


def test_a_part_that_another_module_imports_is_no_part_of_its_own(apart: Path) -> None:
    before = with_driver(
        apart,
        ("Talk(open=print)", "sessions.SESSIONS"),
        (IMPORT, IMPORT + "from . import sessions, near\nnear.far\n"),
    )
    assert sorted(before.parts) == ["sessions", "turns"]
    apart.with_name("near.py").write_text("from .sessions import OTHER as far\n")
    after = driver_digests(apart, "sdk")
    assert list(after.parts) == ["turns"]
    assert after.common != before.common


def test_a_package_has_its_parts_beside_its_beginning(apart: Path) -> None:
    package = apart.with_name("driver")
    package.mkdir()
    (package / "__init__.py").write_text(PARTS.replace(IMPORT, "from .turns import TURNS\n"))
    apart.with_name("turns.py").rename(package / "turns.py")
    apart.with_name("shared.py").rename(package / "shared.py")
    assert list(driver_digests(package / "__init__.py", "sdk").parts) == ["turns"]


def test_what_stands_beside_a_driver_for_one_question_counts_for_that(apart: Path) -> None:
    before = driver_digests(apart, "sdk")
    beside = apart.with_name("turns_users.py")
    beside.write_text("from .turns import TURNS\n")
    apart.with_name("turns_unasked.py").write_text("nothing = 1\n")
    after = driver_digests(apart, "sdk")
    assert after.parts == {**before.parts, "turns.users": after.parts["turns.users"]}
    assert after.common == before.common
    assert after.of(["turns.users", "turns"]) == after.parts["turns.users"]
    assert after.of(["turns.other", "turns"]) == before.parts["turns"]
    assert after.of(["rules.other", "rules"]) == before.common
    beside.write_text("from .turns import TURNS as other\n")
    assert driver_digests(apart, "sdk").parts["turns"] == before.parts["turns"]
    assert driver_digests(apart, "sdk").of(["turns.users"]) != after.of(["turns.users"])


HERE = Conditions("3.11.7", "CPython", frozenset(), frozenset(), frozenset({("", "one")}))


@pytest.mark.parametrize(
    ("drivers", "is_same"),
    [({"one"}, True), (set(), True), ({"two"}, False), ({"one", "two"}, False)],
)
def test_exact_values_agree_under_one_driver(drivers: set[str], is_same: bool) -> None:
    other = replace(HERE, drivers=frozenset(("", one) for one in drivers))
    assert HERE.agree(other) is is_same
    assert other.agree(HERE) is is_same
    assert not HERE.agree(replace(other, python="3.11.8"))
    assert not HERE.agree(None)


def test_values_of_two_drivers_each_agree_with_none() -> None:
    mixed = replace(HERE, drivers=frozenset({("", "one"), ("", "two")}))
    assert not mixed.agree(mixed)
    assert mixed.agree(replace(HERE, drivers=frozenset()))


@pytest.mark.parametrize(
    ("turns", "is_same"),
    [({"turns": "2"}, True), ({}, True), ({"calls": "3"}, True), ({"turns": "3"}, False)],
)
def test_what_both_drivers_connect_has_to_be_connected_alike(
    turns: dict[str, str], is_same: bool
) -> None:
    one = replace(HERE, drivers=frozenset({("", "1"), ("turns", "2")}))
    other = replace(HERE, drivers=frozenset({("", "1"), *turns.items()}))
    assert one.agree(other) is is_same
    assert other.agree(one) is is_same


def test_a_change_is_the_drivers_where_the_part_of_its_capability_changed() -> None:
    made = history((series("walk.far.C.track_calls"), [1, 2]))
    sessions = [
        [Session(0, 99, "", (), (), None, "one", {"walk": part})] for part in ("before", "after")
    ]
    dated = [replace(one, started=np.full(2, 5.0)) for one in made.series]
    found = find_exact_changes(replace(made, series=dated, sessions=sessions))
    assert [change.state for change in found] == [State.DRIVER]
    same = [[replace(one[0], driver_parts={"rules": str(n)})] for n, one in enumerate(sessions)]
    found = find_exact_changes(replace(made, series=dated, sessions=same))
    assert [change.state for change in found] == [State.CERTAIN]
    asked = [{"walk": "same", "walk.far": part} for part in ("before", "after")]
    besides = [[replace(sessions[0][0], driver_parts=parts)] for parts in asked]
    found = find_exact_changes(replace(made, series=dated, sessions=besides))
    assert [change.state for change in found] == [State.DRIVER]


def measured_by(made: History, drivers: Sequence[Sequence[str]]) -> History:
    """The history as if each series had been measured in a session of its own. ``drivers``: of each
    series by commit."""
    sessions = [
        [
            Session(100 * n, 100 * n + 99, "", (), (), None, of_series[commit])
            for n, of_series in enumerate(drivers)
        ]
        for commit in range(len(made.commits))
    ]
    dated = [
        replace(one, started=np.full(len(made.commits), 100.0 * n + 5))
        for n, one in enumerate(made.series)
    ]
    return replace(made, series=dated, sessions=sessions)


ONE, OTHER = series("m.C.track_calls"), series("m.D.track_calls")


def test_a_difference_between_two_drivers_is_not_the_commits() -> None:
    made = history((ONE, [1, 2, 2, 3]), (OTHER, [1, 2, 2, 3]))
    made = measured_by(made, [["a", "b", "b", "b"], ["a", "a", "a", "a"]])
    found = [(c.series.name, c.commit.subject, c.state) for c in find_exact_changes(made)]
    assert found == [
        (ONE.name, "commit 1", State.DRIVER),
        (ONE.name, "commit 3", State.CERTAIN),
        (OTHER.name, "commit 1", State.CERTAIN),
        (OTHER.name, "commit 3", State.CERTAIN),
    ]
    text = render(group_changes(made, find_exact_changes(made)), None)
    assert "The driver changed at 00000001: what differs there is not compared" in text


def test_what_breaks_with_the_driver_is_not_the_commits() -> None:
    made = measured_by(history((ONE, [1, "failed", 1])), [["a", "b", "b"]])
    assert [change.state for change in find_exact_changes(made)] == [State.DRIVER, State.CERTAIN]


@pytest.mark.parametrize("drivers", [["", "", ""], ["a", "", "b"], ["", "b", "b"]])
def test_a_driver_that_is_not_known_is_taken_for_the_same(drivers: Sequence[str]) -> None:
    made = measured_by(history((ONE, [1, 2, 3])), [drivers])
    assert [change.state for change in find_exact_changes(made)] == [State.CERTAIN] * 2


def test_nothing_drifts_over_a_change_of_the_driver() -> None:
    values = [100, 102, 104, 106, 108]
    one = find_exact_changes(measured_by(history((ONE, values)), [["a"] * 5]))
    assert all(change.drift is not None for change in one)
    two = find_exact_changes(measured_by(history((ONE, values)), [["a", "a", "a", "b", "b"]]))
    assert [change.drift is not None for change in two] == [False] * 4
    assert [change.state is State.DRIVER for change in two] == [False, False, True, False]


@pytest.mark.slow
def test_what_was_measured_through_another_driver_is_compared_once_it_is_measured_anew(
    measured: TinyProject,
) -> None:
    def state() -> str:
        """Of what the newest commit did to ``a``."""
        shown = json.loads(measured.unladen("--target", "tiny", "changes", "--json").stdout)
        (found,) = (
            change["state"]
            for change in shown["changes"]
            if change["commit"] == measured.history.commits["good"]
            and (change["series"], change["params"])
            == ("work.Work.track_value", {"scenario": "'a'"})
        )
        return str(found)

    assert state() == "certain"
    (measured.target / "driver.py").write_text("TARGET = object\n")
    run = ("--target", "tiny", "run", "--machine", "lab", "--bench", "track_value")
    measured.unladen(*run, "main^!")
    assert state() == "driver"
    assert "The driver changed at" in measured.unladen("--target", "tiny", "changes").stdout
    measured.unladen(*run, f"{measured.history.commits['raising']}^!")
    assert state() == "certain"


def test_it_is_read_again_once_something_has_changed(
    driver: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    def reading(content: bytes) -> Module | None:
        read.append(content)
        return Module.read(content)

    monkeypatch.setattr("unladen.project.driver_digest.Module", SimpleNamespace(read=reading))
    before = digest(driver, "sdk")
    assert read
    read.clear()
    assert digest(driver, "sdk") == before
    assert not read
    (driver.parent / "further.py").write_text("from .missing import far\n")
    without = digest(driver, "sdk")
    assert without != before
    (driver.parent / "missing.py").write_text("far = 1\n")
    assert digest(driver, "sdk") != without
