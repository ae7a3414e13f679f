"""What a difference of virtual time is made of: the waits of the critical path.

Each wait belongs to its *cause*, as work does: the nearest function above the place that waits,
itself included, that the commit changed. Where that is merely reached more often from another one
that the commit changed, the share of that is passed on to the other, and so on upwards. What is
there because others waited for a lock meanwhile belongs to who has them wait. The same
wait below one cause that was below another counts for neither; and a wait that a function did
itself is the same below a new function that does it for it. The critical path is one wait after
the other, so that the parts add up to the whole difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import Side
from unladen.explain.matching import Matching
from unladen.explain.sums import DIGITS, SumOfCauses, by_cause, direction
from unladen.explain.wait_extraction import with_extracted
from unladen.explain.wait_locks import LocksOfSide, without_holds
from unladen.explain.wait_places import PlacedWait, WaitPlace, WaitPlaces
from unladen.explain.wait_shares import WaitPart, shared_parts


@dataclass(frozen=True)
class Parting:
    """The first wait that differs. ``at``: seconds after the start; ``before``, ``after``: where
    the path leads from there, for how many seconds, None where it has ended."""

    at: float
    before: tuple[WaitPlace, float] | None
    after: tuple[WaitPlace, float] | None


@dataclass(frozen=True)
class Waits(SumOfCauses[WaitPart]):
    """Seconds of the critical paths. ``parting``: None if both are the same."""

    parting: Parting | None


def explain_waits(
    before: Side, after: Side, matching: Matching, texts: tuple[LineText, LineText]
) -> Waits:
    """``texts``: of the lines before and after."""
    old = WaitPlaces(before, matching, texts[0], is_before=True)
    new = WaitPlaces(after, matching, texts[1], is_before=False)
    totals = [sum(one.seconds for one in places.waits) for places in (old, new)]
    moved = _extracted((old, new), matching)
    parting = _parting(old.waits, new.waits)
    locks = (
        LocksOfSide(before, matching, texts[0], is_before=True),
        LocksOfSide(after, matching, texts[1], is_before=False),
    )
    held = without_holds((old, new), locks, matching)
    parts = [*held, *shared_parts((old, new), matching, moved)]
    return Waits(
        before=round(totals[0], DIGITS),
        after=round(totals[1], DIGITS),
        causes=by_cause(parts, matching, direction(*totals), lambda one: one.place.where),
        parting=parting,
    )


def _extracted(sides: tuple[WaitPlaces, WaitPlaces], matching: Matching) -> set[Key]:
    """Have each side's waits lie where the other has them, if a new function only stands between
    them and what waited itself, or such a one is gone; these functions."""
    old, new = sides
    was, now = old.waits, new.waits
    old.waits, come = with_extracted(was, now, matching.is_new)
    new.waits, gone = with_extracted(now, was, matching.is_gone)
    return come | gone


def _parting(old: Sequence[PlacedWait], new: Sequence[PlacedWait]) -> Parting | None:
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else None
        now = new[number] if number < len(new) else None
        if was is None or now is None or not _is_same(was, now):
            started = was or now
            assert started is not None
            return Parting(
                at=started.start,
                before=None if was is None else (was.place, round(was.seconds, DIGITS)),
                after=None if now is None else (now.place, round(now.seconds, DIGITS)),
            )
    return None


def _is_same(was: PlacedWait, now: PlacedWait) -> bool:
    """Lines may have been rewritten: whether the same functions wait for as long."""
    one, other = was.place, now.place
    same_function = (one.cause, one.where) == (other.cause, other.where)
    return same_function and abs(was.seconds - now.seconds) < 10**-DIGITS
