"""One history: what `run` chooses is what all that read results show, whatever its shape.

``UNLADEN_EXAMPLES``: how many random histories; CI takes few.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from made_histories import Model, models, steps_of
from made_lines import SERIES, MadeProject, make_project
from made_measuring import measuring
from moving_sample import is_all_tried

from unladen.compare.bisect.run import bisect
from unladen.compare.gate.model import Judgement
from unladen.compare.gate.run import Options, gate
from unladen.errors import UserError
from unladen.history.lines import lines_of
from unladen.history.ranges import chosen_commits
from unladen.repo.repository import open_repository
from unladen.report.commit_results import load_commit_results
from unladen.site.load import load_site_changes

pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="longest", one_in=4)]

EXAMPLES = int(os.environ.get("UNLADEN_EXAMPLES", "8" if is_all_tried() else "4"))

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def written(model: Model) -> Iterator[MadeProject]:
    """The model as a project with nothing measured."""
    with tempfile.TemporaryDirectory() as folder:
        yield make_project(Path(folder, "project"), model.commits, model.tips)


def chosen(project: MadeProject, wanted: str | None, measured: Sequence[str] = ()) -> list[str]:
    """What `run` measures."""
    conf = project.read()
    hashes = [project.made.hashes[name] for name in measured]
    found = chosen_commits(conf, open_repository(conf), wanted, lambda: hashes)
    return project.made.named(*found)


@many
@given(models(), st.data())
def test_what_run_chooses_is_what_is_shown(model: Model, data: st.DataObject) -> None:
    with written(model) as project:
        everything = chosen(project, None)
        expected = {name for tip in model.tips.values() for name in model.scope(tip)}
        assert sorted(everything) == sorted(expected)
        every_name = [made.name for made in model.commits]
        measured = [name for name in everything if data.draw(st.integers(0, 4))]
        aside = [name for name in every_name if not data.draw(st.integers(0, 6))]
        stored = sorted({*measured, *aside})
        assume(stored)
        project.store(stored)
        values = {name: model.value(name) for name in stored}
        assert {name: project.value(name) for name in stored} == values
        lines = lines_of(project.read(), open_repository(project.read()))
        for branch, tip in model.tips.items():
            line = model.line(tip)
            shown = [name for name in line if name in values or model.in_scope(name)]
            if not any(name in values for name in line):
                assert project.unladen("changes", "--branch", branch)[0] == 2
                continue
            steps = steps_of(model, shown, values)
            assert_shown(project, branch, shown, steps)
            on_line = [name for name in line if name in values]
            code, out, err = project.unladen("table", "--json", "--branch", branch)
            assert code == 0, err
            assert project.name(json.loads(out)[0]["commit"]) == on_line[-1]
            measured_commit = load_commit_results(project.read(), branch=branch)
            names = project.made.named(*(one.hash for one in measured_commit.history.commits))
            assert names == on_line
            on_site = next(one for one in lines if one.branch == branch)
            history = load_site_changes(project.read(), on_site).history
            assert project.made.named(*(one.hash for one in history.commits)) == shown


def assert_shown(
    project: MadeProject, branch: str, shown: Sequence[str], steps: Sequence[Any]
) -> None:
    """`changes` shows these commits and blames these steps."""
    code, out, err = project.unladen("changes", "--json", "--branch", branch)
    assert code == 0, err
    data = json.loads(out)
    assert [project.name(one["commit"]) for one in data["commits"]][::-1] == list(shown)
    found = [
        (
            project.name(one["commit"]),
            project.name(one["first_suspect"]),
            one["before"]["value"],
            one["after"]["value"],
        )
        for one in data["changes"]
    ][::-1]
    assert found == [(one.commit, one.suspect, one.before, one.after) for one in steps]


@many
@given(models(), st.data())
def test_ranges_of_run(model: Model, data: st.DataObject) -> None:
    with written(model) as project:
        older, newer = (
            data.draw(st.sampled_from([made.name for made in model.commits])) for _ in range(2)
        )
        hashes = project.made.hashes
        expected = [name for name in model.scope(newer) if name not in model.ancestors(older)][::-1]
        held = model.ancestors(older)
        if all(name in held for name in model.line(newer)):
            with pytest.raises(UserError):
                chosen(project, f"{hashes[older]}..{hashes[newer]}")
        else:
            assert chosen(project, f"{hashes[older]}..{hashes[newer]}") == expected
        assert chosen(project, hashes[newer]) == model.scope(newer)[::-1]
        assert chosen(project, f"{hashes[newer]}^!") == [newer]
        measured = model.scope(newer)
        for branch in model.tips:
            scope = model.scope(model.tips[branch])
            last = max((n for n, name in enumerate(scope) if name in measured), default=-1)
            assert set(scope[last + 1 :]) <= set(chosen(project, "NEW", measured))


@many
@given(models(), st.data())
def test_the_gate_compares_what_a_branch_changes_and_bisect_names_who(
    model: Model, data: st.DataObject
) -> None:
    names = sorted(model.tips)
    assume(len(names) > 1)
    base, head = data.draw(st.permutations(names))[:2]
    tips = model.tips[base], model.tips[head]
    common = model.merge_bases(*tips)
    with written(model) as project, measuring(project):
        options = Options(kinds=("exact",))
        if len(common) != 1 or (common == {tips[1]} and tips[0] != tips[1]):
            with pytest.raises(UserError) as refused:
                gate(project.read(), base, head, options, lambda _: None)
            assert "\n" not in str(refused.value)
            return
        (cut,) = common
        result = gate(project.read(), base, head, options, lambda _: None)
        assert project.name(result.base.hash) == cut
        assert project.name(result.head.hash) == tips[1]
        assert (result.cut is None) == (cut == tips[0])
        if result.cut is not None:
            own = [name for name in model.line(tips[0]) if name not in model.ancestors(cut)]
            assert result.cut.commits == len(own)
        new = model.trees[tips[1]] - model.trees[cut]
        assert result.same_code == (not new)
        if not new:
            return
        if result.cut is not None:
            assert len(result.cut.changed) == (model.trees[tips[0]] != model.trees[cut])
        rise = model.value(tips[1]) > model.value(cut)
        worse, better = (
            (Judgement.REGRESSION, Judgement.MINOR),
            (Judgement.IMPROVEMENT, Judgement.MINOR_BETTER),
        )
        assert result.findings[0].judgement in (worse if rise else better)
        found = bisect(
            project.read(), SERIES.name, result.base.hash, result.head.hash, lambda _: None
        )
        assert found.ends.differ
        (blamed,) = project.made.named(*(one.hash for one in found.found))
        brought = model.trees[blamed] - model.trees[model.parents(blamed)[0]]
        assert brought & new
        change = model.value(blamed) - model.value(model.parents(blamed)[0])
        assert (change > 0) == rise
