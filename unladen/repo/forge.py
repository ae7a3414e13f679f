"""Web addresses at a forge: of a line of a file, of its issues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s()<>\"'`|\\]+")
_LINE = "#L"
_SOURCEHUT = r"(https?://git\.sr\.ht/.+)/commit/"
"""Its issues lie elsewhere, under any name."""
_FORGES = (
    (r"(https?://bitbucket\.org/.+)/commits/", "{at}/src/{commit}/{path}", "#lines-"),
    (r"(https?://codeberg\.org/.+)/commit/", "{at}/src/commit/{commit}/{path}", _LINE),
    (_SOURCEHUT, "{at}/tree/{commit}/item/{path}", _LINE),
    (r"(https?://.+)/commit/", "{at}/blob/{commit}/{path}", _LINE),
)
"""What the address of a commit begins with, that of a file beside it, and what a line follows; the
last is that of GitHub, GitLab and what is like them."""


@dataclass(frozen=True)
class SourcePlace:
    """A line of a file of a commit. ``path``: in the repository; ``line``: 0 if it is none of the
    file in particular."""

    commit: str
    path: str
    line: int


def issues(commit_url: str) -> str:
    """What the web addresses of the issues begin with, before their numbers; "" where the forge is
    not known. ``commit_url``: as of ``address``."""
    if not _WEB.fullmatch(commit_url) or re.match(_SOURCEHUT, commit_url):
        return ""
    found = (re.match(begins, commit_url) for begins, *_ in _FORGES)
    return next((f"{match[1]}/issues/" for match in found if match), "")


def address(place: SourcePlace, commit_url: str) -> str:
    """The web address of a place; "" where the forge is not known. ``commit_url``: of the conf, the
    address of a commit but for its hash."""
    if not _WEB.fullmatch(commit_url):
        return ""
    for begins, file, line in _FORGES:
        if match := re.match(begins, commit_url):
            path = quote(place.path, errors="replace")
            found = file.format(at=match[1], commit=place.commit, path=path)
            return f"{found}{line}{place.line}" if place.line else found
    return ""
