"""All faults that are tried, with what a robust SDK does about each.

What is expected is one of three things. *Mended*: what a second attempt would mend must not cost
the negotiation. *Said*: a part that others do not depend on may be left out if the result says so.
*Refused*: where there may be nothing to go on with, an error of the SDK's own will do as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from mocks.faults.case import Case, Outcome, What, When
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.script import Scenario

_HAPPENS = {
    What.HANGS: "it never answers",
    What.RAISES: "it raises ConnectionError, no error of the SDK's",
    What.DISCONNECTS: "the connection breaks when half the time has passed",
    What.TIMES_OUT: "the provider gives up after 61 s with 504",
    What.LIMITED_HINT: "429, come again in 21 s",
    What.LIMITED: "429, without saying when to come again",
    What.UNAVAILABLE: "503",
    What.LATE: "the right answer comes late",
    What.EMPTY: "the answer is empty",
    What.NULL: "the answer is null",
    What.NOT_JSON: "the model answers in prose where JSON or a tool call is due",
    What.TRUNCATED: "the JSON ends in the middle",
    What.WRONG_SHAPE: "a list where an object is due",
    What.UNKNOWN_TOOL: "the model calls a tool that it was not offered",
    What.BAD_ARGUMENTS: "the model calls the right tool with none of its arguments",
    What.HUGE: "the answer has 10 MB",
    What.STREAM_STOPS: "the stream stops in the middle and stays open",
    What.STREAM_CRAWLS: "the stream gives a word every 31 s",
    What.SHORT_VECTOR: "the vector has half the numbers that are due",
    What.NOT_A_NUMBER: "the vector's numbers are NaN",
    What.NEVER: "the user never confirms",
    What.TWICE: "the user confirms twice more, at once and when it is over",
    What.EARLY: "the user confirms while the formulation is being announced",
}

_MENDED = frozenset({Outcome.RECOVERED})
_SAID = _MENDED | {Outcome.REPORTED}
_REFUSED = _SAID | {Outcome.TYPED_ERROR}


def _cases(
    where: Place,
    when: When,
    whats: Sequence[What],
    expects: frozenset[Outcome],
    robust: str,
    scenario: Scenario = Scenario.PLAN,
) -> list[Case]:
    return [Case(where, w, when, scenario, expects, _HAPPENS[w], robust) for w in whats]


_FIRST, _EVERY, _THIRD = When.FIRST, When.EVERY, When.THIRD

_PASSING = (What.DISCONNECTS, What.LIMITED_HINT, What.LIMITED, What.UNAVAILABLE)
"""Refusals after which a second call is answered."""

_FORMULATION = [
    *_cases(Place.FORMULATION, _FIRST, (What.DISCONNECTS, What.LIMITED_HINT, What.UNAVAILABLE),
            _SAID, "asks again, or takes the demand as it was put and says so"),
    *_cases(Place.FORMULATION, _FIRST,
            (What.HANGS, What.RAISES, What.TIMES_OUT, What.EMPTY, What.NULL, What.NOT_JSON,
             What.TRUNCATED, What.WRONG_SHAPE, What.HUGE),
            _REFUSED, "asks again, takes the demand as it was put and says so, or refuses"),
    *_cases(Place.FORMULATION, _EVERY, (What.HANGS, What.LIMITED, What.UNAVAILABLE),
            _REFUSED, "takes the demand as it was put and says so, or refuses"),
]  # fmt: skip

_OFFERS = [
    *_cases(Place.OFFER, _FIRST,
            (*_PASSING, What.HANGS, What.RAISES, What.TIMES_OUT, What.LATE, What.EMPTY, What.NULL,
             What.NOT_JSON, What.TRUNCATED, What.WRONG_SHAPE, What.HUGE, What.STREAM_STOPS,
             What.STREAM_CRAWLS),
            _SAID, "asks again, or goes on with the other agents and says who is missing"),
    *_cases(Place.OFFER, _EVERY, (What.HANGS, What.LIMITED),
            _SAID, "goes on with the other agents and says who is missing"),
    *_cases(Place.OFFER, _THIRD, (What.HANGS, What.UNAVAILABLE),
            _SAID, "asks again, or goes on with the other agents and says who is missing"),
    *_cases(Place.OFFERS, _FIRST, (What.DISCONNECTS, What.LIMITED_HINT, What.LIMITED),
            _SAID, "asks each of them again, or says who is missing"),
    *_cases(Place.OFFERS, _EVERY,
            (What.HANGS, What.RAISES, What.LIMITED, What.UNAVAILABLE, What.EMPTY),
            _REFUSED, "says that nobody made an offer, or refuses"),
    *_cases(Place.OFFERS, _EVERY, (What.NOT_JSON,),
            _REFUSED, "takes the prose for the offers, says who is missing, or refuses"),
]  # fmt: skip

_CENTER = [
    *_cases(Place.CENTER, _FIRST, _PASSING, _MENDED, "asks again: all offers hang on it"),
    *_cases(Place.CENTER, _FIRST,
            (What.HANGS, What.RAISES, What.TIMES_OUT, What.LATE, What.EMPTY, What.NULL,
             What.NOT_JSON, What.TRUNCATED, What.WRONG_SHAPE, What.UNKNOWN_TOOL,
             What.BAD_ARGUMENTS, What.HUGE, What.STREAM_STOPS),
            _REFUSED, "asks again, puts out a makeshift plan and says so, or refuses"),
    *_cases(Place.CENTER, _EVERY,
            (What.HANGS, What.LIMITED, What.UNAVAILABLE, What.EMPTY, What.UNKNOWN_TOOL,
             What.BAD_ARGUMENTS),
            _REFUSED, "puts out a makeshift plan and says so, or refuses"),
    *_cases(Place.CENTER, _EVERY, (What.NOT_JSON,),
            _REFUSED, "takes the prose for the plan, or refuses"),
    *_cases(Place.CENTER, _THIRD, (What.UNAVAILABLE,),
            _MENDED, "asks again: all offers hang on it", Scenario.EAGER),
    *_cases(Place.CENTER, _THIRD, (What.HANGS, What.TRUNCATED),
            _REFUSED, "asks again, puts out a makeshift plan and says so, or refuses",
            Scenario.EAGER),
]  # fmt: skip

_TOOLS = [
    *_cases(Place.QUESTION, _FIRST,
            (What.UNAVAILABLE, What.HANGS, What.RAISES, What.EMPTY, What.NULL),
            _REFUSED, "asks again, goes on without the answer and says so, or refuses",
            Scenario.ASK_ONE),
    *_cases(Place.QUESTION, _EVERY, (What.UNAVAILABLE,),
            _REFUSED, "goes on without the answer and says so, or refuses", Scenario.ASK_ONE),
    *_cases(Place.DISCOVERY, _FIRST,
            (What.HANGS, What.RAISES, What.EMPTY, What.NULL, What.TRUNCATED, What.WRONG_SHAPE),
            _REFUSED, "asks again, goes on without the discovery and says so, or refuses",
            Scenario.DISCOVERY),
    *_cases(Place.SUB_DEMAND, _FIRST, (What.HANGS, What.EMPTY),
            _REFUSED, "asks again, goes on without the sub-plan and says so, or refuses",
            Scenario.SUB_DEMAND),
    *_cases(Place.SUB_NEGOTIATION, _EVERY, (What.HANGS, What.RAISES, What.UNAVAILABLE),
            _REFUSED, "goes on without the sub-plan and says so, or refuses", Scenario.SUB_DEMAND),
    *_cases(Place.TOOL, _FIRST, (What.HANGS, What.RAISES, What.NULL, What.HUGE),
            _REFUSED, "tells the center and says so, or refuses"),
]  # fmt: skip

_PLACES = [
    *_cases(Place.ENCODER, _FIRST,
            (What.HANGS, What.RAISES, What.LATE, What.NULL, What.SHORT_VECTOR, What.NOT_A_NUMBER),
            _REFUSED, "asks all agents, unranked, and says so, or refuses"),
    *_cases(Place.DETECTOR, _FIRST, (What.HANGS, What.RAISES, What.NULL, What.WRONG_SHAPE),
            _REFUSED, "asks all agents, unranked, and says so, or refuses"),
    *_cases(Place.PROFILES, _FIRST, (What.HANGS, What.RAISES, What.NULL),
            _SAID, "asks without the profile, or goes on without the agent, and says so"),
    *_cases(Place.PROFILES, _EVERY, (What.HANGS, What.RAISES, What.WRONG_SHAPE),
            _REFUSED, "asks without profiles and says so, or refuses"),
    *_cases(Place.PUSHER, _FIRST, (What.HANGS,),
            _REFUSED, "does not wait for its listeners, or refuses when it has waited"),
    *_cases(Place.PUSHER, _FIRST, (What.RAISES, What.LATE),
            _SAID, "negotiates on: nobody's offer depends on a listener"),
    *_cases(Place.PUSHER, _EVERY, (What.RAISES,),
            _SAID, "negotiates on: nobody's offer depends on a listener"),
    *_cases(Place.PUSHER, _THIRD, (What.RAISES,),
            _SAID, "negotiates on: nobody's offer depends on a listener"),
    *_cases(Place.CONFIRMATION, _FIRST, (What.NEVER, What.LATE),
            _REFUSED, "goes on, or refuses, when it has waited long enough"),
    *_cases(Place.CONFIRMATION, _FIRST, (What.TWICE, What.EARLY),
            _MENDED, "takes the first one, whenever it comes"),
]  # fmt: skip

CASES = (*_FORMULATION, *_OFFERS, *_CENTER, *_TOOLS, *_PLACES)
"""The catalogue, grouped by place."""
