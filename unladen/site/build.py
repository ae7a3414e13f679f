"""Writing the whole site of a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unladen.asv_bridge.publish import CLASSIC
from unladen.changes.by_commit import HistoryChanges
from unladen.project.project import Project
from unladen.repo.forge import issues
from unladen.repo.repository import open_repository
from unladen.report.write import write
from unladen.results.explanations import explanations_of
from unladen.results.loads import kept_loads
from unladen.results.sources import measured_by
from unladen.site.branches import branch_pages, elsewhere, frame, sources_data
from unladen.site.capability_page import capability_pages
from unladen.site.capability_views import capability_views
from unladen.site.chunk_values import chunk_values
from unladen.site.contents import CHUNK, Contents
from unladen.site.digest_page import digest_variables
from unladen.site.explained import explained_rows
from unladen.site.faults import faults_data
from unladen.site.links import DIGEST, LOADS, outside
from unladen.site.load import load_site_changes, with_remarks
from unladen.site.loads import loads_data
from unladen.site.machine_files import write_machine_files
from unladen.site.pages import (
    PAGES,
    Frame,
    data_of_capability,
    page_of_capability,
    write_pages,
    write_static,
)
from unladen.site.report_page import newest_results, page_variables, write_plots
from unladen.site.runs import environment_data
from unladen.site.scripts import write_script
from unladen.site.tags import Tags, tags_of
from unladen.site.values import series_data
from unladen.site.views import Views, find_views
from unladen.store.owner import claim
from unladen.views.faults.model import outcome_series


@dataclass(frozen=True)
class Written:
    """What was written. ``data``: bytes of the data files."""

    files: int
    data: int


def build(project: Project, folder: Path) -> Written:
    """Write the site of the conf's target into ``folder``, where asv's pages may lie: pages, their
    style, scripts and data; and the same below it for each further branch, machine and environment
    (``unladen.site.branches``).

    Raises ``UserError`` as ``load_site_changes`` does.
    """
    repository = open_repository(project)
    tags = repository.get_tags()
    measured = measured_by(project)
    branches = branch_pages(project, repository, measured)
    has_asvs = (folder / CLASSIC).is_file()
    claim(folder, project.name)
    sources = sources_data(measured, branches)
    written = []
    for branch in branches:
        found = load_site_changes(project, branch.line, branch.source, repository)
        around = frame(branch, branches, has_asvs)
        own = tags_of(repository, tags, branch.line, found.history.commits)
        others = {"elsewhere": elsewhere(branch, branches), "sources": sources}
        written.append(_build(project, folder / branch.way, found, around, own, others))
    return Written(sum(one.files for one in written), sum(one.data for one in written))


def _build(
    project: Project,
    folder: Path,
    history_changes: HistoryChanges,
    around: Frame,
    tags: Tags,
    others: Mapping[str, Any],
) -> Written:
    explanations = explanations_of(project, history_changes.history)
    history_changes = with_remarks(history_changes, explanations.remarks)
    history = history_changes.history
    views = find_views(history.series)
    loads = kept_loads(project)
    names = page_names(views, bool(outcome_series(history)), bool(loads))
    results = newest_results(history_changes, project)
    document = write(results)
    commits = {commit.hash for commit in history.commits}
    sections = capability_views(history.series)
    pages = {name: capability_pages()[name] for name in sections}
    variables = {
        "report": page_variables(document, commits),
        DIGEST: digest_variables(history_changes),
    } | {
        name: {"capability": name, "heading": page.heading, "about": page.lead}
        for name, page in pages.items()
    }
    further = [page_of_capability(name, page.label) for name, page in pages.items()]
    write_static(folder, further)
    write_pages(folder, history.target, names, variables, around, further)
    write_plots(document, folder)
    write_machine_files(project, history_changes, results, folder)
    further_data: dict[str, Any] = {
        data_of_capability(name): {"sections": found} for name, found in sections.items()
    }
    if loads:
        further_data[LOADS] = loads_data(loads)
    explained = explained_rows(explanations, history, project.show_commit_url)
    contents = Contents(history_changes, explained, tags)
    site = contents.site(_links(project), views, names)
    site |= {**others, "root": f"{around.top}../", "top": around.top}
    return write_data(contents, site, folder / "data", further_data)


def page_names(views: Views, has_faults: bool, has_loads: bool) -> list[str]:
    """The names of the pages that there is something for."""
    empty = {
        name
        for name, found in (
            ("scaling", views.scaling),
            ("concurrency", views.concurrency),
            ("latency", views.latency),
            ("faults", has_faults),
            (LOADS, has_loads),
        )
        if not found
    }
    return [page.name for page in PAGES if page.name not in empty]


def write_data(
    contents: Contents, site: Mapping[str, Any], folder: Path, further: Mapping[str, Any]
) -> Written:
    """Write the data files of all pages into ``folder``. ``site``: as ``Contents.site`` has it;
    ``further``: those of this target alone, by their names."""
    history = contents.history
    sizes = [
        write_script(folder, "site", site),
        write_script(folder, "commits", contents.commits()),
    ]
    sizes += [
        write_script(folder, f"changes-{number}", chunk)
        for number, chunk in enumerate(contents.chunks())
    ]
    changes = contents.by_series()
    sizes += [
        write_script(
            folder,
            f"series-{number}",
            series_data(contents, number, changes.get(series.series.name, [])),
        )
        for number, series in enumerate(history.series)
    ]
    sizes += [
        write_script(folder, f"values-{number}", values)
        for number, values in enumerate(chunk_values(history, changes, CHUNK))
    ]
    sizes.append(write_script(folder, "environment", environment_data(history)))
    if "faults" in site["pages"]:
        sizes.append(write_script(folder, "faults", faults_data(history)))
    sizes += [write_script(folder, name, data) for name, data in further.items()]
    return Written(len(sizes), sum(sizes))


def _links(project: Project) -> Mapping[str, str]:
    """Web addresses from the conf; what is none is left out, whatever it is."""
    wanted = {
        "project": project.project_url,
        "commit": project.show_commit_url,
        "issue": issues(project.show_commit_url),
    }
    return {name: outside(url) for name, url in wanted.items() if outside(url)}
