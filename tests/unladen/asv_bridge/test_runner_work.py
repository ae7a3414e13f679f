"""Which processes there are for a selection, on processes that are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from unladen.asv_bridge.runner.forks import Done, WorkStep
from unladen.asv_bridge.runner.plan import Plan, plan_of
from unladen.asv_bridge.runner.work import Work


def series(name: str, cells: int = 0, **more: Any) -> dict[str, Any]:
    """A series as asv describes it, exact unless it is said otherwise."""
    params = [[str(n) for n in range(cells)]] if cells else []
    return {"name": name, "params": params, "timeout": 60.0, "kind": "exact", **more}


def plan(*described: Mapping[str, Any], rounds: Sequence[int] | None = None, **extra: Any) -> Plan:
    """The plan of a run of all of these."""
    return plan_of({one["name"]: one for one in described}, {}, extra, rounds)


class MadeUp:
    """Processes that do nothing. ``started``: what each is to do; ``most``: at one time;
    ``lacking``: cells that are n/a; ``deadly``: cells whose process dies, if it has others too."""

    def __init__(self, folder: Path, lacking: Sequence[str] = (), deadly: str = "") -> None:
        self.started: list[list[str]] = []
        self.frozen: dict[str, bool] = {}
        self.most = 0
        self._folder = folder
        self._lacking = lacking
        self._deadly = deadly
        self._under_way: list[tuple[int, Sequence[WorkStep], bool]] = []

    def file(self, name: str) -> str:
        return str(self._folder / name)

    def start(self, steps: Sequence[WorkStep], folder: str, *, together: bool, frozen: bool) -> int:
        self.started.append([f"{step.do} {step.name}" for step in steps])
        self.frozen.update(dict.fromkeys((step.name for step in steps), frozen))
        self._under_way.append((len(self.started), steps, together))
        self.most = max(self.most, len(self._under_way))
        return len(self.started)

    def next_done(self) -> tuple[int, list[Done]]:
        number, steps, together = self._under_way.pop(0)
        done: list[Done] = []
        for step in steps:
            is_lacking = step.name in self._lacking
            is_over = done and done[-1].code is None
            is_dead = together and step.name == self._deadly
            if is_over or is_dead or (step.do == "skip" and not is_lacking):
                done.append(Done("", None, 0.0))
            else:
                Path(step.result or self.file("cache")).write_text("NaN" if is_lacking else "1")
                done.append(Done(f"of {step.name}", 0, 2.0))
        return number, done


def work(processes: MadeUp, planned: Plan, jobs: int = 1) -> Work:
    """Of these processes, whatever asv says about them."""
    return Work(processes, planned, jobs, lambda done, of: None)  # type: ignore[arg-type]


def ask_all(done: Work, planned: Plan) -> dict[str, str]:
    """What asv's loop asks for, in its order; the output of each cell."""
    for cache in planned.caches.values():
        done.cache(cache.benchmark, cache.limit, planned.cache_params)
    return {
        name: done.cell(name, planned.params, one.limit, "/").output
        for name, one in planned.cells.items()
    }


def test_a_plan_tells_who_reads_who_measures_and_who_is_noisy() -> None:
    described = [
        series("a.reads", 2, setup_cache_key="a:1", setup_cache_timeout=90),
        series("a.measures", setup_cache_key="a:1", alone=True),
        series("a.noisy", setup_cache_key="a:1", kind="sampled", rounds=2),
        series("b.noisy", setup_cache_key="b:1", kind="sampled"),
        series("c.unknown", kind=None),
    ]
    found = plan(*described)
    assert {name for name, one in found.cells.items() if one.only_reads} == {
        "a.reads-0",
        "a.reads-1",
    }
    assert [name for name, one in found.cells.items() if not one.is_exact] == [
        "a.noisy",
        "b.noisy",
        "c.unknown",
    ]
    assert [(one.key, one.limit, one.is_exact) for one in found.caches.values()] == [
        ("a:1", 90.0, True),
        ("b:1", 60.0, False),
    ]
    assert [*plan(*described, rounds=[2]).cells] == ["a.noisy"]
    assert plan(*described, rounds=None, number=1).params == '{"number": 1}'


def test_what_reads_from_a_cache_is_read_in_one_process(tmp_path: Path) -> None:
    planned = plan(
        series("a.reads", 3, setup_cache_key="a:1"),
        series("a.too", setup_cache_key="a:1"),
        series("a.noisy", setup_cache_key="a:1", kind="sampled"),
        series("a.measures", 2),
    )
    processes = MadeUp(tmp_path)
    said = ask_all(work(processes, planned), planned)
    assert said == {name: f"of {name}" for name in planned.cells}
    assert processes.started == [
        ["cache a.noisy"],
        ["run a.measures-0"],
        ["run a.measures-1"],
        ["run a.noisy"],
        ["run a.reads-0", "run a.reads-1", "run a.reads-2", "run a.too"],
    ]
    assert [name for name, is_frozen in processes.frozen.items() if not is_frozen] == ["a.noisy"]


def test_where_a_process_dies_the_rest_goes_one_by_one(tmp_path: Path) -> None:
    planned = plan(series("a.reads", 4, setup_cache_key="a:1"))
    processes = MadeUp(tmp_path, deadly="a.reads-1")
    said = ask_all(work(processes, planned), planned)
    assert said == {name: f"of {name}" for name in planned.cells}
    assert [len(steps) for steps in processes.started] == [1, 4, 1, 1, 1]
    assert "run a.reads-0" not in [one for steps in processes.started[2:] for one in steps]


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_a_commit_lacks_costs_few_processes(tmp_path: Path, jobs: int) -> None:
    planned = plan(
        series("a.one", 20), series("a.noisy", 20, kind="sampled", rounds=2), series("b.two", 2)
    )
    lacking = [name for name in planned.cells if name.startswith("a.") and name != "a.one-10"]
    processes = MadeUp(tmp_path, lacking=lacking)
    done = work(processes, planned, jobs)
    assert ask_all(done, planned) == {name: f"of {name}" for name in planned.cells}
    assert ask_all(done, planned).keys() == planned.cells.keys()  # a second round
    assert (
        len([steps for steps in processes.started if steps[0].startswith("run a.")]) <= 2 + jobs * 2
    )
    assert ["run a.one-10"] in processes.started


def test_what_is_expected_later_is_measured_when_it_is_asked_for(tmp_path: Path) -> None:
    planned = plan(series("a.one", 3), series("b.noisy", 2, kind="sampled"))
    lacking = [name for name in planned.cells if name.startswith("a.")]
    processes = MadeUp(tmp_path, lacking=lacking)
    done = work(processes, plan(), jobs=2)
    done.expect(planned)
    assert processes.started == []
    done.cell("b.noisy-1", planned.params, 60, "/")
    assert processes.started == [["run b.noisy-1"]]
    del processes.started[:]
    for name in lacking:
        assert done.cell(name, planned.params, 60, "/").is_skipped
    assert processes.started == [["run a.one-0"], ["skip a.one-1", "skip a.one-2"]]


def test_with_several_jobs_what_is_noisy_is_alone(tmp_path: Path) -> None:
    planned = plan(
        series("a.reads", 3, setup_cache_key="a:1"),
        series("a.noisy", 2, setup_cache_key="a:1", kind="sampled"),
        series("b.noisy", 2, kind="sampled"),
        series("b.measures", 5),
        series("c.real", setup_cache_key="c:1", kind="sampled"),
    )
    processes = MadeUp(tmp_path)
    done = work(processes, planned, 3)
    assert done.cell("b.noisy-0", planned.params, 60.0, "/").output == "of b.noisy-0"
    assert processes.most == 3
    noisy = [one for steps in processes.started for one in steps if "noisy" in one]
    assert noisy == ["cache a.noisy", "run b.noisy-0"]
    assert processes.started[-1] == ["run b.noisy-0"]
    assert ["cache c.real"] not in processes.started
    processes.most = 0
    assert ask_all(done, planned) == {name: f"of {name}" for name in planned.cells}
    assert processes.most == 1
    assert done.seconds["a.reads"] == 6.0
