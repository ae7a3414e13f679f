"""A site that is published commit by commit, by way of what is kept of the time before, is to the
byte the one that is published from nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from synthetic_results import write_history

from unladen.cli import main
from unladen.store.records import record_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
OFTEN = 5
"""Every so many publishes the site is compared."""


@dataclass(frozen=True)
class Growing:
    """A history of which results come and go. ``results``: their folder; ``aside``: where those are
    that are not there yet."""

    conf: Path
    results: Path
    aside: Path

    @property
    def site(self) -> Path:
        return Path(json.loads(self.conf.read_text())["html_dir"])

    def files(self) -> list[Path]:
        """All results files, the oldest commit's first, wherever they are now."""
        found = [*self.results.glob("*-*.json"), *self.aside.glob("*-*.json")]
        return sorted(
            (self.results / file.name for file in found),
            key=lambda file: int(json.loads(self.where(file).read_text())["date"]),
        )

    def where(self, file: Path) -> Path:
        """Where a file is now."""
        return file if file.exists() else self.aside / file.name

    def remove(self, file: Path) -> None:
        self._move(file, self.aside)

    def add(self, file: Path) -> None:
        self._move(self.aside / file.name, self.results)

    def publish(self) -> dict[str, bytes]:
        """The files of the site, by name."""
        assert main(["--config", str(self.conf), "publish", "--no-pull"]) == 0
        files = sorted(file for file in self.site.rglob("*") if file.is_file())
        return {str(file.relative_to(self.site)): file.read_bytes() for file in files}

    def _move(self, file: Path, folder: Path) -> None:
        for one in (file, record_path(file)):
            one.rename(folder / one.name)


def _differing(growing: Growing, caches: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are others when the site is published from nothing."""
    kept = growing.publish()
    with monkeypatch.context() as patch:
        shutil.rmtree(caches, ignore_errors=True)
        patch.setenv("XDG_CACHE_HOME", str(caches))
        anew = growing.publish()
    assert len(anew) > 20
    return sorted(name for name in kept.keys() | anew.keys() if kept.get(name) != anew.get(name))


def _steps(growing: Growing, after: int) -> Iterator[None]:
    """What happens to the results; at first those of ``after`` commits are there."""
    files = growing.files()
    for file in files[after:]:
        growing.remove(file)
    yield
    gap, *rest = files[after:]
    for number, file in enumerate(rest):
        growing.add(file)
        yield
        if number == 1:
            _rewrite(files[after // 2])
            yield
        if number == 2:
            growing.remove(files[after // 3])
            yield
    growing.add(gap)
    growing.add(files[after // 3])
    yield


def _rewrite(file: Path) -> None:
    """Double all of the numbers in it."""
    data = json.loads(file.read_text())
    for row in data["results"].values():
        row[0] = [2 * value if value else value for value in row[0] or []] or row[0]
    file.write_text(json.dumps(data))


def _compared(growing: Growing, after: int, caches: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the site was compared, and was the same."""
    compared = 0
    for number, _ in enumerate(_steps(growing, after)):
        if number % OFTEN:
            growing.publish()
            continue
        assert _differing(growing, caches, monkeypatch) == []
        compared += 1
    return compared


def test_of_a_made_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for laws of ranks that are not kept, with steps, drifts, failures and n/a."""
    folder = tmp_path / "history"
    write_history(folder, commits=216, series=30)
    (tmp_path / "aside").mkdir()
    growing = Growing(folder / "asv.conf.json", folder / "results" / "lab", tmp_path / "aside")
    conf = json.loads(growing.conf.read_text())
    growing.conf.write_text(json.dumps({**conf, "html_dir": str(tmp_path / "html" / "synthetic")}))
    monkeypatch.chdir(folder)
    assert _compared(growing, 206, tmp_path / "caches", monkeypatch) >= 3


def test_of_parley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "results" / "parley", tmp_path / "results" / "parley")
    (tmp_path / "aside").mkdir()
    conf = tmp_path / "asv.conf.json"
    lines = (ROOT / "asv.conf.json").read_text().splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.strip().startswith("//")))
    settings["html_dir"] = str(tmp_path / "html" / "parley")
    conf.write_text(json.dumps(settings))
    growing = Growing(conf, tmp_path / "results" / "parley" / "reference", tmp_path / "aside")
    monkeypatch.chdir(tmp_path)
    assert _compared(growing, len(growing.files()) - 4, tmp_path / "caches", monkeypatch) >= 2
