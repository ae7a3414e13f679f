"""What the tokens of a run cost, by the list of prices."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.figures import Figure, derived
from unladen.results.prices import Price

PROMPTS, ANSWERS = "tokens.prompt_tokens", "tokens.reply_tokens"
"""The questions that both kinds of tokens answer."""

_STEPS = "steps"


@dataclass(frozen=True)
class TokensPaid:
    """Both series of a benchmark."""

    prompts: Series
    answers: Series

    def steps(self, cell: int) -> float:
        """How many steps the run of a combination has: 1 where no parameter says."""
        roles = self.prompts.info.roles
        axis = next((axis for axis in self.prompts.info.axes if roles.get(axis) == _STEPS), None)
        return 1.0 if axis is None else as_number(self.prompts.params(cell)[axis])

    def cost_per_step(self, cell: int, price: Price) -> Figure | None:
        """Dollars for each step of a combination; None where it has no value."""
        asked, said = self.prompts.figure(cell), self.answers.figure(cell)
        if asked is None or said is None:
            return None
        dollars = price.of(asked.value, said.value) / self.steps(cell)
        return derived(dollars, money(dollars), (asked, said))


def tokens_paid(results: CommitResults, prompts: Series) -> TokensPaid | None:
    """The series of prompts with that of the answers beside it, over the same parameters; None if
    it is none of prompts, or stands alone."""
    if prompts.info.question != PROMPTS:
        return None
    for other in results.all_series():
        if other.info.question == ANSWERS and _are_together(prompts, other):
            return TokensPaid(prompts, other)
    return None


def _are_together(one: Series, other: Series) -> bool:
    benchmarks = {series.name.rpartition(".")[0] for series in (one, other)}
    return len(benchmarks) == 1 and one.info.axes == other.info.axes


def money(dollars: float) -> str:
    """Dollars with three digits: ``$0.00123``, ``$12``; ``$0`` is nothing."""
    rounded = float(f"{dollars:.3g}")
    return f"${rounded:,.12f}".rstrip("0").rstrip(".")
