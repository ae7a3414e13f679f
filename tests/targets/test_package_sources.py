"""What a package's files say without importing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from targets.sources import source


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "looked_at" / "inner"
    folder.mkdir(parents=True)
    (tmp_path / "looked_at" / "__init__.py").write_text("raise AssertionError('imported')\n")
    (folder / "routes.py").write_text("ROUTE = '/chat' # für alle\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "looked_at"


def test_the_text_of_a_file_that_is_there(package: str) -> None:
    assert source(package, "inner/routes.py") == "ROUTE = '/chat' # für alle\n"


def test_nothing_of_a_file_that_is_not(package: str) -> None:
    assert source(package, "inner/other.py", otherwise="/chat") == ""


def test_what_is_said_otherwise_of_a_package_that_is_not_there() -> None:
    assert source("no_such_package_at_all", "a.py", otherwise="/chat") == "/chat"


def test_a_module_is_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "single.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert source("single", "single.py", otherwise="/chat") == ""
