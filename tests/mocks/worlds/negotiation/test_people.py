"""Seeded people."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from mocks.worlds.negotiation.people import AGENT, MARK, People
from mocks.worlds.negotiation.people import Agent as PersonAgent

PRINT_POPULATION = """
from mocks.worlds.negotiation.people import People
people = People(50, seed=7)
print(people.agents["a00050"], people.vectors["a00050"].tobytes().hex())
print(people.demand(3), people.encode("x").tobytes().hex())
"""


@pytest.mark.slow
def test_equal_arguments_give_equal_people_in_any_process() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", PRINT_POPULATION],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(texts) == 1


def test_another_seed_gives_other_people() -> None:
    one, other = People(5, seed=1), People(5, seed=2)
    assert one.agents["a00001"] != other.agents["a00001"]
    assert not np.array_equal(one.vectors["a00001"], other.vectors["a00001"])


def test_vectors_are_unit_vectors_of_the_chosen_size() -> None:
    vectors = People(20, dimensions=16).vectors
    assert {vector.shape for vector in vectors.values()} == {(16,)}
    assert np.allclose([np.linalg.norm(vector) for vector in vectors.values()], 1)


@pytest.mark.parametrize("size", [50, 400, 5_000])
def test_profiles_have_the_chosen_size(size: int) -> None:
    agent = People(1, profile_bytes=size).agents["a00001"]
    assert len(agent.bio) == size
    assert size <= len(json.dumps(agent.profile())) <= size + 150


def test_ten_thousand_agents_are_all_different() -> None:
    people = People(10_000)
    agents = list(people.agents.values())
    assert len(agents) == len(people.vectors) == len({agent.id for agent in agents}) == 10_000
    assert isinstance(agents[-1], PersonAgent)
    assert agents[-1].id == "a10000"


def test_a_demand_carries_its_own_mark_and_no_other() -> None:
    demands = People(1).demands(30)
    assert [MARK.findall(demand.text) for demand in demands] == [[d.mark] for d in demands]
    assert len({demand.mark for demand in demands}) == 30
    assert People(1).demand(7) == demands[6]


def test_marks_and_ids_are_found_in_texts() -> None:
    assert MARK.findall("x #d00012.1, #d00013: y") == ["#d00012.1", "#d00013"]
    assert AGENT.findall("task-a00001, a00002; da000033") == ["a00001", "a00002"]


def test_a_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 99,999"):
        People(100_000)
    with pytest.raises(ValueError, match="at least one dimension"):
        People(1, dimensions=0)


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("a00001, and a00002.", ["a00001", "a00002"]),
        ("(a00001)", ["a00001"]),
        ("aa00001 xa00001 _a00001 éa00001 1a00001", []),
        ("a000012 a00001b a0001", []),
        ("a a00001-a00002", ["a00001", "a00002"]),
        ("", []),
    ],
)
def test_an_agents_id_is_found_as_a_word_of_its_own(text: str, agents: list[str]) -> None:
    assert AGENT.findall(text) == re.findall(r"\ba\d{5}\b", text) == agents
