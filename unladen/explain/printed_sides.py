"""What a process of the SDK prints of a commit (``benchmarks/attribute.py``), read."""

from __future__ import annotations

import msgspec

from unladen.errors import UserError
from unladen.explain.code import Key
from unladen.explain.contexts import (
    AllocationSite,
    Awaited,
    Context,
    CountedPart,
    HeldLock,
    HeldObjects,
    HeldStep,
    Importer,
    Loading,
    ModelCall,
    OwnFrame,
    RaisedError,
    RunFunction,
    Side,
    SiteFrame,
    TraceStep,
)

_Frames = list[tuple[str, str, int]]


class _Printed(msgspec.Struct):
    value: float | None
    wrong: str
    functions: list[tuple[str, str, str]]
    contexts: list[tuple[int, int, int, int, int, dict[int, int], dict[str, int]]]
    waits: list[tuple[int, int, float, float]]
    holds: list[tuple[int, int, int, int, float, list[int]]] = []
    sites: list[tuple[list[tuple[str, str, int]], int]] = []
    held: list[tuple[list[tuple[str, int]], int, int]] = []
    kinds: list[tuple[str, str, str, str, str]] = []
    retained: int = 0
    at: list[tuple[str, str, int]] = []
    imports: list[tuple[int, str, tuple[str, str, int, str] | None, str, float, int]] = []
    parts: list[tuple[str, _Frames, int]] = []
    steps: list[tuple[int, int]] = []
    order: list[int] = []
    raised: list[tuple[int, int, str, int]] = []
    calls: list[tuple[str, str, str, _Frames]] = []


def read_side(printed: str) -> Side:
    """What a process printed. Raises ``UserError`` if that is nothing of the kind."""
    try:
        found = msgspec.json.decode(printed.replace('"value":NaN', '"value":null'), type=_Printed)
    except msgspec.DecodeError as error:
        raise UserError(f"the suite does not say whose work it is: {error}") from error
    steps = [TraceStep(*one) for one in found.steps]
    functions = [RunFunction(origin, Key(file, name)) for origin, file, name in found.functions]
    return Side(
        value=found.value,
        wrong=found.wrong,
        contexts=[
            Context(caller, functions[function], line, entered, resumed, lines, c_calls)
            for caller, function, line, entered, resumed, lines, c_calls in found.contexts
        ],
        waits=[Awaited(*one) for one in found.waits],
        holds=[HeldLock(*one) for one in found.holds],
        sites=[
            AllocationSite([SiteFrame(*one) for one in frames], size)
            for frames, size in found.sites
        ],
        held=_held(found),
        retained=found.retained,
        at=[SiteFrame(*one) for one in found.at],
        imports=[
            Loading(above, name, importer and Importer(*importer), file, amount, modules)
            for above, name, importer, file, amount, modules in found.imports
        ],
        parts=[
            CountedPart(text, _own_frames(frames), times) for text, frames, times in found.parts
        ],
        steps=[steps[number] for number in found.order],
        raised=[
            RaisedError(TraceStep(context, line), name, times)
            for context, line, name, times in found.raised
        ],
        calls=[
            ModelCall(role, agent, outcome, _own_frames(frames))
            for role, agent, outcome, frames in found.calls
        ],
    )


def _held(found: _Printed) -> list[HeldObjects]:
    def step(name: str, number: int) -> HeldStep:
        words, kind, origin, file, function = found.kinds[number]
        return HeldStep(name, words, kind, origin, Key(file, function))

    return [
        HeldObjects([step(*one) for one in steps], size, objects)
        for steps, size, objects in found.held
    ]


def _own_frames(printed: _Frames) -> list[OwnFrame]:
    return [OwnFrame(Key(file, name), line) for file, name, line in printed]
