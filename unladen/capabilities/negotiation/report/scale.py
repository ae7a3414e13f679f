"""How far it is to many agents and many messages a second, and what limits first."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series, as_number, setting
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, Figure, derived, percent, rough, share, written

CAPABILITY = "negotiation"
BASELINE = "negotiation.baseline.Run"

GOAL_AGENTS = 1000
GOAL_MESSAGES = 100
"""The scale that a target is measured against: agents, and messages a second."""

_GIGABYTE = 1e9
_PLENTY = 0.5
"""A core is enough if the goal takes less than this share of it."""


def write(results: CommitResults) -> Section | None:
    """The goal of a thousand agents and a hundred messages a second."""
    agents, blocks = _agents(results), _messages(results)
    limit, finding = _first_limit(results)
    every = [*agents, *blocks, *limit]
    if not every:
        return None
    title = "Extrapolation: many agents, many messages a second"
    return Section(title, every, [(1, finding)] if finding else [])


def _agents(results: CommitResults) -> list[Block]:
    """One negotiation with so many agents."""
    text = Prose()
    goal = setting(GOAL_AGENTS, "agent", "agents")
    peak, is_measured = _at_goal(results, "traced_peak", "sdk_bytecodes")
    kept, _ = _at_goal(results, "retained_bytes", "retained_bytes")
    cpu, _ = _at_goal(results, "cpu", "bytecodes")
    how = "measured, not extrapolated" if is_measured else "extrapolated by the growth laws"
    said = text.say(
        f"The figures for one negotiation with {{}} are {how}: it takes {{}} of CPU time, holds up "
        "to {} meanwhile, and {} with its result.",
        goal,
        cpu,
        peak,
        kept,
    )
    if said and kept is not None and kept.value > 0:
        held = _GIGABYTE / kept.value
        text.say(
            "A gigabyte would keep the results of about {} of them.",
            derived(held, rough(held), [kept]),
        )
    makespan, _ = _at_goal(results, "makespan", "makespan")
    text.say(
        "With a model that answers all calls at once it would be over in {} of virtual time.",
        makespan,
    )
    return text.paragraph()


def _at_goal(results: CommitResults, name: str, quantity: str) -> tuple[Figure | None, bool]:
    """A figure of the scaling at the goal, and whether it was measured there. Else the
    largest size's, grown by the law of ``quantity``."""
    series = results.asked(CAPABILITY, f"scaling.{name}")
    if series is None:
        return None, False
    goal = str(GOAL_AGENTS)
    if series.has(agents=goal) and (figure := series.at(agents=goal)) is not None:
        return figure, True
    known = [(as_number(params["agents"]), figure) for params, figure in series.figures()]
    laws = results.asked(CAPABILITY, "scaling.exponent")
    exponent = laws.at(quantity=quantity) if laws is not None else None
    if not known or exponent is None:
        return None, False
    size, largest = max(known)
    value = largest.value * (GOAL_AGENTS / size) ** exponent.value
    return derived(value, written(value, series.info.unit), [largest, exponent]), False


def _messages(results: CommitResults) -> list[Block]:
    """What so many model calls a second cost."""
    calls, cpu, events = _plain(results)
    if calls is None or cpu is None:
        return []
    text = Prose()
    a_second = calls.value / cpu.value
    text.say(
        "A message is taken to be a model call, its prompt and its answer. A negotiation of {} "
        "makes {} and takes {} of CPU time, so one core carries about {} messages a second "
        "(reckoned from one negotiation at a time, not measured as a load).",
        _held(results, "agents", "agent", "agents"),
        calls,
        cpu,
        derived(a_second, rough(a_second), [calls, cpu]),
    )
    if events is not None:
        many = events.value / cpu.value
        text.say(
            "Counted in events that it announces, {} a negotiation, it is about {} a second.",
            events,
            derived(many, rough(many), [events, cpu]),
        )
    busy = GOAL_MESSAGES / a_second
    text.say(
        "{} messages a second would keep {} of one core busy.",
        setting(GOAL_MESSAGES),
        derived(busy, percent(busy), [calls, cpu]),
    )
    return text.paragraph()


def _held(results: CommitResults, *name_and_nouns: str) -> Fact | None:
    """What the plain negotiation holds fixed."""
    series: Series | None = results.series(f"{BASELINE}.track_model_calls")
    return series.held(*name_and_nouns) if series is not None else None


def _plain(results: CommitResults) -> tuple[Figure | None, Figure | None, Figure | None]:
    calls, cpu, events = (
        results.value(f"{BASELINE}.{name}", scenario="plan")
        for name in ("track_model_calls", "time_cpu", "track_events")
    )
    return calls, cpu if cpu is not None and cpu.value > 0 else None, events


def _first_limit(results: CommitResults) -> tuple[list[Block], Spans | None]:
    """Which comes first: the SDK's work, or the provider."""
    calls, cpu, _ = _plain(results)
    if calls is None or cpu is None:
        return [], None
    text = Prose()
    busy = GOAL_MESSAGES * cpu.value / calls.value
    plain = results.series(f"{BASELINE}.track_model_calls")
    model_seconds = plain.info.holds.get("latency_s") if plain is not None else None
    if model_seconds is None:
        return [], None
    needed = setting(GOAL_MESSAGES * model_seconds, "call", "calls")
    core = derived(busy, percent(busy), [calls, cpu])
    finding: Spans | None = None
    if busy < _PLENTY:
        text.say(
            "So CPU is not what limits first. At {} a call, {} messages a second are {} under way "
            "at the same time: the provider must serve as many.",
            setting(model_seconds, "s"),
            setting(GOAL_MESSAGES),
            needed,
        )
        finding = sentence(
            "At {} messages a second the SDK would need {} of a core; the provider limits first, "
            "for {} would be under way at once.",
            setting(GOAL_MESSAGES),
            core,
            needed,
        )
    else:
        text.say("So the SDK's own work limits first: that is {} of a core.", core)
        finding = sentence(
            "At {} messages a second the SDK's own work limits first: it would need {} of a core.",
            setting(GOAL_MESSAGES),
            core,
        )
    _say_provider(text, results)
    _say_offers(text, results)
    return text.paragraph(), finding


def _say_provider(text: Prose, results: CommitResults) -> None:
    """How near the largest request limit that was measured comes to the goal."""
    series = results.asked(CAPABILITY, "limits.makespan")
    limits = [as_number(point) for point in series.points(series.axis("limit"))] if series else []
    if series is None or not limits:
        return
    a_second = max(limits) / 60
    sources = [Figure(max(limits), f"{max(limits):,g}", (series.source(None),))]
    text.say(
        "The largest limit of requests that was measured, {} a minute, is {} a second, {} of that.",
        sources[0],
        derived(a_second, rough(a_second), sources),
        derived(a_second / GOAL_MESSAGES, percent(a_second / GOAL_MESSAGES), sources),
    )


def _say_offers(text: Prose, results: CommitResults) -> None:
    """What happens to as many offers as the goal has agents where slots are few: measured as
    several negotiations that add up to it."""
    lost = results.asked(CAPABILITY, "latency.lost")
    makespan = results.asked(CAPABILITY, "latency.makespan")
    if lost is None or makespan is None:
        return
    agents, seconds = (makespan.info.holds.get(one) for one in ("agents", "read_at_latency_s"))
    if agents is None or seconds is None:
        return
    axes = [lost.axis(role) for role in ("latency", "runs", "slots")]
    count = f"{GOAL_AGENTS / agents:g}"
    slots = [slot for slot in lost.points(axes[-1]) if slot.isdecimal()]
    for slot in slots[:1]:
        where = dict(zip(axes, (f"{seconds:g}", count, slot), strict=True))
        if not lost.has(**where):
            return
        gone, took = lost.at(**where), makespan.at(**where)
        if gone is None or took is None:
            return
        asked = Figure(GOAL_AGENTS, f"{GOAL_AGENTS:,}", gone.sources)
        text.say(
            "{} offers at once have been measured, as {} negotiations of {} with {} slots: with "
            "{} a call they take {}, and {} of the offers, {}, are lost.",
            asked,
            Fact(count),
            setting(agents, "agent", "agents"),
            Fact(slot),
            setting(seconds, "s"),
            took,
            gone,
            share(gone, asked),
        )
