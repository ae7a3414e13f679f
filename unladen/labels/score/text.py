"""Scores as text of at most 100 columns, and as strict JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from unladen.labels.score.noise import ALERT, BUMP, NEAR, SHORT, NoiseScore
from unladen.labels.score.scoring import DetectionCounts, Score, Table, size_names, total

VERSION = 1
_Z = 1.96

LEGEND = """\
found: a change is seen at most 2 commits from the labelled one; at commit: of those,
seen at that very commit. wrong: seen, but not labelled; open: the labels do not tell."""


def render(score: Score) -> str:
    """The score of a labelled history."""
    blocks = ["\n".join(heading(score))]
    for kind in score.by_group:
        rows = [*_rows(score.by_group[kind]), ("all", total(score.by_group[kind]))]
        if kind != "exact" and score.confirmed is not None:
            rows.append(("all, confirmed only", score.confirmed))
        blocks.append(_table(f"{kind} series, by group", rows, with_detections=True))
        by_size = score.by_size.get(kind, {})
        sizes = [(name, by_size[name]) for name in size_names() if name in by_size]
        if sizes:
            blocks.append(_table(f"{kind} series, by size of the change", sizes, False))
    for kind, tools in score.regressions.items():
        rows = [(tool, counts) for tool, counts in tools.items()]
        blocks.append(_table(f"{kind} series, regressions only, beside stock asv", rows, True))
    blocks.append(LEGEND)
    return "\n\n".join(blocks)


def heading(score: Score) -> list[str]:
    """Two lines on what is scored."""
    return [
        f"{score.target}: labels of {score.commits} commits against the results of "
        f"{score.measured}",
        f"(on {score.machine}, {score.environment})",
    ]


def render_noise(scores: Mapping[str, NoiseScore], title: str) -> str:
    """The score on windows of one kind. ``title``: what they are."""
    first = next(iter(scores.values()))
    lines = [
        f"{title}; all tools see the same",
        "",
        f"{'':28}" + "".join(f"{name:>24}" for name in scores),
        _shares("any step", scores, lambda score: score.steps),
        _shares(f"a step of {ALERT * 100:g} % upward", scores, lambda score: score.alerts),
    ]
    for step in first.recall:
        near, at, alerts = (
            [
                _share_text(getattr(score.recall[step], key), score.trials)
                for score in scores.values()
            ]
            for key in ("near", "at", "alerts")
        )
        lines += [
            _line(f"+{step:g} %: within {NEAR} commits", near),
            _line("      at the commit", at),
            _line(f"      seen as >= {ALERT * 100:g} %", alerts),
        ]
    lines.append(
        _shares(f"+{BUMP:g} % for {SHORT} commits: seen", scores, lambda score: score.bumps)
    )
    return "\n".join([*lines, "", "In brackets: the 95 % interval."])


def _shares(name: str, scores: Mapping[str, NoiseScore], count: Callable[[NoiseScore], int]) -> str:
    return _line(name, [_share_text(count(score), score.trials) for score in scores.values()])


def as_json(score: Score) -> dict[str, Any]:
    """A labelled history's score, as docs/detection.md describes it."""

    def tables(by_kind: Mapping[str, Table]) -> dict[str, Any]:
        return {
            kind: {name: _counts(counts) for name, counts in table.items()}
            for kind, table in by_kind.items()
        }

    return {
        "version": VERSION,
        "target": score.target,
        "machine": score.machine,
        "environment": score.environment,
        "commits": score.commits,
        "measured": score.measured,
        "total": {kind: _counts(total(table)) for kind, table in score.by_group.items()},
        "by_group": tables(score.by_group),
        "by_size": tables(score.by_size),
        "confirmed": _counts(score.confirmed) if score.confirmed else None,
        "regressions": tables(score.regressions),
        "remarks": list(score.remarks),
    }


def noise_as_json(
    scores: Mapping[str, Mapping[str, NoiseScore]], **settings: float
) -> dict[str, Any]:
    """Scores by kind of windows, each by tool."""
    kinds = {kind: _tools(tools) for kind, tools in scores.items()}
    return {"version": VERSION, **settings, "alert": ALERT, "near": NEAR, **kinds}


def _tools(scores: Mapping[str, NoiseScore]) -> dict[str, Any]:
    return {
        name: {
            "trials": score.trials,
            "any_step": score.steps,
            "false_alerts": score.alerts,
            "false_alert_share": score.alerts / score.trials,
            "bumps_seen": score.bumps,
            "steps": [
                {
                    "percent": step,
                    **asdict(recall),
                    "near_share": recall.near / recall.trials,
                    "at_share": recall.at / recall.trials,
                }
                for step, recall in score.recall.items()
            ],
        }
        for name, score in scores.items()
    }


def interval(count: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (J. Am. Stat. Assoc. 22, 1927)."""
    share = count / trials
    middle = share + _Z**2 / (2 * trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    scale = 1 + _Z**2 / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def _counts(counts: DetectionCounts) -> dict[str, Any]:
    return {
        **asdict(counts),
        "recall": counts.recall,
        "precision": counts.precision,
        "right_commit": counts.right_commit,
    }


def _rows(table: Table) -> list[tuple[str, DetectionCounts]]:
    return sorted(table.items())


def _table(title: str, rows: Sequence[tuple[str, DetectionCounts]], with_detections: bool) -> str:
    head = f"  {'':26}{'labelled':>9}{'found':>8}{'recall':>9}{'at commit':>11}"
    if with_detections:
        head += f"{'wrong':>8}{'open':>7}{'precision':>11}"
    lines = [title, head]
    for name, counts in rows:
        line = f"  {name:26}{counts.labelled:>9,}{counts.found:>8,}{percent(counts.recall):>9}"
        line += f"{percent(counts.right_commit):>11}"
        if with_detections:
            line += f"{counts.wrong:>8,}{counts.neither:>7,}{percent(counts.precision):>11}"
        lines.append(line)
    return "\n".join(lines)


def percent(share: float | None) -> str:
    """A share for people, ``-`` where there is none."""
    if share is None:
        return "-"
    # Only what is whole is shown as such.
    tenths = math.floor(share * 1000) / 10
    return f"{tenths:.1f} %" if tenths < 100 else "100 %"


def _share_text(count: int, trials: int) -> str:
    low, high = interval(count, trials)
    return f"{count / trials * 100:.1f} % [{low * 100:.1f}, {high * 100:.1f}]"


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:28}" + "".join(f"{cell:>24}" for cell in cells)
