"""What runs cost in tokens, and in money by the list of prices."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Prose, Section, Spans, Table, joined, sentence
from unladen.report.figures import Fact, Figure, derived, written
from unladen.report.money import PROMPTS, TokensPaid, tokens_paid
from unladen.report.wording import Wording
from unladen.results.prices import Price

_RANK = 5
"""Of what the summary says of it."""

_GROWS = 1.05
"""An exponent up to which prompts are said to grow as the steps do."""


@dataclass(frozen=True)
class _Asked:
    """The series of a capability's tokens. ``axis``: what a run has more or fewer of."""

    results: CommitResults
    words: Wording
    paid: TokensPaid

    @property
    def axis(self) -> str:
        return next(iter(self.paid.prompts.info.axes), "")

    def other(self, question: str) -> Series | None:
        return self.results.asked(self.words.capability, f"tokens.{question}")


def write(results: CommitResults, words: Wording) -> Section | None:
    """Tables of tokens, of costs, and of what is paid for in vain; None without any tokens."""
    prompts = results.asked(words.capability, PROMPTS)
    paid = None if prompts is None else tokens_paid(results, prompts)
    if paid is None:
        return None
    asked = _Asked(results, words, paid)
    text = Prose()
    text.say(
        "Counted of what the mock model was sent and answered; four bytes are a token. Calls that "
        "were given up are paid for, those that were refused are not."
    )
    findings = _say_growth(text, asked)
    blocks: list[Block] = [*text.paragraph(), _tokens(asked)]
    costs, cost_findings = _costs(asked)
    return Section(
        "Tokens and money", [*blocks, *costs, *_in_vain(asked)], findings + cost_findings
    )


def _say_growth(text: Prose, asked: _Asked) -> list[tuple[int, Spans]]:
    exponent = asked.other("exponent")
    figure = exponent.at(quantity="prompt_tokens") if exponent is not None else None
    if figure is None:
        return []
    axis = _said(asked.axis)
    if figure.value <= _GROWS:
        text.say(f"Prompts grow as the number of {axis} does (exponent {{}}).", figure)
        return []
    text.say(
        f"Prompts grow faster than the number of {axis} (exponent {{}}): each has more of what "
        "came before it.",
        figure,
    )
    return [(_RANK, sentence(f"Prompt tokens grow faster than {axis}: exponent {{}}.", figure))]


def _tokens(asked: _Asked) -> Table:
    """A row for each number of steps."""
    paid = asked.paid
    largest, efficiency = asked.other("largest_prompt"), asked.other("efficiency")
    first = _said(asked.axis) or asked.words.one
    names = (first, "prompts", "answers", "largest prompt", "read by the user", "each")
    head: list[Spans] = [[name] for name in names]
    rows: list[list[Spans]] = []
    for cell in range(len(paid.prompts.info.cells)):
        where = paid.prompts.params(cell)
        rows.append(
            [
                [Fact(where[asked.axis] if asked.axis else "one")],
                [paid.prompts.figure(cell) or "–"],
                [paid.answers.figure(cell) or "–"],
                [_at(largest, where) or "–"],
                [_at(efficiency, where) or "–"],
                [_each(paid, cell) or "–"],
            ]
        )
    caption = sentence(
        "Tokens that are paid for; the share of them that the user reads; tokens of each step."
    )
    return Table(caption, head, rows, text_columns=1)


def _at(series: Series | None, where: dict[str, str]) -> Figure | None:
    return series.at(**where) if series is not None and series.has(**where) else None


def _each(paid: TokensPaid, cell: int) -> Figure | None:
    asked, said = paid.prompts.figure(cell), paid.answers.figure(cell)
    if asked is None or said is None:
        return None
    each = (asked.value + said.value) / paid.steps(cell)
    return derived(each, written(each, "tokens"), (asked, said))


def _costs(asked: _Asked) -> tuple[list[Block], list[tuple[int, Spans]]]:
    """A row for each model: what a step costs in the shortest run and in the longest."""
    paid, prices = asked.paid, asked.results.prices
    cells = list(dict.fromkeys([0, len(paid.prompts.info.cells) - 1]))
    rows: list[list[Spans]] = []
    dearest: tuple[Figure, Price] | None = None
    for price in prices.model:
        costs = [paid.cost_per_step(cell, price) for cell in cells]
        rows.append([[Fact(f"{price.provider} {price.name}")], *([cost or "–"] for cost in costs)])
        longest = costs[-1]
        if longest is not None and (dearest is None or longest.value > dearest[0].value):
            dearest = longest, price
    if dearest is None:
        return [], []
    head: list[Spans] = [["model"], *(_run(asked, cell) for cell in cells)]
    caption = sentence("Dollars for each step, by the prices of {}.", Fact(prices.source))
    figure, price = dearest
    finding = [*_run(asked, cells[-1]), ": each costs ", figure, " as ", Fact(price.name), "."]
    return [Table(caption, head, rows, text_columns=1)], [(_RANK + 1, finding)]


def _run(asked: _Asked, cell: int) -> Spans:
    """A run of a combination, such as ``20 turns``."""
    if not asked.axis:
        return [asked.words.a_run]
    number, noun = asked.paid.prompts.params(cell)[asked.axis], _said(asked.axis)
    return [Fact(f"{number} {noun.removesuffix('s') if number == '1' else noun}")]


def _in_vain(asked: _Asked) -> list[Block]:
    repeated = asked.other("repeated_tokens")
    if repeated is None:
        return []
    spoilt = [(params, figure) for params, figure in repeated.figures() if figure.value]
    text = Prose()
    if not spoilt:
        text.say("Nothing is paid for in vain when the first call goes wrong.")
        return text.paragraph()
    told: list[Spans] = [
        [Fact(", ".join(params.values())), ": ", figure.counted("token", "tokens")]
        for params, figure in spoilt
    ]
    text.say("When the first call goes wrong, this is paid for in vain: {}.", joined(told, "; "))
    return text.paragraph()


def _said(axis: str) -> str:
    return axis.replace("_", " ")
