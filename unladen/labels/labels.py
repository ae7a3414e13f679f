"""What each commit of a history does to which series, as people say: a file of labels.

The format is described in ``docs/labels.md``. Reading it is strict: whatever is not understood is
refused in one line that names the file and the commit (msgspec would name its number, and no key
that is missing where another says so). Whether the labels are *true* is the
question of ``unladen.labels.check``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar

from unladen.errors import UserError
from unladen.store.toml_files import read_tables

Word = TypeVar("Word", bound=StrEnum)


class Kind(StrEnum):
    """What a commit is to a user."""

    FEATURE = "feature"
    REGRESSION = "regression"
    IMPROVEMENT = "improvement"
    NEUTRAL = "neutral"
    """It changes no series."""


class Effect(StrEnum):
    """What happens to a value."""

    WORSE = "worse"
    BETTER = "better"
    NEW = "new"
    """n/a, then a value."""
    GONE = "gone"
    """A value, then n/a."""
    BROKEN = "broken"
    """A value, be it right or wrong, then a failure."""
    WORKS = "works"
    """A failure, then a value."""
    NEW_AND_BROKEN = "new and broken"
    """n/a, then a failure."""
    BROKEN_AND_GONE = "broken and gone"
    """A failure, then n/a."""
    GOES_WRONG = "goes wrong"
    """The value of a right outcome, then that of a wrong one."""
    RIGHT = "right again"
    """The value of a wrong outcome, then that of a right one."""
    NEW_AND_WRONG = "new and wrong"
    """n/a, then the value of a wrong outcome."""
    WRONG_AND_GONE = "wrong and gone"
    """The value of a wrong outcome, then n/a."""
    WORKS_WRONG = "works, but wrong"
    """A failure, then the value of a wrong outcome."""


Quantity = Literal["before", "after", "ratio"]

SAYS: Mapping[Effect, tuple[Quantity, ...]] = {
    Effect.WORSE: ("before", "after", "ratio"),
    Effect.BETTER: ("before", "after", "ratio"),
    Effect.NEW: ("after",),
    Effect.GONE: ("before",),
    Effect.BROKEN: ("before",),
    Effect.WORKS: ("after",),
    Effect.NEW_AND_BROKEN: (),
    Effect.BROKEN_AND_GONE: (),
    Effect.GOES_WRONG: ("before", "after", "ratio"),
    Effect.RIGHT: ("before", "after", "ratio"),
    Effect.NEW_AND_WRONG: ("after",),
    Effect.WRONG_AND_GONE: ("before",),
    Effect.WORKS_WRONG: ("after",),
}
"""The quantities that there are, and so can be stated, of each effect."""


@dataclass(frozen=True)
class Range:
    """From ``low`` to ``high``, both included; one number is a range with both the same."""

    low: float | int
    high: float | int

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __str__(self) -> str:
        return f"{self.low}" if self.exact else f"[{self.low}, {self.high}]"


@dataclass(frozen=True)
class LabelledChange:
    """What a commit does to some cells of one series.

    ``at``: globs on a cell's parameters, as text joined with ", "; () for all cells. ``ratio``:
    after / before. ``None``: not stated.
    """

    series: str
    effect: Effect
    at: tuple[str, ...] = ()
    before: Range | None = None
    after: Range | None = None
    ratio: Range | None = None


@dataclass(frozen=True)
class Label:
    """What one commit does. ``repairs``: the subject of an earlier commit whose damage it undoes;
    ``drift``: a name shared by the commits of one slow drift; "" for none. ``functions``: those
    that its mistake or its gain is in, as ``file:name``, files from the folder of their package."""

    subject: str
    kind: Kind
    story: str
    changes: tuple[LabelledChange, ...] = ()
    repairs: str = ""
    drift: str = ""
    functions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """A labelled history. ``interpreter``: the CPython, such as ``3.11``, whose work and memory
    the labels state; ``commits``: oldest first."""

    interpreter: str
    commits: tuple[Label, ...]

    def of(self, subject: str) -> Label | None:
        """The label of the commit with this subject."""
        return next((label for label in self.commits if label.subject == subject), None)


def load(path: Path) -> Labels:
    """Read a file of labels. Raises ``UserError``, one line with the file and the commit."""
    tables = read_tables(path, "labels")
    try:
        return parse(tables)
    except _Refused as error:
        raise UserError(f"{path}: {error}") from error


class _Refused(Exception):
    """Why a file is no file of labels, in one line."""


def parse(data: Mapping[str, Any]) -> Labels:
    """The labels in a parsed TOML file."""
    fields = _Fields(data, "the file")
    interpreter = fields.take("interpreter", _interpreter)
    tables = fields.take("commit", _tables)
    fields.end()
    commits: list[Label] = []
    for number, table in enumerate(tables, 1):
        commits.append(_label(table, number, commits))
    return Labels(interpreter, tuple(commits))


def _label(table: Mapping[str, Any], number: int, earlier: Sequence[Label]) -> Label:
    subject = _Fields(table, f"commit {number}").take("subject", _line)
    fields = _Fields(table, repr(subject))
    label = Label(
        subject=fields.take("subject", _line),
        kind=fields.take("kind", lambda value: _word(value, Kind)),
        story=fields.take("story", _line),
        repairs=fields.take("repairs", _line, ""),
        drift=fields.take("drift", _line, ""),
        functions=fields.take("functions", _functions, ()),
        changes=_changes(fields.take("changes", _tables, []), repr(subject)),
    )
    fields.end()
    subjects = [other.subject for other in earlier]
    if subject in subjects:
        raise _Refused(f"{subject!r} is there twice")
    if label.repairs and label.repairs not in subjects:
        raise _Refused(f"{subject!r} repairs {label.repairs!r}, which is no earlier commit")
    if not earlier and label.changes:
        raise _Refused(f"{subject!r} is the first commit: there is nothing that it could change")
    return label


def _changes(tables: Sequence[Mapping[str, Any]], where: str) -> tuple[LabelledChange, ...]:
    return tuple(
        _change(table, f"{where}, change {number}") for number, table in enumerate(tables, 1)
    )


def _change(table: Mapping[str, Any], where: str) -> LabelledChange:
    fields = _Fields(table, where)
    change = LabelledChange(
        series=fields.take("series", _line),
        effect=fields.take("is", lambda value: _word(value, Effect)),
        at=fields.take("at", _globs, ()),
        before=fields.take("before", _number_or_range, None),
        after=fields.take("after", _number_or_range, None),
        ratio=fields.take("ratio", _range, None),
    )
    fields.end()
    for quantity in ("before", "after", "ratio"):
        if getattr(change, quantity) is not None and quantity not in SAYS[change.effect]:
            raise _Refused(f'{where}: there is no "{quantity}" of what is "{change.effect}"')
    return change


_REQUIRED: Any = object()
T = TypeVar("T")


class _Fields:
    """The keys of one table, each taken once."""

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self._left = dict(table)
        self._where = where

    def take(self, key: str, read: Callable[[Any], T], default: T = _REQUIRED) -> T:
        if key not in self._left:
            if default is _REQUIRED:
                raise _Refused(f'{self._where}: "{key}" is missing')
            return default
        try:
            return read(self._left.pop(key))
        except ValueError as error:
            raise _Refused(f'{self._where}: "{key}" must be {error}') from error

    def end(self) -> None:
        if self._left:
            raise _Refused(f'{self._where}: unknown key "{min(self._left)}"')


def _interpreter(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"3\.\d+", value):
        raise ValueError('a Python such as "3.11"')
    return value


def _line(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("one line of text")
    return value


def _tables(value: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("a list of tables")
    return value


def _word(value: Any, words: type[Word]) -> Word:
    if value not in list(words):
        raise ValueError(f"one of {', '.join(words)}")
    return words(value)


def _functions(value: Any) -> tuple[str, ...]:
    texts = _texts(value, "functions")
    if not all(":" in text for text in texts):
        raise ValueError("a list of functions, each as file:name")
    return texts


def _globs(value: Any) -> tuple[str, ...]:
    return _texts(value, "patterns")


def _texts(value: Any, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"a list of {what}, at least one")
    if not all(isinstance(item, str) and item for item in value):
        raise ValueError("a list of texts")
    return tuple(value)


def _number(value: Any) -> float | int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise ValueError("a number or [low, high]")
    return value  # type: ignore[no-any-return]


def _range(value: Any) -> Range:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("[low, high]")
    low, high = map(_number, value)
    if low > high:
        raise ValueError("[low, high], the lower one first")
    return Range(low, high)


def _number_or_range(value: Any) -> Range:
    if isinstance(value, list):
        return _range(value)
    return Range(_number(value), value)
