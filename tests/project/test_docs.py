"""Docs lead to what is there: links to files and headings, and the paths of CONTRIBUTING."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_NAMED = re.compile(r"`([\w.-]+/[\w./-]*)`")


def tracked(pattern: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in done.stdout.split("\0") if name]


def anchor(heading: str) -> str:
    """What GitHub calls a heading in addresses."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def headings(file: Path) -> set[str]:
    return {anchor(found) for found in _HEADING.findall(_CODE.sub("", file.read_text("utf-8")))}


def broken_links(file: Path) -> list[str]:
    """The links of a text to files and headings that are not there."""
    broken = []
    for link in _LINK.findall(_CODE.sub("", file.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, wanted = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or (wanted and wanted not in headings(target)):
            broken.append(link)
    return broken


def test_links_lead_somewhere() -> None:
    # The series of a report are anchors that it makes itself.
    files = [file for file in tracked("*.md") if "reports" not in file.parts]
    assert len(files) > 15
    assert {str(file): broken for file in files if (broken := broken_links(file))} == {}


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    (tmp_path / "b.md").write_text("# What *is* there, and how\n\n```\n# no heading\n```\n")
    links = ["b.md", "b.md#what-is-there-and-how", "b.md#no-heading", "c.md", "#x", "https://x.org"]
    file.write_text("# X\n\n" + "\n".join(f"[text]({link})" for link in links))
    assert broken_links(file) == ["b.md#no-heading", "c.md"]


def named_paths(text: str) -> set[str]:
    """The paths between backticks that name no CAPABILITY, NAME or the like."""
    return {path for path in _NAMED.findall(text) if not re.search(r"[A-Z]{3}", path)}


def test_what_contributing_names_is_there() -> None:
    named = named_paths((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 40
    made = "unladen/_suite"  # in a wheel
    assert [path for path in sorted(named - {made}) if not (ROOT / path).exists()] == []


def test_what_docs_name_of_our_rooms_is_there() -> None:
    rooms = ("actions", "benchmarks", "docs", "meters", "mocks", "results", "tests", "unladen")
    files = [file for file in tracked("docs/*.md") if "reports" not in file.parts]
    named = {path for file in files for path in named_paths(file.read_text("utf-8"))}
    ours = {path for path in named if path.startswith(tuple(f"{room}/" for room in rooms))}
    assert len(ours) > 10
    assert [path for path in sorted(ours) if not (ROOT / path).exists()] == []


def test_where_contributing_says_that_a_name_is_it_is() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    said = re.findall(r"`(?:\w+\.)?(\w+)` (?:in|of) `([\w/]+\.py)`", text)
    assert len(said) >= 4
    for name, path in said:
        assert re.search(rf"^ *(?:def|class) {name}\b", (ROOT / path).read_text(), re.M), name


SCRIPTS = sorted(
    {
        script
        for file in tracked("*.md")
        for script in re.findall(r"python (tests/[\w/]+\.py)", file.read_text("utf-8"))
        if "argparse" in (ROOT / script).read_text("utf-8")  # others begin at once
    }
)


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_docs_name_starts(script: str) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, script, "--help"]
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")


def test_each_layer_is_told_of() -> None:
    """The map of the house has each layer, those first that others import."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("| layer |")[2].partition("\n\n")[0]
    firsts = [row.split("|")[1] for row in table.splitlines()]
    told = [name for first in firsts for name in re.findall(r"`(\w+)`", first)]
    conf = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = conf["tool"]["importlinter"]["contracts"]
    (layers,) = (one for one in contracts if one["id"] == "layers")
    assert told == layers["layers"][::-1]


def test_each_room_is_told_of() -> None:
    rooms = {f"{path.name}/" for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert len(rooms) >= 5
    assert rooms <= named_paths((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
