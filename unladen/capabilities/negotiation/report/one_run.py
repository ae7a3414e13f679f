"""One negotiation, and where its time and its work go."""

from __future__ import annotations

from unladen.capabilities.negotiation.report.wording import WORDING
from unladen.report.charts import Bar, bars
from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, Figure, share, total, written
from unladen.report.own_work import say_own_work
from unladen.store.series import Status

CLASS = "negotiation.baseline.Run"
PHASES = "negotiation.baseline.Phases"

_ROWS = (
    ("from start to plan", "track_makespan"),
    ("model calls", "track_model_calls"),
    ("model calls at the same time", "track_peak_in_flight"),
    ("events announced", "track_events"),
    ("CPU time", "time_cpu"),
    ("bytecodes executed", "track_bytecodes"),
    ("of these in the SDK's own files", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
    ("most memory held meanwhile", "track_traced_peak"),
    ("memory held with the result", "track_retained_bytes"),
)


def write(results: CommitResults) -> Section | None:
    """One negotiation, by what the center does before it plans."""
    blocks = [*_plain(results), *_table(results), *_scenarios(results), *_import(results)]
    makespan = results.value(f"{CLASS}.track_makespan", scenario="plan")
    cpu = results.value(f"{CLASS}.time_cpu", scenario="plan")
    findings: list[tuple[int, Spans]] = []
    if makespan and cpu and _agents(results):
        findings.append(
            (
                1,
                sentence(
                    "A plain negotiation of {} takes {} of virtual time and {} of CPU time.",
                    _agents(results),
                    makespan,
                    cpu,
                ),
            )
        )
    return Section("One negotiation", blocks, findings) if blocks else None


def write_phases(results: CommitResults) -> Section | None:
    """Where the time and the work of a plain negotiation go."""
    seconds = results.series(f"{PHASES}.track_seconds")
    work = results.series(f"{PHASES}.track_bytecodes")
    if seconds is None or work is None:
        return None
    spent = {p["phase"]: f for p, f in seconds.figures()}
    done = {p["phase"]: f for p, f in work.figures()}
    phases = [phase for phase in seconds.points("phase") if phase in spent and phase in done]
    if not phases:
        return None
    all_seconds = total([spent[p] for p in phases], "seconds")
    all_work = total([done[p] for p in phases], "bytecodes")
    text = Prose()
    text.say(
        "The {} of a plain negotiation are spent in these phases: {}.",
        all_seconds,
        listed([[spent[p], " in ", Fact(p)] for p in phases]),
    )
    busiest = max(phases, key=lambda phase: done[phase].value)
    text.say(
        "Of the work, {} bytecodes on all sides, the phase {} takes the most, {}.",
        all_work,
        busiest,
        share(done[busiest], all_work),
    )
    still = [phase for phase in phases if not spent[phase].value]
    if still:
        text.say(
            "No virtual time passes in {}: what happens there costs CPU only, for the mock user "
            "confirms at once.",
            listed([Fact(phase) for phase in still]),
        )
    rows: list[list[Spans]] = [
        [[Fact(phase)], [spent[phase]], [share(spent[phase], all_seconds) or "–"],
         [done[phase]], [share(done[phase], all_work) or "–"]]
        for phase in phases
    ]  # fmt: skip
    head: list[Spans] = [["phase"], ["virtual time"], ["share"], ["bytecodes"], ["share"]]
    drawn = [
        Bar(p, done[p].value / (all_work.value or 1), written(done[p].value, "bytecodes"))
        for p in phases
    ]
    plot = Plot(
        "negotiation-phases",
        bars("Bytecodes executed in each phase", drawn),
        ["Bytecodes executed in each phase of a plain negotiation."],
        [source for phase in phases for source in done[phase].sources],
    )
    table = Table(["Phases of a plain negotiation."], head, rows)
    return Section("Phases", [*text.paragraph(), table, plot])


def _agents(results: CommitResults) -> Fact | None:
    series = results.series(f"{CLASS}.track_makespan")
    return series.held("agents", "agent", "agents") if series is not None else None


def _plain(results: CommitResults) -> list[Block]:
    def value(name: str) -> Figure | None:
        return results.value(f"{CLASS}.{name}", scenario="plan")

    text = Prose()
    agents = _agents(results)
    calls, makespan = value("track_model_calls"), value("track_makespan")
    text.say(
        "A negotiation formulates the demand, asks every agent for an offer and lets a center plan "
        "from the offers. With {} it takes {} of virtual time and {}.",
        agents,
        makespan,
        calls and calls.counted("model call", "model calls"),
    )
    peak = value("track_peak_in_flight")
    text.say("Up to {} of them are under way at the same time.", peak)
    rest = "; the rest is asyncio, the libraries it calls and the mock world"
    say_own_work(text, results, CLASS, rest, scenario="plan")
    return text.paragraph()


def _table(results: CommitResults) -> list[Block]:
    series = [(label, results.series(f"{CLASS}.{name}")) for label, name in _ROWS]
    known = [(label, one) for label, one in series if one is not None]
    if not known:
        return []
    scenarios = [
        point
        for point in known[0][1].points("scenario")
        if any(one.at(scenario=point) for _, one in known)
    ]
    rows: list[list[Spans]] = [
        [[label], *([one.at(scenario=point) or "–"] for point in scenarios)] for label, one in known
    ]
    head: list[Spans] = [["figure"], *([Fact(point)] for point in scenarios)]
    caption = sentence(
        "One negotiation{}, by what the center does before it plans.", WORDING.size(known[0][1])
    )
    return [Table(caption, head, rows)]


_VERBS = {
    Status.NOT_APPLICABLE: "cannot happen at this commit",
    Status.FAILED: "failed",
    Status.WRONG: "ended without doing what was asked",
}


def _scenarios(results: CommitResults) -> list[Block]:
    """What the scenarios without a value lack, and what is wrong with others."""
    series = results.series(f"{CLASS}.track_makespan")
    if series is None:
        return []
    reasons: dict[tuple[Status, str], list[str]] = {}
    for cell in range(len(series.info.cells)):
        if series.status(cell) in _VERBS:
            scenario = series.params(cell)["scenario"]
            reason = series.reason(cell).removeprefix(f"scenario {scenario}: ")
            reasons.setdefault((series.status(cell), reason), []).append(scenario)
    text = Prose()
    for (status, reason), scenarios in reasons.items():
        one = len(scenarios) == 1
        noun = "scenario" if one else "scenarios"
        verb = _VERBS[status]
        text.say(
            f"The {noun} {{}} {verb}{{}}.",
            listed([Fact(scenario, code=True) for scenario in scenarios]),
            [": ", Fact(reason)] if reason else "",
        )
    return text.paragraph()


def _import(results: CommitResults) -> list[Block]:
    text = Prose()
    modules = results.value("imports.Import.track_modules")
    text.say(
        "To import the SDK loads {} modules and takes {} of CPU time.",
        modules,
        results.value("imports.Import.sample_cpu"),
    )
    return text.paragraph()
