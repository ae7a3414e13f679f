"""The options of a load."""

from __future__ import annotations

import pytest

from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.load_options import LoadParser, add_options, profile_from
from mocks.worlds.service.profiles import PROFILES, Profile, ProfileError


def profile(*arguments: str) -> Profile:
    parser = LoadParser()
    add_options(parser)
    return profile_from(parser.parse_args(arguments))


def test_without_options_it_is_the_gateway_seeds_load() -> None:
    found = profile()
    assert found == PROFILES["crowd"]
    assert (found.users, found.duration_s, found.think_s) == (50, 60, (1, 5))
    assert list(found.stays())[1].arrives_s == 0.5
    assert found.mix == {Kind.CHAT: 70, Kind.STREAM: 20, Kind.BLOCKED: 10}


def test_what_is_given_is_changed_and_nothing_else() -> None:
    found = profile("--profile", "ramp", "--users", "3", "--ramp-up", "2", "--think", "0", "1")
    assert [stay.arrives_s for stay in found.stays()] == [0, 2, 4]
    assert (found.think_s, found.duration_s) == ((0, 1), 600)
    assert profile("--mix", "60/30/10").mix[Kind.STREAM] == 30
    assert profile("--mix", "chat=60,work=40").mix == {Kind.CHAT: 60, Kind.WORK: 40}
    assert profile("--timeout", "7", "--duration", "9").timeout_s == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--users", "0"], "whole number above 0"),
        (["--duration", "-1"], "number of seconds"),
        (["--mix", "70/20"], "a mix is"),
        (["--mix", "talk=1"], "a mix is"),
        (["--mix", "chat=x"], "no weight"),
        (["--mix", "1/2/1.1.1"], "no weight"),
        (["--think", "1"], "expected 2 arguments"),
    ],
)
def test_bad_options_are_refused_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        profile(*arguments)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("unladen: ")
    assert said in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["--users", "20000"],
        ["--duration", "100000"],
        ["--profile", "nonsense"],
        ["--duration", "0"],
        ["--mix", "0/0/0"],
        ["--think", "5", "1"],
    ],
)
def test_profiles_that_cannot_be(arguments: list[str]) -> None:
    with pytest.raises(ProfileError) as caught:
        profile(*arguments)
    assert "\n" not in str(caught.value)
