"""Code that gives a series its meaning does not change without a new version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import series_lock
from series_lock import Entry, Lock
from suite import Measured

from unladen.project import suite_modules


@pytest.fixture(scope="module")
def locked() -> Lock:
    return series_lock.load()


@pytest.fixture(scope="module")
def current() -> dict[str, Entry]:
    return series_lock.current_series()


@pytest.mark.slow
def test_every_series_is_locked_as_it_is(locked: Lock, current: dict[str, Entry]) -> None:
    assert set(current) == set(locked.series), series_lock.HOW
    changed = [name for name, entry in current.items() if entry != locked.series[name]]
    assert changed == [], series_lock.HOW


def test_the_floor_is_locked_as_it_is(locked: Lock) -> None:
    now = {capability: series_lock.floor_digest(capability) for capability in locked.floors}
    assert now == locked.floors, series_lock.HOW


OLD = Lock(
    "CPython 1",
    {"a": "floor"},
    {"a.f": Entry("1", "exact", "x"), "a.time": Entry("1", "sampled", "x")},
    {"a.f(1)": 5, "a.f(2)": 6},
)
EDITED = replace(
    OLD, series={"a.f": Entry("1", "exact", "y"), "a.time": Entry("1", "sampled", "y")}
)


def test_unchanged_code_is_accepted() -> None:
    assert series_lock.refused(OLD, replace(OLD, values={"a.f(1)": 9}), None) == []


def test_a_refactoring_that_keeps_the_values_is_accepted() -> None:
    assert series_lock.refused(OLD, EDITED, "time") == []


def test_a_sampled_series_must_be_named_or_bumped() -> None:
    (line,) = series_lock.refused(OLD, EDITED, None)
    assert line.startswith("a.time: its code changed")
    bumped = replace(EDITED, series=EDITED.series | {"a.time": Entry("2", "sampled", "y")})
    assert series_lock.refused(OLD, bumped, None) == []


def test_a_changed_value_needs_a_new_version() -> None:
    other = replace(EDITED, values={"a.f(1)": 5, "a.f(2)": 7})
    assert series_lock.refused(OLD, other, "time") == ["a.f(2) was 6 and is 7: bump its version"]
    bumped = replace(other, series=other.series | {"a.f": Entry("2", "exact", "y")})
    assert series_lock.refused(OLD, bumped, "time") == []


def test_a_value_may_move_within_its_tolerance() -> None:
    tolerant = EDITED.series["a.f"]
    series = EDITED.series | {"a.f": replace(tolerant, tolerance=0.01)}
    near = replace(EDITED, series=series, values={"a.f(1)": 5.04, "a.f(2)": 6})
    assert series_lock.refused(OLD, near, "time") == []
    far = replace(near, values={"a.f(1)": 5.06, "a.f(2)": 6})
    assert len(series_lock.refused(OLD, far, "time")) == 1


def test_nothing_can_be_proved_on_another_interpreter_or_floor() -> None:
    assert series_lock.refused(OLD, replace(EDITED, interpreter="CPython 2"), "time")
    assert series_lock.refused(OLD, replace(EDITED, floors={"a": "other"}), "time")


def test_each_capability_has_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_lock, "LOCKS", tmp_path / "locks")
    other = {"b.f": Entry("1", "exact", "x")}
    both = replace(
        OLD,
        floors={**OLD.floors, "b": "its floor"},
        series=OLD.series | other,
        values=OLD.values | {"b.f()": 7},
    )
    series_lock.save(both)
    assert series_lock.load() == both
    alone = (tmp_path / "locks" / "a.json").read_text()
    series_lock.save(OLD)
    assert [file.name for file in (tmp_path / "locks").iterdir()] == ["a.json"]
    assert (tmp_path / "locks" / "a.json").read_text() == alone
    (tmp_path / "locks" / "c.json").write_text(alone.replace('"CPython 1"', '"CPython 2"'))
    with pytest.raises(ValueError, match="not of one interpreter"):
        series_lock.load()


def test_only_what_changed_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def measure(target: str, *arguments: str) -> Measured:
        asked.append((target, *arguments))
        return Measured({("b.g", ("1",)): 8.0}, {}, "", 0)

    def digest(capability: str) -> str:
        return f"floor of {capability}"

    series = {"a.f": OLD.series["a.f"], "b.g": Entry("1", "exact", "y")}
    old = replace(OLD, series={**OLD.series, "b.g": Entry("1", "exact", "x")})
    floors = {"a": "floor of a", "b": "floor of b"}
    old = replace(old, floors=floors, values={**OLD.values, "b.g(1)": 7, "gone.h()": 1})
    monkeypatch.setattr(series_lock, "measure", measure)
    monkeypatch.setattr(series_lock, "interpreter", lambda: "CPython 1")
    monkeypatch.setattr(series_lock, "floor_digest", digest)
    monkeypatch.setattr(series_lock, "current_series", lambda: series)
    expected = {"a.f(1)": 5, "a.f(2)": 6, "b.g(1)": 8.0}
    assert series_lock.measured_anew(old) == Lock("CPython 1", floors, series, expected)
    assert asked == [("bare", r"^(b\.g)$")]
    series_lock.measured_anew(replace(old, floors={**floors, "a": "another"}))
    series_lock.measured_anew(None)
    assert asked[1:] == [("bare", r"^(a\.f|b\.g)$"), ("bare",)]


def test_a_floor_is_what_is_named_for_its_capability_and_what_all_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_lock, "ROOT", tmp_path)
    monkeypatch.setattr(series_lock, "FLOOR", tmp_path / "targets" / "bare")
    files = {
        "targets/protocols/talk.py": "",
        "targets/protocols/walk.py": "",
        "targets/bare/driver.py": "GATHERS = 1",
        "targets/bare/talk.py": "",
        "targets/bare/walk.py": "",
        "targets/bare/floor/__init__.py": "from .talk import Talk",
        "targets/bare/floor/talk.py": "",
        "targets/bare/floor/walk.py": "",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def moved_by(name: str) -> set[str]:
        before = {each: series_lock.floor_digest(each) for each in ("talk", "walk", "imports")}
        (tmp_path / name).write_text("CHANGED = 1")
        series_lock._code.cache_clear()
        after = {each: series_lock.floor_digest(each) for each in before}
        (tmp_path / name).write_text(files[name])
        series_lock._code.cache_clear()
        return {each for each in before if before[each] != after[each]}

    assert moved_by("targets/bare/driver.py") == set()
    assert moved_by("targets/bare/walk.py") == {"walk"}
    assert moved_by("targets/bare/floor/walk.py") == {"walk"}
    assert moved_by("targets/bare/floor/talk.py") == {"talk", "walk", "imports"}
    assert moved_by("targets/bare/floor/__init__.py") == {"talk", "walk", "imports"}


def test_the_digest_sees_code_and_not_comments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(benchmark: str, meter: str) -> str:
        suite_modules.parsed.cache_clear()
        suite_modules.imported_modules.cache_clear()
        series_lock._code.cache_clear()
        for file, code in {
            "benchmarks/__init__.py": "",
            "benchmarks/a.py": benchmark,
            "meters/__init__.py": "",
            "meters/m.py": meter,
        }.items():
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(code)
        return series_lock.code_digest("a")

    monkeypatch.setattr(series_lock, "ROOT", tmp_path)
    use = "from meters import m\ndef track_x(): return m.f()"
    first = digest(use, "def f(): return 1")
    assert digest(f"# new\n{use}", 'def f():\n    "New."\n    return 1') == first
    assert digest(use, "def f(): return 2") != first
    assert digest(use.replace("m.f()", "m.f() + 1"), "def f(): return 1") != first
