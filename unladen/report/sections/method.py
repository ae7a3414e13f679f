"""On what it was measured, and what the figures are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from unladen.report.commit_results import CommitResults, commit_fact, setting
from unladen.report.document import Block, Paragraph, Prose, Section, sentence
from unladen.report.figures import Fact
from unladen.store.records import Circumstances
from unladen.text.counts import count_text
from unladen.text.dates import day
from unladen.text.units import quantity


def write(results: CommitResults, checked: Sequence[str]) -> Section:
    """Environment and method. ``checked``: what is checked of every run, by capability."""
    blocks = [*_figures(results, checked), *_commits(results)]
    environment = results.record.environment
    if environment is None:
        blocks.append(Paragraph(sentence("On what machine it was measured is not recorded.")))
    else:
        blocks += _environment(environment)
    return Section("Environment and method", blocks)


def _figures(results: CommitResults, checked: Sequence[str]) -> list[Block]:
    what = Prose()
    what.say(
        "All figures are mock figures: every model call is answered by a mock, whose latency "
        "passes on a virtual clock. They say what the SDK adds to the model's time, not how long a "
        "real model takes or how good its answers are."
    )
    what.say("Unless the text says otherwise a model call takes {}.", _usual_latency(results))
    what.say(
        "Runs are checked{}. Where that may go wrong, under a slow or limited provider and with "
        "faults, what goes wrong is a figure itself.",
        [": ", "; ".join(checked)] if checked else "",
    )
    kinds = Prose()
    kinds.say(
        "Figures are of two kinds. Exact ones (virtual seconds, calls, outcomes, bytes, executed "
        "bytecodes) repeat to the digit in any process, so a difference between two commits is a "
        "fact about the later one. Sampled ones (CPU time, resident memory, the lag of the event "
        "loop) depend on the machine and are noisy; read them as orders of magnitude."
    )
    kinds.say(
        "Bytecodes, not CPU time, tell which function works how much: shares of CPU time would not "
        "repeat. They do not see what C code does."
    )
    return [*what.paragraph(), *kinds.paragraph()]


def _usual_latency(results: CommitResults) -> Fact | None:
    """What most series hold the latency of a model call at."""
    held = [one.info.holds["latency_s"] for one in results.all_series()
            if "latency_s" in one.info.holds]  # fmt: skip
    return setting(Counter(held).most_common(1)[0][0], "s") if held else None


def _commits(results: CommitResults) -> list[Block]:
    commits = results.commits
    text = Prose()
    text.say(
        "The report is of commit {} of {}.",
        commit_fact(results.commit),
        Fact(day(results.commit.date)),
    )
    if len(commits) > 1:
        text.say(
            "What it says of the history rests on {} measured commits, the first of them {} of {}, "
            "in the order of their dates.",
            Fact(f"{len(commits):,}"),
            commit_fact(commits[0]),
            Fact(day(commits[0].date)),
        )
    return text.paragraph()


def _environment(environment: Circumstances) -> list[Block]:
    text = Prose()
    text.say(
        "It was measured on {} with {}, {} of memory and {}, on {} {}.",
        Fact(environment.cpu or "an unnamed processor"),
        Fact(count_text(environment.cores, "core")),
        Fact(quantity(environment.memory, "bytes", "sampled")),
        Fact(f"{environment.os} {environment.kernel}"),
        Fact(environment.implementation),
        Fact(environment.python),
    )
    text.say(
        "The benchmarks ran under asv {} with asv_runner {}; the environment holds {} packages, "
        "all of them pinned and named in the record beside the results.",
        Fact(environment.asv),
        Fact(environment.asv_runner),
        Fact(f"{len(environment.packages):,}"),
    )
    return text.paragraph()
