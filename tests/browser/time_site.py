"""Measures the site of a large history: publishing, its size, the first view of each kind of page.

    python tests/browser/time_site.py [--commits 500] [--series 600] [--runs 5] [--targets 20]

The history is made up (tests/unladen/synthetic_results.py); a series is a cell of a benchmark. The
portal is of so many targets, each that history under a name of its own. It is no test: times depend
on the machine and on what else it does, so CPU times are told too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from chromium import DESKTOP, NO_DIALOGS, chromium

REPOSITORY_ROOT = Path(__file__).resolve().parents[2]
GENERATOR = REPOSITORY_ROOT / "tests" / "unladen" / "synthetic_results.py"
FIRST_VIEW = """
const wanted = {
  "index.html": "#commits > li, body:not(:has(#commits)) main table",
  "commit.html": "table.changes tr, #commit .notice, #commit h2",
  "series.html": "#plot .plot-picture, #list table", "faults.html": ".matrix td",
  "environment.html": "main table tr", "report.html": "main table, main p",
};
new MutationObserver((_, observer) => {
  const page = location.pathname.split("/").pop();
  if (!document.querySelector(wanted[page] || ".plot-picture, table tr")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstView = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
"""Milliseconds from the start of the navigation until a page's content has been painted first."""

FILTER = """
const [name, text, done] = arguments;
const field = document.getElementById(name);
const began = performance.now();
field.value = text;
field.dispatchEvent(new Event("input"));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
"""
"""Milliseconds from a word in a field until what it asks for has been painted."""

FILTERS = {"portal": ("sdk", "1"), "index": ("series", "cpu"), "list of series": ("wanted", "cpu")}
"""By kind of page a field, and what is typed into it."""


def publish(conf: Path) -> dict[str, float]:
    """Publish in a process of its own; seconds by the clock, and of CPU."""
    start = time.perf_counter()
    said = _run([sys.executable, __file__, "--publish", str(conf)], conf.parent)
    spent: dict[str, float] = json.loads(said.splitlines()[-1])
    return {"whole": time.perf_counter() - start, **spent}


def _run(command: Sequence[str], folder: Path) -> str:
    """What a program says. Ends all if it fails."""
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY_ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def _publish_here(conf: Path) -> int:
    """What the process does."""
    from unladen.cli import main as unladen

    code = unladen(["--config", str(conf), "publish", "--no-pull"])
    print(json.dumps({"cpu": time.process_time()}))
    return code


def files_of(site: Path) -> list[Path]:
    """Its files, the largest first."""
    files = [file for file in site.rglob("*") if file.is_file()]
    return sorted(files, key=lambda file: -file.stat().st_size)


def kinds_of(site: Path) -> dict[str, tuple[Path, str]]:
    """One page of each kind, by its name: file and fragment."""
    change = json.loads((site / "changes.json").read_text())["changes"][0]
    kinds = {"list of series": (site / "series.html", "")}
    kinds |= {"portal": (site.parent / "index.html", "")}
    fragments = {"commit": f"#{change['commit']}", "series": f"#{change['series']}"}
    for page in sorted(site.glob("*.html")):
        kinds[page.stem] = (page, fragments.get(page.stem, ""))
    return kinds


def first_views(file: Path, fragment: str, runs: int) -> tuple[list[float], list[float]]:
    """Milliseconds until a page is painted first, by run: in a browser that has just been started,
    and once more in the same one."""
    views: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        with (
            tempfile.TemporaryDirectory() as profile,
            chromium(Path(profile, "profile"), (NO_DIALOGS, FIRST_VIEW)) as page,
        ):
            page.resize(DESKTOP)
            for found in views:
                page.open(file, fragment)
                found.append(float(page.until("window.firstView")))
    return views


def filtered(file: Path, field: str, text: str, runs: int) -> list[float]:
    """Milliseconds that a filter takes, by run: at first without, then with all of the text."""
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium(Path(profile, "profile"), (NO_DIALOGS, FIRST_VIEW)) as page,
    ):
        page.resize(DESKTOP)
        page.open(file)
        page.until("window.firstView")
        times = [(page.run_async(FILTER, field, one)) for _ in range(runs) for one in ("", text)]
    return [float(time) for time in times]


def add_targets(site: Path, number: int) -> None:
    """Lay so many targets beside a published one, as far as the portal sees them, and write it."""
    from unladen.site.portal import write_portal

    for at in range(1, number):
        folder = site.with_name(f"{site.name}-{at}")
        folder.mkdir()
        for name in ("summary.json", "faults.json"):
            if (site / name).is_file():
                data = json.loads((site / name).read_text())
                (folder / name).write_text(json.dumps({**data, "target": folder.name}))
    write_portal(site.parent, site.parent / "bare")


def measure(commits: int, series: int, runs: int, targets: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "history")
        sizes = ["--commits", str(commits + 1), "--series", str(series)]
        _run([sys.executable, str(GENERATOR), str(folder), *sizes], Path(name))
        conf = folder / "asv.conf.json"
        settings = json.loads(conf.read_text())
        site = Path(name, "html", settings["project"])
        conf.write_text(json.dumps({**settings, "html_dir": str(site)}))
        newest = _set_newest_aside(folder / settings["results_dir"])
        print(f"{commits} commits, {series} series")
        _tell("publish", publish(conf))
        _tell_sizes(site)
        _tell("publish again, nothing new", publish(conf))
        for aside, path in newest:
            aside.rename(path)
        _tell("publish again, one more commit", publish(conf))
        add_targets(site, targets)
        print(f"a portal of {targets} targets")
        for kind, (file, fragment) in kinds_of(site).items():
            cold, warm = first_views(file, fragment, runs)
            print(f"first view of {kind}: {_told(cold)}; once more {_told(warm)}", flush=True)
            if kind in FILTERS:
                times = filtered(file, *FILTERS[kind], runs)
                print(f"filter of {kind}: {_told(times)}", flush=True)


def _told(views: Sequence[float]) -> str:
    each = ", ".join(f"{view:.0f}" for view in views)
    return f"median {statistics.median(views):.0f} ms ({each})"


def _tell_sizes(site: Path) -> None:
    files = files_of(site)
    whole = sum(file.stat().st_size for file in files)
    print(f"size: {whole / 1e6:.2f} MB; the largest:")
    for file in files[:5]:
        print(f"      {file.stat().st_size / 1e3:8.0f} kB {file.relative_to(site)}")


def _set_newest_aside(results: Path) -> list[tuple[Path, Path]]:
    """Take away the results of the newest commit; where they are, and where they belong."""
    files = list(results.glob("*/*-*.json"))
    newest = max(files, key=lambda file: json.loads(file.read_text())["date"])
    moved = []
    for path in (newest, newest.with_suffix(".record")):
        aside = results.parent / path.name
        path.rename(aside)
        moved.append((aside, path))
    return moved


def _tell(what: str, seconds: dict[str, float]) -> None:
    print(f"{what}: {seconds['whole']:.1f} s, {seconds['cpu']:.1f} s of CPU", flush=True)


def main() -> int:
    """Measure, or be the process that publishes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--series", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--targets", type=int, default=20)
    parser.add_argument("--publish", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.publish:
        return _publish_here(arguments.publish)
    measure(arguments.commits, arguments.series, arguments.runs, arguments.targets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
