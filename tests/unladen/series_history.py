"""A small history with all that is hard to carry in a patch, and people with odd settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ANN = ("Ann", "ann@example.org", "2026-01-01T12:00:00+0000")
ZOE = ("Zoë Ångström", "zoe@example.org", "2026-01-02T01:02:03+0530")
THOR = ("A. U. Thor (III)", "thor@example.org", "2026-01-02T23:59:59-0800")

LONG = "Words " * 30
BODY = """Add b

A paragraph of several
lines,  with two spaces.

    indented = code()

- From: is no header here
> quoted, and # no comment

Signed-off-by: Ann <ann@example.org>"""

HOSTILE_CONFIG = """
[user]
    name = Somebody Else
    email = else@example.org
[core]
    autocrlf = true
    safecrlf = true
    abbrev = 4
    hooksPath = {home}/hooks
    quotePath = false
    whitespace = tab-in-indent
[commit]
    gpgSign = true
[i18n]
    commitEncoding = ISO-8859-1
    logOutputEncoding = ISO-8859-1
[apply]
    whitespace = fix
    ignoreWhitespace = change
[init]
    defaultBranch = trunk
    templateDir = {home}/template
[am]
    threeWay = true
    keepcr = false
[mailinfo]
    scissors = true
[format]
    signOff = true
    attach = true
    numbered = true
    subjectPrefix = ODD
    signature = odd
    suffix = .odd
    coverLetter = true
    useAutoBase = true
    notes = true
    headers = "X-Odd: yes\\n"
    outputDirectory = {home}/elsewhere
[diff]
    noprefix = true
    mnemonicPrefix = true
    renames = copies
    context = 1
    algorithm = patience
    external = false
    suppressBlankEmpty = true
[fsck]
    missingEmail = error
[merge]
    renames = true
"""


def git(folder: Path, *arguments: str, by: tuple[str, str, str] = ANN, text: str = "") -> str:
    """Run git in ``folder`` without anybody's configuration, as author and committer ``by``."""
    name, email, date = by
    variables = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    person = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", name), ("EMAIL", email), ("DATE", date))
    }
    isolated = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**variables, **isolated, **person},
        input=text.encode(),
        check=True,
        capture_output=True,
    )
    return done.stdout.decode(errors="surrogateescape").strip()


def commit(
    folder: Path, message: str, files: dict[str, bytes], by: tuple[str, str, str] = ANN
) -> str:
    """Write the files, commit all that changed, and give the hash."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--cleanup=whitespace", "--file=-", by=by, text=message)
    return git(folder, "rev-parse", "HEAD")


def new_clone(folder: Path) -> Path:
    """An empty repository with a branch main."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    return folder


def plain_history(folder: Path) -> Path:
    """Three commits without difficulties."""
    new_clone(folder)
    for number in (1, 2, 3):
        source = f"def a(): return {number}\n".encode()
        commit(folder, f"Return {number}", {"lib/tiny/__init__.py": source})
    return folder


def hard_history(folder: Path) -> Path:
    """A commit for each difficulty: authors, zones, messages, kinds of files and of changes."""
    new_clone(folder)
    lines = b"".join(b"line %d\n" % number for number in range(40))
    commit(folder, "Begin", {"a.py": lines, "empty": b"", "no newline": b"x"})
    commit(folder, BODY, {"b.py": b"b = 1\r\nc = 2\r\n \t\n"}, ZOE)
    commit(folder, "[core] Fix [a] thing: Re: it", {"a.py": lines.replace(b"7", b"77")}, THOR)
    commit(folder, "[PATCH 1/2] Größer", {"latin1.txt": "größer\n".encode("latin-1")}, ZOE)
    commit(folder, "A subject\nin two lines\n\nand more", {"pic.bin": bytes(range(256)) * 3})
    commit(folder, LONG, {"sub dir/naïve ☃.py": b"snow = True\n"})
    commit(folder, "Attributes", {".gitattributes": b"* text=auto eol=crlf\n"})
    (folder / "a.py").chmod(0o755)
    commit(folder, "Make it a program", {})
    (folder / "b.py").unlink()
    (folder / "empty").unlink()
    commit(folder, "Delete", {})
    (folder / "link").symlink_to("a.py")
    commit(folder, "Link", {})
    git(folder, "mv", "a.py", "renamed.py")
    commit(folder, "Rename", {"pic.bin": bytes(range(255))})
    return folder


def hostile_user(home: Path) -> dict[str, str]:
    """The variables of somebody whose every setting is odd."""
    for name, text in {
        ".gitconfig": HOSTILE_CONFIG.format(home=home),
        ".config/git/attributes": "* -diff\n",
        "hooks/post-checkout": "#!/bin/sh\nexit 1\n",
        "hooks/pre-commit": "#!/bin/sh\nexit 1\n",
        "hooks/reference-transaction": "#!/bin/sh\nexit 1\n",
        "template/config": "[core]\n    autocrlf = true\n",
    }.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "TZ": "Asia/Kathmandu",
        "LANG": "de_DE.ISO-8859-1",
        "LC_ALL": "tr_TR.UTF-8",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.autocrlf",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_DIR": str(home / "nowhere"),
        "GIT_INDEX_FILE": str(home / "index"),
        "GIT_OBJECT_DIRECTORY": str(home / "objects"),
        "GIT_AUTHOR_NAME": "Odd",
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00+0100",
        "GIT_COMMITTER_NAME": "Odd",
        "GIT_COMMITTER_EMAIL": "odd@example.org",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00+0100",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_TEMPLATE_DIR": str(home / "template"),
        "GIT_DIFF_OPTS": "--unified=0",
        "GIT_EXTERNAL_DIFF": "false",
    }
