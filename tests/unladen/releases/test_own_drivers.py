"""The suite's own drivers are found by the packages that they drive."""

from __future__ import annotations

import pytest

from unladen.project.suite import suite_root
from unladen.releases.index import WantedPackage, package_named
from unladen.releases.own_drivers import own_driver_of
from unladen.releases.plan import PLAN


@pytest.mark.parametrize(
    ("package", "driver", "needed"),
    [
        ("openai-agents", "openai_agents", "openai-agents"),
        ("OpenAI_Agents[litellm]", "openai_agents", "openai-agents"),
        ("pydantic-ai-slim", "pydantic_ai", "pydantic-ai-slim[openai]"),
        ("haystack-ai", "haystack", "haystack-ai"),
    ],
)
def test_a_package_has_the_driver_of_the_suite(package: str, driver: str, needed: str) -> None:
    found = own_driver_of(package_named(package))
    assert found is not None
    assert (found.name, found.package.requirement) == (driver, needed)


def test_every_target_with_releases_is_found_by_its_package() -> None:
    plans = list((suite_root() / "targets").glob(f"*/{PLAN}"))
    assert plans
    for file in plans:
        package = package_named(file.read_text().partition('package = "')[2].partition('"')[0])
        found = own_driver_of(package)
        assert found is not None
        assert found.name == file.parent.name


def test_another_package_has_none() -> None:
    assert own_driver_of(WantedPackage("tinykit")) is None


def test_extras_that_are_wanted_are_kept() -> None:
    wanted = package_named("pydantic-ai-slim[mcp]").having(("openai",))
    assert wanted.requirement == "pydantic-ai-slim[mcp,openai]"
