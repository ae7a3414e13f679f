"""An SDK in a repository of its own: the example of a template, packaged, with a newer commit."""

from __future__ import annotations

from pathlib import Path

from made_wheel import ROOT
from tiny_project import empty_history, git

CAPABILITY = "negotiation"
_EXAMPLE = ROOT / "targets" / "templates" / CAPABILITY / f"{CAPABILITY}_example.py"

PYPROJECT = """
[build-system]
requires = ["flit_core>=3.4,<4"]
build-backend = "flit_core.buildapi"
[project]
name = "my-sdk"
version = "0.1"
description = "An SDK"
requires-python = ">=3.11"
dependencies = ["idna"]
"""
ASKS = "        await asyncio.gather(*map(ask, self._agents))\n"
ASKS_FOR_ITSELF = """
from importlib.metadata import version

__version__ = version("my-sdk")
"""
SLOWER = "        for agent in self._agents:\n            await ask(agent)\n"


def made_sdk(folder: Path) -> Path:
    """A work tree: ``main`` checked out; on the branch ``slower`` one commit more, in which agents
    are asked one after the other."""
    history = empty_history(folder)
    code = _EXAMPLE.read_text() + ASKS_FOR_ITSELF
    assert ASKS in code
    files = {"pyproject.toml": PYPROJECT, "src/my_sdk/__init__.py": code}
    history.commit("Begin", files, 1)
    git(folder, "checkout", "--quiet", "-b", "slower")
    history.commit("Wait", {"src/my_sdk/__init__.py": code.replace(ASKS, SLOWER)}, 2)
    git(folder, "checkout", "--quiet", "main")
    return folder


def put_sdk_into_driver(folder: Path) -> None:
    """What a user edits after ``unladen init``."""
    driver = folder / "unladen-bench" / "driver"
    module = driver / f"{CAPABILITY}.py"
    code = module.read_text()
    code = code.replace(f"from . import {CAPABILITY}_example", "import my_sdk")
    code = code.replace(f"return {CAPABILITY}_example", "return my_sdk")
    module.write_text(code)
    (driver / f"{CAPABILITY}_example.py").unlink()
