"""A history of five commits: the floor with a regression, a failure and their repair."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from measured_history import ROOT, Subject, in_repository

FLOOR = ROOT / "targets" / "bare" / "floor"
AT_ONCE = (
    "await asyncio.gather(*(self._offer(session, agent) for agent, _ in session.participants))"
)
ONE_BY_ONE = "for agent, _ in session.participants: await self._offer(session, agent)"
ANSWER = "pair = json.dumps("
CRASH = 'raise RuntimeError("no discovery")\n        pair = json.dumps('

START, DOCS, SLOW, CRASHING, MENDED = SUBJECTS = (
    "Begin",
    "Explain it",
    "Ask one by one",
    "Discover nothing",
    "Ask at once and discover again",
)
PATTERN = r"negotiation\.baseline\.Run\.track_(makespan|sdk_bytecodes)$"


def write_toy(folder: Path) -> Subject:
    """Write the repository; it is measured as the target ``bare`` is, in two series."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet")
    good = (FLOOR / "negotiation.py").read_text()
    assert AT_ONCE in good
    assert ANSWER in good
    slow = good.replace(AT_ONCE, ONE_BY_ONE)
    crashing = slow.replace(ANSWER, CRASH)
    package = folder / "src" / "floor"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text((FLOOR / "__init__.py").read_text())
    for subject, code in zip(SUBJECTS, (good, good, slow, crashing, good), strict=True):
        (package / "negotiation.py").write_text(code)
        (folder / "README.md").write_text(subject)
        _git(folder, "add", "--all")
        _git(folder, "commit", "--quiet", "--message", subject)
    return in_repository(folder, "bare", "src", PATTERN)


def _git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{role}_{fact}": "toy"
        for role in ("AUTHOR", "COMMITTER")
        for fact in ("NAME", "EMAIL")
    }
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**outside, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)
