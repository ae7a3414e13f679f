"""Trees of imports: who asks for what, where, and that they add up to what an import costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from meters import import_tree, imports
from meters.import_tree import Loaded

PACK = {
    "__init__": "from . import a\n\n\ndef late():\n    from . import c\n\n\nlate()\n",
    "a": "import pack.b\n",
    "b": "import sys\nsys.modules['pack_alias'] = sys\nX = [n * n for n in range(50)]\n",
    "c": "try:\n    import no_such_module\nexcept ImportError:\n    pass\n",
}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package that is on ``sys.path``."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, source in PACK.items():
        (folder / f"{name}.py").write_text(source)
    return folder


def chain(tree: list[Loaded], number: int) -> list[str]:
    one = tree[number]
    return [*(chain(tree, one.above) if one.above >= 0 else []), one.name][-4:]


def test_each_module_lies_below_the_one_whose_code_asked_for_it(pack: Path) -> None:
    tree = import_tree.counted(["pack"])
    assert [one.name for one in tree] == [
        "",
        "pack",
        "pack.a",
        "pack.b",
        "pack.c",
        "no_such_module",
    ]
    assert chain(tree, 3) == ["", "pack", "pack.a", "pack.b"]
    assert chain(tree, 5) == ["", "pack", "pack.c", "no_such_module"]
    init = str(pack / "__init__.py")
    assert [one.importer for one in tree[:3]] == [
        ("", 0, ""),
        ("", 0, ""),
        (init, 1, "<module>"),
    ]
    assert tree[4].importer == (init, 5, "late")
    assert (tree[1].file, tree[5].file) == (init, "")


def test_a_module_that_another_one_enters_counts_to_it(pack: Path) -> None:
    added = [set(one.added) for one in import_tree.counted(["pack"])]
    assert added == [set(), {"pack"}, {"pack.a"}, {"pack.b", "pack_alias"}, {"pack.c"}, set()]


def test_all_together_are_what_the_import_costs(pack: Path) -> None:
    for names in (["pack"], ["json", "pack.b"]):
        tree = import_tree.counted(names)
        assert sum(one.amount for one in tree) == imports.import_bytecodes(names)
        assert sum(len(one.added) for one in tree) == imports.import_modules(names)
        assert tree == import_tree.counted(names)


def test_what_a_module_does_counts_to_itself_alone(pack: Path) -> None:
    before = import_tree.counted(["pack"])
    more = PACK["b"] + "Y = 1.5\n" * 100
    (pack / "b.py").write_text(more)
    import_tree.counted(["pack"])  # its byte code cache is written
    after = import_tree.counted(["pack"])
    grown = [now.amount - was.amount for was, now in zip(before, after, strict=True)]
    assert grown == [0, 0, 0, 200, 0, 0]


def test_seconds_are_of_the_same_modules(pack: Path) -> None:
    burning = (
        "import time\nend = time.process_time() + 0.05\nwhile time.process_time() < end: ...\n"
    )
    (pack / "b.py").write_text(PACK["b"] + burning)
    counted, timed = import_tree.counted(["pack"]), import_tree.timed(["pack"])
    assert [(one.above, one.name, one.importer, one.added) for one in timed] == [
        (one.above, one.name, one.importer, one.added) for one in counted
    ]
    assert timed[3].amount >= 0.05
    assert all(one.amount < 0.05 for one in timed if one.name != "pack.b")


def test_a_module_that_cannot_be_imported_is_named() -> None:
    for ask in (import_tree.counted, import_tree.timed):
        with pytest.raises(imports.ImportFailed, match="no_such_module"):
            ask(["no_such_module"])


def test_a_name_is_below_the_module_that_loads_it_late(pack: Path) -> None:
    lazy = "def __getattr__(name):\n    import pack.a\n    return getattr(pack.a, name)\n"
    (pack / "__init__.py").write_text(lazy)
    (pack / "a.py").write_text("Name = 1\n")
    tree = import_tree.counted(["pack:Name"])
    assert [one.name for one in tree] == ["", "pack", "pack.a"]
    assert tree[2].importer == (str(pack / "__init__.py"), 2, "__getattr__")
    assert sum(one.amount for one in tree) == imports.import_bytecodes(["pack:Name"])
    assert sum(len(one.added) for one in tree) == imports.import_modules(["pack:Name"])
    assert [one.name for one in import_tree.timed(["pack:Name"])] == ["", "pack", "pack.a"]
