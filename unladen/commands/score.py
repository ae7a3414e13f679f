"""``unladen score``: how right the detection is, on labels and on noise."""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from unladen.asv_bridge.console import log
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import quiet_asv, refuse_given
from unladen.commands.stored import (
    add_length,
    add_source,
    asv_on_stderr,
    command_line,
    short_form,
    tell,
)
from unladen.compare.ab.benchmark_setup import set_up_benchmarks
from unladen.errors import UserError
from unladen.labels.labels import load
from unladen.labels.score import made, scoring
from unladen.labels.score import noise as score_noise
from unladen.labels.score.explained import (
    explained_as_json,
    score_explanations,
    text_of_explained,
)
from unladen.labels.score.screen import show
from unladen.labels.score.text import as_json, noise_as_json, render, render_noise
from unladen.labels.score.windows import measure_windows, text_of_windows, windows_as_json
from unladen.measure.run_options import add_jobs
from unladen.project.project import Project
from unladen.repo.repository import open_repository
from unladen.results.changes import load_changes

STEPS = (2.0, 5.0, 10.0, 20.0)
REPEATS = 4
MOST_REPEATS = 1000

OF_HISTORIES = ("explain", "windows", "jobs", "machine", "env", "branch")
"""Options that say nothing of noise."""

DESCRIPTION = """\
Compare what `changes` finds in the stored results with the labels of the history, and stock asv's
regressions.json with them. With --noise or --made: count what is seen in windows of noise, put
steps into them and count those found; asv's step detection on the same windows beside it. Windows
of a file are permuted, so that they hold no change, and then looked at in their real order; those
that are made have a memory, bursts, a drift or a changing spread. See docs/detection.md.
"""

EPILOG = """\
exit codes:
  0  scored
  2  bad usage or input: one line on standard error says what to do
"""


class Score(TargetCommand):
    """Scores the detection."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "score",
            help="Score the detection of changes on labels or on noise",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        # Paths are made absolute at once: asv goes to the folder of the conf.
        parser.add_argument(
            "--labels",
            metavar="FILE",
            type=_absolute,
            help='labels (default: the conf\'s "labels")',
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="measure the labelled commits again, and count how often `explain` names first "
            "what their labels name",
        )
        parser.add_argument(
            "--windows",
            metavar="LIST",
            type=_sizes,
            help="with --explain: take so many neighbouring commits as one change, such as 5,10",
        )
        add_jobs(parser)
        parser.set_defaults(jobs=None)
        parser.add_argument("--noise", metavar="FILE", type=_absolute, help="windows of real noise")
        parser.add_argument(
            "--made", metavar="N", type=_repeats, help="windows of each kind of made noise"
        )
        parser.add_argument(
            "--step",
            metavar="LIST",
            type=_steps,
            help="steps to put into the noise, in percent (default: 2,5,10,20)",
        )
        parser.add_argument(
            "--repeats",
            metavar="N",
            type=_repeats,
            help=f"with --noise: permutations of each window (default: {REPEATS})",
        )
        parser.add_argument(
            "--seed", metavar="N", type=_seed, help="of all chance in noise (default: 0)"
        )
        add_length(parser, "by group and by size of the change, too")
        parser.add_argument(
            "--json", action="store_true", help="print JSON (see docs/detection.md)"
        )
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: Any) -> int:
        """Noise needs no conf."""
        if args.noise is None and args.made is None:
            refuse_given(args, ("step", "repeats", "seed"), "goes with --noise or --made")
            return super().run_from_args(args)
        if len([one for one in (args.labels, args.noise, args.made) if one is not None]) > 1:
            raise UserError("give one of --labels, --noise and --made")
        refuse_given(args, OF_HISTORIES, "is of the score of a history, not of noise: leave it out")
        if args.made is not None:
            refuse_given(args, ("repeats",), "goes with --noise: what is made is not permuted")
        args.step = args.step or STEPS
        args.seed = args.seed or 0
        if args.made is None:
            _score_real(args)
        else:
            _score_made(args)
        return 0

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Score the stored results. Raises ``UserError``."""
        labels = args.labels or project.labels
        if labels is None:
            raise UserError(
                f'{project.name} has no labels: name them with --labels, or as "labels" in its conf'
            )
        if not args.explain:
            refuse_given(args, ("windows", "jobs"), "goes with --explain")
        if args.explain:
            _score_explanations(project, labels, args)
            return 0
        with asv_on_stderr():
            found = scoring.score_history(project, labels, args.machine, args.env, args.branch)
        tell(found.remarks)
        if args.json:
            _print(as_json(found))
        elif screen := short_form(args):
            labels = ("--labels", str(args.labels)) if args.labels else ()
            show(found, screen, command_line(args, "score", *labels, "--all"))
        else:
            print(render(found))
        return 0


def _score_explanations(project: Project, file: Path, args: Any) -> None:
    """Measure, and count which explanations name what the labels name. Raises ``UserError``."""
    labels = load(file)
    if not any(label.functions for label in labels.commits):
        raise UserError(
            f'{file} names no functions: --explain needs labels with "functions" (docs/labels.md)'
        )
    jobs = args.jobs or 1
    with quiet_asv(project, "score") as stage:
        stage("reading the history")
        changes = load_changes(project, None, args.machine, args.env, None, args.branch)
        log.flush()
        stage("preparing the benchmark environment")
        newest = [commit.hash for commit in reversed(changes.history.commits)]
        repository = open_repository(project)
        setup = set_up_benchmarks(project, repository, newest, changes.history.environment)
        if args.windows:
            windows = measure_windows(setup, labels, changes, args.windows, stage, jobs)
        else:
            found = score_explanations(setup, labels, changes, stage, jobs)
    if args.windows:
        if args.json:
            _print({"windows": windows_as_json(windows)})
        else:
            print(text_of_windows(windows))
    elif args.json:
        _print(explained_as_json(found))
    else:
        print(text_of_explained(found))


def _score_real(args: Any) -> None:
    """Windows of a file: permuted, and in the order in which they were measured."""
    windows = score_noise.load_windows(args.noise)
    random = np.random.default_rng(args.seed)
    repeats = args.repeats or REPEATS
    permuted = score_noise.permutations(windows, repeats, random)
    tools = score_noise.score(permuted, score_noise.DETECTORS, args.step, random)
    random = np.random.default_rng(args.seed)
    in_order = score_noise.score(windows, score_noise.DETECTORS, (), random)
    if args.json:
        settings = {"windows": len(windows), "repeats": repeats, "seed": args.seed}
        _print(noise_as_json({"tools": tools, "in_order": in_order}, **settings))
        return
    number = len(windows)
    print(render_noise(tools, f"{number} windows, {number * repeats} permutations"))
    print("\n" + render_noise(in_order, f"the {number} windows in their real order"))


def _score_made(args: Any) -> None:
    """Windows of made noise, kind by kind."""
    scores = {}
    for kind in made.KINDS:
        random = np.random.default_rng(args.seed)
        windows = made.windows(kind, args.made, random)
        scores[kind] = score_noise.score(windows, score_noise.DETECTORS, args.step, random)
        if not args.json:
            print(render_noise(scores[kind], f"{args.made} windows of {kind}") + "\n", flush=True)
    if args.json:
        _print(noise_as_json(scores, windows=args.made, seed=args.seed))


def _print(data: dict[str, Any]) -> None:
    print(json.dumps(data, indent=2, allow_nan=False))


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))


def _steps(text: str) -> tuple[float, ...]:
    try:
        steps = tuple(dict.fromkeys(float(part) for part in text.split(",")))
    except ValueError:
        steps = ()
    if not steps or not all(0 < step <= 1000 and math.isfinite(step) for step in steps):
        raise argparse.ArgumentTypeError(f"must be percentages above 0, such as 5,10, not {text!r}")
    return steps


def _sizes(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.isdecimal() and 1 < int(part) <= MOST_REPEATS for part in parts):
        raise argparse.ArgumentTypeError(f"must be numbers from 2, such as 5,10, not {text!r}")
    return tuple(dict.fromkeys(map(int, parts)))


def _repeats(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_REPEATS:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST_REPEATS}, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, not {text!r}")
    return int(text)
