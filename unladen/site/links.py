"""The addresses of a target's pages, for what links to them from outside a page."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from unladen.store.reasons import Params
from unladen.store.series import cell_text


def folder_way(folder: Path) -> str:
    """The way to a folder from the one that it is in, whatever its name is."""
    return f"{quote(os.fsencode(folder.name))}/"


def commit_page(commit: str) -> str:
    """The page of one commit, seen from the target's folder. ``commit``: its whole hash."""
    return f"commit.html#{quote(commit, safe='')}"


def comparison_page(before: str, after: str) -> str:
    """The page of what differs between two commits, seen from the target's folder. Each: its whole
    hash; ``before`` "": the last tag before the other one."""
    return f"compare.html#{quote(before, safe='')}..{quote(after, safe='')}"


def comparison_links(site: str, base: str, head: str) -> str:
    """A line of Markdown that leads to what differs between two commits, by their whole hashes, and
    to what the first has changed since its last tag; "" without the address of a site."""
    folder = outside(site)
    if not folder or any(character in folder for character in "()<> \n"):
        return ""
    folder = folder.removesuffix("index.html").rstrip("/") + "/"
    both, since = folder + comparison_page(base, head), folder + comparison_page("", base)
    return (
        f"On the site: [base and head]({both}), once head is published; "
        f"[the base since the last tag]({since})"
    )


def series_page(series: str, cell: Params | None = None) -> str:
    """The page of one series, and one of its parameter combinations, seen from the target's
    folder."""
    address = f"series.html#{_quoted(series)}"
    return f"{address}&cell={_quoted(cell_text(cell))}" if cell else address


def faults_page(series: str, text: str = "") -> str:
    """The page of faults at one series of outcomes, and only those that a text finds."""
    address = f"faults.html#show={_quoted(series)}"
    return f"{address}&text={_quoted(text)}" if text else address


LOADS = "loads"
"""The name of the page of loads."""


DIGEST = "digest"
"""The name of the page with the last week."""


def load_page(load: str) -> str:
    """The page of loads at one that is kept: its name, perhaps after ``load``."""
    return f"{LOADS}.html#{_quoted(load.removeprefix('load '))}"


def _quoted(name: str) -> str:
    """A name as a part of an address; half of a surrogate pair, which has no UTF-8, as ``?``."""
    return quote(name, safe="", errors="replace")


def outside(address: object) -> str:
    """A link that leads away from the site: ``address`` if it is one of the web, else "".

    For what a conf or a repository gives as an address: ``javascript:`` and the like never become
    links.
    """
    if not isinstance(address, str):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
