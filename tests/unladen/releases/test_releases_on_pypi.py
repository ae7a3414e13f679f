"""The index that everybody uses says what the made one says in the other tests."""

from __future__ import annotations

import pytest
from packaging.version import Version

from unladen.errors import UserError
from unladen.measure.package_index import asks_pypi
from unladen.releases.index import package_named, resolved, versions_of


@pytest.mark.slow
def test_a_release_on_pypi_has_the_packages_of_its_day() -> None:
    if not asks_pypi():
        pytest.skip("packages come from another index here")
    package = package_named("anyio")
    try:
        versions = versions_of(package)
    except UserError as error:
        pytest.skip(f"PyPI does not answer: {error}")
    assert {Version("3.7.1"), Version("4.0.0")} <= {*versions}
    release = resolved(package, Version("4.0.0"), [])
    assert f"{release.at:%Y-%m-%d}" == "2023-08-30"
    assert {"anyio==4.0.0", "idna==3.4", "sniffio==1.3.0"} <= {*release.pins}
