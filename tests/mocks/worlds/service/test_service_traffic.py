"""Profiles and the traffic that they make."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.lines import end_line, plan_line, row_line, users_line
from mocks.worlds.service.marks import marks_in, user_of, word
from mocks.worlds.service.profile_files import as_json, profile_of, read_profile
from mocks.worlds.service.profiles import (
    PROFILES,
    RAMP,
    SPIKE,
    STEADY,
    Group,
    Profile,
    ProfileError,
)
from mocks.worlds.service.prompts import PROMPTS
from mocks.worlds.service.rows import Error, Row
from mocks.worlds.service.traffic import arrivals, mix_for, steps


def test_the_profiles_are_those_of_the_two_services() -> None:
    assert {name: (each.users, each.duration_s) for name, each in PROFILES.items()} == {
        "baseline": (1, 60),
        "ramp": (15, 600),
        "soak": (10, 1800),
        "spike": (25, 180),
        "steady": (50, 60),
        "crowd": (50, 60),
    }
    assert len(PROMPTS) >= 20


def test_users_come_one_after_the_other_and_a_spike_goes_again() -> None:
    assert [(stay.arrives_s, stay.leaves_s) for stay in RAMP.stays()][:3] == [
        (0.0, 600),
        (1.0, 600),
        (2.0, 600),
    ]
    stays = list(SPIKE.stays())
    assert len(stays) == 25
    assert stays[5].arrives_s == 60
    assert stays[24].arrives_s == 61.9
    assert {stay.leaves_s for stay in stays[5:]} == {120}
    assert SPIKE.peak_s == (60, 120)
    assert RAMP.peak_s is None


def test_a_changed_profile_keeps_its_shape() -> None:
    changed = SPIKE.changed(users=50, duration_s=90, interval_s=0)
    assert [group.users for group in changed.groups] == [10, 40]
    assert changed.peak_s == (30, 60)
    assert {stay.arrives_s for stay in changed.stays()} == {0, 30}
    assert RAMP.changed(users=3, interval_s=2, think_s=(0, 0)).users == 3


def test_what_a_user_does_depends_on_the_seed_and_the_user_only() -> None:
    first = list(itertools.islice(steps(RAMP, 3, 1), 200))
    assert first == list(itertools.islice(steps(RAMP, 3, 1), 200))
    assert first != list(itertools.islice(steps(RAMP, 3, 2), 200))
    assert first[0].think_s == 0
    assert all(5 <= step.think_s <= 20 for step in first[1:])
    kinds = Counter(step.kind for step in first)
    assert kinds[Kind.CHAT] > kinds[Kind.STREAM] > kinds[Kind.BLOCKED] > 0
    assert len({step.ask.mark for step in first}) == 200
    for step in first:
        assert marks_in(step.ask.text) == [step.ask.mark]
        assert user_of(step.ask.mark) == word(3)
    turns = [step.ask.turn for step in first]
    assert max(turns) == 5
    assert all(after in (before + 1, 1) for before, after in itertools.pairwise(turns))


def test_requests_of_an_open_load_are_due_whatever_becomes_of_others() -> None:
    due = list(arrivals(STEADY, 1))
    assert 240 < len(due) < 360
    assert all(a.at_s < b.at_s for a, b in itertools.pairwise(due))
    assert due[-1].at_s < 60
    assert due == list(arrivals(STEADY, 1))
    with pytest.raises(ValueError, match="ramp"):
        next(arrivals(RAMP, 1))


def test_what_a_service_lacks_is_asked_as_chat() -> None:
    mix = {Kind.CHAT: 60.0, Kind.STREAM: 20.0, Kind.WORK: 20.0}
    assert mix_for([Kind.CHAT, Kind.STREAM], mix) == {Kind.CHAT: 80, Kind.STREAM: 20}
    assert mix_for([Kind.STREAM], mix) == {Kind.STREAM: 100}


@pytest.mark.parametrize("profile", [*PROFILES.values(), SPIKE.changed(interval_s=0)])
def test_a_profile_survives_json(profile: Profile) -> None:
    content = json.loads(json.dumps(as_json(profile)))
    again = read_profile(profile.name, content)
    assert list(itertools.islice(steps(again, 1, 1), 20)) == list(
        itertools.islice(steps(profile, 1, 1), 20)
    )
    assert as_json(again) == as_json(profile)


def test_a_profile_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        "users = 4\nduration_s = 30\nramp_up_s = 0.5\nthink_s = [1, 2]\nmix = { work = 1 }\n"
    )
    profile = profile_of(str(file))
    assert profile.name == "mine"
    assert profile.groups == (Group(4, 0.0, 30.0, 2.0),)
    assert profile.think_s == (1, 2)
    assert profile.mix == {Kind.WORK: 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("users = 0", "at least one user"),
        ("user = 3", "unknown user"),
        ("users = 1.5", "whole number"),
        ("think_s = 3", "at least, at most"),
        ("think_s = [3, 1]", "shorter to a longer"),
        ("mix = { talk = 1 }", "'talk' is none of chat"),
        ("mix = { chat = 0 }", "weight above 0"),
        ("duration_s = -1", "longer than 0 s"),
        ("duration_s = 'x'", "is a number"),
        ("users = 1\n[[groups]]\nusers = 1", "or groups"),
        ("[[groups]]\nuser = 1", "in a group"),
        ("ramp_up_s = -1", "0 or more"),
        ("arrivals_per_s = 0", "above 0 a second"),
        ("users = ", "Invalid value"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_in_one_line(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(ProfileError, match=said) as raised:
        profile_of(str(file))
    assert "\n" not in str(raised.value)


def test_an_unknown_profile_names_those_that_there_are() -> None:
    with pytest.raises(ProfileError, match="baseline, ramp, soak, spike, steady, crowd"):
        profile_of("peak")
    with pytest.raises(ProfileError, match="No such file"):
        profile_of("nowhere.toml")


def test_lines_say_what_they_are() -> None:
    row = Row(user=1, kind="chat", prompt="list", due=1.0, started=1.5, ended=3.0)
    lines = [
        plan_line(SPIKE, engine="virtual", subject="bare", seed=1, more={"limit": 60}),
        users_line(0.0, 1),
        row_line(row),
        end_line(180.0, {"model_calls": 3}),
    ]
    plan, users, told, end = map(json.loads, lines)
    assert (plan["t"], plan["arrivals"], plan["users"], plan["limit"]) == (
        "plan",
        "closed",
        25,
        60,
    )
    assert users == {"t": "users", "at": 0.0, "users": 1}
    assert told.pop("t") == "row"
    assert Row(**{**told, "error": Error(told["error"])}) == row
    assert row.latency == 2.0
    assert end == {"t": "end", "seconds": 180.0, "facts": {"model_calls": 3}}
