"""What the process does that ``questions.pressure`` starts: run with too little memory."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from benchmarks.core.harness import Harness
from benchmarks.core.places import sdk_place
from benchmarks.core.subject import is_own_error
from benchmarks.core.workload import I, R, Workload, WrongOutcome
from benchmarks.questions.pressure import HEADROOM, LIMITED, Pressed, PressureOutcome
from meters.address_space import limited_to
from mocks.clock import Hang


class LargeWorkload(Workload[I, R], Protocol[I, R]):
    """A workload whose model can have replies ready that do not fit into memory."""

    def get_ready(self, inputs: Sequence[I]) -> None:
        """Have the replies for these inputs ready, all large."""

    def release(self) -> None:
        """Drop them; replies are as small as usual again."""

    def misplaced(self, one: I, result: R) -> str:
        """What in a result is not for this input, by how its texts begin: they are too large to be
        searched. Empty if nothing is."""


def answer(workload: LargeWorkload[I, R]) -> None:
    """Print ``LIMITED`` when memory is about to be limited, and the outcome as a JSON object."""
    answer_to = os.dup(1)
    os.dup2(2, 1)
    try:
        pressed = run_pressed(workload, lambda: os.write(answer_to, f"{LIMITED}\n".encode()))
        said = {"outcome": pressed.outcome, "about": pressed.about, "unavailable": ""}
    except NotImplementedError as error:
        said = {"unavailable": str(error)}
    os.write(answer_to, f"{json.dumps(said)}\n".encode())


def run_pressed(workload: LargeWorkload[I, R], before_limit: Callable[[], object]) -> Pressed:
    """One ordinary run, one under the limit with large replies, and another ordinary one.

    ``before_limit`` is called when all is ready. Raises ``NotImplementedError`` where memory
    cannot be limited, and what the first run raises.
    """
    with Harness(workload) as harness:
        harness.required()
        harness.prepare()
        workload.get_ready(harness.inputs)
        before_limit()
        try:
            with limited_to(HEADROOM):
                (end,) = harness.attempt()
        except Hang as hang:
            return Pressed(PressureOutcome.HANG, str(hang))
        workload.release()
        if isinstance(end, Exception):
            pressed = _of_error(end)
        else:
            pressed = _of_result(harness, workload, end)
        return _with_aftermath(harness, pressed)


def _of_error(error: Exception) -> Pressed:
    leaves = list(_leaves(error))
    typed = all(isinstance(leaf, MemoryError) or is_own_error(leaf) for leaf in leaves)
    place = sdk_place(list(traceback.walk_tb(leaves[0].__traceback__)))
    about = f"{type(leaves[0]).__name__}: {leaves[0]}"[:200].rstrip(": ")
    outcome = PressureOutcome.TYPED_ERROR if typed else PressureOutcome.UNTYPED_ERROR
    return Pressed(outcome, f"{about} at {place}" if place else about)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group of them, or the error."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _of_result(harness: Harness[I, R], workload: LargeWorkload[I, R], result: R) -> Pressed:
    (one,) = harness.inputs
    if misplaced := workload.misplaced(one, result):
        return Pressed(PressureOutcome.WRONG_RESULT, misplaced)
    try:
        harness.require_results([result], complete=False)
        if lost := workload.lost(result):
            return Pressed(
                PressureOutcome.DEGRADED, f"{lost} of {workload.lost(None)} parts are missing"
            )
        harness.require_results([result])
    except WrongOutcome as wrong:
        return Pressed(PressureOutcome.WRONG_RESULT, str(wrong))
    return Pressed(PressureOutcome.COMPLETED, "")


def _with_aftermath(harness: Harness[I, R], pressed: Pressed) -> Pressed:
    """``pressed``, unless the engine is of no use any more."""
    harness.prepare()
    try:
        (end,) = harness.attempt()
        if isinstance(end, Exception):
            raise WrongOutcome(f"{type(end).__name__}: {end}")
        harness.require([end])
    except (Hang, WrongOutcome) as error:
        about = f"{pressed.about}; with enough memory again {error}"
        return Pressed(PressureOutcome.UNUSABLE, about.lstrip("; "))
    return pressed
