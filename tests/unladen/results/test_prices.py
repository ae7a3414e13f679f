"""What tokens cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_history import write_project

from unladen.errors import UserError
from unladen.project.project import read_project
from unladen.results.prices import Price, prices_of, read_prices, shipped_prices

OWN = """
source = "a bill"
[[model]]
provider = "us"
name = "ours"
prompt = 0.5
answer = 1
"""


def test_those_that_ship_are_the_four_models_of_the_plan() -> None:
    assert {(one.provider, one.name, one.prompt) for one in shipped_prices().model} == {
        ("OpenAI", "gpt-3.5-turbo", 0.0015),
        ("OpenAI", "gpt-4", 0.03),
        ("Anthropic", "claude-3-sonnet", 0.003),
        ("Ollama", "llama2", 0),
    }


def test_prompts_and_answers_have_prices_of_their_own() -> None:
    assert Price("us", "ours", 0.5, 1).of(2000, 500) == 1.5


def test_a_target_s_own_list_takes_the_place_of_ours(tmp_path: Path) -> None:
    write_project(tmp_path, [], "f")
    project = replace(read_project(tmp_path / "asv.conf.json"), name="sdk")
    assert prices_of(project) == shipped_prices()
    driver = tmp_path / "targets" / "sdk"
    driver.mkdir(parents=True)
    (driver / "prices.toml").write_text(OWN)
    prices = prices_of(project)
    assert prices.source == "a bill"
    assert prices.called("ours") == Price("us", "ours", 0.5, 1)
    assert prices.called("gpt-4") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("prompt = 0.5", "prompt = -1", "it holds no prices: Expected `float` >= 0"),
        ("prompt = 0.5", "prompt = nan", "it holds no prices: "),
        ("answer = 1", "", "missing required field `answer`"),
        ('name = "ours"', 'name = ""', "length >= 1"),
        (OWN, OWN + OWN.partition("\n[")[2].join(["[", ""]), "ours has two prices"),
        (OWN, 'source = "a bill"\nmodel = []', "length >= 1"),
    ],
)
def test_a_list_that_is_none_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "prices.toml"
    assert old in OWN
    file.write_text(OWN.replace(old, new))
    with pytest.raises(UserError) as refused:
        read_prices(file)
    assert said in str(refused.value)
    assert str(refused.value).startswith(f"{file} is not readable: ")
    assert "\n" not in str(refused.value)
