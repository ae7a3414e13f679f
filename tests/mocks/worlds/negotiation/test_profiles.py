"""What users say of themselves."""

from __future__ import annotations

import json
import subprocess
import sys

from mocks.worlds.negotiation.people import People
from mocks.worlds.negotiation.profiles import profile_of

USERS = [demand.user for demand in People(1).demands(50)]


def test_profiles_are_the_same_in_any_process() -> None:
    module = "mocks.worlds.negotiation.profiles"
    code = f"from {module} import profile_of; print(*map(profile_of, {USERS!r}))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout
        for seed in ("0", "77")
    }
    assert len(texts) == 1


def test_profiles_are_as_long_as_agents_and_not_all_ascii() -> None:
    (agent,) = People(1).agents.values()
    for user in USERS:
        text = json.dumps(profile_of(user), ensure_ascii=False)
        assert len(json.dumps(agent.profile())) < len(text) < 1000
        assert not text.isascii()


def test_profiles_are_nested_and_differ() -> None:
    profiles = [profile_of(user) for user in USERS]
    assert len({json.dumps(profile) for profile in profiles}) > 5
    for profile in profiles:
        assert isinstance(profile["skills"], list)
        history = profile["history"]
        assert isinstance(history, list)
        assert all(set(entry) == {"since", "what"} for entry in history)


def test_a_profile_is_the_askers_own() -> None:
    profile_of("u00001").clear()
    assert profile_of("u00001")
