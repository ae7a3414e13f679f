"""What the SDK makes of each fault: expected, actual, since when."""

from __future__ import annotations

from collections import Counter

from unladen.report.charts import Bar, bars
from unladen.report.commit_results import CommitResults, OtherParameters, Series, commit_fact
from unladen.report.document import (
    Block,
    Bullets,
    Plot,
    Prose,
    Section,
    Spans,
    Table,
    listed,
    sentence,
)
from unladen.report.figures import Fact, Figure, share
from unladen.report.wording import Wording
from unladen.store.series import Status, cell_text

_HANG = "hang"
_ROBUST = "a robust SDK "


def write(results: CommitResults, words: Wording) -> Section | None:
    """Counts, the table of what is not as expected, the proofs of hangs."""
    outcomes = results.asked(words.capability, "faults.outcome")
    if outcomes is None:
        return None
    cells = range(len(outcomes.info.cells))
    met = [n for n in cells if outcomes.status(n) is Status.MEASURED]
    odd = [n for n in met if _is_odd(outcomes, n)]
    text = Prose()
    text.say(
        f"Each of {{}} faults was injected into {words.a_run} of an engine of its own; afterwards "
        f"the same engine had to do one more. {{}} as a robust SDK would, {{}} not.",
        outcomes.number_of(met),
        _ended(outcomes.number_of([n for n in met if n not in odd])),
        outcomes.number_of(odd),
    )
    absent = [n for n in cells if outcomes.status(n) is Status.NOT_APPLICABLE]
    if absent:
        text.say(
            "{} of the catalogue cannot happen to this SDK.",
            outcomes.number_of(absent).counted("case", "cases"),
        )
    failed = [n for n in cells if outcomes.status(n) is Status.FAILED]
    if failed:
        text.say("{} could not be judged.", outcomes.number_of(failed).counted("case", "cases"))
    counts = Counter(outcomes.figure(n).text for n in met)  # type: ignore[union-attr]
    ends = [word for word in outcomes.info.codes if counts[word]]
    if not ends:
        raise OtherParameters(f"{outcomes.name} has no words for its values")
    text.say(
        "By outcome: {}.",
        listed([[outcomes.number_of(range(counts[word])), " ", Fact(word)] for word in ends]),
    )
    _say_places(text, outcomes, met, odd)
    blocks: list[Block] = [*text.paragraph()]
    drawn = [Bar(word, counts[word], str(counts[word])) for word in ends]
    blocks.append(
        Plot(
            f"{words.capability}-faults",
            bars("Faults by their outcome, from good to bad", drawn),
            ["Faults by their outcome, from good to bad."],
            [outcomes.source(None)],
        )
    )
    blocks += _odd_table(outcomes, odd)
    blocks += _hangs(outcomes, words, met)
    blocks += _advice(outcomes, odd)
    finding = sentence(
        "Of {} faults {} end otherwise than in a robust SDK{}.",
        outcomes.number_of(met),
        outcomes.number_of(odd),
        _hang_words(outcomes, counts[_HANG]),
    )
    return Section("Faults", blocks, [(0 if odd else 3, finding)])


def _is_odd(outcomes: Series, cell: int) -> bool:
    figure = outcomes.figure(cell)
    value = None if figure is None else figure.value
    return outcomes.info.is_expected(outcomes.info.cells[cell], value) is False


def _ended(number: Figure) -> Figure:
    return number.counted("case ends", "cases end")


def _hang_words(outcomes: Series, hangs: int) -> list[str | Figure | Fact]:
    if not hangs:
        return ["; none hangs"]
    number = outcomes.number_of(range(hangs))
    return ["; ", number.counted("hangs", "hang"), " for ever"]


def _say_places(text: Prose, outcomes: Series, met: list[int], odd: list[int]) -> None:
    """Which parts are the weakest."""
    if not odd:
        return
    all_places = Counter(_place(outcomes, n) for n in met)
    odd_places = Counter(_place(outcomes, n) for n in odd)
    (place, number), *_ = sorted(
        odd_places.items(), key=lambda pair: (-pair[1] / all_places[pair[0]], -pair[1], pair[0])
    )
    wrong = outcomes.number_of(range(number))
    every = outcomes.number_of(range(all_places[place]))
    text.say("The weakest place is “{}”: {} of {} are not as expected.", Fact(place), wrong, every)
    where, count = max(odd_places.items(), key=lambda pair: (pair[1], pair[0]))
    if where != place:
        text.say(
            "The largest number, {}, {}, concerns “{}”.",
            outcomes.number_of(range(count)),
            share(outcomes.number_of(range(count)), outcomes.number_of(odd)),
            Fact(where),
        )


def _name(outcomes: Series, cell: int) -> str:
    return cell_text(outcomes.info.cells[cell])


def _place(outcomes: Series, cell: int) -> str:
    """The part of the fault's name that says where."""
    return _name(outcomes, cell).partition(":")[0]


def _odd_table(outcomes: Series, odd: list[int]) -> list[Block]:
    """One row for the faults of a place that end alike, as they should not, since one commit."""
    groups: dict[tuple[float, str, str, str], list[int]] = {}
    for cell in odd:
        value = float(outcomes.stored.values[outcomes.results.at, cell])
        expected = " / ".join(outcomes.info.expected[_name(outcomes, cell)])
        commit, _ = outcomes.since(cell)
        key = (-value, _place(outcomes, cell), expected, commit.hash)
        groups.setdefault(key, []).append(cell)
    rows: list[list[Spans]] = []
    for (_, place, expected, _), cells in sorted(groups.items()):
        commit, is_first = outcomes.since(cells[0])
        since: list[str | Figure | Fact] = [commit_fact(commit)]
        if is_first:
            since.append(" or before")
        what = "; ".join(_name(outcomes, cell).partition(": ")[2] for cell in cells)
        rows.append(
            [[Fact(place)], [Fact(what)], [Fact(expected)],
             [outcomes.figure(cells[0]) or "–"], since]
        )  # fmt: skip
    if not rows:
        return []
    head: list[Spans] = [["where"], ["faults"], ["expected"], ["actual"], ["since"]]
    return [Table(["Not as expected, the worst first."], head, rows, text_columns=5)]


def _advice(outcomes: Series, odd: list[int]) -> list[Block]:
    """What the catalogue says that a robust SDK does, of each place once."""
    told: dict[str, list[str]] = {}
    for cell in odd:
        advice = outcomes.info.about.get(_name(outcomes, cell), "").partition(_ROBUST)[2]
        if advice and advice not in told.setdefault(_place(outcomes, cell), []):
            told[_place(outcomes, cell)].append(advice)
    items: list[Spans] = [
        sentence("{}: it {}", Fact(place), Fact("; or, by the case, ".join(advice)))
        for place, advice in told.items()
        if advice
    ]
    prose = Prose()
    prose.say("What a robust SDK does there instead:")
    return [*prose.paragraph(), Bullets(items)] if items else []


def _hangs(outcomes: Series, words: Wording, met: list[int]) -> list[Block]:
    hanging = [n for n in met if (figure := outcomes.figure(n)) and figure.text == _HANG]
    if not hanging:
        return []
    items: list[Spans] = []
    for cell in hanging:
        name = _name(outcomes, cell)
        note = outcomes.said(cell)
        items.append(
            sentence(
                "{}: {}",
                Fact(name, sources=(outcomes.source(cell),)),
                Fact(note or "no proof was noted"),
            )
        )
    prose = Prose()
    prose.say(
        "A hang is proved, not timed out: nothing can run, no timer is armed and no outside work "
        f"is under way, or the {words.one} is still at work after hours of virtual time. Who waits "
        "on what:"
    )
    return [*prose.paragraph(), Bullets(items)]
