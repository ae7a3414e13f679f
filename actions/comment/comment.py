"""Post what a gate found as the one comment of its pull request.

Every variable that it reads comes from the event, which GitHub makes. The artifact is made by the
pull request's code: a text is taken from it, and never where to post it. Standard library only, for
whatever Python the runner has. Exit code 1 if GitHub refuses something.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from comment_text import comment, read

MARKER = "<!-- unladen gate -->"
AUTHOR = "github-actions[bot]"
LARGEST_ARCHIVE = 5_000_000
"""Bytes. A gate's files are some 100,000."""
PAGES = 30
"""Of 100 comments each."""


class GitHub:
    """GitHub's API for one repository."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        self._root, self._token = f"{api}/repos/{repository}", token

    def get(self, path: str, **query: str) -> Any:
        """What a GET gives, as JSON."""
        return json.loads(self._send("GET", f"{path}?{urllib.parse.urlencode(query)}"))

    def download(self, path: str, most: int) -> bytes:
        """The first bytes of what a GET gives, at most ``most``."""
        return self._send("GET", path, most=most)

    def write(self, method: str, path: str, **fields: str) -> None:
        """Send the fields as JSON."""
        self._send(method, path, json.dumps(fields).encode())

    def _send(self, method: str, path: str, data: bytes | None = None, most: int = -1) -> bytes:
        request = urllib.request.Request(f"{self._root}/{path}", data, method=method)
        request.add_header("Accept", "application/vnd.github+json")
        # The store that a download is redirected to must not get the token.
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            content: bytes = answer.read(most)
            return content


def pull_request(
    github: GitHub, owner: str, branch: str, repository: str, commit: str
) -> int | None:
    """The number of the open pull request whose newest commit this is, of that branch of that
    repository; None unless there is exactly one."""
    found = github.get("pulls", state="open", head=f"{owner}:{branch}", per_page="100")
    numbers = [
        int(one["number"])
        for one in found
        if one["head"]["sha"] == commit
        and (one["head"]["repo"] or {}).get("full_name") == repository
    ]
    return numbers[0] if len(numbers) == 1 else None


def verdict(github: GitHub, run: str, name: str) -> str:
    """The Markdown in the newest artifact of that name; "" without one."""
    listed = github.get(f"actions/runs/{run}/artifacts", name=name)["artifacts"]
    fit = [
        int(one["id"])
        for one in listed
        if one["name"] == name
        and not one["expired"]
        and int(one["size_in_bytes"]) <= LARGEST_ARCHIVE
    ]
    if not fit:
        return ""
    return read(github.download(f"actions/artifacts/{max(fit)}/zip", LARGEST_ARCHIVE))


def own_comment(github: GitHub, number: int) -> int | None:
    """The comment that an earlier run posted; nobody else's, whatever is in it."""
    for page in range(1, PAGES + 1):
        found = github.get(f"issues/{number}/comments", per_page="100", page=str(page))
        for one in found:
            if (one["user"] or {}).get("login") == AUTHOR and one["body"].startswith(MARKER):
                return int(one["id"])
        if len(found) < 100:
            break
    return None


def main() -> int:
    """Post or update the comment; the exit code."""
    known = os.environ
    commit, run = known["HEAD_SHA"], known["RUN_ID"]
    if not re.fullmatch(r"[0-9a-f]{40,64}", commit) or not run.isdecimal():
        print("::error title=Unladen comment::this action is for workflow_run alone")
        return 1
    github = GitHub(known["API"], known["REPOSITORY"], known["TOKEN"])
    head = (known["HEAD_OWNER"], known["HEAD_BRANCH"], known["HEAD_REPOSITORY"])
    number = pull_request(github, *head, commit)
    if number is None:
        print(f"no comment: not one open pull request ends at {commit}")
        return 0
    text = verdict(github, run, known["ARTIFACT"])
    body = comment(MARKER, text, commit, known["RUN_URL"], known["CONCLUSION"])
    existing = own_comment(github, number)
    if existing is None:
        github.write("POST", f"issues/{number}/comments", body=body)
    else:
        github.write("PATCH", f"issues/comments/{existing}", body=body)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except urllib.error.URLError as error:
        print(f"::error title=Unladen comment::GitHub did not answer as expected: {error}")
        sys.exit(1)
