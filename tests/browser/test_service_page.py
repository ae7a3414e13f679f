"""The page of a capability, and the one of loads: what they show at a commit beside another one."""

from __future__ import annotations

import json

import pytest
from chromium import Page
from made_service_results import LOAD
from published import Site
from test_pages import open_kind

pytestmark = pytest.mark.slow


def text_of(page: Page, selector: str) -> str:
    """What is shown, once it is there; it is drawn when it comes near the screen."""
    scroll = "window.scrollTo(0, document.body.scrollHeight)"
    shown = "document.querySelector(arguments[0])?.innerText"
    text: str = page.until(f"({scroll}, {shown})", selector)
    return text


def commits(site: Site) -> list[str]:
    """The hashes of the target's commits, oldest first."""
    script = (site.root / "sdk" / "data" / "commits.js").read_text()
    data = json.loads(script.partition(",")[2].removesuffix(");\n"))
    return [str(one) for one in data["hash"]]


def test_outcomes_are_those_of_the_newest_commit_beside_the_one_before(
    page: Page, site: Site
) -> None:
    open_kind(page, site, "service")
    text = text_of(page, ".outcomes")
    assert "stream not read" in text
    assert text.count("● ok") == 1
    assert text.count("● hang") == 1
    assert "○" not in text


def test_another_commit_and_another_one_beside_it_can_be_chosen(page: Page, site: Site) -> None:
    hashes = commits(site)
    file, _ = site.kinds("sdk")["service"]
    page.open(file, f"#{hashes[-1]}&beside={hashes[4]}")
    text = text_of(page, ".outcomes")
    assert text.count("● hang") == 1
    assert f"○ ok at {hashes[4][:8]}" in text
    page.run(
        "const choice = document.getElementById('commit'); choice.value = arguments[0];"
        "choice.dispatchEvent(new Event('change'))",
        hashes[5],
    )
    page.until("!document.querySelector('.outcomes').innerText.includes('● hang')")
    assert page.address.endswith(f"#{hashes[5]}&beside={hashes[4]}")


def test_what_fails_is_said_and_what_is_nothing_is_not_plotted(page: Page, site: Site) -> None:
    open_kind(page, site, "service")
    titles = page.run("return [...document.querySelectorAll('h3')].map((one) => one.innerText)")
    assert "Time to the first token" in titles
    assert "Chat: failed" in titles
    assert "Stream: failed" not in titles  # none ever did: the table says so
    page.open(site.kinds("sdk")["service"][0], f"#{commits(site)[6]}")
    assert "failed" in text_of(page, ".table-place table")


def test_a_plot_over_numbers_says_where_there_is_no_figure(page: Page, site: Site) -> None:
    def shown(commit: str) -> tuple[str, str]:
        page.open(site.kinds("sdk")["service"][0], f"#{commit}")
        find = (
            "[...document.querySelectorAll('h3')]"
            ".find((one) => one.innerText === 'Chat: until all have their reply')?.parentElement"
        )
        scroll = f"{find}?.scrollIntoView()"
        note = page.until(f"({scroll}, {find}?.querySelector('.note')?.textContent)")
        hidden = f"return String({find}.querySelector('.plot').hidden)"
        return str(note), str(page.run(hidden))

    hashes = commits(site)
    said = "Failed, or of a wrong outcome, at {}: {} users."
    assert shown(hashes[5]) == (said.format(hashes[5][:8], "1, 10, 100"), "true")
    assert shown(hashes[7]) == (said.format(hashes[7][:8], "100"), "false")


def test_a_load_says_what_repeats_it(page: Page, site: Site) -> None:
    open_kind(page, site, "loads")
    newest = commits(site)[-1]
    command = f"unladen --target sdk load {newest[:8]} --profile={LOAD} --keep={LOAD}"
    assert command in page.run("return document.body.innerText")
    shown = page.run("return document.querySelector('#about').innerText")
    assert "never" in shown  # it has not recovered
    assert "2.5 %" in page.run("return document.querySelector('#figures').innerText")


def test_the_portal_leads_to_both(page: Page, site: Site) -> None:
    open_kind(page, site, "portal")
    links = page.run("return [...document.links].map((link) => link.getAttribute('href'))")
    assert {"sdk/service.html", "sdk/loads.html"} <= {*links}
    assert "bare/service.html" not in links
