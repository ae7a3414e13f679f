"""Waits that are on a path because others waited for a lock belong to who has them wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_sources import FILE, Row, own, side

from unladen.explain.code import Key
from unladen.explain.contexts import Awaited, HeldLock, RunFunction, Side
from unladen.explain.matching import Matching
from unladen.explain.waits import Waits, explain_waits

ACQUIRE = RunFunction("asyncio", Key("asyncio/locks.py", "Lock.acquire"))
ANSWER, LOCK, MAKE, ASK = 1, 3, 4, 5


def contexts(answer: str = "answer", asks: str = "answer", users: int = 3) -> list[Row]:
    """``answer`` asks for a lock that ``make`` made, itself or by ``asks``, and the model, once for
    each user; of ``""`` nobody asks for it."""
    above = ANSWER if asks == answer else ANSWER + 1
    return [
        (-1, own("serve"), 0, 1, {1: 1}),
        (0, own(answer), 10, users, {20: 1}),
        (1, own("guard"), 21, users if above != ANSWER else 0, {50: 1}),
        (above, ACQUIRE, 21, users if asks else 0, {7: 1}),
        (0, own("make"), 11, 1, {30: 1}),
        (1, own("ask"), 22, users, {40: 1}),
    ]


def served(rows: Sequence[Row], holds: int, *, at: int = ANSWER, lasts: float = 2.0) -> Side:
    """So many holds, asked for in context ``at``, while ``ask`` waits; and then its last wait."""
    waits = [Awaited(ASK, 40, n * lasts, (n + 1) * lasts) for n in range(holds + 1)]
    held = [HeldLock(at, 21, MAKE, 31, n * lasts, [n]) for n in range(holds)]
    return replace(side(rows), waits=waits, holds=held)


def explained(before: Side, after: Side, matching: Matching) -> Waits:
    def text(_: str, line: int) -> str:
        return f"line {line}"

    return explain_waits(before, after, matching, (text, text))


def changed(*names: str, new: str = "", gone: str = "") -> Matching:
    why = {Key(FILE, name): "changed" for name in names}
    is_new, is_gone = ({Key(FILE, name)} if name else set() for name in (new, gone))
    return Matching(why=why, is_new=is_new, is_gone=is_gone)


NONE, ALL = served(contexts(asks=""), 0), served(contexts(), 2)


def test_who_asks_for_a_new_lock_is_to_blame_for_what_others_wait() -> None:
    waits = explained(NONE, ALL, changed("answer", "ask", "serve"))
    (cause,) = waits.causes
    assert (cause.key, cause.change, waits.left_over) == (Key(FILE, "answer"), 4, 0)
    (part,) = cause.parts
    assert (part.place.lock, part.place.where) == ("holds", "ask (sdk/engine.py)")
    assert (part.place.via, part.line, part.times) == ("line 21", 21, (0, 2))


def test_who_asks_for_it_no_more_is_to_blame_for_what_nobody_waits_any_more() -> None:
    (cause,) = explained(ALL, NONE, changed("answer", "ask", "serve")).causes
    assert (cause.key, cause.change, cause.parts[0].times) == (Key(FILE, "answer"), -4, (2, 0))


def test_who_makes_a_lock_that_fewer_share_is_to_blame() -> None:
    """As a semaphore of another size, or one for each user."""
    fewer = served(contexts(), 1)
    (cause,) = explained(ALL, fewer, changed("make", "ask", "serve")).causes
    assert (cause.key, cause.change) == (Key(FILE, "make"), -2)
    (part,) = cause.parts
    assert (part.place.lock, part.place.via, part.line) == ("makes", "line 31", 31)
    first, *_ = explained(ALL, fewer, changed("make", "answer", "serve")).causes
    assert first.key == Key(FILE, "answer")


def test_who_waits_longer_while_a_lock_is_held_as_before_is_to_blame_itself() -> None:
    slower = served(contexts(), 2, lasts=3.0)
    (cause,) = explained(ALL, slower, changed("answer", "ask", "serve")).causes
    assert (cause.key, cause.change) == (Key(FILE, "ask"), 3)


def test_who_begins_to_wait_while_a_lock_is_held_as_before_is_to_blame_itself() -> None:
    """It was held for no time before."""
    idle = replace(side(contexts()), waits=[])
    (cause,) = explained(idle, ALL, changed("answer", "ask", "serve")).causes
    assert (cause.key, cause.change) == (Key(FILE, "ask"), 6)


def test_who_has_more_users_ask_is_to_blame_and_not_the_lock_that_was_there() -> None:
    one = served(contexts(users=1), 0)
    (cause,) = explained(one, ALL, changed("answer", "serve")).causes
    assert (cause.key, cause.change) == (Key(FILE, "serve"), 4)


def test_a_lock_that_nobody_changed_has_nobody_wait() -> None:
    (cause,) = explained(served(contexts(), 1), ALL, changed("ask")).causes
    assert cause.key == Key(FILE, "ask")


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_lock_that_another_function_asks_for_now_is_the_same(is_gone: bool) -> None:
    guarded = served(contexts(asks="guard"), 2, at=ANSWER + 1)
    sides = (guarded, ALL) if is_gone else (ALL, guarded)
    guard = {"gone" if is_gone else "new": "guard"}
    matching = changed("answer", "guard", **guard)
    assert explained(*sides, matching).causes == []


def test_a_wait_counts_from_when_somebody_waited_for_the_lock() -> None:
    before = replace(served(contexts(asks=""), 1, lasts=1.75), holds=[])
    late = replace(served(contexts(), 1), holds=[HeldLock(ANSWER, 21, MAKE, 31, 1.5, [0])])
    (cause,) = explained(before, late, changed("answer", "ask")).causes
    assert (cause.key, cause.change) == (Key(FILE, "answer"), 0.5)
