"""A difference of retained memory is put down to what holds it, and to who touches that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_pairs import made_pair
from made_sources import own
from made_sources import side as worked

from unladen.explain.code import Key
from unladen.explain.contexts import HeldObjects, HeldStep, Side
from unladen.explain.holders import HoldersOfRetained, explain_holders
from unladen.explain.holders_json import holders_json
from unladen.explain.holders_text import holders_lines
from unladen.explain.printed_sides import read_side
from unladen.explain.run import CommitPair

FILE = "sdk/engine.py"
OLD = """\
CACHE = {}


class Store:
    def __init__(self):
        self._kept = {}
        self._all = []

    def put(self, key, one):
        self._kept[key] = one


class Session:
    name: str

    def begin(self):
        self.name = "a"


def look(key):
    return find(key)
"""
NEW = """\
CACHE = {}


class Store:
    def __init__(self):
        self._kept = dict()
        self._all = []

    def put(self, key, one):
        self._kept[key] = [one]
        self.count()

    def count(self):
        return len(self._all)


class Session:
    name: str
    digest: str = ""

    def begin(self):
        self.name = "a"
        self.digest = "b"


def look(key):
    CACHE[key] = find(key)
    return CACHE[key]
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("holders"), {FILE: OLD}, {FILE: NEW})


def instance(function: str, name: str = "") -> HeldStep:
    words = f"sdk.engine.{function}"
    return HeldStep(name, words, words, "own", Key(FILE, function))


def plain(kind: str, name: str = "") -> HeldStep:
    return HeldStep(name, kind, kind, "library", Key("", kind))


STORE, SESSION = instance("Store"), instance("Session")
MODULE = HeldStep("", "module sdk.engine", "module", "own", Key(FILE, "<module>"))


def side(*held: tuple[list[HeldStep], int, int], reading: int = 0) -> Side:
    """What a commit retains; ``reading``: bytes besides."""
    found = [HeldObjects(*one) for one in held]
    return Side(None, "", [], held=found, retained=sum(one.size for one in found) + reading)


RAN = worked(
    [
        (-1, own("Store.put"), 0, 3, {9: 5}),
        (-1, own("Session.begin"), 0, 1, {17: 2}),
        (-1, own("look"), 0, 1, {21: 2}),
    ]
)


def explained(pair: CommitPair, before: Side, after: Side) -> HoldersOfRetained:
    files = pair.old, pair.new
    return explain_holders((before, after), (RAN, RAN), pair.matching(), files)


def test_it_is_who_touches_the_attribute_that_holds_it(pair: CommitPair) -> None:
    way = [STORE, plain("dict", "._kept"), plain("list")]
    texts = [*way, plain("str")]
    before, after = side((way, 64, 1), (texts, 60, 1)), side((way, 640, 10), (texts, 600, 10))
    found = explained(pair, before, after)
    (cause,) = found.causes
    assert (cause.key, cause.change) == (Key(FILE, "Store.put"), 1116)
    assert [(one.place.text, one.change, one.objects) for one in cause.parts] == [
        ("Store._kept (dict) > list", 576, (1, 10)),
        ("Store._kept (dict) > list > str", 540, (1, 10)),
    ]
    assert found.left_over == 0
    assert found.to_blame == [Key(FILE, "Store.put")]


def test_who_begins_to_touch_it_comes_before_who_did_already(pair: CommitPair) -> None:
    found = explained(pair, side(), side(([STORE, plain("list", "._all")], 80, 1)))
    assert found.causes[0].key == Key(FILE, "Store.count")


def test_a_global_is_touched_by_its_name(pair: CommitPair) -> None:
    found = explained(pair, side(), side(([MODULE, plain("dict", ".CACHE")], 80, 0)))
    (cause,) = found.causes
    assert cause.key == Key(FILE, "look")
    assert cause.parts[0].place.text == "sdk.engine.CACHE (dict)"


def test_an_attribute_on_the_way_that_is_new_is_its_setters(pair: CommitPair) -> None:
    result = [plain("list"), replace(SESSION, name="")]
    digest = [*result, plain("str", ".digest")]
    name = [*result, plain("str", ".name")]
    found = explained(pair, side((name, 50, 1)), side((name, 60, 1), (digest, 70, 1)))
    first, rest = found.causes
    assert first.key == Key(FILE, "Session.begin")
    assert first.parts[0].place.text == "what runs > list > Session.digest (str)"
    assert (rest.key, rest.change) == (None, 10)
    assert found.to_blame == []  # nothing that stays has to do with it


def test_what_others_hold_has_no_cause(pair: CommitPair) -> None:
    loop = HeldStep("", "asyncio.Loop", "asyncio.Loop", "asyncio", Key("asyncio/x.py", "Loop"))
    found = explained(pair, side(), side(([loop, plain("list", "._kept")], 80, 1)))
    assert [one.key for one in found.causes] == [None]
    assert found.to_blame == []


def test_what_works_against_the_difference_is_not_to_blame(pair: CommitPair) -> None:
    kept, cache = [STORE, plain("dict", "._kept")], [MODULE, plain("dict", ".CACHE")]
    found = explained(pair, side((kept, 100, 1)), side((cache, 500, 1)))
    assert {one.key for one in found.causes} == {Key(FILE, "look"), Key(FILE, "Store.put")}
    assert found.to_blame == [Key(FILE, "look")]


def test_types_add_up_and_what_a_reading_takes_is_left_over(pair: CommitPair) -> None:
    way = [STORE, plain("dict", "._kept")]
    texts = [*way, plain("str")]
    before = side((way, 64, 1), (texts, 60, 1))
    found = explained(pair, before, side((way, 64, 1), (texts, 600, 10), reading=24))
    (kind,) = found.types
    assert (kind.type, kind.sizes, kind.objects) == ("str", (60, 600), (1, 10))
    assert (found.change, found.left_over) == (564, 24)


def test_as_text_and_json(pair: CommitPair) -> None:
    texts = [STORE, plain("dict", "._kept"), plain("str")]
    found = explained(pair, side((texts, 60, 1)), side((texts, 600, 10)))
    lines = holders_lines(found, pair, everything=False)
    assert any("1 Store.put" in line and "@@" in line and "100.0%" in line for line in lines)
    assert any("Store._kept (dict) > str: 1 -> 10" in line for line in lines)
    assert any("str: 60 -> 600, 1 -> 10" in line for line in lines)
    assert max(map(len, lines)) <= 100
    data = holders_json(found)
    (part,) = data["causes"][0]["parts"]
    assert (part["holder"], part["way"]) == ("sdk.engine.Store._kept (dict)", ["str"])
    assert data["types"] == [{"type": "str", "bytes": [60, 600], "objects": [1, 10]}]


def test_as_a_process_prints_it() -> None:
    found = read_side(
        '{"value":5,"wrong":"","functions":[],"contexts":[],"waits":[],"retained":7,'
        '"held":[[[["",0],["._kept",1]],7,1]],'
        '"kinds":[["sdk.engine.Store","sdk.engine.Store","own","sdk/engine.py","Store"],'
        '["dict","dict","library","","dict"]]}'
    )
    (one,) = found.held
    assert (one.steps, one.size, one.objects) == ([STORE, plain("dict", "._kept")], 7, 1)
    assert found.retained == 7


def test_a_file_that_a_side_does_not_have_is_no_matter(pair: CommitPair, tmp_path: Path) -> None:
    other = made_pair(tmp_path, {"sdk/other.py": "x = 1\n"}, {FILE: NEW})
    found = explained(other, side(), side(([STORE, plain("dict", "._kept")], 80, 1)))
    assert found.causes[0].key == Key(FILE, "Store.put")
