"""Names that cannot be those of files, or are no text, are in the way of no publish."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from made_target import Made, Target, publish, write_target

pytestmark = pytest.mark.slow

NAMES = ("x.Y.track_" + "W" * 400, "x.Y.track_sur\ud83dro", "x.Y.track_ok")


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    series = [Made(name, "exact", "calls", "work", {}, [[1.0], [2.0]]) for name in NAMES]
    return write_target(tmp_path, Target("long", [("a", "Ann"), ("b", "Ann")], series))


def test_asvs_pages_leave_out_what_has_no_file(conf: Path, tmp_path: Path) -> None:
    done = publish(conf, "--with-asv")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    site = tmp_path / "html" / "long"
    assert [*(site / "graphs").rglob("x.Y.track_ok.json")]
    assert not [*(site / "graphs").rglob("*WWW*")]
    shown = (site / "data" / "site.js").read_text()
    assert NAMES[0] in shown


def test_a_folder_beside_may_be_called_anything(conf: Path, tmp_path: Path) -> None:
    assert publish(conf).returncode == 0
    site = tmp_path / "html" / "long"
    shutil.copytree(site, os.fsdecode(os.fsencode(site.parent) + b"/od\xffd"))
    done = publish(conf)
    assert done.returncode == 0, done.stderr
    assert "od%FFd/" in (site.parent / "index.html").read_text()
