"""A capability gets makespan, work, memory, concurrency, limits, cancellation, leaks, faults, a row
of the portal and its part of the report by adding files of its own: *echo*, one call to the model.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from echo_tree import ADDED, ROOT, EchoTree, Table, grow, table_of

# Most of it is to measure the capability, once for all.
pytestmark = [pytest.mark.slow, pytest.mark.every_commit]

QUESTIONS = {
    path.stem
    for path in (ROOT / "benchmarks" / "questions").glob("[!_]*.py")
    if re.search(r"^@series\(", path.read_text(), re.MULTILINE)
}
"""The modules of questions that can be asked of any capability."""

OTHERS = {file.stem for file in (ROOT / "targets" / "protocols").glob("[!_]*.py")}
OTHER = min(OTHERS)
"""The capabilities that the SDK does not have, and one of them."""

NOT_ASKED = {"pressure"}
"""Of those, what is not asked of echoes."""

HANG = (
    "proved at 0 virtual seconds: nothing is runnable, no timer is armed; waiting:\n"
    "__init__.py:{line} in say"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> EchoTree:
    """The rooms with echo's files added. Tests leave them as they are."""
    return grow(tmp_path_factory.mktemp("echo"))


@pytest.fixture(scope="module")
def before(tree: EchoTree) -> dict[str, str]:
    """The content of the rooms before anything is measured."""
    return tree.digests()


@pytest.fixture(scope="module")
def table(tree: EchoTree, before: dict[str, str]) -> Table:
    """What asv measured of the SDK and stored."""
    tree.unladen(
        *("run", "-E", "existing", "--set-commit-hash", tree.commit, "--machine", "lab"),
        *("--bench", rf"^(echo|imports|{OTHER}\.baseline\.Run)\."),
    )
    return table_of(tree)


def test_only_files_of_its_own_are_added(
    tree: EchoTree, before: dict[str, str], table: Table
) -> None:
    added = {path.relative_to(ADDED).as_posix() for path in ADDED.rglob("*") if path.is_file()}
    added = {path for path in added if "__pycache__" not in path}
    kept = {path: digest for path, digest in before.items() if path not in added}
    originals = EchoTree(ROOT, tree.sdk).digests()
    assert added <= set(before)
    assert kept == {path: originals[path] for path in kept}
    assert tree.digests() == before
    assert all({"echo", "echo.py", "toy"}.intersection(path.split("/")) for path in added)


def test_it_is_asked_every_question(table: Table) -> None:
    asked = {
        node.attr and node.value.id
        for path in (ADDED / "benchmarks" / "echo").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert QUESTIONS - asked == NOT_ASKED
    measured = [name for name in table.rows if name.startswith("echo.")]
    assert len(measured) > 40


def test_every_cell_has_a_value_or_says_why_it_can_have_none(table: Table) -> None:
    statuses = {
        (name, cell): row.status
        for name, rows in table.rows.items()
        if name.startswith(("echo.", "imports."))
        for cell, row in rows.items()
    }
    absent = {key for key, status in statuses.items() if status == "n/a"}
    assert {*statuses.values()} == {"measured", "n/a"}
    # A function beyond the last one, and the seconds until the end of what never ends.
    assert {name for name, _ in absent} == {
        "echo.hotspots.Work.track_bytecodes",
        "echo.hotspots.Work.track_bytecodes_with_libraries",
        "echo.hotspots.Waits.track_seconds",
        "echo.hotspots.Waits.track_beyond_critical_path",
        "echo.faults.Run.track_seconds_to_outcome",
    }


def test_one_echo_is_one_call(table: Table) -> None:
    run = "baseline.Run.track_"
    assert table.one(f"{run}makespan") == 1.0
    assert table.one(f"{run}model_calls") == 1
    assert table.one(f"{run}peak_in_flight") == 1
    assert table.one(f"{run}events") == 1
    own, every = table.one(f"{run}sdk_bytecodes"), table.one(f"{run}bytecodes")
    assert own is not None
    assert every is not None
    assert 0 < own < every
    peak, kept = table.one(f"{run}traced_peak"), table.one(f"{run}retained_bytes")
    assert peak is not None
    assert kept is not None
    assert 0 < kept < peak
    assert own == table.of("hotspots.Work.track_bytecodes")["all",]


def test_echoes_at_once_overlap_and_are_not_mixed_up(table: Table) -> None:
    parallel = "concurrency.Parallel.track_"
    assert table.of(f"{parallel}makespan") == {("1",): 1.0, ("5",): 1.0, ("20",): 1.0}
    assert table.of(f"{parallel}peak_in_flight") == {("1",): 1, ("5",): 5, ("20",): 20}
    assert table.of(f"{parallel}crosstalk") == {("1",): 0, ("5",): 0, ("20",): 0}


def test_slots_and_latency_make_the_makespan(table: Table) -> None:
    makespan = table.of("latency.Model.track_makespan")
    efficiency = table.of("latency.Model.track_efficiency")
    for (latency, count, slots), value in makespan.items():
        turns = 1 if slots == "unlimited" else -(-int(count) // int(slots))
        assert value == pytest.approx(float(latency) * turns)
        assert efficiency[latency, count, slots] == pytest.approx(1 / turns)
    assert set(table.of("latency.Model.track_words_lost").values()) == {0}


def test_a_limit_of_requests_is_met_by_who_is_told_when_to_come_again(table: Table) -> None:
    """20 echoes where 10 are allowed a minute: toy asks once more, after a second if not told."""
    failed = table.of("limits.Provider.track_runs_failed")
    assert failed.pop(("10", "5", "none", "20")) == 10
    assert set(failed.values()) == {0}
    wasted = table.of("limits.Provider.track_calls_wasted")
    assert wasted["10", "5", "retry-after", "20"] == 10
    assert wasted["10", "5", "none", "20"] == 20
    # Of 1.1 s each, 9 turns of 5 end in less than 10 s; 5 % may be later.
    assert table.of("limits.Capacity.track_runs") == {("5 slots",): 47, ("60/min",): 63}


def test_it_does_not_grow_with_the_words(table: Table) -> None:
    assert set(table.of("scaling.Words.track_makespan").values()) == {1.0}
    growth = table.of("scaling.Growth.track_exponent")
    for quantity in ("makespan", "model_calls", "events", "bytecodes", "sdk_bytecodes"):
        assert growth[quantity,] == 0.0


def test_tokens_are_those_of_the_phrase_once_each_way(table: Table) -> None:
    asked = table.of("tokens.Words.track_prompt_tokens")
    assert asked == table.of("tokens.Words.track_reply_tokens")
    assert asked == table.of("tokens.Words.track_largest_prompt")
    assert asked["10",] == -(-len(_phrase_of_10_words()) // 4)
    assert set(table.of("tokens.Words.track_efficiency").values()) == {0.5}
    growth = table.of("tokens.Growth.track_exponent")["prompt_tokens",]
    assert growth == pytest.approx(1, abs=0.05)  # the mark is a part of each


def test_only_what_is_paid_for_in_vain_is_repeated(table: Table) -> None:
    """A refusal is free; an empty answer costs the prompt that was sent for it."""
    repeated = table.of("tokens.Spoilt.track_repeated_tokens")
    asked = table.of("tokens.Words.track_prompt_tokens")["10",]
    assert repeated == {
        ("nothing",): 0,
        ("503",): 0,
        ("empty answer",): asked,
        ("late answer",): 0,
    }


def test_cancelling_leaves_nothing(table: Table) -> None:
    run = "cancellation.Run.track_"
    assert table.one(f"{run}points") == 2
    for wrong in ("swallowed", "left_behind", "hangs", "seconds_to_end"):
        assert table.one(f"{run}{wrong}") == 0


def test_nothing_leaks(table: Table) -> None:
    for series in ("retained_bytes", "retained_objects", "results_alive"):
        left = table.of(f"memory.Leak.track_{series}")
        assert left == {("plain",): 0, ("faults",): 0, ("cancelled",): 0}


def test_every_fault_has_an_outcome(table: Table) -> None:
    outcomes = table.rows["echo.faults.Run.track_outcome"]
    assert {cell[0]: row.word for cell, row in outcomes.items()} == {
        "echo: hangs": "hang",
        "echo: raises": "untyped crash",
        "echo: 503": "recovered",
        "echo: 503, every call": "typed error",
        "echo: 429 retry-after": "recovered",
        "echo: late": "recovered",
        "echo: empty": "typed error",
        "echo: 10 MB": "recovered",
        "listener: raises": "untyped crash",
    }
    asks = next(
        number
        for number, line in enumerate(_sdk().splitlines(), 1)
        if "await self._complete" in line
    )
    assert outcomes["echo: hangs",].note == HANG.format(line=asks)
    seconds = table.of("faults.Run.track_seconds_to_outcome")
    assert seconds["echo: 429 retry-after",] == 0.7 + 21 + 1
    lost = table.of("faults.Run.track_words_lost")
    assert lost["echo: hangs",] == lost["echo: empty",] == 10
    assert lost["echo: 503",] == 0


def test_the_report_speaks_of_echoes(tree: EchoTree, table: Table) -> None:
    text = re.sub(r"\[([^]]*)\]\[s\d[^]]*\]", r"\1", tree.unladen("report", "--all"))
    for line in (
        "## One echo",
        "An echo of 10 words takes 1 s of virtual time and 1 model call;",
        "## Scaling with the number of words",
        "## Concurrent echoes",
        "So many echoes of 10 words were started at the same moment on one engine: 1, 5 and 20.",
        "No result holds anything of another echo (0 foreign items).",
        "At most 63 echoes at once meet the service level",
        "Each of 9 faults was injected into an echo of an engine of its own;",
        "An echo was cancelled at each of the 2 points at which it can be interrupted",
        "200 echoes were run in a row on one engine",
        "## Tokens and money",
        f"this is paid for in vain: empty answer: {-(-len(_phrase_of_10_words()) // 4)} tokens.",
        "Runs are checked: every phrase came back word for word, by one call.",
        f"toy has no {OTHER} capability",
        f" values of `{OTHER}.baseline.Run`",
    ):
        assert line.lower() in text.lower()


@pytest.fixture(scope="module")
def site(tree: EchoTree, table: Table) -> Path:
    """The folder of the published sites."""
    tree.unladen("publish", "--no-pull")
    return tree.folder / "html"


def test_the_portal_has_its_row(site: Path) -> None:
    portal = re.sub(r"<[^>]*>|\s+", " ", (site / "index.html").read_text())
    assert re.search(r"Time of an echo\s+10 words\s.*\btoy\s+1 s\b", portal)


def test_the_pages_of_the_site_show_it(site: Path) -> None:
    data = _data(site / "toy" / "data" / "site.js")
    names = [series["name"] for series in data["series"]]
    views = data["views"]
    (scaling,), (concurrency,), (latency,) = (
        views["scaling"], views["concurrency"], views["latency"],
    )  # fmt: skip
    assert {scaling["capability"], concurrency["capability"], latency["capability"]} == {"echo"}
    assert names[concurrency["makespan"]] == "echo.concurrency.Parallel.track_makespan"
    assert names[concurrency["efficiency"]] == "echo.latency.Model.track_efficiency"
    assert "echo.scaling.Words.track_makespan" in [
        names[quantity["series"]] for quantity in scaling["quantities"]
    ]
    assert names[latency["lost"]] == "echo.latency.Model.track_words_lost"


def test_its_driver_is_found_sound(tree: EchoTree) -> None:
    done = tree.python("-m", "targets.check", "toy")
    told = dict.fromkeys(OTHERS, "no") | {"echo": "yes"}
    assert done.stdout.splitlines() == [f"{name}: {told[name]}" for name in sorted(told)]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.rotated(name="longest", one_in=4)
def test_it_obeys_the_rules_of_the_house(tree: EchoTree) -> None:
    """Layers and rooms; no capability imports another; what is shared speaks of none."""
    rules = [Path("tests", "project", f"test_{name}.py") for name in ("rooms", "capabilities")]
    for file in (Path("pyproject.toml"), *rules):
        (tree.folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, tree.folder / file)
    # Who speaks of a capability is found among tracked files; the tree is no repository.
    options = ("-q", "-p", "no:cacheprovider", "-k", "not speaks")
    done = tree.python("-m", "pytest", *options, *map(str, rules))
    assert done.returncode == 0, done.stdout
    layers = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = tree.python("-c", layers, "--no-cache")
    assert done.returncode == 0, done.stdout
    packages = ["benchmarks.echo", "mocks.worlds.echo", "targets.protocols", "targets.toy"]
    packages += ["unladen.capabilities.echo"]
    named = [option for package in packages for option in ("-p", package)]
    done = tree.python("-m", "mypy", *named)
    assert done.returncode == 0, done.stdout


def _phrase_of_10_words() -> str:
    """The first one that is said."""
    words = ("airspeed", "coconut", "migrate", "swallow", "unladen", "velocity")
    return " ".join(["#e00001", *(words[(1 + place) % 6] for place in range(10))])


def _sdk() -> str:
    return (ADDED.parent / "sdk" / "toy" / "__init__.py").read_text()


def _data(file: Path) -> dict[str, Any]:
    content = re.fullmatch(r'Unladen\.receive\("\w+",(.*)\);?\s*', file.read_text(), re.DOTALL)
    assert content is not None
    found: dict[str, Any] = json.loads(content[1])
    return found
