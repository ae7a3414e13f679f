"""The one name by which a series is shown, and finding series by whatever they are called.

A series' own name, in files and JSON, is asv's: ``capability.faults.Run.track_outcome``. It is
shown as ``capability.faults.Run.outcome``, without ``track_``, which all exact series have and
which says nothing. A user may call it either, with the capability or without, and by its class and
method alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from unladen.text.former_names import new_names
from unladen.text.terminal import printable

_PREFIX = "track_"
_OTHER_PREFIXES = ("time_", "timeraw_", "mem_", "peakmem_", "track_", "sample_", "peakrss_")
NEAR = 3
"""Names that are suggested."""


def shown_name(name: str) -> str:
    """How a series is shown, everywhere."""
    return printable(_without_prefix(name))


def spellings(name: str) -> tuple[str, ...]:
    """All that a series may be called: its own name, the shown one, both without what stands before
    the class and the method, or a part of that."""
    whole = (name, _without_prefix(name))
    found = [".".join(one.split(".")[n:]) for n in range(name.count(".")) for one in whole]
    return tuple(dict.fromkeys(found or whole))


def matches(pattern: re.Pattern[str], name: str) -> bool:
    """Whether a regular expression is found in a series' own name or in the shown one."""
    return any(pattern.search(one) for one in (name, _without_prefix(name)))


def matching(pattern: re.Pattern[str], names: Sequence[str]) -> list[str]:
    """The names that a pattern finds."""
    return [name for name in names if matches(pattern, name)]


def called(wanted: str, names: Iterable[str]) -> list[str]:
    """The series that are called exactly so: one, several if the name lacks what tells them apart,
    none."""
    names = list(names)
    own = [name for name in names if wanted in (name, _without_prefix(name))]
    return own or [name for name in names if wanted in spellings(name)]


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """``; did you mean a, b?`` of what is spelled nearly so, else ""."""
    near = nearest(wanted, known)
    others = [printable(one) for one in near if one != wanted]
    return f"; did you mean {', '.join(others)}?" if others else ""


def nearest(wanted: str, known: Iterable[str]) -> list[str]:
    """What is spelled nearly as ``wanted``, upper and lower case alike, or contains it; the nearest
    first."""
    lowered = {one.lower(): one for one in known}
    text = wanted.lower()
    near = difflib.get_close_matches(text, lowered, n=NEAR, cutoff=0.6)
    near += [one for one in lowered if text and text in one and one not in near]
    return [lowered[one] for one in near[:NEAR]]


def no_series(wanted: str, names: Sequence[str]) -> str:
    """What is said where no series is called so, or found by a pattern."""
    plain = wanted.strip("^$").replace("\\", "")
    said = f"no series is called {printable(wanted)!r}"
    renamed = [new for old, new in new_names().items() if plain in spellings(old)]
    if now := [shown_name(name) for name in renamed if name in names]:
        return f"{said}; it is called {' or '.join(now)} now"
    known: dict[str, dict[str, None]] = {}
    for name in names:
        for one in (*spellings(name), _without_prefix(name).rpartition(".")[2]):
            known.setdefault(one, {})[shown_name(name)] = None
    near = [*dict.fromkeys(name for one in nearest(plain, known) for name in known[one])][:NEAR]
    advice = f"; did you mean {', '.join(near)}?" if near else f"; there are {len(names)}"
    return f"{said}{advice}"


def _without_prefix(name: str) -> str:
    owner, dot, function = name.rpartition(".")
    rest = function.removeprefix(_PREFIX)
    # What is left must not read as the name of a series of another kind.
    return f"{owner}{dot}{rest}" if rest and not rest.startswith(_OTHER_PREFIXES) else name
