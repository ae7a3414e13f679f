"""Import cost: known packages, warm caches, exact repetition, and failures with their reason."""

import sys
from pathlib import Path

import pytest
from fresh_process import printed_by

from meters import imports


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory on ``sys.path``."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def write_package(directory: Path, **modules: str) -> None:
    directory.mkdir()
    for name, source in modules.items():
        (directory / f"{name}.py").write_text(source)


def test_modules_loaded_by_a_package_are_counted(packages: Path) -> None:
    write_package(packages / "pack", __init__="from . import a, b", a="", b="from . import c", c="")
    assert imports.import_modules(["pack"]) == 4
    assert imports.import_modules(["pack.c", "pack"]) == 4


LAZY = "def __getattr__(name):\n    import pack.late\n    return getattr(pack.late, name)\n"
"""A package that loads what is in it when it is first asked for."""


def test_a_name_is_imported_from_a_package_that_loads_it_late(packages: Path) -> None:
    write_package(packages / "pack", __init__=LAZY, late="import pack.more\nName = 1\n", more="")
    assert imports.import_modules(["pack"]) == 1
    assert imports.import_modules(["pack:Name"]) == 3
    assert imports.import_modules(["pack:Name", "pack.more"]) == 3
    without, with_name = (imports.import_bytecodes([one]) for one in ("pack", "pack:Name"))
    assert without < with_name == imports.import_bytecodes(["pack:Name"])
    assert imports.import_cpu_seconds(["pack:Name"]) > 0


def test_a_name_that_is_not_there_is_a_failed_import(packages: Path) -> None:
    write_package(packages / "pack", __init__=LAZY, late="")
    with pytest.raises(imports.ImportFailed, match=r"importing pack:Name: AttributeError"):
        imports.import_modules(["pack:Name"])


def test_each_bytecode_of_a_module_is_counted(packages: Path) -> None:
    (packages / "one_a.py").write_text("x = 1.5\n")
    (packages / "two_a.py").write_text("x = 1.5\n" * 1001)
    shorter, longer = (imports.import_bytecodes([name]) for name in ("one_a", "two_a"))
    # A constant is loaded and stored: two bytecodes each time.
    assert longer - shorter == 2000


@pytest.mark.slow
def test_a_module_of_the_standard_library_is_seen() -> None:
    assert imports.import_modules(["asyncio"]) > 20
    assert imports.import_bytecodes(["asyncio"]) > 100_000
    assert imports.import_cpu_seconds(["asyncio"]) > 0


def test_computing_at_import_costs_cpu(packages: Path) -> None:
    (packages / "burner.py").write_text(
        "import time\nend = time.process_time() + 0.05\nwhile time.process_time() < end: pass\n"
    )
    assert imports.import_cpu_seconds(["burner"]) >= 0.05


def test_measure_gives_every_sample_and_the_exact_counts(packages: Path) -> None:
    write_package(packages / "pack", __init__="from . import a", a="x = 1")
    cost = imports.measure(["pack"], repeat=3)
    assert len(cost.cpu_seconds) == 3
    assert cost.modules == 2
    assert cost.bytecodes == imports.import_bytecodes(["pack"])


def test_bytecode_caches_are_warm_even_if_this_process_writes_none(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    write_package(packages / "pack", __init__="", a="")
    imports.import_bytecodes(["pack.a"])
    assert len(list((packages / "pack" / "__pycache__").iterdir())) == 2


def test_what_a_module_prints_does_not_disturb(packages: Path) -> None:
    (packages / "chatty.py").write_text("import os\nprint(99)\nos.write(1, b'99')\n")
    assert imports.import_modules(["chatty"]) == 1


def test_a_thread_left_by_the_import_does_not_delay_the_answer(packages: Path) -> None:
    (packages / "lingering.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    )
    assert imports.import_modules(["lingering"]) >= 2


def test_settings_of_this_process_do_not_change_the_count(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (packages / "plain.py").write_text("words = {str(i) for i in range(50)}\nx = sorted(words)\n")
    before = imports.import_bytecodes(["plain"])
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("COVERAGE_PROCESS_START", "/nowhere/.coveragerc")
    assert imports.import_bytecodes(["plain"]) == before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import not_there_at_all", "No module named 'not_there_at_all'"),
        ("raise RuntimeError('needs a key')", "RuntimeError: needs a key"),
        ("this is no Python", "SyntaxError"),
        ("import sys; sys.exit(0)", "exit code 0, no message"),
    ],
)
def test_a_module_that_cannot_be_imported_says_why(
    packages: Path, source: str, message: str
) -> None:
    (packages / "broken.py").write_text(source + "\n")
    with pytest.raises(imports.ImportFailed, match=message):
        imports.import_modules(["broken"])


def test_a_missing_module_says_so() -> None:
    with pytest.raises(imports.ImportFailed, match="No module named 'not_there_at_all'"):
        imports.measure(["not_there_at_all"], repeat=1)


@pytest.mark.slow
def test_fresh_processes_count_the_same_whatever_the_hash_seed() -> None:
    program = (
        "from meters import imports\n"
        "names = ['asyncio', 'http.client', 'dataclasses']\n"
        "print(imports.import_modules(names), imports.import_bytecodes(names))\n"
    )
    printed = {printed_by(program, seed) for seed in ("0", "1", "random")}
    assert len(printed) == 1


def test_the_child_sees_the_path_of_this_process(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(packages / "pack", __init__="")
    assert imports.import_modules(["pack"]) == 1
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p != str(packages)])
    with pytest.raises(imports.ImportFailed, match="No module named 'pack'"):
        imports.import_modules(["pack"])
