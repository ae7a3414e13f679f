"""The web address of a line at a forge."""

from __future__ import annotations

import pytest

from unladen.repo.forge import SourcePlace, address, issues

PLACE = SourcePlace("c0ffee", "src/a b(1)|`.py", 7)
PATH = "src/a%20b%281%29%7C%60.py"


@pytest.mark.parametrize(
    ("commit_url", "expected"),
    [
        ("https://github.com/o/r/commit/", f"https://github.com/o/r/blob/c0ffee/{PATH}#L7"),
        ("https://gitlab.com/g/s/r/-/commit/", f"https://gitlab.com/g/s/r/-/blob/c0ffee/{PATH}#L7"),
        (
            "https://codeberg.org/o/r/commit/",
            f"https://codeberg.org/o/r/src/commit/c0ffee/{PATH}#L7",
        ),
        ("https://git.sr.ht/~u/r/commit/", f"https://git.sr.ht/~u/r/tree/c0ffee/item/{PATH}#L7"),
        (
            "https://bitbucket.org/o/r/commits/",
            f"https://bitbucket.org/o/r/src/c0ffee/{PATH}#lines-7",
        ),
        ("https://pypi.org/project/sdk/{name}/", ""),
        ("#", ""),
        ("", ""),
        ("javascript:alert(1)/commit/", ""),
        ("https://example.org/) [x](https://evil.example/commit/", ""),
    ],
)
def test_the_address_is_that_of_the_forge(commit_url: str, expected: str) -> None:
    assert address(PLACE, commit_url) == expected


def test_a_file_without_a_line_has_an_address_too() -> None:
    whole = SourcePlace("c0ffee", "a.py", 0)
    assert address(whole, "https://github.com/o/r/commit/").endswith("/blob/c0ffee/a.py")


@pytest.mark.parametrize(
    ("commit_url", "expected"),
    [
        ("https://github.com/o/r/commit/", "https://github.com/o/r/issues/"),
        ("https://gitlab.com/g/s/r/-/commit/", "https://gitlab.com/g/s/r/-/issues/"),
        ("https://codeberg.org/o/r/commit/", "https://codeberg.org/o/r/issues/"),
        ("https://bitbucket.org/o/r/commits/", "https://bitbucket.org/o/r/issues/"),
        ("https://git.sr.ht/~u/r/commit/", ""),
        ("https://pypi.org/project/sdk/{name}/", ""),
        ("javascript:alert(1)/commit/", ""),
        ("", ""),
    ],
)
def test_issues_are_where_the_forge_has_them(commit_url: str, expected: str) -> None:
    assert issues(commit_url) == expected
