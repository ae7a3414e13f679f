"""What ``unladen check`` says of a driver; that it does so is tested from a wheel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from unladen.commands.check import _line, _next_step
from unladen.measure.driver_check import Soundness, Tried, judged

SKIPPED = "asv: skipped: Unavailable('it has no engine') \n"


@pytest.mark.parametrize(
    ("rows", "errors", "soundness", "why"),
    [
        ([["s", ["a"], 3.0, ""], ["s", ["b"], math.nan, ""]], SKIPPED, "works", ""),
        ([["s", ["a"], 3.0, ""], ["s", ["b"], 3.0, "no plan"]], "", "wrong", "s(b): no plan"),
        ([["s", ["a"], 3.0, "no plan"], ["s", ["b"], None, ""]], "E: x\n\n", "fails", "E: x"),
        ([["s", [], math.nan, ""]] * 2, SKIPPED, "n/a", "it has no engine"),
        ([], "Traceback\nImportError: gone", "fails", "ImportError: gone"),
        ([["s", [], None, ""]], "", "fails", "no value"),
    ],
)
def test_what_a_capability_s_rows_say(
    rows: Sequence[Sequence[Any]], errors: str, soundness: str, why: str
) -> None:
    assert judged("cap", rows, errors) == Tried("cap", Soundness(soundness), why)


def test_only_what_is_measured_and_not_right_is_bad() -> None:
    assert [one for one in Soundness if one.is_bad] == [Soundness.WRONG, Soundness.FAILS]


def test_a_driver_that_is_still_the_example_s(tmp_path: Path) -> None:
    module = tmp_path / "cap.py"
    works = Tried("cap", Soundness.WORKS)
    assert _line(works, module) == "cap: works"
    module.write_text("def sdk():\n    from . import cap_example\n")
    told = f"cap: works (the example, not the SDK: edit {tmp_path.name}/cap.py)"
    assert _line(works, module) == told
    assert _line(Tried("cap", Soundness.ABSENT), module) == "cap: not offered"
    module.write_text("import mysdk  # not cap_example\n")
    assert _line(Tried("cap", Soundness.FAILS, "why"), module) == "cap: fails: why"


@pytest.mark.parametrize(
    ("soundness", "content", "said"),
    [
        (Soundness.WORKS, "import mysdk\n", "Now measure: unladen run 01234567^!"),
        (
            Soundness.WORKS,
            "from . import cap_example\n",
            "Put the SDK in place of the example, then check again: unladen check",
        ),
        (Soundness.ABSENT, "import mysdk\n", "Now measure: unladen run 01234567^!"),
        (
            Soundness.UNAVAILABLE,
            "import mysdk\n",
            "The SDK has nothing of it at this commit: try another: unladen check COMMIT",
        ),
    ],
)
def test_a_sound_driver_is_followed_by_what_to_do(
    tmp_path: Path, soundness: Soundness, content: str, said: str
) -> None:
    (tmp_path / "cap.py").write_text(content)
    tried = [Tried("cap", soundness), Tried("other", Soundness.ABSENT)]
    assert _next_step(tried, tmp_path, "unladen", "01234567") == said
