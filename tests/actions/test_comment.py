"""The comment on a pull request: where it goes is GitHub's word, and what it says is harmless."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "actions" / "comment"))

from comment_text import CUT, MOST, comment, harmless, read  # noqa: E402

SHA = "a" * 40
MARKER = "<!-- unladen gate -->"


def archive(text: str, name: str = "gate.md") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        ("@everyone look", "@everyone"),
        ("closes #12, GH-3", "#12"),
        ("[x](javascript:alert)", "]("),
        ("![x](https://example.org/a.png)", "!["),
        ("https://example.org", "://"),
        ("<img src=x>", "<img"),
        ("<!-- unladen gate -->", "<!--"),
        ("/merge", "\n/merge"),
        ("$x$", "$x"),
    ],
)
def test_nothing_is_left_that_acts(hostile: str, kept: str) -> None:
    assert kept in f"\n{hostile}"
    assert kept not in f"\n{harmless(hostile)}"


def test_what_formats_stays() -> None:
    table = "### Passed\n\n| series | ratio |\n|---|---|\n| `a.B.c(1)` | **1.02** |\n"
    assert harmless(table) == table
    assert harmless("a\u202eb\x1b[0m") == "ab[0m"


def test_a_long_text_is_cut() -> None:
    assert harmless("x" * (MOST + 1)) == "x" * MOST + CUT
    longest = comment(MARKER, "@a" * MOST, SHA, "https://example.org/log", "failure")
    assert len(longest) < 65_536


@pytest.mark.parametrize(
    "bad", [b"", b"no archive", archive("x", "other.md"), archive("x" * 99)[:-30]]
)
def test_an_archive_that_cannot_be_read_is_none(bad: bytes) -> None:
    assert read(bad) == ""


def test_of_a_bomb_only_the_beginning_is_unpacked() -> None:
    assert len(read(archive("x" * 50_000_000))) == 4 * MOST + 4


@dataclass
class Api:
    """What a made GitHub answers, and what was written to it."""

    pulls: list[dict[str, Any]]
    comments: list[dict[str, Any]] = field(default_factory=list)
    markdown: str = "### Passed"
    written: list[tuple[str, str, str]] = field(default_factory=list)


def pull(number: int, sha: str = SHA, repository: str = "someone/sdk") -> dict[str, Any]:
    return {"number": number, "head": {"sha": sha, "repo": {"full_name": repository}}}


@pytest.fixture
def api() -> Iterator[tuple[Api, str]]:
    known = Api([pull(7)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            artifact = {"id": 1, "name": "unladen-gate", "expired": False, "size_in_bytes": 99}
            if path.endswith("/zip"):
                self._answer(archive(known.markdown))
            elif path.endswith("/pulls"):
                self._answer(json.dumps(known.pulls).encode())
            elif path.endswith("/comments"):
                self._answer(json.dumps(known.comments).encode())
            else:
                self._answer(json.dumps({"artifacts": [artifact]}).encode())

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            known.written.append((self.command, self.path, json.loads(said)["body"]))
            self._answer(b"{}")

        do_PATCH = do_POST

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is for failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def post(address: str, **variables: str) -> tuple[int, str]:
    """Run the step; its exit code and output."""
    event = {
        "API": address,
        "REPOSITORY": "owner/sdk",
        "TOKEN": "a-secret",
        "ARTIFACT": "unladen-gate",
        "RUN_ID": "5",
        "RUN_URL": "https://example.org/log",
        "CONCLUSION": "success",
        "HEAD_SHA": SHA,
        "HEAD_BRANCH": "faster",
        "HEAD_OWNER": "someone",
        "HEAD_REPOSITORY": "someone/sdk",
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "actions" / "comment" / "comment.py")],
        env={"PATH": os.environ["PATH"], **event, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "a-secret" not in done.stdout
    return done.returncode, done.stdout


def test_the_first_verdict_makes_a_comment_and_the_next_updates_it(api: tuple[Api, str]) -> None:
    known, address = api
    assert post(address)[0] == 0
    ((method, path, body),) = known.written
    assert (method, path) == ("POST", "/repos/owner/sdk/issues/7/comments")
    assert body.startswith(MARKER)
    assert "### Passed" in body
    forged = {"id": 1, "user": {"login": "someone"}, "body": MARKER}
    own = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": body}
    known.comments += [forged, own]
    assert post(address)[0] == 0
    assert known.written[1][:2] == ("PATCH", "/repos/owner/sdk/issues/comments/2")


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [pull(7, sha="b" * 40)],
        [pull(7, repository="other/sdk")],
        [pull(7), pull(8)],
    ],
    ids=["none", "moved on", "another repository", "two"],
)
def test_no_comment_unless_it_is_surely_that_pull_request(
    api: tuple[Api, str], pulls: list[dict[str, Any]]
) -> None:
    known, address = api
    known.pulls[:] = pulls
    code, said = post(address)
    assert (code, known.written) == (0, [])
    assert "no comment" in said


def test_another_event_is_refused(api: tuple[Api, str]) -> None:
    known, address = api
    assert post(address, HEAD_SHA="")[0] == 1
    assert known.written == []


def test_what_github_refuses_is_said_in_one_line() -> None:
    code, said = post("http://127.0.0.1:9")
    assert code == 1
    assert said.startswith("::error title=Unladen comment::GitHub did not answer")
    assert len(said.splitlines()) == 1
