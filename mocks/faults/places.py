"""What goes wrong in the parts that a user gives an SDK: its encoder, its listeners, its users."""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Callable
from typing import Any

from mocks.faults.bodies import HUGE_BYTES
from mocks.faults.calls import LATE_S, forever
from mocks.faults.case import What

Function = Callable[..., Any]
Due = Callable[[tuple[Any, ...]], bool]
"""Counts a call, given its arguments, and says whether it goes wrong."""


class Unfit(NotImplementedError):
    """The place cannot go wrong in this way."""


def failing(function: Function, what: What, due: Due, *, after: bool = False) -> Function:
    """``function``, sync or async as it is, with ``what`` wrong whenever ``due`` says so.

    ``after``: it does its work first, so that what fails is the word that it is done. Raises
    ``Unfit`` where a function that is not async would have to wait.
    """
    if not inspect.iscoroutinefunction(function):
        return _failing_now(function, what, due, after)

    async def call(*args: Any, **kwargs: Any) -> Any:
        if not due((*args, *kwargs.values())):
            return await function(*args, **kwargs)
        if after:
            await function(*args, **kwargs)
        if what is What.HANGS:
            await forever()
        if what is What.LATE:
            await asyncio.sleep(LATE_S)
        _raise_if_due(what)
        return None if after else _changed(what, await function(*args, **kwargs))

    return call


def _failing_now(function: Function, what: What, due: Due, after: bool) -> Function:
    if what is What.HANGS or what is What.LATE:
        raise Unfit("it is a plain function here: nothing can go on while it waits")

    def call(*args: Any, **kwargs: Any) -> Any:
        if not due((*args, *kwargs.values())):
            return function(*args, **kwargs)
        if after:
            function(*args, **kwargs)
        _raise_if_due(what)
        return None if after else _changed(what, function(*args, **kwargs))

    return call


def _raise_if_due(what: What) -> None:
    if what is What.RAISES:
        raise ConnectionError("connection refused")


def _changed(what: What, result: Any) -> Any:
    match what:
        case What.NULL:
            return None
        case What.WRONG_SHAPE:
            return ["what nobody asked for"]
        case What.SHORT_VECTOR:
            return result[: len(result) // 2]
        case What.NOT_A_NUMBER:
            return result * math.nan if hasattr(result, "dtype") else [math.nan] * len(result)
        case What.HUGE:
            return {"result": f"{result}" + "x" * HUGE_BYTES}
        case _:
            return result
