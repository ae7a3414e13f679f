"""What a report says of tokens and money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_history import series
from made_report import measured

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Paragraph, Section, Table, spans_of, typed
from unladen.report.figures import Fact, Figure
from unladen.report.questions import tokens
from unladen.report.wording import Wording
from unladen.results.prices import Price, Prices

WORDING = Wording(capability="talk", one="talk", many="talks")
PRICES = Prices("a bill", [Price("us", "ours", 1, 2), Price("us", "free", 0, 0)])


def asked(function: str, axes: dict[str, list[str]], unit: str = "tokens") -> Any:
    return series(
        f"talk.tokens.Journeys.track_{function}",
        axes=axes,
        unit=unit,
        question=f"tokens.{function}",
        roles={"turns": "steps"},
    )


TURNS = {"turns": ["1", "10"]}


def made(exponent: float = 1.9, repeated: int = 17) -> CommitResults:
    results = measured(
        (asked("prompt_tokens", TURNS), [[17, 3000], [17, 3000]]),
        (asked("reply_tokens", TURNS), [[23, 230], [23, 230]]),
        (asked("largest_prompt", TURNS), [[17, 400], [17, 400]]),
        (asked("efficiency", TURNS, "fraction"), [[0.5, 0.071], [0.5, 0.071]]),
        (asked("exponent", {"quantity": ["'prompt_tokens'"]}, "exponent"), [[exponent]] * 2),
        (
            asked("repeated_tokens", {"first_call": ["'nothing'", "'empty answer'"]}),
            [[0, repeated]] * 2,
        ),
    )
    return replace(results, prices=PRICES)


def section_of(results: CommitResults) -> Section:
    found = tokens.write(results, WORDING)
    assert found is not None
    return found


def told(spans: Any) -> str:
    return "".join(one.text if isinstance(one, Fact | Figure) else one for one in spans)


def rows(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[told(cell) for cell in row] for row in [block.head, *block.rows]]


def test_a_row_for_each_number_of_steps() -> None:
    counts, costs = (one for one in section_of(made()).blocks if isinstance(one, Table))
    assert rows(counts) == [
        ["turns", "prompts", "answers", "largest prompt", "read by the user", "each"],
        ["1", "17", "23", "17", "50 %", "40"],
        ["10", "3,000", "230", "400", "7.1 %", "323"],
    ]
    assert told(costs.caption) == "Dollars for each step, by the prices of a bill."
    assert rows(costs) == [
        ["model", "1 turn", "10 turns"],
        ["us ours", "$0.063", "$0.346"],
        ["us free", "$0", "$0"],
    ]


@pytest.mark.parametrize(
    ("exponent", "said"),
    [
        (1.0, "Prompts grow as the number of turns does (exponent 1.00)."),
        (1.9, "Prompts grow faster than the number of turns (exponent 1.90): each has more of"),
    ],
)
def test_growth_is_put_into_words(exponent: float, said: str) -> None:
    found = section_of(made(exponent))
    first = found.blocks[0]
    assert isinstance(first, Paragraph)
    assert said in told(first.spans)
    findings = [told(spans) for _, spans in found.findings]
    grows = ["Prompt tokens grow faster than turns: exponent 1.90."] if exponent > 1.5 else []
    assert findings == [*grows, "10 turns: each costs $0.346 as ours."]


@pytest.mark.parametrize(
    ("repeated", "said"),
    [
        (17, "this is paid for in vain: empty answer: 17 tokens."),
        (0, "Nothing is paid for in vain when the first call goes wrong."),
    ],
)
def test_what_is_paid_for_in_vain_is_said(repeated: int, said: str) -> None:
    last = section_of(made(repeated=repeated)).blocks[-1]
    assert isinstance(last, Paragraph)
    assert told(last.spans).endswith(said)


def test_no_number_is_typed_and_each_has_a_source() -> None:
    for block in section_of(made()).blocks:
        for span in spans_of(block):
            if isinstance(span, str):
                assert typed(span) == span


def test_without_tokens_there_is_no_section() -> None:
    assert tokens.write(measured((series("m.C.track_x"), [3, 5])), WORDING) is None
