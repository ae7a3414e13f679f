"""Commits of echo's SDK, and what ``unladen explain`` says of them."""

from __future__ import annotations

import os
import subprocess

from echo_tree import EchoTree


def commit(tree: EchoTree, subject: str, text: str) -> None:
    """Commit another text of the SDK's one module."""
    (tree.sdk / "toy" / "__init__.py").write_text(text)
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    command += ["commit", "--quiet", "--all", "--message", subject]
    subprocess.run(command, cwd=tree.sdk, env=variables, check=True)


def explain(tree: EchoTree, *arguments: str, seed: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command, benchmark processes with this hash seed."""
    command = ("-m", "unladen", "--target", "toy", "explain", *arguments)
    return tree.python(*command, PYTHONHASHSEED=str(seed))
