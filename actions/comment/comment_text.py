"""The text of the comment: what GitHub says of the run, and the gate's Markdown made harmless.

The archive comes from a job that ran a pull request's code, so anything may be in it. Of it one
file is read, without unpacking it, up to a limit; from its text nothing is left that notifies,
links, loads, embeds, or tells another program what to do.
"""

from __future__ import annotations

import io
import lzma
import re
import sys
import unicodedata
import zipfile
import zlib

MEMBER = "gate.md"
MOST = 30_000
"""Characters of the gate's Markdown; made harmless they may double. A comment may have 65,536."""
LONGEST_COMMENT = 60_000
CUT = "\n\n(cut: it was too long)"
JOIN = "\u2060"
"""Invisible, without width, and breaks what GitHub or a bot would recognise."""

_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, OSError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError),
)
"""An encrypted member is a RuntimeError, a damaged one anything else of these."""

_SEPARATED = (
    (re.compile(r"@(?=\w)"), f"@{JOIN}"),
    (re.compile(r"#(?=\d)"), f"#{JOIN}"),
    (re.compile(r"(?i)\bGH-(?=\d)"), f"GH{JOIN}-"),
    (re.compile(r"(?i)\bwww\."), f"www{JOIN}."),
    (re.compile(r":(?=//)|(?i:(?<=mailto):)"), f":{JOIN}"),
    (re.compile(r"!(?=\[)"), f"!{JOIN}"),
    (re.compile(r"\](?=[(\[:])"), f"]{JOIN}"),
    (re.compile(r"<(?=[A-Za-z/!?])"), f"<{JOIN}"),
    (re.compile(r"(?m)^(\s*)(?=/)"), rf"\1{JOIN}"),
    (re.compile(r"\$"), f"${JOIN}"),
)
"""Mentions, numbers of issues, addresses, images, links, HTML, commands for bots, formulas."""


def harmless(text: str) -> str:
    """The text as Markdown that only formats; at most ``MOST`` characters of it are taken."""
    cut = len(text) > MOST
    text = "".join(c for c in text[:MOST].replace("\r\n", "\n") if c in "\n" or _is_plain(c))
    for pattern, replacement in _SEPARATED:
        text = pattern.sub(replacement, text)
    return text + CUT * cut


def _is_plain(character: str) -> bool:
    """Neither a control character, nor one that reverses the direction of what follows."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def read(archive: bytes) -> str:
    """The gate's Markdown in a zip archive; "" if there is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened, opened.open(MEMBER) as file:
            # A character has at most four bytes. What is left is not even unpacked.
            return file.read(4 * MOST + 4).decode("utf-8", "replace")
    except _UNREADABLE as error:
        print(f"::warning::the artifact can't be read: {type(error).__name__}", file=sys.stderr)
        return ""


def comment(marker: str, markdown: str, commit: str, url: str, conclusion: str) -> str:
    """The whole comment. All but ``markdown`` is GitHub's own word."""
    shown = harmless(markdown).strip() or "The gate left no verdict; its log says why."
    head = f"{marker}\n**Unladen gate: {conclusion}** at {commit} ([log and files]({url}))"
    said = "<sub>Below is what the job wrote, in which the pull request's own code ran.</sub>"
    text = f"{head}\n\n{said}\n\n{shown}\n"
    return text if len(text) <= LONGEST_COMMENT else text[:LONGEST_COMMENT] + CUT + "\n"
