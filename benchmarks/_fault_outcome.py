"""What an SDK made of a fault: the code of ``faults.Outcome.track_outcome``.

From good to bad:

0. *recovered*: the right plan, every agent's offer, every other part.
1. *degraded and reported*: all that was not struck is there; the result, or an event, says what is
   missing, so that a program can act on it.
2. *degraded silently*: all that was not struck is there, but the result does not say what is
   missing. Worse than reported: nobody can make up for what nobody knows of.

   What the user says is a part as well: a confirmation that came early or late and that the
   negotiation did without, because a time-out of its own let it go on, is missing. It is reported
   if the SDK answers the confirmation with ``False``, or if the result says so.
3. *typed error*: the SDK refuses with an error of its own, or with a result that says that the
   negotiation failed. Worse than degraded: the other agents' offers are gone; but the caller knows,
   and can tell it from a bug.
4. *untyped crash*: somebody else's error comes out (``KeyError``, ``ConnectionError``, a bare
   ``ExceptionGroup``). The caller knows no more than that something is broken.
5. *data lost*: success is reported, but offers that were not struck are missing, the plan is for
   something else, leaves out somebody, or somebody else's data is in it; or the engine cannot
   negotiate afterwards. Worse than a crash, because the caller goes on with it.
6. *hang*: it never ends: nothing is runnable and no timer is armed, or it is still at work after
   the longest time that is waited. Worst: whoever waits for it is lost as well.

An error is the SDK's own if its class is defined in one of the top-level packages of
``Target.imports``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks import _subject
from benchmarks._fault_notes import describe_end, describe_rest
from benchmarks._fault_run import Met
from benchmarks._outcome import crosstalk
from mocks.clock import Hang
from mocks.faults import Outcome, Runaway
from mocks.worlds.negotiation.faults import Part
from mocks.worlds.negotiation.people import AGENT
from targets.protocols.negotiation import Negotiated, Negotiation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one case. ``seconds``: virtual, until it ended, ``None`` if it never did;
    ``note``: what happened, a few lines."""

    outcome: Outcome
    seconds: float | None
    agents_lost: int
    note: str


def judge(met: Met) -> Verdict:
    """The outcome of a negotiation that met a fault."""
    end = met.ended.end
    if isinstance(end, Negotiated):
        outcome, lines = _of_result(met, end)
        lost = len(_lost(met, end))
    else:
        outcome, lines = _of_error(end), describe_end(end)
        lost = met.world.people.count
    if met.user_errors:
        outcome = max(outcome, *map(_of_error, met.user_errors))
    if met.afterwards is not None:
        outcome = max(outcome, Outcome.DATA_LOST)
    seconds = None if outcome is Outcome.HANG else met.ended.seconds
    return Verdict(outcome, seconds, lost, "\n".join([*lines, *describe_rest(met)]))


def is_typed(error: BaseException) -> bool:
    """Whether an error is one of the SDK's own."""
    own = {module.partition(".")[0] for module in _subject.target().imports}
    return type(error).__module__.partition(".")[0] in own


def _of_error(error: BaseException) -> Outcome:
    if isinstance(error, Hang | Runaway):
        return Outcome.HANG
    return Outcome.TYPED_ERROR if is_typed(error) else Outcome.CRASH


def _of_result(met: Met, result: Negotiated) -> tuple[Outcome, list[str]]:
    said = _said(result)
    if Part.NEGOTIATION in said:
        return Outcome.TYPED_ERROR, ["the result says that the negotiation failed"]
    wrong = _wrong(met, result)
    if wrong:
        return Outcome.DATA_LOST, wrong
    if met.lost_consent is not None and met.lost_consent.is_refused:
        said.add(str(Part.CONFIRMATION))
    missing = _missing_parts(met, result) | _lost(met, result)
    if not missing:
        return Outcome.RECOVERED, []
    unsaid = missing - said
    if unsaid:
        return Outcome.SILENT, [
            f"wrong or missing, and the result does not say so: {_list(unsaid)}"
        ]
    return Outcome.REPORTED, [f"wrong or missing, as the result says: {_list(missing)}"]


def _wrong(met: Met, result: Negotiated) -> list[str]:
    """What is not as it must be although it was not struck."""
    wrong = []
    plan = str(result.plan)
    if met.demand.mark not in plan:
        wrong.append(f"the plan is {plan[:60]!r}")
    strangers = crosstalk(met.world, [met.demand], [_in_words(result)])
    if strangers:
        wrong.append(f"{strangers} things in the result belong to somebody else")
    lost = _lost(met, result)
    if lost - met.struck_agents:
        wrong.append(f"offers that were not struck are missing: {_list(lost - met.struck_agents)}")
    left_out = met.offers.keys() - lost - set(AGENT.findall(plan))
    if left_out and not wrong:
        wrong.append(f"the plan leaves out {_list(left_out)}")
    return wrong


def _missing_parts(met: Met, result: Negotiated) -> set[str]:
    missing = {str(part) for part in met.missing}
    if met.lost_consent is not None:
        missing.add(str(Part.CONFIRMATION))
    of_the_center = f"Plan for {met.demand.mark}" in str(result.plan)
    return missing if of_the_center else missing | {str(Part.PLAN)}


def _said(result: Negotiated) -> set[str]:
    """What the result says is missing: participants without an offer, and what else it tells."""
    shortcomings = _subject.capability(Negotiation).shortcomings
    told = () if shortcomings is None else shortcomings(result)
    return {str(each) for each in told} | (set(result.participants) - set(result.offers))


def _lost(met: Met, result: Negotiated) -> set[str]:
    """The agents whose offer is not in the result, or not whole."""
    return {
        agent
        for agent, offer in met.offers.items()
        if not _holds(str(result.offers.get(agent)), offer)
    }


def _holds(text: str, offer: str) -> bool:
    """Whether a text holds an offer, and is not the JSON that it was wrapped in."""
    return offer in text and not text.lstrip().startswith(("{", "["))


def _in_words(result: Negotiated) -> Negotiated:
    """A result whose plan and offers are texts, whatever the SDK took for one."""
    offers = {agent: str(offer) for agent, offer in result.offers.items()}
    return Negotiated(str(result.plan), offers, result.participants, result.native)


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
