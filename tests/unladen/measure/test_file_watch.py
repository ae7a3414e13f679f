"""What the kernel tells of files that are opened, by whom ever."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unladen.measure.file_watch import MAKES_FOLDERS, READS_GIT, FileWatch, Watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A package, a data file, and git's own files."""
    files = {
        "lib/pkg/__init__.py": "",
        "lib/pkg/used.py": "",
        "lib/pkg/unused.py": "",
        "lib/pkg/plugins/one.py": "",
        "lib/pkg.egg-info/entry_points.txt": "[pkg]\none = pkg.used\n",
        "data/table.txt": "1\n",
        "docs/text.md": "words\n",
        ".git/HEAD": "0" * 40,
    }
    for path, text in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def seen(checkout: Path, work: Callable[[], object]) -> Watched:
    watch = FileWatch.begin(checkout)
    assert watch is not None
    work()
    return watch.end()


def python(checkout: Path, code: str, *options: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(checkout / "lib"), "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run([sys.executable, *options, "-c", code], cwd="/", env=variables, check=True)


def test_an_import_opens_the_modules_that_it_imports_and_lists_their_folders(
    checkout: Path,
) -> None:
    found = seen(checkout, lambda: python(checkout, "import pkg.used"))
    assert found.files == {"lib/pkg/__init__.py", "lib/pkg/used.py"}
    assert found.folders == {"lib", "lib/pkg"}
    assert found.refusal == ""


def test_a_compiled_module_stands_for_its_source(checkout: Path) -> None:
    python(checkout, "import pkg.used")
    assert [*checkout.glob("lib/pkg/__pycache__/used.*.pyc")]
    found = seen(checkout, lambda: python(checkout, "import pkg.used"))
    assert found.files == {"lib/pkg/__init__.py", "lib/pkg/used.py"}
    assert found.folders == {"lib", "lib/pkg"}


def test_a_subprocess_of_any_kind_is_seen(checkout: Path) -> None:
    table = str(checkout / "data/table.txt")
    code = f"import subprocess; subprocess.run(['cat', {table!r}], stdout=-3)"
    found = seen(checkout, lambda: python(checkout, code))
    assert found.files == {"data/table.txt"}


def test_c_code_is_seen_that_opens_a_file_past_python(checkout: Path) -> None:
    table = os.fsencode(checkout / "data/table.txt")
    code = f"import ctypes; assert ctypes.CDLL(None).open({table!r}, 0) >= 0"
    found = seen(checkout, lambda: python(checkout, code))
    assert found.files == {"data/table.txt"}


def test_who_lists_a_folder_is_seen(checkout: Path) -> None:
    found = seen(checkout, lambda: os.listdir(checkout / "lib/pkg/plugins"))
    assert found == Watched(set(), {"lib/pkg/plugins"}, "")


def test_entry_points_are_files_that_are_opened(checkout: Path) -> None:
    def look() -> None:
        assert importlib.metadata.Distribution.at(checkout / "lib/pkg.egg-info").entry_points

    assert "lib/pkg.egg-info/entry_points.txt" in seen(checkout, look).files


@pytest.mark.parametrize("path", [".git/HEAD", ".git/new"])
def test_who_reads_what_git_says_of_a_commit_is_refused(checkout: Path, path: str) -> None:
    (checkout / ".git/new").touch()
    found = seen(checkout, (checkout / path).read_text)
    assert found.refusal == READS_GIT


def test_who_makes_folders_in_the_checkout_is_refused(checkout: Path) -> None:
    found = seen(checkout, (checkout / "cache").mkdir)
    assert found.refusal == MAKES_FOLDERS
    assert seen(checkout, (checkout / "lib/__pycache__").mkdir).refusal == ""


def test_what_is_asked_without_opening_is_not_seen(checkout: Path) -> None:
    """``history.carrying`` makes up for it: a new name counts where code says it."""
    found = seen(checkout, lambda: (checkout / "docs/text.md").exists())
    assert found == Watched()


def test_more_than_a_queue_of_events_is_read(checkout: Path) -> None:
    table = checkout / "data/table.txt"

    def often() -> None:
        for _ in range(9000):
            os.close(os.open(table, os.O_RDONLY))
            os.close(os.open(checkout / "docs/text.md", os.O_RDONLY))

    found = seen(checkout, often)
    assert {"data/table.txt", "docs/text.md"} == found.files or found.refusal


def test_a_folder_that_is_not_there_is_not_watched(tmp_path: Path) -> None:
    assert FileWatch.begin(tmp_path / "nowhere") is None
