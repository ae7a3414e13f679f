"""One index of a made package for all tests: most of what they cost are pip's and uv's starts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from made_index import MadeIndex, serving

from unladen.measure import package_index

HELPER = "tinyhelper"
KIT = "tinykit"


@pytest.fixture(scope="session")
def made_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeIndex]:
    """Releases of ``tinykit``: the first, one that needs something and has a patch, one that was
    yanked, one for another Python, one whose needs cannot be had, a preview."""
    folder = tmp_path_factory.mktemp("index")
    with serving(folder / "wheels") as index:
        index.add_installed("asv_runner", "2026-06-01")
        for version, day in (("1.0", "2025-01-05"), ("1.1", "2025-02-15"), ("2.0", "2025-12-01")):
            index.upload(HELPER, version, day, {"tinyhelper.py": f"VERSION = {version!r}\n"})
        plain = "def a(): return {}\n"
        needs = f"import tinyhelper\n{plain}"

        def kit(version: str, day: str, code: str, **further: object) -> None:
            files = {"tinykit/__init__.py": code, "tinykit/_own.py": "", "tests/__init__.py": ""}
            index.upload(KIT, version, day, files, **further)  # type: ignore[arg-type]

        kit("1.0.0", "2025-01-10", plain.format(1))
        kit("1.1.0", "2025-01-20", needs.format(2), needs=("tinyhelper>=1",))
        kit("1.1.1", "2025-02-20", needs.format(3), needs=("tinyhelper>=1",))
        kit("1.2.0", "2025-03-01", plain.format(4), yanked="it leaks")
        kit("1.3.0", "2025-04-01", plain.format(5), python=">=3.99")
        kit("1.4.0", "2025-05-01", plain.format(6), needs=("tinynothing>1",))
        kit("2.0.0", "2025-06-01", plain.format(7))
        kit("2.1.0b1", "2025-06-10", plain.format(8))
        yield index


@pytest.fixture
def asks_made_index(
    made_index: MadeIndex, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MadeIndex]:
    """pip and uv ask the made index, and know nothing from before."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", made_index.url)
    monkeypatch.setenv("UV_CACHE_DIR", str(made_index.folder.parent / "uv-cache"))
    package_index._index_variables.cache_clear()
    yield made_index
    package_index._index_variables.cache_clear()
