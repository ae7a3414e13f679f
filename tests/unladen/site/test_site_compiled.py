"""Templates that were compiled before are not compiled again, and write the same pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from unladen.site import pages
from unladen.site.pages import render

COMPILED = 2
"""A page, and the frame that it is in."""


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of caches, and templates that this process has not seen."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pages._templates.cache_clear()
    yield tmp_path / "unladen" / "templates"
    pages._templates.cache_clear()


def _anew() -> str:
    pages._templates.cache_clear()
    frame = {"title": "<sdk>", "target": "sdk", "home": "index.html", "portal": "", "top": ""}
    lists = {"navigation": [], "scripts": ["base.js"], "data": ["site"]}
    return render("environment.html", **frame, **lists, root="", has_asvs=False)


def test_what_was_compiled_is_kept_and_writes_the_same(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _anew()
    assert len([*caches.iterdir()]) == COMPILED
    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "_generate", None)
        assert _anew() == first


def test_a_damaged_one_is_made_anew_and_named(
    caches: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _anew()
    for file in caches.iterdir():
        file.write_bytes(file.read_bytes()[:-40])
    assert _anew() == first
    assert capsys.readouterr().err.count("is damaged") == COMPILED
    assert _anew() == first
    assert capsys.readouterr().err == ""


def test_what_cannot_be_kept_is_said_once(caches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    caches.parent.mkdir()
    caches.write_text("no folder")
    assert _anew().startswith("<!doctype html>")
    assert capsys.readouterr().err.count("cannot keep what was read") == 1
