"""When the model misbehaves: what a user of the service gets, and the next one.

The outcomes are those of ``benchmarks.questions.faults``, as a user over HTTP sees them:

* *recovered*: the whole reply. *Degraded and reported*: a part of it, then an event that says that
  something is wrong; *silently*: a part of it, and nothing that says so.
* *Typed error*: a status that tells what is wrong (429, 502, 503, 504). *Untyped crash*: any other
  that is no success, or a connection that breaks.
* *Data lost*: a success that is none, or somebody else's reply; or the next user's request fails.
* *Hang*: nothing more within 600 virtual seconds.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import partial

from benchmarks.core.cells import value_of
from benchmarks.core.presentation import presented
from benchmarks.core.schedules import current_trial
from benchmarks.core.ties import Both, reversed_ties
from benchmarks.core.workload import WrongOutcome
from benchmarks.questions import faults
from benchmarks.questions.faults import CaseOutcome
from benchmarks.service.request import HOLDS, PROVIDER
from benchmarks.service.running import CACHE_TIMEOUT_S, Frozen, Running, fresh, fresh_each
from benchmarks.service.visitors import send, user_client
from mocks.clock import Hang
from mocks.faults import Case, Outcome
from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Event, Kind
from mocks.worlds.service.faults import CASES, ServiceFault
from mocks.worlds.service.rows import Error, Row
from mocks.worlds.service.script import reply_text
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User
from targets.protocol import Unavailable

PATIENCE_S = 600.0

SOON_S = 2.5
"""About what a whole streamed reply takes: what has ended by then has met no time-out."""

TELLING = (429, 502, 503, 504)
"""Statuses that tell a user what is wrong: with the limits, or with what is behind the service."""


def in_either_order(case: Case) -> Both[CaseOutcome]:
    """What becomes of a request whose model goes wrong, in both orders of what is due at the same
    instant (``benchmarks.core.ties``): time-outs of a service may be as long as each other. Where
    it ends too soon for any time-out there is but one order."""
    first = value_of(fresh(partial(measure, case)))
    # Nothing is worse than a hang.
    is_over = first.seconds is None or first.seconds <= SOON_S
    if is_over or current_trial() is not None:
        return Both(first, first)
    with reversed_ties():
        return Both(first, value_of(fresh(partial(measure, case))))


def measure(case: Case) -> CaseOutcome:
    """What becomes of a request whose model goes wrong, and of the next user's."""
    planned = ServiceFault(case, armed=False)
    with Running(PROVIDER, planned) as running:
        endpoint = running.endpoint(Kind(case.scenario))
        first, _ = running.run(_ask(endpoint, ask_of(User(1), 1)))
        if not first.ok:
            raise WrongOutcome(f"it does not work without a fault either: {first.reason}")
        planned.start()
        ask = ask_of(User(2), 1)
        try:
            row, answer = running.run(_ask(endpoint, ask))
        except (Hang, Frozen) as hang:
            return CaseOutcome(Outcome.HANG, None, 1, str(hang))
        if why := planned.why_void():
            raise Unavailable(why)
        planned.stop()
        outcome, lines = judge(endpoint, ask, row, answer)
        later, _ = running.run(_ask(endpoint, ask_of(User(3), 1)))
    if not later.ok:
        outcome = max(outcome, Outcome.DATA_LOST)
        lines.append(f"the next user's request: {later.reason}")
    seconds = None if outcome is Outcome.HANG else round(row.latency, 9)
    return CaseOutcome(outcome, seconds, int(not row.ok), "\n".join(filter(None, lines)))


async def _ask(endpoint: Endpoint, ask: Ask) -> tuple[Row, Answer]:
    loop = asyncio.get_running_loop()
    async with user_client() as client:
        return await send(client, endpoint, ask, due=loop.time(), timeout_s=PATIENCE_S)


def judge(endpoint: Endpoint, ask: Ask, row: Row, answer: Answer) -> tuple[Outcome, list[str]]:
    """What a user got, and lines on it."""
    if row.error is Error.TIME_OUT:
        return Outcome.HANG, [f"the user gave up: {row.reason}"]
    if row.foreign:
        return Outcome.DATA_LOST, [row.reason]
    if row.status != endpoint.status:
        told = row.status in TELLING
        return Outcome.TYPED_ERROR if told else Outcome.CRASH, [row.reason or "no reply"]
    if row.error is Error.NETWORK:
        return Outcome.CRASH, [row.reason]
    if endpoint.kind is Kind.STREAM:
        return _judge_stream(endpoint, ask, row, answer)
    return (Outcome.DATA_LOST, [row.reason]) if not row.ok else (Outcome.RECOVERED, [])


def _judge_stream(
    endpoint: Endpoint, ask: Ask, row: Row, answer: Answer
) -> tuple[Outcome, list[str]]:
    said = next((event.data for event in answer.events() if is_error(event)), None)
    if said is not None:
        begun = row.first_token is not None
        return Outcome.REPORTED if begun else Outcome.TYPED_ERROR, [f"an event says: {said[:120]}"]
    if not row.ok:
        return Outcome.DATA_LOST, [row.reason]
    if words_of(endpoint, answer).rstrip().endswith(_ending(ask)):
        return Outcome.RECOVERED, []
    return Outcome.SILENT, ["the stream ends in the middle of the reply as if it were whole"]


def is_error(event: Event) -> bool:
    """Whether an event says that something went wrong."""
    if event.name == "error":
        return True
    try:
        content = json.loads(event.data)
    except ValueError:
        return False
    return isinstance(content, dict) and bool(
        content.get("error") or content.get("type") == "error"
    )


def words_of(endpoint: Endpoint, answer: Answer) -> str:
    """The words of an answer without the events that carry none."""
    said = []
    for event in answer.events():
        with suppress(ValueError):
            said.append(endpoint.token(event.data))
    return "".join(said)


def _ending(ask: Ask) -> str:
    """How the model's whole reply ends."""
    return reply_text(ask.mark, 1)[-20:]


@presented(holds={**HOLDS, "patience_s": PATIENCE_S})
class Request:
    """A request whose model goes wrong, then another user's without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> faults.Cache:
        kinds = {case.name: case.scenario for case in CASES}
        measures = {case.name: partial(in_either_order, case) for case in CASES}
        return fresh_each(measures, kind=kinds.__getitem__)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: faults.Cache, fault: str) -> None:
        self.outcomes = value_of(cache[fault])

    track_outcome = faults.outcome(CASES)
    track_seconds_to_outcome = faults.seconds_to_outcome
