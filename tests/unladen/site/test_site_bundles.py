"""Scripts put together: which file holds which, and that each page gets all of its own in order."""

from __future__ import annotations

import re
from pathlib import Path

from unladen.site.bundles import Bundle, bundled
from unladen.site.pages import PAGES, page_of_capability, write_pages, write_static

STATIC = Path(__file__).parents[3] / "unladen" / "site" / "static"
SHARED = {"base.js": ("a.js", "b.js"), "more.js": ("c.js",)}


def test_groups_that_a_page_begins_with_are_files_of_their_own() -> None:
    assert bundled(("a.js", "b.js", "c.js", "d.js"), "own.js", SHARED) == [
        Bundle("base.js", ("a.js", "b.js")),
        Bundle("more.js", ("c.js",)),
        Bundle("own.js", ("d.js",)),
    ]
    assert bundled(("a.js", "d.js", "c.js"), "own.js", SHARED) == [
        Bundle("own.js", ("a.js", "d.js", "c.js"))
    ]
    assert bundled((), "own.js", SHARED) == []


def test_a_page_loads_all_of_its_scripts_in_order(tmp_path: Path) -> None:
    further = page_of_capability("echo", "Echo")
    write_static(tmp_path, [further])
    names = [page.name for page in PAGES if page.scripts]
    told = {"echo": {"capability": "echo", "heading": "", "about": ""}}
    write_pages(tmp_path, "sdk", names, told, further=[further])
    for page in (*PAGES, further):
        if not page.scripts:
            continue
        html = (tmp_path / page.file).read_text()
        files = re.findall(r'<script src="(static/[^"]+)">', html)
        assert files[0] == "static/data.js"
        loaded = "".join((tmp_path / file).read_text() for file in files[1:])
        assert loaded == "".join((STATIC / name).read_text() for name in page.scripts)
