"""What an index has: versions, the days of uploads, what a release needed on its day."""

from __future__ import annotations

import pytest
from made_index import MadeIndex
from packaging.version import Version

from unladen.errors import UserError
from unladen.releases.index import (
    RUNNER,
    WantedPackage,
    package_named,
    public_modules,
    resolved,
    versions_of,
)
from unladen.releases.release import LOCK, METADATA, Release

KIT = WantedPackage("tinykit")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My_SDK", WantedPackage("my-sdk")),
        ("sdk[b,a]", WantedPackage("sdk", ("a", "b"))),
    ],
)
def test_a_package_is_named_as_for_pip(text: str, expected: WantedPackage) -> None:
    assert package_named(text) == expected


@pytest.mark.parametrize("text", ["", "sdk==1", "-r file", "sdk @ https://x.y/z.whl", "a;b"])
def test_what_is_no_package_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is no package"):
        package_named(text)


@pytest.mark.slow
@pytest.mark.usefixtures("asks_made_index")
def test_versions_are_listed_yanked_ones_and_those_for_other_pythons_too() -> None:
    final = ["1.0.0", "1.1.0", "1.1.1", "1.2.0", "1.3.0", "1.4.0", "2.0.0"]
    assert [str(one) for one in versions_of(KIT)] == final
    assert [str(one) for one in versions_of(KIT, with_previews=True)] == [*final, "2.1.0b1"]


@pytest.mark.slow
@pytest.mark.usefixtures("asks_made_index")
def test_an_unknown_package_is_refused() -> None:
    with pytest.raises(UserError, match=r"^tiny-nobody: ERROR: No matching distribution"):
        versions_of(WantedPackage("tiny-nobody"))


@pytest.mark.slow
def test_an_index_that_does_not_answer_is_named(
    asks_made_index: MadeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(UserError, match=r"tinykit: Failed to fetch"):
        versions_of(KIT)
    with pytest.raises(UserError, match="the package index cannot be asked: Failed to fetch"):
        resolved(KIT, Version("2.0.0"), [])


def release(version: str, *needs: str) -> Release:
    return resolved(KIT, Version(version), needs)


@pytest.mark.slow
@pytest.mark.usefixtures("asks_made_index")
def test_needs_are_those_of_the_day_of_the_upload() -> None:
    first, patch = release("1.1.0"), release("1.1.1", "tinyhelper<2")
    own = {one for one in first.pins if one.startswith("tiny")}
    assert own == {"tinyhelper==1.0", "tinykit==1.1.0"}
    assert {one for one in patch.pins if one.startswith("tiny")} == {
        "tinyhelper==1.1",
        "tinykit==1.1.1",
    }
    assert any(one.startswith(f"{RUNNER}==") for one in first.pins)  # though it is younger
    assert f"{first.at:%Y-%m-%dT%H:%M}" == "2025-01-20T12:00"
    metadata = first.files[METADATA]
    assert 'file = "tinykit-1.1.0-py3-none-any.whl"' in metadata
    assert "uploaded = 2025-01-20T12:00:00Z" in metadata
    assert first.files[LOCK].startswith("# tinykit 1.1.0")
    assert release("1.1.0") == first


@pytest.mark.slow
@pytest.mark.usefixtures("asks_made_index")
def test_what_was_yanked_or_cannot_be_had_says_so() -> None:
    yanked = release("1.2.0")
    assert yanked.message == "tinykit 1.2.0 (yanked)\n\nYanked: it leaks\n"
    assert 'yanked = "it leaks"' in yanked.files[METADATA]
    assert "tinykit==1.2.0" in yanked.files[LOCK]
    broken = release("1.4.0")
    assert "tinynothing" in broken.refusal
    assert broken.message.startswith("tinykit 1.4.0 (cannot be installed)\n\n")
    assert broken.files[LOCK] == f"# cannot be installed: {broken.refusal}\n"
    elsewhere = release("1.3.0")
    assert "3.99" in elsewhere.refusal
    assert elsewhere.upload is None
    assert release("9").refusal


@pytest.mark.slow
@pytest.mark.usefixtures("asks_made_index")
def test_public_modules_are_what_a_user_may_import() -> None:
    assert public_modules(KIT, Version("1.0.0")) == ["tinykit"]
