"""What is built from this tree: one top-level package, the suite inside it, fit for an index."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("benchmarks", "meters", "mocks", "targets")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist of the files that git doesn't ignore, and the wheel that is made of the sdist."""
    folder = tmp_path_factory.mktemp("built")
    tree = folder / "tree"
    listed = run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT).splitlines()
    for name in listed:
        if not name.startswith(("tests/", "results/")) and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist")]
    run([*build, str(tree)], cwd=folder)
    return {file.suffix: file for file in (folder / "dist").iterdir()}


def run(command: list[str], cwd: Path, **variables: str) -> str:
    """Its standard output; fails with all that it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_has_one_package_with_the_suite_inside(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built[".whl"]) as wheel:
        names = set(wheel.namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"unladen"}
    suite = "unladen/_suite"
    for name in (
        f"{suite}/asv.conf.json",
        f"{suite}/benchmarks/__init__.py",
        f"{suite}/mocks/parley/patches/HEAD",
        f"{suite}/targets/parley/requirements.txt",
        "unladen/detection/null.json",
        "unladen/init/templates/github/unladen-gate.yml",
        "unladen/py.typed",
        "unladen/site/templates/base.html",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name]


def test_an_index_takes_both(built: dict[str, Path]) -> None:
    twine = [sys.executable, "-m", "twine", "check", "--strict"]
    run([*twine, *map(str, built.values())], cwd=ROOT)
    with tarfile.open(built[".gz"]) as sdist:
        tops = {name.split("/")[1] for name in sdist.getnames()}
    assert tops >= {*ROOMS, "unladen", "README.md", "hatch_build.py", "pyproject.toml"}


def test_the_rooms_of_the_suite_are_no_packages_of_an_environment(
    built: dict[str, Path], tmp_path: Path
) -> None:
    """They would be overwritten by, or overwrite, another package of that name."""
    made = tmp_path / "env"
    venv.create(made, with_pip=True)
    python = str(made / "bin" / "python")
    home = {"HOME": str(tmp_path), "PYTHONPATH": ""}
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, str(built[".whl"])], tmp_path, **home)
    tried = f"""
import importlib.util
print([room for room in {ROOMS!r} if importlib.util.find_spec(room)])
from unladen.project.suite import is_installed, suite_root
print(is_installed(), (suite_root() / "benchmarks" / "__init__.py").is_file())
"""
    assert run([python, "-c", tried], tmp_path, **home) == "[]\nTrue True\n"
    unladen = str(made / "bin" / "unladen")
    assert run([unladen, "--version"], tmp_path, **home).startswith("unladen ")
    known = run([unladen, "mock-model", "--help"], tmp_path, **home)
    assert "--port" in known
    found = """
from unladen.project.targets import known_targets
print(known_targets())
"""
    assert run([python, "-c", found], tmp_path, **home) == "['bare', 'parley', 'towow']\n"
