"""Whether a commit runs the code of another one, by what that one's processes opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from made_repository import git
from tiny_project import CONF

from unladen.history.carrying import Likeness, likeness, neighbours
from unladen.project.project import Project, project_of
from unladen.repo.repository import Repository
from unladen.store.opened import OpenedPaths, load_opened

CODE = """
from pathlib import Path
ROOT = Path(__file__).parents[2]
if (ROOT / "etc" / "feature.flag").exists():
    print("another way")
def words(language):
    file = ROOT / "words" / f"{language}.json"
    return file if file.exists() else None
"""

BEFORE = {
    "lib/tiny/__init__.py": CODE,
    "lib/tiny/unused.py": "x = 1\n",
    "lib/tiny/plugins/one.py": "",
    "lib/other/__init__.py": "",
    "docs/text.md": "words\n",
    "words/de.json": "{}\n",
    "README.md": "tiny\n",
}

OPENED = OpenedPaths.of(["lib/tiny/__init__.py"], ["lib", "lib/tiny/plugins"])


class Made:
    """A repository with one commit, and what another one differs in."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.clone.mkdir()
        git(self.clone, "init", "--quiet", "--initial-branch", "main")
        self.before = self.commit(BEFORE)
        target = folder / "targets/tiny"
        target.mkdir(parents=True)
        (target / "driver.py").write_text("from tiny import words\nNAME = 'told.txt'\n")
        self.target = target

    def project(self, **changes: object) -> Project:
        conf = {**CONF, "repo": str(self.clone), "paths": None, **changes}
        written = {name: value for name, value in conf.items() if value is not None}
        return project_of(written, self.target / "asv.conf.json")

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Write files, remove those that are None; the hash."""
        for path, text in files.items():
            file = self.clone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            if text is not None:
                file.write_text(text)
        git(self.clone, "add", "--all", ".")
        git(self.clone, "commit", "--quiet", "--allow-empty", "--message", "one")
        return git(self.clone, "rev-parse", "HEAD")

    def likeness(self, after: str, **conf: object) -> Likeness:
        project = self.project(**conf)
        repository = Repository(project.repo, project.name)
        there = likeness(project, repository, OPENED, self.before, after)
        back = likeness(project, repository, OPENED, after, self.before)
        assert bool(there) == bool(back), (there, back)
        return there


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.delenv("UNLADEN_REPO_TINY", raising=False)
    return Made(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "tiny, but more\n"},
        {"docs/text.md": "other words\n", "docs/more.md": "more\n"},
        {"docs/text.md": None},
        {"lib/tiny/unused.py": "x = 2\n"},
        {"examples/one.py": "import tiny\n", "examples/two/three.py": ""},
        {"lib/other/more.py": ""},
        {"words/de.json": '{"a": 1}\n'},
        {"CHANGELOG.md": "new\n"},
    ],
    ids=str,
)
def test_what_nobody_opened_or_looks_for_may_differ(
    made: Made, files: Mapping[str, str | None]
) -> None:
    found = made.likeness(made.commit(files))
    assert (found.difference, found.files) == ("", len(files))


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"lib/tiny/__init__.py": CODE + "\n"}, "lib/tiny/__init__.py was opened"),
        ({"lib/tiny/__init__.py": None}, "lib/tiny/__init__.py was opened"),
        # A folder that was listed has another name: a plugin is found, an import finds another.
        ({"lib/tiny/plugins/two.py": ""}, "two.py is in lib/tiny/plugins, where"),
        ({"lib/tiny/plugins/one.py": None}, "plugins is in lib/tiny, where"),
        ({"lib/json.py": ""}, "json.py is in lib, where"),
        ({"lib/tiny.egg-info/entry_points.txt": "[x]\n"}, "tiny.egg-info is in lib, where"),
        ({"lib/tiny/hidden.py": ""}, "hidden.py is in lib/tiny, where"),
        # What libraries look for on their way up.
        ({".env": "A=1\n"}, ".env is in the top folder, above"),
        ({"pyproject.toml": ""}, "pyproject.toml is in the top folder, above"),
        ({".tiny/settings": ""}, ".tiny is in the top folder, above"),
        # Looked for and not found; it leaves no trace, but code says its name.
        ({"etc/feature.flag": ""}, "lib/tiny/__init__.py says etc"),
        ({"words/en.json": "{}\n"}, "lib/tiny/__init__.py says en.json"),
        ({"docs/told.txt": ""}, "the driver says told.txt"),
        # How files are checked out.
        ({".gitattributes": "*.py text eol=crlf\n"}, "how git checks files out differs"),
        ({"docs/.gitattributes": "*.md -text\n"}, "how git checks files out differs"),
    ],
    ids=str,
)
def test_what_may_run_otherwise_is_said(
    made: Made, files: Mapping[str, str | None], why: str
) -> None:
    assert made.likeness(made.commit(files)).difference.startswith(why)


def test_a_link_may_lead_to_anything(made: Made) -> None:
    os.symlink("text.md", made.clone / "docs/link.md")
    assert made.likeness(made.commit({})).difference == "docs/link.md is a link or a submodule"


def test_what_is_not_checked_out_does_not_count(made: Made) -> None:
    after = made.commit({"pyproject.toml": "", "etc/feature.flag": ""})
    found = made.likeness(after, paths=["lib"])
    assert (found.difference, found.files) == ("", 0)


def test_another_folder_on_the_path_counts(made: Made) -> None:
    after = made.commit({"src/tiny/__init__.py": ""})
    found = made.likeness(after, import_root=["src", "lib"])
    assert found.difference == "src, which is on the path, is in one of the commits"


def test_very_many_new_names_count_as_looked_for(made: Made) -> None:
    after = made.commit({f"docs/{n}.rst": "" for n in range(500)})
    assert made.likeness(after).difference == "500 names are in one of the commits"


def test_names_that_are_patterns_are_taken_as_they_are(made: Made) -> None:
    found = made.likeness(made.commit({"docs/.*": "", "docs/[a-z]+(": "", "docs/*.py": ""}))
    assert found.difference == ""


def test_the_nearest_measured_commits_are_asked(made: Made) -> None:
    commits = [made.before, *(made.commit({"docs/text.md": f"{n}\n"}) for n in range(6))]
    project = made.project()
    repository = Repository(project.repo, project.name)
    measured = {commits[n][:8] for n in (0, 1, 2, 3, 5, 6)}
    assert neighbours(project, repository, commits[3], measured) == [
        commits[n] for n in (2, 1, 5, 6)
    ]


def test_a_list_of_paths_that_is_not_what_it_was_is_none(tmp_path: Path) -> None:
    name = OPENED.save(tmp_path)
    assert load_opened(tmp_path, name) == OPENED
    assert OPENED.save(tmp_path) == name
    path = tmp_path / f"{name}.opened"
    path.write_text(path.read_text().replace("plugins", "others"))
    assert load_opened(tmp_path, name) is None
    assert OPENED.save(tmp_path) == name
    assert load_opened(tmp_path, name) == OPENED
    assert load_opened(tmp_path, "0" * 16) is None
    assert load_opened(tmp_path, "../machine") is None
