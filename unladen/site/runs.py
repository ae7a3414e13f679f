"""On what each commit was measured: the environment page's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from unladen.history.history import History
from unladen.repo.commits import SHORT
from unladen.site.encode import StringTable
from unladen.store.records import Circumstances, Session
from unladen.text.terminal import printable

_FACTS = [one.name for one in fields(Circumstances) if one.name != "load_average"]


def environment_data(history: History) -> dict[str, Any]:
    """``environments``: each once, its facts by name, its packages' versions by name. ``runs``:
    for each measured commit its number, its environment (None: not recorded), and what varies:
    the load average before and, of the last session, when it was (seconds since 1970) and the
    calibration: its version, and CPU seconds before and after; of a commit of which all values are
    lent, by whom they are, and no calibration, which is another host's; where exact values are
    carried, from which commits.
    """
    kept = StringTable()
    environments: list[dict[str, Any]] = []
    runs: list[list[Any]] = []
    indices: dict[str, int] = {}
    for number, is_measured in enumerate(history.measured):
        if not is_measured:
            continue
        record = history.record(number)
        if record is None or record.environment is None:
            runs.append([number, None, {}])
            continue
        said = {name: getattr(record.environment, name) for name in _FACTS}
        load = _plain(record.environment.load_average)
        varying = {"load": load, **_session(record.sessions)}
        if history.own and not history.own[number]:
            varying.pop("calibration", None)
            varying["machine"] = ", ".join(history.lenders_at(number))
        if record.carried:
            origins = sorted({one.commit[:SHORT] for one in record.carried})
            varying["carried"] = f"from {', '.join(origins)}"
        written = repr(said)
        if written not in indices:
            facts = {name: _plain(value) for name, value in said.items()}
            indices[written] = kept.index(repr(sorted(facts.items())))
            if indices[written] == len(environments):
                environments.append(facts)
        index = indices[written]
        runs.append([number, index, varying])
    return {"environments": environments, "runs": runs}


def _session(sessions: tuple[Session, ...]) -> dict[str, Any]:
    if not sessions:
        return {}
    last = sessions[-1]
    told: dict[str, Any] = {"started": last.started // 1000}
    if last.load_before:
        told["load"] = list(last.load_before)
    if last.calibration is not None:
        told["calibration"] = [
            last.calibration.version,
            last.calibration.before,
            last.calibration.after,
        ]
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {printable(str(name)): _plain(one) for name, one in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return printable(value) if isinstance(value, str) else value
