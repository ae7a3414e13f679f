"""Whose a task or a timer is: a run's, or a background's, which lives across runs."""

import asyncio
import gc
from collections.abc import Iterable
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, slots=True)
class Owner:
    """Who spawned a task or armed a timer, directly or through tasks of its own.

    asyncio copies the context of who creates a task or a timer, and so carries the owner along.

    Attributes:
        name: what it is called in the text of a hang.
        keeps: whether what is its own outlives a run.
        tasks: the tasks that it began with. asyncio alone would let them vanish while they wait for
            what nobody else knows of.
    """

    name: str
    keeps: bool = True
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)


_OWNER: ContextVar[Owner | None] = ContextVar("owner of a task or timer", default=None)


def context_for(owner: Owner) -> Context:
    """A copy of the current context in which what is spawned is `owner`'s."""
    context = copy_context()
    context.run(_OWNER.set, owner)
    return context


def has_owner() -> bool:
    """Whether what is spawned in the current context has an owner."""
    return _OWNER.get() is not None


def is_kept(context: Context | None, *, unmarked: bool) -> bool:
    """Whether what was spawned in `context` outlives the run; `unmarked` if it has no owner."""
    owner = None if context is None else context.get(_OWNER)
    return unmarked if owner is None else owner.keeps


def task_context(task: asyncio.Task[Any]) -> Context | None:
    """The context that the steps of `task` run in.

    Python 3.11 does not tell. There the first context that the task refers to is it: those of its
    done callbacks come later (`TaskObj_traverse` in CPython's _asynciomodule.c).
    """
    if hasattr(task, "get_context"):
        context: Context = task.get_context()
        return context
    found = getattr(task, "_context", None)  # the task in pure Python
    if isinstance(found, Context):
        return found
    return next((each for each in gc.get_referents(task) if isinstance(each, Context)), None)


def split(
    tasks: Iterable[asyncio.Task[Any]], *, unmarked: bool
) -> tuple[set[asyncio.Task[Any]], ...]:
    """The tasks that are the run's, and those that outlive it; see `is_kept`."""
    run: set[asyncio.Task[Any]] = set()
    kept: set[asyncio.Task[Any]] = set()
    for task in tasks:
        (kept if is_kept(task_context(task), unmarked=unmarked) else run).add(task)
    return run, kept
