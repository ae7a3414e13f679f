"""``unladen``: asv's command line, with ``--target NAME``, our commands, and one-line errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import unladen
from unladen import commands, plugin
from unladen.asv_bridge import benchmark_names, command_line, processes
from unladen.asv_bridge.console import log
from unladen.asv_bridge.git import NoSuchNameError
from unladen.asv_bridge.processes import ProcessError
from unladen.asv_bridge.runner.choice import own_runner
from unladen.commands import commit_arguments
from unladen.commands.command import loaded
from unladen.errors import UserError
from unladen.interrupts import ASV_INTERRUPTED, INTERRUPTED
from unladen.measure import asv_commands, known_environments, lock
from unladen.measure.kept import what_is_kept
from unladen.project import targets
from unladen.text.names import did_you_mean
from unladen.text.terminal import last_line, printable

BAD_USAGE = 2
UNREAD = 141
_OPTIONS_WITH_VALUE = ("--target", "--config")
_WITHOUT_CONF = ("init", "mock-model", "quickstart")
_MAKES_CONF = ("releases", "add")

EPILOG = """\
run without a range measures all commits on the branches' lines of first parents that change the
target's paths, and leaves out what has a good value already; with ALL, NEW, A..B or COMMIT (up to
it) it measures those that change the paths; with COMMIT^! that one.

exit codes:
  0    done; of run: all measured
  1    as asv: continuous found a benchmark that became worse; nothing selected
  2    bad usage or environment: one line on standard error says what to do; so is a commit, series,
       target or command that is not known, a commit that is not measured, where its results are
       asked for, and a file that cannot be written, which is refused before anything is measured
  3    measured, but some benchmark failed or its outcome is wrong: the reasons are in the .record
       files beside the results
  130  interrupted or terminated: the line says what is kept; run keeps finished commits
  141  ended because nobody reads the output any more

bisect, calibrate, check, claims, gate, levels, load and migrate have exit codes of their own: see
their --help.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. ``argv``: the arguments, ``sys.argv``'s by default."""
    words = sys.argv[1:] if argv is None else argv
    args = build_parser(asked_for(words)).parse_args(words)
    log.enable(args.verbose)
    origin = Path.cwd()
    try:
        code = _run(args, origin)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _stopped(args)
    except UserError as error:
        if str(error) == ASV_INTERRUPTED:
            return _stopped(args)
        return _refused(known_environments.driver_error() or _with_advice(str(error)))
    except NoSuchNameError as error:
        return _refused(f"no such commit, branch or tag: {error}")
    except ProcessError as error:
        said = last_line(error.stderr or "") or last_line(error.stdout or "")
        return _refused(f"{error}: {said}")
    except BrokenPipeError:
        return _unread()
    except OSError as error:
        return _refused(str(error))
    finally:
        processes.end_all()
        log.flush()
        lock.release_all()
        os.chdir(origin)


def asked_for(words: Sequence[str]) -> str:
    """The command that these arguments name, spelled right or not; "" if none does."""
    left = iter(words)
    for word in left:
        if not word.startswith("-"):
            return word
        if len(word) > 2 and any(option.startswith(word) for option in _OPTIONS_WITH_VALUE):
            next(left, None)
    return ""


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """asv's parser under our name, with ``--target`` before and after every command.

    ``command``: the one that will be asked for; of ours the others may then be missing.
    """
    asvs = command_line.commands()
    if command in commands.COMMANDS:
        commands.import_commands([command])
    elif command not in {name.lower() for name in asvs}:
        commands.import_commands()
    parser = _Parser(
        "unladen",
        description="Continuous benchmarking for LLM-agent SDKs, built on asv.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_global_options(parser, None)
    subparsers = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True
    )
    classes: dict[str, command_line.CommandClass] = {**asvs, **{c.__name__: c for c in loaded()}}
    order = [name for name in command_line.ORDER if name in asvs]
    for name in [*order, *sorted(set(classes) - set(order))]:
        own = classes[name].setup_arguments(subparsers)
        _add_global_options(own, argparse.SUPPRESS)
        asv_commands.add_options(name, own)
    return parser


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name commands that are spelled nearly so, in place of all."""
        if action.dest == "command" and action.choices and value not in action.choices:
            near = did_you_mean(str(value), map(str, action.choices))
            raise argparse.ArgumentError(None, f"there is no command {value!r}{near}")
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USAGE, f"unladen: {printable(message)} (see {self.prog} --help)\n")


def _add_global_options(parser: argparse.ArgumentParser, default: str | None) -> None:
    subject = parser.add_mutually_exclusive_group()
    subject.add_argument("--target", metavar="NAME", default=default, help="the subject under test")
    subject.add_argument("--config", metavar="FILE", default=default, help="its asv.conf.json")
    parser.add_argument(
        "--verbose", "-v", action="store_true", default=default or False, help="say more"
    )
    parser.add_argument("--version", action="version", version=f"unladen {unladen.__version__}")


def _run(args: argparse.Namespace, origin: Path) -> int:
    command_line.set_up(plugin)
    if args.target is not None and args.config is not None:
        raise UserError("give either --target or --config")
    if args.target is not None:
        conf = targets.find(args.target)
        targets.load_target(conf)
        args.config = str(conf)
    elif args.config is not None:
        if not args.config:
            raise UserError("--config must name a file")
        args.config = str(Path(args.config).absolute())
        targets.load_project(Path(args.config))
    folder = Path(args.config).parent if args.config else _folder_of_conf(args, origin)
    if folder:
        os.chdir(folder)
    benchmark_names.install()
    commit_arguments.prepare(args)
    with own_runner(getattr(args, "jobs", 1)):
        if args.command in asv_commands.COMMANDS:
            return asv_commands.measure(args, origin)
        if args.command == "publish":
            return asv_commands.publish(args)
        return _exit_code(args.func(args))


def _folder_of_conf(args: argparse.Namespace, origin: Path) -> Path | None:
    """Where plain asv would find the conf, here or in a folder above; some commands make one."""
    action = (args.command, getattr(args, "action", ""))
    makes_one = args.command in _WITHOUT_CONF or action == _MAKES_CONF
    return None if makes_one else targets.folder_of_conf(origin)


def _exit_code(result: Any) -> int:
    """asv's result as an exit code; ``asv setup`` gives a list of environments."""
    return int(result) if isinstance(result, int) else 0


def _refused(message: str) -> int:
    log.flush()
    line = printable(message) or "failed; the lines above say why"
    print(f"unladen: {line}", file=sys.stderr)
    return BAD_USAGE


def _with_advice(message: str) -> str:
    if message.startswith(command_line.NOT_BUILT):
        if why := known_environments.why_unavailable():
            return why
        return f"{message} The lines above say why."
    if message.startswith(command_line.NO_CONF):
        return targets.NO_CONF
    return message


def _unread() -> int:
    """Whoever reads our output (``head``, a pager) has seen enough."""
    # What is still buffered would fail again when the interpreter flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def _stopped(args: argparse.Namespace) -> int:
    log.flush()
    kept = what_is_kept(args.command)
    print(f"unladen: interrupted{'; ' * bool(kept)}{kept}", file=sys.stderr)
    return INTERRUPTED
