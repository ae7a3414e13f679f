"""A difference of an import is put down to the statements that bring modules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from made_history import series
from made_pairs import made_pair

from unladen.compare.ab.cells import Cell
from unladen.explain.code import Key
from unladen.explain.contexts import Importer, Loading, Side
from unladen.explain.diffs import Touched
from unladen.explain.foremost import Foremost, foremost
from unladen.explain.imports import Imports, explain_imports
from unladen.explain.imports_json import imports_as_json
from unladen.explain.imports_text import imports_lines
from unladen.explain.printed_sides import read_side
from unladen.explain.run import CommitPair, ExplainedFigure

FILE = "sdk/__init__.py"
OLD = "from . import core\n\nX = 1\n"
NEW = "from . import core\nfrom . import web\n\nX = 1\n"
AT_CORE, AT_WEB = (Importer("own", FILE, line, "<module>") for line in (1, 2))
IN_LIBRARY = Importer("library", "http/client.py", 7, "<module>")

BEFORE = [
    Loading(-1, "", None, "", 10, 0),
    Loading(0, "sdk", None, FILE, 100, 1),
    Loading(1, "sdk.core", AT_CORE, "sdk/core.py", 50, 1),
]
AFTER = [
    replace(BEFORE[0]),
    replace(BEFORE[1], amount=103),
    replace(BEFORE[2]),
    Loading(1, "sdk.web", AT_WEB, "sdk/web.py", 20, 1),
    Loading(3, "http.client", replace(AT_WEB, file="sdk/web.py"), "", 500, 2),
    Loading(4, "email", IN_LIBRARY, "", 300, 1),
]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("imports"), {FILE: OLD}, {FILE: NEW})


def explained(before: list[Loading], after: list[Loading], is_sampled: bool = False) -> Imports:
    sides = (Side(1.0, "", [], imports=one) for one in (before, after))
    texts = text_of(OLD), text_of(NEW)
    if len(before) > len(after):
        texts = texts[1], texts[0]
    return explain_imports(*sides, {}, texts, is_sampled=is_sampled)


def text_of(source: str) -> Callable[[str, int], str]:
    return lambda file, line: source.splitlines()[line - 1] if file == FILE else ""


def test_all_that_comes_belongs_to_the_first_statement_on_the_way() -> None:
    found = explained(BEFORE, AFTER)
    (cause,) = found.causes
    assert (cause.key, cause.importer, cause.name) == (Key(FILE, "<module>"), AT_WEB, "sdk.web")
    assert (cause.amount, cause.modules, cause.is_gone) == (820, 4, False)
    assert [one.chain for one in cause.changes] == [
        ("sdk", "sdk.web", "http.client"),
        ("sdk", "sdk.web", "http.client", "email"),
        ("sdk", "sdk.web"),
    ]
    (other,) = found.otherwise
    assert (other.name, other.file, other.amount, other.modules) == ("sdk", FILE, 3, 0)
    assert (found.amount_change, found.module_change) == (823, 4)
    assert (found.amount_left_over, found.modules_left_over) == (0, 0)
    assert found.keys == [Key(FILE, "<module>")]


def test_what_goes_is_told_with_the_statement_of_before(pair: CommitPair) -> None:
    found = explained(AFTER, BEFORE)
    (cause,) = found.causes
    assert (cause.is_gone, cause.amount, cause.modules) == (True, -820, -4)
    assert found.amount_left_over == 0
    backwards = CommitPair(
        pair.after, pair.before, pair.new, pair.old, pair_touched_backwards(pair)
    )
    text = "\n".join(imports_lines(found, backwards, everything=False))
    assert f"1 gone: {FILE}:2* from . import web" in text


def pair_touched_backwards(pair: CommitPair) -> Touched:
    hunks = {
        file: [replace(hunk, old=hunk.new, new=hunk.old) for hunk in there]
        for file, there in pair.touched.hunks.items()
    }
    return replace(pair.touched, hunks=hunks)


def test_what_moves_from_one_statement_to_another_costs_nothing() -> None:
    moved = [*BEFORE, replace(AFTER[3], above=2), *AFTER[4:]]
    found = explained(
        AFTER, [replace(moved[1], amount=103) if n == 1 else m for n, m in enumerate(moved)]
    )
    assert (found.causes, found.otherwise) == ([], [])


def test_each_new_statement_is_told_on_its_own() -> None:
    own = Importer("own", "sdk/core.py", 3, "Core.load")
    more = [*AFTER, Loading(2, "ssl", own, "", 900, 1)]
    found = explained(BEFORE, more)
    assert [one.name for one in found.causes] == ["ssl", "sdk.web"]
    assert found.keys == [Key("sdk/core.py", "Core.load"), Key(FILE, "<module>")]
    assert found.amount_left_over == 0


def test_a_library_is_not_to_blame_by_name() -> None:
    found = explained(AFTER, [*AFTER, Loading(4, "h2", IN_LIBRARY, "", 70, 1)])
    (cause,) = found.causes
    assert cause.key is None
    assert cause.importer == IN_LIBRARY
    assert found.keys == []


def test_as_text(pair: CommitPair) -> None:
    lines = imports_lines(explained(BEFORE, AFTER), pair, everything=False)
    text = "\n".join(lines)
    assert "counted again: 2 -> 6 modules, 160 -> 983 bytecodes" in text
    assert f"+820   99.6%       +4  1 {FILE}:2* from . import web" in text
    assert "+500               +2    sdk > sdk.web > http.client" in text
    assert f"loading sdk itself  {FILE}*" in text
    assert "+823  100.0%       +4  together" in text
    assert max(map(len, lines)) <= 100


def test_a_long_chain_keeps_both_its_ends(pair: CommitPair) -> None:
    deep = list(AFTER)
    for number in range(30):
        deep.append(Loading(len(deep) - 1, f"library.module{number}", IN_LIBRARY, "", 600, 1))
    lines = imports_lines(explained(BEFORE, deep), pair, everything=True)
    assert max(map(len, lines)) <= 100
    (last,) = (line for line in lines if line.endswith("library.module29"))
    assert "    sdk > " in last
    assert " > ... > " in last


def test_seconds_are_said_to_be_sampled(pair: CommitPair) -> None:
    before, after = (
        [replace(one, amount=one.amount / 1e5) for one in side] for side in (BEFORE, AFTER)
    )
    found = explained(before, after, is_sampled=True)
    text = "\n".join(imports_lines(found, pair, everything=True))
    assert "CPU, sampled" in text
    assert "+8.20 ms   99.6%       +4  1 " in text
    assert "1 modules that both load" in text
    assert "itself" not in text


def test_the_same_is_said_to_be_the_same(pair: CommitPair) -> None:
    lines = imports_lines(explained(AFTER, list(AFTER)), pair, everything=False)
    assert lines == ["  the same modules are imported at the same cost"]


def test_as_json(pair: CommitPair) -> None:
    found = imports_as_json(explained(BEFORE, AFTER), pair)
    assert (found["unit"], found["before"], found["after"]) == ("bytecodes", 160, 983)
    assert found["modules"] == [2, 6]
    (cause,) = found["causes"]
    assert (cause["file"], cause["line"], cause["module"]) == (FILE, 2, "sdk.web")
    assert cause["hunk"] == "-1,0 +2,1"
    assert sum(one["change"] for one in cause["parts"]) == cause["change"] == 820
    (other,) = found["loaded_otherwise"]
    assert other == {
        "module": "sdk",
        "file": FILE,
        "change": 3,
        "modules": 0,
        "is_touched": True,
    }
    assert (found["left_over"], found["modules_left_over"]) == (0, 0)


def test_the_first_parts_are_those_statements() -> None:
    cell = Cell(series("imports.Import.track_modules", explain="imports"), 0)
    figure = ExplainedFigure(cell, None, imports=explained(BEFORE, AFTER), before=2, after=6)
    (first,) = foremost(figure)
    assert first == Foremost(
        Key(FILE, "<module>"),
        "+820 bytecodes",
        "100%",
        2,
        "brings sdk.web: +4 modules",
        NEW.splitlines()[1],
    )
    assert figure.causes == [Key(FILE, "<module>")]


def test_a_process_says_it_as_rows() -> None:
    printed = (
        '{"value":NaN,"wrong":"","functions":[],"contexts":[],"waits":[],"imports":'
        '[[-1,"",null,"",0,0],[0,"sdk",["own","sdk/a.py",3,"f"],"sdk/__init__.py",12.5,1]]}'
    )
    root, sdk = read_side(printed).imports
    assert root == Loading(-1, "", None, "", 0, 0)
    assert sdk.importer == Importer("own", "sdk/a.py", 3, "f")
    assert (sdk.amount, sdk.modules) == (12.5, 1)
