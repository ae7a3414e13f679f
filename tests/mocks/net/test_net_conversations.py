"""Random conversations: the same on a network in memory as on the machine's own, and repeatable."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from net_conversations import Program, endings, on_network, options, play, program

ROOT = Path(__file__).parents[3]


def on_this_machine(conversations: Program) -> dict[str, list[tuple[object, ...]]]:
    loop = asyncio.SelectorEventLoop()
    try:
        return loop.run_until_complete(play(conversations, 0.001)).sides
    finally:
        loop.close()


@pytest.mark.slow
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_each_side_notices_what_it_would_on_the_machines_network(chance: random.Random) -> None:
    conversations = program(chance)
    log, counts = on_network(conversations, **options(chance))
    assert log.sides == on_this_machine(conversations)
    assert counts.open_now == 0
    connected = sum(event == ("connected",) for _, _, event in log.everything)
    refused = sum(event == ("refused",) for _, _, event in log.everything)
    assert (counts.opened, counts.refused) == (connected, refused)


def test_the_programs_are_of_all_kinds() -> None:
    """That the tests here try what they are meant to."""
    ends: set[str] = set()
    events: set[object] = set()
    for seed in range(60):
        chance = random.Random(seed)
        conversations = program(chance)
        ends |= {each.ending for client in conversations.clients for each in client}
        log, _ = on_network(conversations)
        events |= {event[0] for _, _, event in log.everything}
    assert ends == endings((True, True))
    assert events >= {"heard", "end", "refused", "timed out", "ConnectionResetError"}
    assert "BrokenPipeError" in events


@pytest.mark.slow
def test_programs_repeat_whatever_the_hash_seed_and_the_load() -> None:
    script = Path(__file__).with_name("net_conversations.py")
    digests = []
    for hash_seed, arguments in (("0", []), ("1", []), ("77", ["busy"])):
        done = subprocess.run(
            [sys.executable, script, *arguments],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        digests.append(done.stdout)
    assert len(digests[0]) == len("\n") + 64
    assert digests == [digests[0]] * 3
