"""Makes the pictures of the site that the docs show, from a published site.

    unladen publish; unladen --target towow publish
    python tests/browser/screenshots.py --html html --out docs/screenshots

Debian's chromium, chromium-driver and, for small files, pngquant; fonts-wqy-microhei for the
Chinese subjects of Towow's commits.
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # what all tests share

from chromium import Page, chromium
from made_target import CAPABILITY

LIMIT = 150_000
"""Bytes that a picture should not exceed."""

WIDTH = 1180


@dataclass(frozen=True)
class Shot:
    """A picture: of ``file`` below the site, once ``ready`` is there, ``height`` pixels high."""

    name: str
    file: str
    ready: str
    height: int
    colours: str = "light"


@dataclass(frozen=True)
class Subject:
    """What is shown of a target: a commit and its change of a series (the start of its subject),
    and the commit for the page about scaling, "" for the newest."""

    target: str
    commit: str
    series: str
    cell: str
    scaling: str


SUBJECTS = (
    Subject(
        target="parley",
        commit="Ask the agents in the order of their scores",
        series=f"{CAPABILITY}.baseline.Run.track_sdk_bytecodes",
        cell="plan",
        scaling="Rank agents by the number of better ones",
    ),
    Subject(
        target="towow",
        commit="fix: Center",
        series=f"{CAPABILITY}.baseline.Run.track_sdk_bytecodes",
        cell="plan",
        scaling="",
    ),
)

PLOT = ".plot-picture"


def shots(html: Path) -> Iterator[Shot]:
    """All pictures of the targets that are published in ``html``."""
    yield Shot("portal", "index.html", "table.compare", 1900)
    yield Shot("portal-dark", "index.html", "table.compare", 1900, "dark")
    for subject in SUBJECTS:
        folder = html / subject.target
        if not folder.is_dir():
            print(f"{subject.target} is not published in {html}: left out", file=sys.stderr)
            continue
        name = subject.target
        yield Shot(f"{name}-commits", f"{name}/index.html", "#commits > li", 900)
        commit = _commit(folder, subject.commit)
        yield Shot(f"{name}-commit", f"{name}/commit.html#{commit}", "table.changes .spark", 950)
        series = f"{name}/series.html#{subject.series}&cell={subject.cell}"
        yield Shot(f"{name}-series", series, PLOT, 900)
        at = _commit(folder, subject.scaling) if subject.scaling else ""
        scaling = f"#{at}&capability={CAPABILITY}"
        yield Shot(f"{name}-scaling", f"{name}/scaling.html{scaling}", PLOT, 1330)
        yield Shot(f"{name}-faults", f"{name}/faults.html", ".matrix td", 1500)
        if (folder / "service.html").is_file():
            yield Shot(f"{name}-service", f"{name}/service.html", PLOT, 1330)


def take(page: Page, html: Path, shot: Shot, out: Path) -> int:
    """Take one picture; its size in bytes."""
    file, hash_, fragment = shot.file.partition("#")
    page.colours(shot.colours)
    page.resize((WIDTH, shot.height))
    page.open(html / file, hash_ + fragment)
    page.wait(shot.ready)
    page.run_async("setTimeout(arguments[0], 700)")  # what draws itself when it comes near
    picture = page.command("Page.captureScreenshot", format="png")["data"]
    path = out / f"{shot.name}.png"
    path.write_bytes(base64.b64decode(picture))
    if shutil.which("pngquant"):
        command = ["pngquant", "--force", "--skip-if-larger", "--speed", "1", "--strip", "--ext"]
        subprocess.run([*command, ".png", str(path)], check=False)
    return path.stat().st_size


def _commit(folder: Path, subject: str) -> str:
    """The hash of the commit whose subject begins so."""
    commits = json.loads((folder / "changes.json").read_text("utf-8"))["commits"]
    found = [one["commit"] for one in commits if one["subject"].startswith(subject)]
    if not found:
        raise SystemExit(f"{folder.name} has no commit {subject!r}")
    return str(found[0])


def main() -> int:
    """Take all pictures; 1 if one is larger than it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--html", type=Path, default=Path("html"), help="the published site")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    arguments = parser.parse_args()
    html = arguments.html.resolve()
    if not (html / "index.html").is_file():
        raise SystemExit(f"there is no portal in {arguments.html}: unladen publish makes it")
    arguments.out.mkdir(parents=True, exist_ok=True)
    too_large = 0
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as page:
        for shot in shots(html):
            if arguments.only in shot.name:
                size = take(page, html, shot, arguments.out)
                too_large += size > LIMIT
                print(f"{shot.name}.png {size / 1000:.0f} kB")
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main())
