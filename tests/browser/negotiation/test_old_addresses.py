"""Addresses with the old names of series lead on to the new ones, and say so."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from chromium import Page
from published import Site

from unladen.text.former_names import new_names

pytestmark = pytest.mark.slow

MAKESPAN = "baseline.Negotiation.track_makespan"


@pytest.mark.parametrize("old", [MAKESPAN, "baseline.Negotiation.makespan"])
def test_a_series_is_found_by_what_it_was_called(page: Page, site: Site, old: str) -> None:
    page.open(site.root / "sdk" / "series.html", f"#{old}&cell=eager&scale=log")
    page.wait(".plot-picture")
    new = "negotiation.baseline.Run.makespan"
    assert page.wait("h1")[0].text == new
    assert page.wait(".moved")[0].text == f"{old} is now called {new}."
    assert page.address.endswith(f"series.html#{new_names()[MAKESPAN]}&cell=eager&scale=log")
    assert page.run("return document.querySelector('#axis-0').selectedOptions[0].text") == "eager"

    page.run("location.hash = 'imports.Import.sample_cpu'")
    page.until("document.querySelector('h1').textContent === 'imports.Import.sample_cpu'")
    assert not page.all(".moved")


@pytest.mark.parametrize(
    ("file", "old", "where"),
    [
        ("latency", "latency.Model.track_makespan", "#quantity"),
        ("faults", "faults.Outcome.track_outcome", "#legend a"),
    ],
)
def test_so_is_one_that_a_page_shows(
    page: Page, site: Site, file: str, old: str, where: str
) -> None:
    page.open(site.root / "sdk" / f"{file}.html", f"#show={old}")
    (chosen,) = page.wait(where)
    assert old in page.wait(".moved")[0].text
    assert page.address.endswith(f"#show={new_names()[old]}")
    value = chosen.get_attribute("value") or unquote(str(chosen.get_attribute("href")))
    assert value.endswith(new_names()[old])


def test_so_is_one_that_a_filter_asks_for(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "index.html", "#series=scaling.Growth.track_exponent")
    assert "scaling.Growth.track_exponent" in page.wait(".moved")[0].text
    assert page.address.endswith("#series=negotiation.scaling.Growth.track_exponent")


def test_what_never_was_is_not_found(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "series.html", "#baseline.Negotiation.track_nothing")
    assert "No series is called so" in page.wait("#list")[0].text
    assert not page.all(".moved")
