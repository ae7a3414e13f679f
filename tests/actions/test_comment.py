"""The comment: where it goes, what is left of a hostile text, how often there is one."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from made_runner import ROOT

sys.path.insert(0, str(ROOT / "actions" / "comment"))

from comment_text import CUT, MEMBER, MOST, comment, harmless, read

SHA = "a" * 40
MARKER = "<!-- unladen gate -->"
REPO = "/repos/acme/sdk"


def archive(text: bytes = b"### fine", name: str = MEMBER) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, text)
    return made.getvalue()


def pull(number: int, sha: str = SHA, repository: str | None = "eve/sdk") -> dict[str, Any]:
    repo = {"full_name": repository} if repository else None
    return {"number": number, "head": {"sha": sha, "repo": repo}}


def said(number: int, login: str, body: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": login}, "body": body}


def artifact(number: int, **changes: Any) -> dict[str, Any]:
    plain = {"name": "unladen-gate", "expired": False, "size_in_bytes": 1000}
    return {"id": number, **plain, **changes}


@dataclass
class GitHub:
    """A server that answers as GitHub does, and remembers what was written."""

    pulls: list[dict[str, Any]] = field(default_factory=lambda: [pull(7)])
    artifacts: list[dict[str, Any]] = field(default_factory=lambda: [artifact(5)])
    comments: list[dict[str, Any]] = field(default_factory=list)
    archive: bytes = field(default_factory=archive)
    heads: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    store_saw_token: bool = False
    written: list[tuple[str, str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == f"{REPO}/pulls":
            self.heads.append(query["head"][0])
            return self.pulls
        if path == f"{REPO}/actions/runs/99/artifacts":
            return {"artifacts": self.artifacts}
        page = int(query["page"][0])
        assert path == f"{REPO}/issues/7/comments"
        return self.comments[100 * (page - 1) : 100 * page]

    def post(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the step."""
        known = {
            "API": self.address,
            "TOKEN": "a-secret",
            "ARTIFACT": "unladen-gate",
            "REPOSITORY": "acme/sdk",
            "RUN_ID": "99",
            "RUN_URL": "https://github.com/acme/sdk/actions/runs/99",
            "CONCLUSION": "success",
            "HEAD_SHA": SHA,
            "HEAD_BRANCH": "topic&state=all",
            "HEAD_OWNER": "eve",
            "HEAD_REPOSITORY": "eve/sdk",
        }
        done = subprocess.run(
            [sys.executable, str(ROOT / "actions/comment/comment.py")],
            env={"PATH": os.environ["PATH"], **known, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "a-secret" not in done.stdout + done.stderr
        return done


@pytest.fixture
def github() -> Iterator[GitHub]:
    made = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path.endswith("/zip"):
                made.downloads.append(address.path)
                self.send_response(302)
                # Another host, as far as anybody can tell from its name.
                self.send_header(
                    "Location", f"{made.address.replace('127.0.0.1', 'localhost')}/store"
                )
                self.end_headers()
                return
            if address.path == "/store":
                made.store_saw_token = "Authorization" in self.headers
                self._reply(made.archive)
                return
            assert self.headers["Authorization"] == "Bearer a-secret"
            self._reply(json.dumps(made.answer(address.path, parse_qs(address.query))).encode())

        def _write(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            made.written.append((self.command, self.path, body["body"]))
            self._reply(b"{}")

        do_POST = do_PATCH = _write

        def _reply(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_first_comment(github: GitHub) -> None:
    done = github.post()
    assert (done.returncode, done.stderr) == (0, ""), done
    ((method, path, body),) = github.written
    assert (method, path) == ("POST", f"{REPO}/issues/7/comments")
    assert body.startswith(f"{MARKER}\n**Unladen gate: success** at {SHA}")
    assert body.endswith("### fine\n")
    assert github.heads == ["eve:topic&state=all"]
    assert not github.store_saw_token


def test_a_later_one_replaces_ours_and_nobody_elses(github: GitHub) -> None:
    others = [said(n, "ann", "words") for n in range(120)]
    others += [said(200, "eve", f"{MARKER} mine"), said(201, "github-actions[bot]", "other")]
    github.comments = [*others, said(300, "github-actions[bot]", f"{MARKER}\nold")]
    assert github.post().returncode == 0
    assert [one[:2] for one in github.written] == [("PATCH", f"{REPO}/issues/comments/300")]


@pytest.mark.parametrize(
    "pulls",
    [
        [],
        [pull(8, sha="b" * 40)],
        [pull(8, repository="acme/sdk")],
        [pull(8, repository=None)],
        [pull(7), pull(8)],
    ],
)
def test_no_comment_unless_one_pull_request_ends_there(
    github: GitHub, pulls: list[dict[str, Any]]
) -> None:
    github.pulls = pulls
    done = github.post()
    assert (done.returncode, github.written) == (0, [])
    assert "not one open pull request" in done.stdout


def test_the_artifact_does_not_say_where(github: GitHub) -> None:
    """Whatever a hostile archive holds, the comment goes to the pull request of the event."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr(MEMBER, f"{MARKER}\n1")
        for name in ("pr", "pr.txt", "NR", "../../evil", "/etc/evil", "gate.json"):
            opened.writestr(name, "1")
    github.archive = made.getvalue()
    assert github.post().returncode == 0
    ((_, path, body),) = github.written
    assert path == f"{REPO}/issues/7/comments"
    assert body.count(MARKER) == 1


def test_which_artifact(github: GitHub) -> None:
    """The newest of that name that is there and not too large."""
    github.artifacts = [
        artifact(5),
        artifact(6),
        artifact(7, expired=True),
        artifact(8, size_in_bytes=10**8),
        artifact(9, name="other"),
    ]
    assert github.post().returncode == 0
    assert github.downloads == [f"{REPO}/actions/artifacts/6/zip"]


def test_without_a_verdict(github: GitHub) -> None:
    github.artifacts = []
    assert github.post(CONCLUSION="failure").returncode == 0
    ((_, _, body),) = github.written
    assert "**Unladen gate: failure**" in body
    assert "left no verdict" in body


def test_refused(github: GitHub) -> None:
    done = github.post(API="http://127.0.0.1:1")
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=Unladen comment::GitHub did not answer")
    done = github.post(HEAD_SHA="")
    assert (done.returncode, "workflow_run alone" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no archive",
        archive()[:40],
        archive(name="other.md"),
        archive(b"x" * 1000).replace(b"\x08\x00", b"\x63\x00"),
    ],
    # An archive holds the time: as a name it would be another one for each worker.
    ids=["empty", "no archive", "cut off", "of another name", "of an unknown kind"],
)
def test_archives_that_cannot_be_read(damaged: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(damaged) == ""
    assert "can't be read" in capsys.readouterr().err


def test_a_bomb_is_not_unpacked() -> None:
    assert len(read(archive(b"\n" * 50_000_000))) == 4 * MOST + 4


@pytest.mark.parametrize(
    ("hostile", "recognised"),
    [
        ("thanks @maintainer and @acme/team", r"@\w"),
        ("see #123, GH-4, acme/sdk#5", r"#\d|GH-\d"),
        ("![x](https://evil.example/pixel.png)", r"!\[|\]\(|://"),
        ("[click](javascript:alert(1)) [a][b]\n[b]: //evil.example", r"\]\(|\]\[|\]:"),
        ("<https://evil.example> http://evil.example www.evil.example", r"<h|://|www\."),
        ("<img src=x onerror=1></details><!-- unladen gate -->", r"<[a-z/!]"),
        ("mailto:a@evil.example", r"mailto:a|@\w"),
        ("/merge\n  /lgtm", r"(?m)^\s*/"),
        ("$`x`$ $$y$$", r"\$[`$xy]"),
        ("a\u202eb\x1b[31m\u200b\x00", "[\u202e\x1b\u200b\x00]"),
    ],
)
def test_hostile_texts(hostile: str, recognised: str) -> None:
    assert re.search(recognised, hostile)
    assert not re.search(recognised, harmless(hostile))


def test_a_verdict_looks_as_it_did() -> None:
    table = "### ❌ Worse\n\n| Worse | base |\n|---|---:|\n| `a.B.c(1, 'x')` | 3 s → 4 s |\n"
    assert harmless(table) == table


def test_long_texts_are_cut() -> None:
    assert harmless("x" * (MOST + 1)) == "x" * MOST + CUT
    longest = comment(MARKER, "@a" * MOST, SHA, "https://github.com", "failure")
    assert CUT in longest
    assert len(longest) < 65_536
