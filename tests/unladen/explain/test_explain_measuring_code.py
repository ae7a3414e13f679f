"""What is kept of a series is valid as long as the code that measures it is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_suite import made_suite

from unladen.explain.measuring_code import MeasuringCode
from unladen.project.suite import suite_root

SERIES = "talk.loudly.Run.track_work"
FILES = {
    "benchmarks/__init__.py": "import mocks.clock",
    "benchmarks/attribute.py": "from meters import bytecodes",
    "benchmarks/attribute_many.py": "from benchmarks import attribute",
    "benchmarks/talk/__init__.py": "LEAST = 1",
    "benchmarks/talk/loudly.py": "from benchmarks.core import harness",
    "benchmarks/talk/softly.py": "from mocks import whisper",
    "benchmarks/core/__init__.py": "",
    "benchmarks/core/harness.py": "def run():\n    from mocks.net import wire\n    return wire",
    "benchmarks/core/unused.py": "",
    "meters/__init__.py": "",
    "meters/bytecodes.py": "CHILD = __file__, 'child.py'",
    "meters/child.py": "READS = __file__, 'opcodes'",
    "meters/opcodes.py": "",
    "meters/other.py": "",
    "mocks/__init__.py": "",
    "mocks/clock.py": "",
    "mocks/whisper.py": "",
    "mocks/net/__init__.py": "",
    "mocks/net/wire.py": "RUNS = 'benchmarks.talk.child'",
    "benchmarks/talk/child.py": "",
    "mocks/model.py": "import pkgutil\nfrom mocks import worlds\npkgutil.iter_modules(worlds)",
    "mocks/worlds/__init__.py": "",
    "mocks/worlds/sea/dialect.py": "",
    "targets/protocols/talk.py": "",
    "targets/protocols/walk.py": "",
    "targets/sdk/driver.py": "from mocks import model\nfrom targets.protocols import talk",
    "targets/other/driver.py": "from mocks import whisper",
}


def changed(folder: Path, file: str, text: str) -> bool:
    """Whether it is another code that measures the series, after a change of a file."""
    before = made_suite(folder, FILES).of(SERIES)
    return made_suite(folder, {file: text}).of(SERIES) != before


@pytest.mark.parametrize(
    "file",
    [
        "benchmarks/talk/loudly.py",
        "benchmarks/talk/__init__.py",
        "benchmarks/attribute_many.py",
        "benchmarks/core/harness.py",
        "benchmarks/core/__init__.py",
        "meters/bytecodes.py",
        "mocks/clock.py",
        "mocks/net/wire.py",
        "mocks/net/__init__.py",
        "targets/protocols/talk.py",
    ],
)
def test_what_is_imported_counts(tmp_path: Path, file: str) -> None:
    assert changed(tmp_path, file, f"{FILES[file]}\nCHANGED = 1")


@pytest.mark.parametrize(
    "file",
    [
        "meters/child.py",
        "meters/opcodes.py",
        "benchmarks/talk/child.py",
        "mocks/worlds/sea/dialect.py",
    ],
)
def test_what_is_loaded_by_its_name_counts(tmp_path: Path, file: str) -> None:
    assert changed(tmp_path, file, f"{FILES[file]}\nCHANGED = 1")


@pytest.mark.parametrize(
    "file",
    [
        "benchmarks/talk/softly.py",
        "benchmarks/core/unused.py",
        "meters/other.py",
        "mocks/whisper.py",
        "targets/protocols/walk.py",
        "targets/other/driver.py",
    ],
)
def test_what_is_not_imported_does_not(tmp_path: Path, file: str) -> None:
    assert not changed(tmp_path, file, f"{FILES[file]}\nCHANGED = 1")


def test_the_drivers_own_code_has_a_digest_of_its_own(tmp_path: Path) -> None:
    driver = "targets/sdk/driver.py"
    assert not changed(tmp_path, driver, f"{FILES[driver]}\nCHANGED = 1")
    assert changed(tmp_path, driver, f"{FILES[driver]}\nfrom mocks import whisper")


def test_comments_and_docstrings_do_not_count(tmp_path: Path) -> None:
    file = "meters/bytecodes.py"
    assert not changed(tmp_path, file, f'"""Counts."""\n\n# so\n{FILES[file]}\n')


def test_of_a_series_whose_module_is_not_found_all_counts(tmp_path: Path) -> None:
    before = made_suite(tmp_path, FILES).of("elsewhere.Run.track_work")
    other = made_suite(tmp_path, {"mocks/whisper.py": "CHANGED = 1"})
    assert other.of("elsewhere.Run.track_work") != before


def test_what_is_no_python_counts_as_it_is(tmp_path: Path) -> None:
    assert changed(tmp_path, "mocks/clock.py", "no python")


def test_of_the_suite_itself_the_benchmarks_of_others_are_not_among_it() -> None:
    root = suite_root()
    code = MeasuringCode(root, root / "targets" / "bare")
    files = {
        file.relative_to(root).as_posix() for file in code.files(root / "benchmarks/imports.py")
    }
    assert {"benchmarks/imports.py", "benchmarks/attribute.py", "meters/import_child.py"} <= files
    assert {"meters/import_tree_child.py", "meters/opcodes.py", "mocks/clock/__init__.py"} <= files
    assert "benchmarks/scenarios.py" not in files
