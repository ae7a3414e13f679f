"""What a site shows of wrong outcomes: their values, never without the word and the reason."""

from __future__ import annotations

import json

import pytest
from chromium import Page
from made_target import CAPABILITY, Made, Target, publish_all
from published import Site

from unladen.site.feed import NAME as FEED

pytestmark = pytest.mark.slow

REASON = "run-00001: the other part was <b>never</b> made"

ROWS = [[4.0, 3.0], [8.0, 3.0], [9.0, 3.0], [8.0, 3.0]]
"""Makespans of two scenarios by commit; the first one's are wrong at the second and the third."""

WRONG = {(1, 0): REASON, (2, 0): REASON}

CPU = f"{CAPABILITY}.baseline.Run.time_cpu"
MAKESPAN = f"{CAPABILITY}.baseline.Run.track_makespan"


def made(name: str, kind: str, scale: float = 1.0) -> Made:
    return Made(
        name,
        kind,
        "seconds",
        "virtual time" if kind == "exact" else "cpu",
        {"scenario": ["'sub_demand'", "'plan'"]},
        [[scale * value for value in row] for row in ROWS],
        wrong=WRONG,
    )


@pytest.fixture(scope="module")
def wrong_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Four commits, of which the second makes one of two scenarios wrong and the last repairs it;
    and another target whose plain scenario is wrong at its newest commit."""
    subjects = [(f"Change number {n}", "Ann") for n in range(4)]
    target = Target("sdk", subjects, [made(MAKESPAN, "exact"), made(CPU, "sampled", 0.001)])
    plain = Made(CPU, "sampled", "seconds", "cpu", {"scenario": ["'plan'"]}, [[0.001]],
                 wrong={(0, 0): REASON})  # fmt: skip
    other = Target("other", [("Only", "Ann")], [plain])
    return Site(publish_all(tmp_path_factory.mktemp("wrong"), [target, other], "--with-asv"))


def hashes(site: Site) -> list[str]:
    return [one["commit"] for one in reversed(site.changes("sdk")["commits"])]


def test_the_commit_that_goes_wrong_shows_both_figures_and_the_reason(
    look: Page, wrong_site: Site
) -> None:
    look.open(wrong_site.root / "sdk" / "commit.html", f"#{hashes(wrong_site)[1]}")
    text = look.wait("table.changes")[0].text
    assert "goes wrong" in text
    assert "4 s → 8 s (wrong)" in text
    assert REASON in text
    assert "2 values are of wrong outcomes" in look.wait("dl.facts")[0].text
    look.until("document.querySelector('svg.spark .wrong') !== null")
    look.open(wrong_site.root / "sdk" / "commit.html", f"#{hashes(wrong_site)[2]}")
    assert "8 s (wrong) → 9 s (wrong)" in look.wait("table.changes")[0].text
    look.open(wrong_site.root / "sdk" / "commit.html", f"#{hashes(wrong_site)[3]}")
    text = look.wait("table.changes")[0].text
    assert "right again" in text
    assert "9 s (wrong) → 8 s" in text
    assert "was 4 s before it went wrong" in text


@pytest.mark.parametrize(("name", "figures"), [(MAKESPAN, ("8 s", "9 s")), (CPU, ("8 ms", "9 ms"))])
def test_a_plot_keeps_wrong_values_apart_from_the_line_of_right_ones(
    look: Page, wrong_site: Site, name: str, figures: tuple[str, str]
) -> None:
    look.open(wrong_site.root / "sdk" / "series.html", f"#{name}")
    look.wait("#plot .plot-picture")
    look.run("document.querySelector('#plot .plot-values').open = true")
    head, *rows = look.until(
        "((rows) => rows.length > 1 && rows)([...document.querySelectorAll('#plot tr')].map("
        "(tr) => [...tr.cells].map((cell) => cell.textContent.replace(/ \\(quartiles.*/, ''))))"
    )
    right, wrong = head.index("sub_demand"), head.index("sub_demand (wrong)")
    oldest_first = rows[::-1]
    assert [row[right] != "" for row in oldest_first] == [True, False, False, True]
    assert [row[wrong] for row in oldest_first if row[wrong]] == [
        f"{figure} (wrong): {REASON}" for figure in figures
    ]
    circles = "document.querySelector('#plot .plot-symbols.wrong').getAttribute('d')"
    assert look.run(f"return {circles}").count("M") == 2
    gap = look.run(
        "return document.querySelector('#plot [data-name=sub_demand]').getAttribute('d')"
    )
    assert gap.count("M") == 2  # the line begins twice
    assert "without doing what was asked" in look.run(
        "return document.getElementById('plot-note').innerText"
    )
    assert "goes wrong" in look.wait("#changes table")[0].text


def test_it_counts_as_broken_in_the_list_and_is_held_against_no_other(
    look: Page, wrong_site: Site
) -> None:
    look.open(wrong_site.root / "sdk" / "index.html", "#kind=broke")
    look.until("document.getElementById('found').textContent !== ''")
    subjects = (
        "return [...document.querySelectorAll('#commits .subject a')].map((a) => a.innerText)"
    )
    assert look.run(subjects) == ["Change number 1"]
    assert "broken" in look.run("return document.querySelector('#commits').innerText")
    look.open(wrong_site.root / "index.html")
    assert "WRONG" in look.wait("main")[0].text
    summary = json.loads((wrong_site.root / "other" / "summary.json").read_text())
    cpu = next(one for one in summary["figures"] if one["row"]["label"].startswith("CPU"))
    assert (cpu["status"], cpu["value"], cpu["reason"]) == ("wrong outcome", None, REASON)


def test_feed_and_report_tell_it_and_asvs_own_pages_have_a_gap(wrong_site: Site) -> None:
    folder = wrong_site.root / "sdk"
    assert "4 s -&gt; 8 s (wrong)" in (folder / FEED).read_text()
    report = (folder / "report.html").read_text()
    assert "2 values are of wrong outcomes" not in report  # its newest commit is right
    assert "9 s (wrong)" in report
    assert "of wrong outcomes" in (wrong_site.root / "other" / "report.html").read_text()
    (graph,) = [path for path in (folder / "graphs").rglob("*makespan.json") if "lab" in str(path)]
    assert "9.0" not in graph.read_text()
    assert "8.0" in graph.read_text()
