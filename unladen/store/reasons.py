"""What a benchmark said, read from what asv kept of its output: why it gave no value, what is wrong
with it, and notes."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterable, Iterator, Sequence

from unladen.text.terminal import last_line, one_line

Params = tuple[str, ...]
"""One parameter combination, each parameter as asv writes it (its ``repr``); () without any."""

TIMED_OUT = -256
"""asv's exit code of a process that it ended because it took too long."""

_CACHE_TIMED_OUT = re.compile(
    rf"^asv: setup_cache failed \(exit status {TIMED_OUT}\)$", re.MULTILINE
)

NOTE = "unladen-note: "
"""Begins a line in which a benchmark says something about its value, as a JSON string."""

WRONG = "unladen-wrong: "
"""Begins a line in which a benchmark says that the outcome it measured is wrong, likewise."""

_TRACEBACK = re.compile(r"^.*Traceback \(most recent call last\):$", re.MULTILINE)
_SKIPPED = re.compile(r"^asv: skipped: (?P<type>[\w.]+)\((?P<message>.*)\) *$", re.MULTILINE)


def output_by_params(output: str, combinations: Sequence[Params]) -> dict[Params, str]:
    """The output of each parameter combination, from asv's joined blocks.

    asv heads each block with ``For parameters: a, b``; combinations that printed nothing have no
    block. Output without any head (a failed ``setup_cache``) belongs to every combination.
    """
    heads = {f"For parameters: {', '.join(params)}": params for params in combinations if params}
    blocks: dict[Params, list[str]] = {}
    current: list[str] | None = None
    for line in output.splitlines():
        if line in heads:
            current = blocks.setdefault(heads[line], [])
        elif current is not None:
            current.append(line)
    if not blocks:
        return dict.fromkeys(combinations, output)
    return {params: "\n".join(lines).strip() for params, lines in blocks.items()}


def failure_reason(output: str, exit_code: int) -> str:
    """One line that says why a benchmark has no value.

    In this order: the time-out; the exception at the end of the last traceback; asv's own last
    remark or the last line printed; the signal or exit code; else that it returned nothing.
    """
    if _CACHE_TIMED_OUT.search(output):
        return "timed out: making what it is read from took longer than the limit (setup_cache)"
    if exit_code == TIMED_OUT:
        timeouts = re.findall(r"^asv: (benchmark timed out.*)$", output, re.MULTILINE)
        return str(timeouts[-1]) if timeouts else "timed out"
    raised = exception_line(output)
    if raised:
        return raised
    if exit_code == 0:
        return "the benchmark returned None"
    if exit_code < 0 and -exit_code in set(signal.Signals):
        return f"killed by {signal.Signals(-exit_code).name}"
    return one_line(last_line(output)) or f"exit code {exit_code}"


def exception_line(output: str) -> str:
    """``Type: message`` of the last traceback in ``output``; "" if there is none."""
    tracebacks = list(_TRACEBACK.finditer(output))
    if not tracebacks:
        return ""
    for line in output[tracebacks[-1].end() :].splitlines():
        content = re.sub(r"^\s*\| ", "", line)  # the margin of an exception group
        if content.strip() and not content.startswith((" ", "\t")):
            return one_line(content)
    return one_line(last_line(output))


def skip_reason(output: str) -> str:
    """The message of the ``NotImplementedError`` that made a benchmark n/a; "" if none was given.

    A benchmark also is n/a when it returns NaN or its parameters are in ``skip_params``.
    """
    found = list(_SKIPPED.finditer(output))
    if not found:
        return ""
    message = found[-1]["message"].rstrip(",")
    if len(message) >= 2 and message[0] == message[-1] and message[0] in "'\"":
        message = message[1:-1]
    return one_line(message) or str(found[-1]["type"])


_OLD_WRONG = re.compile(r"(\w+\.)?_outcome\.WrongOutcome: ")


def tells_wrong_outcome(failure: str) -> bool:
    """Whether the reason of a failure is a wrong outcome: results from before there were values of
    wrong outcomes have such failures instead."""
    return _OLD_WRONG.match(failure) is not None


def note(output: str) -> str:
    """The last note in ``output``; "" if there is none. What is no JSON string is no note."""
    return next(_said(NOTE, reversed(output.splitlines())), "")


def wrong(output: str) -> str | None:
    """What ``output`` first says to be wrong with the outcome, on one line; None if it says nothing
    of it. What is said in no JSON string counts, but is left out."""
    lines = output.splitlines()
    if not any(line.startswith(WRONG) for line in lines):
        return None
    return one_line(next(_said(WRONG, lines), ""))


def _said(mark: str, lines: Iterable[str]) -> Iterator[str]:
    """What lines with that mark say, where it is a JSON string."""
    for line in lines:
        if line.startswith(mark):
            try:
                said = json.loads(line.removeprefix(mark))
            except (ValueError, RecursionError):
                continue
            if isinstance(said, str):
                yield said
