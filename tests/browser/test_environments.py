"""Other machines and Pythons have pages of their own; they and targets are laid side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import Page
from made_site import floor, plain_target
from made_target import CAPABILITY, ENVIRONMENT, MACHINE, publish, write_target
from published import Site

pytestmark = pytest.mark.slow

OTHER, PYTHON = "desk", "env-3.12"
HERE = f"{MACHINE} ({ENVIRONMENT})"
THERE = f"{OTHER} ({PYTHON})"
COMMITS = 3


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A target whose newest commits were also measured elsewhere, where the makespan is another;
    and the floor."""
    folder = tmp_path_factory.mktemp("both")
    confs = [write_target(folder, floor()), write_target(folder, replace(plain_target(), tags={}))]
    measure_elsewhere(folder / "results" / "sdk")
    for conf in confs:
        done = publish(conf)
        assert done.returncode == 0, done.stdout + done.stderr
    return Site(folder / "html")


def measure_elsewhere(results: Path) -> None:
    """The newest commits once more, on another machine with another Python."""
    there = results / OTHER
    there.mkdir()
    machine = json.loads((results / MACHINE / "machine.json").read_text())
    (there / "machine.json").write_text(json.dumps({**machine, "machine": OTHER}))
    files = sorted(
        (results / MACHINE).glob(f"*-{ENVIRONMENT}.json"),
        key=lambda file: json.loads(file.read_text())["date"],
    )
    for file in files[-COMMITS:]:
        data = json.loads(file.read_text())
        data["params"] |= {"machine": OTHER, "python": "3.12"}
        data |= {"env_name": PYTHON, "python": "3.12"}
        for name, row in data["results"].items():
            if name.endswith("baseline.Run.track_makespan"):
                row[0] = [2 * value for value in row[0]]
        name = f"{file.name.partition('-')[0]}-{PYTHON}.json"
        (there / name).write_text(json.dumps(data))
        record = json.loads(file.with_suffix(".record").read_text())
        record["environment"]["python"] = "3.12.1"
        (there / name).with_suffix(".record").write_text(json.dumps(record))


def rows(page: Page) -> list[str]:
    script = "[...document.querySelectorAll('table.differences tbody tr')].map((r) => r.innerText)"
    texts: list[str] = page.run(f"return {script}")
    return [" ".join(text.split()) for text in texts]


def test_each_machine_and_python_has_pages(look: Page, both: Site) -> None:
    look.open(both.root / "sdk" / "environment.html")
    text = look.wait("#sources table")[0].text
    assert f"{HERE} shown here 12" in text
    assert f"{THERE} 3" in text
    look.run("document.querySelector('#sources a').click()")
    look.until("location.pathname.endsWith('index.html')")
    assert "environments/1-desk" in look.address
    assert look.wait("#lead")[0].text.startswith(f"{COMMITS} commits of 12 measured on {OTHER}")
    assert THERE in look.wait("h1")[0].text
    links = look.run("return [...document.querySelectorAll('nav a')].map((a) => a.innerText)")
    assert HERE in links


def test_two_of_them_are_laid_beside_each_other(look: Page, both: Site) -> None:
    look.open(both.root / "sdk" / "environment.html")
    look.wait("#sources table")
    look.run("document.querySelector(\"#sources a[href^='compare']\").click()")
    look.wait("table.differences")
    newest = both.commits("sdk")[-1][:8]
    assert look.wait("h1")[0].text == f"{THERE} {newest} \N{RIGHTWARDS ARROW} {newest}"
    assert "exact ones on the Python" in look.wait("#lead")[0].text
    (plan, *_) = [row for row in rows(look) if "baseline.Run.makespan plan" in row]
    assert "better 6 s 3 s" in plan
    assert not [row for row in rows(look) if "which commits" in row]
    look.until("document.getElementById('beside')")
    look.open(both.root / "sdk" / "environments" / f"1-{OTHER}-{PYTHON}-" / "compare.html")
    look.until("document.getElementById('beside')")
    options = look.run("return [...document.getElementById('beside').options].map((o) => o.value)")
    assert options == ["", HERE, "bare"]


def test_a_target_is_laid_beside_another(look: Page, both: Site) -> None:
    look.open(both.root / "sdk" / "compare.html", "#..&beside=bare")
    look.wait("table.differences")
    assert "Series that both have" in look.wait("#lead")[0].text
    (work, *_) = [row for row in rows(look) if "baseline.Run.bytecodes plan" in row]
    assert "worse 13,000" in work
    look.run(
        "const s = document.getElementById('after'); s.selectedIndex = s.options.length - 1;"
        "s.dispatchEvent(new Event('change'))"
    )
    look.until(
        "document.querySelector('h1').innerText.endsWith(arguments[0])", both.commits("sdk")[0][:8]
    )
    assert "beside=bare" in look.address


def test_who_is_not_there_is_said(look: Page, both: Site) -> None:
    look.open(both.root / "sdk" / "compare.html", "#..&beside=https://example.org/")
    text = look.wait(".notice")[0].text
    assert text == "https://example.org/ is not published beside sdk."


def test_a_line_of_another_machine_is_at_the_same_commits(look: Page, both: Site) -> None:
    look.open(
        both.root / "sdk" / "series.html",
        f"#{CAPABILITY}.baseline.Run.track_makespan&cell=plan",
    )
    look.wait(".plot-add summary")[0].click()
    names = "[...document.querySelectorAll('#add-target option')].map((one) => one.value)"
    assert look.until(f"{names}.length > 1 && {names}") == ["", THERE, "bare"]
    look.run(
        "const target = document.getElementById('add-target'); target.value = arguments[0];"
        "target.dispatchEvent(new Event('change'))",
        THERE,
    )
    look.until("document.querySelectorAll('#add-cell option').length > 1")
    look.wait(".plot-add form [type=submit]")[0].click()
    look.until("document.querySelectorAll('#plot .plot-picture .plot-line').length === 2")
    look.run("document.querySelector('#plot .plot-values').open = true")
    find = (
        "[...document.querySelectorAll('#plot tr')]"
        ".map((tr) => [...tr.cells].map((cell) => cell.textContent))"
    )
    head, *rows = look.until(f"((rows) => rows.length > 1 && rows)({find})")
    assert head == ["Commit", "plan", f"{THERE}: plan"]
    assert len(rows) == 12  # at its commits, not at dates
    assert [row[1:] for row in rows[:COMMITS]] == [["3 s", "6 s"]] * COMMITS
    look.run("location.reload()")
    look.until("document.querySelectorAll('#plot .plot-picture .plot-line').length === 2")
