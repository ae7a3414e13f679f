"""uv, asked for packages of the index that pip would ask.

pip's own settings count (its files, ``PIP_...`` variables), as whoever uses an index of their own
has made them; what is said to uv itself (``UV_...``) overrules them.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from uv import find_uv_bin

from unladen.text.terminal import head, one_line

UNREACHABLE = 2
"""uv's exit code where it could not ask an index; 1 where an index has no answer."""

PYPI = "https://pypi.org/simple"

_finding = threading.Lock()
"""Held by who looks for uv, which reads ``sysconfig``: of two threads that are the first to ask of
that, the second one finds it half filled (CPython 3.11)."""

COMPLAINT_LIMIT = 500
"""Characters of what uv says of a failure that are kept."""

_SAID_TO_UV = {
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_NO_INDEX"),
    *("UV_FIND_LINKS", "UV_CONFIG_FILE"),
}

_PIP_SECTIONS = ("global", "install", ":env:")
"""Those of pip's settings that count when it installs; each overrules the ones before it."""


def pip_command(*arguments: str) -> list[str]:
    """pip as virtualenv brings it, run by this Python: whoever has asv has it."""
    from virtualenv.seed.wheels.embed import get_embed_wheel  # a tenth of a second, rarely needed

    wheel = get_embed_wheel("pip", f"{sys.version_info.major}.{sys.version_info.minor}")
    assert wheel is not None, "virtualenv has no pip for the Python that it runs in"
    return [sys.executable, f"{wheel.path}/pip", *arguments]


def run_pip(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run it, however it ends."""
    return subprocess.run(
        pip_command(*arguments),
        env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def run_uv(arguments: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run uv, however it ends; ``given``: its standard input."""
    variables = {**_index_variables(), **os.environ, "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [_uv(), *arguments],
        cwd=os.sep,  # elsewhere a pyproject.toml could say how to resolve
        env={name: value for name, value in variables.items() if name != "VIRTUAL_ENV"},
        input=given,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _uv() -> str:
    with _finding:
        return _found_uv()


@cache
def _found_uv() -> str:
    return str(find_uv_bin())


def complaint(stderr: str) -> str:
    """What uv said of a failure, in one line, without its advice."""
    said, _, _ = stderr.partition("\nhint: ")
    text = re.sub(r"^[\s╰─▶×├│]*(?:(?:error|cause): )?", " ", said, flags=re.MULTILINE)
    return head(one_line(text), COMPLAINT_LIMIT) or "uv failed and said nothing"


def asks_pypi() -> bool:
    """Whether packages come from PyPI, whose pages everybody can see."""
    return urlsplit(index_address()).hostname == urlsplit(PYPI).hostname


def index_address() -> str:
    """Where the index's simple API is; "" if that is only said to uv in another way, or none is
    asked. It may hold a name and a password."""
    if _SAID_TO_UV.isdisjoint(os.environ):
        found = _index_variables()
        return "" if "UV_NO_INDEX" in found else found.get("UV_DEFAULT_INDEX", PYPI)
    return os.environ.get("UV_DEFAULT_INDEX", os.environ.get("UV_INDEX_URL", ""))


@cache
def _index_variables() -> Mapping[str, str]:
    if not _SAID_TO_UV.isdisjoint(os.environ):
        return {}
    return uv_variables(pip_settings(run_pip(["config", "list"]).stdout))


def pip_settings(listed: str) -> dict[str, str]:
    """pip's settings by key, from what ``pip config list`` prints."""
    found: dict[str, dict[str, str]] = {section: {} for section in _PIP_SECTIONS}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in found and value:
            try:
                found[section][key] = str(ast.literal_eval(value))
            except (SyntaxError, ValueError):
                continue  # pip warns of what it cannot read itself
    return {key: value for section in found.values() for key, value in section.items()}


def uv_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """What says the same to uv."""
    variables: dict[str, str] = {}
    if index := settings.get("index-url"):
        variables["UV_DEFAULT_INDEX"] = index
    if more := settings.get("extra-index-url", "").split():
        # pip takes the best of all indexes, uv by itself what the first has that has any.
        variables.update(UV_INDEX=" ".join(more), UV_INDEX_STRATEGY="unsafe-best-match")
    if links := settings.get("find-links", "").split():
        variables["UV_FIND_LINKS"] = ",".join(map(_place, links))
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        variables["UV_NO_INDEX"] = "1"
    if certificates := settings.get("cert"):
        variables["SSL_CERT_FILE"] = certificates
    return variables


def _place(link: str) -> str:
    """A folder absolute: uv is run anywhere."""
    return link if "://" in link else str(Path(link).absolute())
