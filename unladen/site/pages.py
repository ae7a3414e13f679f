"""The pages' HTML, and the files that they share."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import jinja2

from unladen.site.bundles import Bundle, bundled, write_bundles
from unladen.site.compiled import CompiledTemplates
from unladen.site.files import write_text
from unladen.site.links import DIGEST, LOADS
from unladen.text.units import with_micro_sign

PORTAL = "../index.html"
DATA = "data.js"
"""What data files call, which come before all other scripts."""


@dataclass(frozen=True)
class Page:
    """A page of a target. ``scripts``: in ``static``, ``data``: in ``data``, both in order;
    ``template``: its file, "" if it is called as the page's."""

    name: str
    label: str
    scripts: Sequence[str]
    data: Sequence[str] = ("site", "commits")
    template: str = ""

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}.html"


@dataclass(frozen=True)
class Link:
    """An entry of the navigation."""

    href: str
    label: str
    is_current: bool = False


@dataclass(frozen=True)
class Frame:
    """What is the same around all pages of a branch. ``top``: the way to the target's folder, ""
    or ending in "/"; ``branch``: its name, "" for the first one; ``branches``: to the others;
    ``has_asvs``: asv's own pages lie in the target's folder."""

    top: str = ""
    branch: str = ""
    branches: Sequence[Link] = ()
    has_asvs: bool = False


_BASE = (
    "elements.js",
    "address.js",
    "format.js",
    "readings.js",
    "commits.js",
    "series.js",
    "changes.js",
    "values.js",
    "tables.js",
    "marks.js",
)
_FILTER = ("change_filter.js", "matching_changes.js")
_ONE_CHANGE = ("notes.js", "svg.js", "spark.js")
_COMMIT = (
    *_FILTER,
    "command.js",
    "choices.js",
    "reproduce.js",
    "commit_explained.js",
    "commit_changes.js",
    "commit_page.js",
)
_COMPARE = (
    "choices.js",
    "change_filter.js",
    "values_at.js",
    "elsewhere.js",
    "differences.js",
    "compare_sides.js",
    "compare_table.js",
    "compare_page.js",
)
_OVER_COMMITS = ("series_lines.js", "series_marks.js", "series_plot.js")
_SERIES = (
    "moved.js",
    "choices.js",
    *_OVER_COMMITS,
    "series_zoom.js",
    "elsewhere.js",
    "origins.js",
    "series_added.js",
    "series_chooser.js",
    "series_list.js",
    "series_changes.js",
    "series_page.js",
)
_PLOTS = (
    "svg.js",
    "scales.js",
    "ticks.js",
    "axes.js",
    "plot_paths.js",
    "plot_styles.js",
    "plot_places.js",
    "plot_picture.js",
    "plot_stops.js",
    "plot_tip.js",
    "plot_cursor.js",
    "plot_zoom.js",
    "plot_legend.js",
    "plot_values.js",
    "plots.js",
)
_SHARED = {"base.js": _BASE, "plots.js": _PLOTS}
_SIZES = ("choices.js", "size_plot.js")
_FAULTS = (
    "moved.js",
    "choices.js",
    "faults.js",
    "fault_matrix.js",
    "fault_cases.js",
    "faults_page.js",
)
_CAPABILITY = (
    "choices.js",
    *_OVER_COMMITS,
    "size_plot.js",
    "capability_panels.js",
    "capability_page.js",
)

PAGES = (
    Page(
        "index",
        "Commits",
        (*_BASE, *_FILTER, "moved.js", "commit_filters.js", "drifts.js", "commits_page.js"),
    ),
    Page("commit", "", (*_BASE, *_ONE_CHANGE, *_COMMIT)),
    Page("compare", "Compare", (*_BASE, *_COMPARE)),
    Page("series", "Series", (*_BASE, *_PLOTS, "notes.js", "spark.js", *_SERIES)),
    Page("scaling", "Scaling", (*_BASE, *_PLOTS, *_SIZES, *_OVER_COMMITS, "scaling_page.js")),
    Page(
        "concurrency",
        "Concurrency",
        (*_BASE, *_PLOTS, *_SIZES, "grids.js", "concurrency_page.js"),
    ),
    Page(
        "latency",
        "Model latency",
        (*_BASE, "moved.js", "choices.js", "grids.js", "latency_page.js"),
    ),
    Page(
        LOADS,
        "Loads",
        (*_BASE, *_PLOTS, "choices.js", "command.js", "loads_page.js"),
        ("site", "commits", LOADS),
    ),
    Page("faults", "Faults", (*_BASE, *_FAULTS), ("site", "commits", "faults")),
    Page("report", "Report", (), ()),
    Page(DIGEST, "Digest", (), (), template="report.html"),
    Page(
        "environment",
        "Environment",
        (*_BASE, "svg.js", "spark.js", "environment_page.js"),
        ("site", "commits", "environment"),
    ),
)
"""The pages that any target may have, those with a label in the navigation."""


def page_of_capability(name: str, label: str) -> Page:
    """The page of a capability, which is called after it. Raises ``ValueError`` for the name of
    another page."""
    if any(page.name == name for page in PAGES):
        raise ValueError(f"a capability cannot be called {name}: there is a page of this name")
    data = ("site", "commits", data_of_capability(name))
    scripts = (*_BASE, *_PLOTS, *_CAPABILITY)
    return Page(name, label, scripts, data, template="capability.html")


def data_of_capability(name: str) -> str:
    """What the data file of a capability's page is called."""
    return f"page-{name}"


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("unladen.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        bytecode_cache=CompiledTemplates(),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["micro"] = with_micro_sign
    return templates


def render(template: str, **variables: Any) -> str:
    """A template with its variables, each of which is escaped. Raises ``jinja2.UndefinedError``
    for one that is missing."""
    return _templates().get_template(template).render(**variables)


def write_pages(
    folder: Path,
    target: str,
    names: Sequence[str],
    variables: Mapping[str, Mapping[str, Any]] | None = None,
    frame: Frame | None = None,
    further: Sequence[Page] = (),
) -> None:
    """Write the pages of these names into ``folder``, and ``further`` ones of this target, which
    come before them in the navigation but for the first. ``variables``: what else the template of
    a page shows, by the page's name."""
    frame = frame or Frame()
    shown = f"{target} ({frame.branch})" if frame.branch else target
    first, *others = (page for page in PAGES if page.name in names)
    pages = [first, *further, *others]
    for page in pages:
        navigation = [
            Link(other.file, other.label, other is page) for other in pages if other.label
        ]
        html = render(
            page.template or page.file,
            title=f"{shown}: {page.label.lower() or 'one commit'}",
            target=shown,
            home="index.html",
            portal=frame.top + PORTAL,
            navigation=[*navigation, *frame.branches],
            top=frame.top,
            has_asvs=frame.has_asvs,
            root="",
            scripts=[bundle.file for bundle in _bundles(page)],
            data=page.data,
            **(variables or {}).get(page.name, {}),
        )
        write_text(folder / page.file, html)


def write_static(folder: Path, further: Sequence[Page] = ()) -> None:
    """Write style and scripts into ``folder/static``, those of ``further`` pages too."""
    target = folder / "static"
    target.mkdir(parents=True, exist_ok=True)
    for file in _static().iterdir():
        if file.name.endswith(".css") or file.name == DATA:
            (target / file.name).write_bytes(file.read_bytes())
    bundles = [bundle for page in (*PAGES, *further) for bundle in _bundles(page)]
    write_bundles(target, _static(), bundles)


def _bundles(page: Page) -> list[Bundle]:
    own = (page.template or page.file).removesuffix(".html")
    return bundled(page.scripts, f"page-{own}.js", _SHARED)


def _static() -> Traversable:
    return importlib.resources.files("unladen.site") / "static"
