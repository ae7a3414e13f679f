"""Negotiations in whose world a fault of the catalogue is planned, and what is said of their
results.

The user's word is a part as well: a confirmation that came early or late and that the negotiation
did without, because a time-out of its own let it go on, is missing. It is reported if the SDK
answers the confirmation with ``False``, or if the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.negotiation.checks import crosstalk
from benchmarks.negotiation.consent import Consent, consent_in
from benchmarks.negotiation.workload import NegotiationHarness, Negotiations, people_of
from benchmarks.questions.fault_run import Account
from benchmarks.questions.faults import in_words
from mocks.faults import Case, What, When
from mocks.model import Request
from mocks.worlds.negotiation.faults import NegotiationFault, Part
from mocks.worlds.negotiation.people import AGENT, Demand
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated, Negotiation

AGENTS = 5


@dataclass(frozen=True, slots=True)
class Plain:
    """The same negotiation when nothing goes wrong: the parts that it has, the agents in order, the
    virtual seconds between the formulation and what follows."""

    parts: frozenset[Part]
    ranking: Sequence[str]
    pause: float


class FaultyNegotiations(Negotiations):
    """Negotiations of 5 agents that meet a case: a ``FaultyWorkload``."""

    def __init__(self, case: Case, *, armed: bool = True) -> None:
        self.planned = NegotiationFault(case, people_of(AGENTS), armed=armed)
        super().__init__(
            AGENTS, script=self.planned.script, faults=self.planned, trouble=self.planned
        )
        self._missing: set[str] = set()
        self._offers: dict[str, str] = {}
        self._lost_consent: Consent | None = None

    @property
    def user_errors(self) -> Sequence[Exception]:
        """What the SDK raised when its user confirmed."""
        return () if self.planned.user is None else self.planned.user.errors

    def rehearse(self) -> None:
        """See ``FaultyWorkload``."""
        case = self.planned.case
        self._plain = without_fault(Scenario(case.scenario), case.where == Place.TOOL)

    def look(self, one: Demand, end: Negotiated | BaseException) -> None:
        """See ``FaultyWorkload``."""
        self._missing = {str(part) for part in self._plain.parts - self.planned.parts}
        if self._is_ranking_missing(end):
            self._missing.add(str(Part.RANKING))
        self._offers = {
            agent: self.script(Request("offer", agent, one.mark, "")).text.strip()
            for agent in self.world.people.agents
        }
        consent = consent_in(self.world, self.planned.user)
        self._lost_consent = consent if consent.is_lost(self._plain.pause) else None

    def account(self, one: Demand, result: Negotiated) -> Account:
        """See ``FaultyWorkload``."""
        said = _said(result)
        missing = self._missing | self._missing_offers(result)
        if self._lost_consent is not None:
            missing.add(str(Part.CONFIRMATION))
            if self._lost_consent.is_refused:
                said.add(str(Part.CONFIRMATION))
        if f"Plan for {one.mark}" not in str(result.plan):
            missing.add(str(Part.PLAN))
        return Account(
            wrong=self._wrong(one, result),
            missing=frozenset(missing),
            said=frozenset(said),
            failed=Part.NEGOTIATION in said,
            lost=len(self._missing_offers(result)),
        )

    def remarks(self) -> Sequence[str]:
        """What the user's word came to, if it was lost."""
        return [] if self._lost_consent is None else [str(self._lost_consent)]

    def _is_ranking_missing(self, end: Negotiated | BaseException) -> bool:
        if self.planned.case.where not in (Place.ENCODER, Place.DETECTOR):
            return False
        return isinstance(end, Negotiated) and tuple(end.participants) != self._plain.ranking

    def _missing_offers(self, result: Negotiated) -> set[str]:
        """The agents whose offer is not in the result, or not whole."""
        return {
            agent
            for agent, offer in self._offers.items()
            if not _holds(str(result.offers.get(agent)), offer)
        }

    def _wrong(self, demand: Demand, result: Negotiated) -> list[str]:
        """What is not as it must be although it was not struck."""
        wrong = []
        plan = str(result.plan)
        if demand.mark not in plan:
            wrong.append(f"the plan is {plan[:60]!r}")
        strangers = crosstalk(self.world, [demand], [_in_words(result)])
        if strangers:
            wrong.append(f"{strangers} things in the result belong to somebody else")
        lost = self._missing_offers(result)
        if unstruck := lost - self.planned.struck_agents:
            wrong.append(f"offers that were not struck are missing: {in_words(unstruck)}")
        left_out = self._offers.keys() - lost - set(AGENT.findall(plan))
        if left_out and not wrong:
            wrong.append(f"the plan leaves out {in_words(left_out)}")
        return wrong


@cache
def without_fault(scenario: Scenario, custom_tool: bool) -> Plain:
    """The negotiation that a case strikes, left alone. Raises as ``FaultyWorkload.rehearse``."""
    where = Place.TOOL if custom_tool else Place.CENTER
    case = Case(where, What.RAISES, When.FIRST, scenario, frozenset(), "", "")
    workload = FaultyNegotiations(case, armed=False)
    with Harness(workload) as harness:
        if scenario is Scenario.PLAN and not custom_tool:
            result = harness.required()
        else:
            result = _checked_scenario(harness)
        pause = consent_in(workload.world, None).pause
    return Plain(workload.planned.parts, tuple(result.participants), pause)


def _checked_scenario(harness: NegotiationHarness) -> Negotiated:
    """A run of a scenario that the SDK may not have: where it is broken without any fault, what a
    fault does to it says nothing."""
    try:
        return harness.required()
    except NotImplementedError:
        raise
    except Exception as error:
        raise Unavailable(f"without the fault: {type(error).__name__}: {error}") from error


def _said(result: Negotiated) -> set[str]:
    """What the result says is missing: participants without an offer, and what else it tells."""
    shortcomings = subject.capability(Negotiation).shortcomings
    told = () if shortcomings is None else shortcomings(result)
    return {str(each) for each in told} | (set(result.participants) - set(result.offers))


def _holds(text: str, offer: str) -> bool:
    """Whether a text holds an offer, and is not the JSON that it was wrapped in."""
    return offer in text and not text.lstrip().startswith(("{", "["))


def _in_words(result: Negotiated) -> Negotiated:
    """A result whose plan and offers are texts, whatever the SDK took for one."""
    offers = {agent: str(offer) for agent, offer in result.offers.items()}
    return Negotiated(str(result.plan), offers, result.participants, result.native)
