"""What one run costs in tokens: of its prompts, of the answers, of what is paid for in vain.

Exact, from what the mock model was sent and answered (``mocks.model.transcript``); what a token is
says ``mocks.model.tokens``. What they cost in money is reckoned where results are read, by a list
of prices: another price needs no measurement.

Not seen: what is asked again in other words, such as with a remark on the answer before, counts as
another thing asked; the schemas of tools, and prompts that a driver does not hand on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from benchmarks.core.cells import Attempt
from benchmarks.core.harness import Harness
from benchmarks.core.series import series
from benchmarks.core.workload import I, R, Workload
from benchmarks.questions import scaling
from meters import growth
from mocks.model.tokens import tokens
from mocks.model.transcript import Exchange, Transcript


class TellingWorkload(Workload[I, R], Protocol[I, R]):
    """A workload whose results are read by somebody."""

    def told(self, result: R) -> str:
        """What of a result its user asked for and reads: of an answer its text, of a plan the plan.
        What the SDK keeps for itself is not in it."""


@dataclass(frozen=True, slots=True)
class TokenFigures:
    """Of the calls that are paid for. ``prompt_tokens``, ``reply_tokens``: of all together;
    ``largest_prompt``: of one; ``repeated_tokens``: of both kinds, beyond one answer to each thing
    that was asked; ``told_tokens``: of what the user reads, at most what the model said."""

    calls: int
    prompt_tokens: int
    reply_tokens: int
    largest_prompt: int
    repeated_tokens: int
    told_tokens: int

    @property
    def efficiency(self) -> float:
        """Told tokens / all tokens, from 0 to 1; 0 if nothing was paid for."""
        paid = self.prompt_tokens + self.reply_tokens
        return round(self.told_tokens / paid, 9) if paid else 0.0


QUANTITIES = ("prompt_tokens", "reply_tokens", "largest_prompt")
"""What growth is fitted to."""


def measure(
    workload: TellingWorkload[I, R],
    make: Callable[[TellingWorkload[I, R]], Harness[I, R]] = Harness,
    *,
    is_struck: bool = False,
) -> TokenFigures:
    """The tokens of the first run of an engine, on the harness that ``make`` makes for it.

    ``is_struck``: something is planned to go wrong, so the run may fail, or end otherwise than it
    must; calls that are made again are counted all the same.
    """
    transcript = Transcript(workload.world.model)
    with make(workload) as harness:
        results = _attempted(harness) if is_struck else harness.checked()
    return figures(transcript.exchanges, "".join(map(workload.told, results)))


def _attempted(harness: Harness[I, R]) -> list[R]:
    """The result of a run that may fail."""
    harness.prepare()
    return [end for end in harness.attempt() if not isinstance(end, Exception)]


def figures(exchanges: list[Exchange], told: str) -> TokenFigures:
    """Those of these exchanges. ``told``: what users read of their results."""
    paid = [one for one in exchanges if one.is_paid]
    reply_tokens = sum(one.reply_tokens for one in paid)
    return TokenFigures(
        calls=len(paid),
        prompt_tokens=sum(one.prompt_tokens for one in paid),
        reply_tokens=reply_tokens,
        largest_prompt=max((one.prompt_tokens for one in paid), default=0),
        repeated_tokens=sum(map(_tokens_of, paid)) - sum(map(_tokens_of, _needed(paid))),
        told_tokens=min(tokens(told), reply_tokens),
    )


def _needed(paid: list[Exchange]) -> list[Exchange]:
    """Of what was asked in the same words in the same role for the same run, the last answer: the
    one after which nobody asked again. What never got one was paid for in vain."""
    answers = {one.request: one for one in paid if one.outcome == "ok" and one.answer}
    return list(answers.values())


def _tokens_of(one: Exchange) -> int:
    return one.prompt_tokens + one.reply_tokens


class OfTokens(Protocol):
    """A benchmark of the tokens of a run."""

    tokens: TokenFigures


@series(version="1", kind="exact", unit="tokens", group="calls")
def prompt_tokens(self: OfTokens, *cell: object) -> int:
    """Tokens of all prompts that are paid for."""
    return self.tokens.prompt_tokens


@series(version="1", kind="exact", unit="tokens", group="calls")
def reply_tokens(self: OfTokens, *cell: object) -> int:
    """Tokens of all answers that are paid for."""
    return self.tokens.reply_tokens


@series(version="1", kind="exact", unit="tokens", group="calls")
def largest_prompt(self: OfTokens, *cell: object) -> int:
    """Tokens of the largest prompt."""
    return self.tokens.largest_prompt


@series(version="1", kind="exact", unit="fraction", group="calls", direction="higher")
def efficiency(self: OfTokens, *cell: object) -> float:
    """Tokens that the user reads / all tokens paid for."""
    return self.tokens.efficiency


@series(version="1", kind="exact", unit="tokens", group="calls")
def repeated_tokens(self: OfTokens, *cell: object) -> int:
    """Tokens paid for in vain: asked again in the same words, or given up."""
    return self.tokens.repeated_tokens


def fit(cache: Mapping[int, Attempt[TokenFigures]], quantity: str) -> growth.Growth:
    """How a quantity grows with the steps of a run; see ``scaling.fit``."""
    return scaling.fit(cache, quantity)


@series(version="1", kind="exact", unit="exponent", group="growth")
def exponent(self: scaling.OfGrowth, *cell: object) -> float:
    """Slope of the straight line through all numbers of steps, log on log."""
    return self.growth.exponent
