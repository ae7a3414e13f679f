"""Labels as the text of their file: the same bytes for the same labels."""

from __future__ import annotations

import json
from collections.abc import Sequence

from unladen.labels.labels import Label, LabelledChange, Labels, Range

HEADER = """\
# What every commit of parley's history does to which series. docs/labels.md describes the format.
# `python tests/parley/draft_labels.py --write` writes the changes of exact series anew from
# measurements; kinds, stories, repairs, drifts and changes of sampled series are kept.
# `python tests/parley/draft_functions.py --write` takes functions from the diffs.
# Other comments are not.
"""


def text_of(labels: Labels) -> str:
    """The file, with a header that says what it is."""
    parts = [HEADER, f"interpreter = {_quoted(labels.interpreter)}\n"]
    return "\n".join([*parts, *map(_label, labels.commits)])


def _label(label: Label) -> str:
    lines = ["[[commit]]", f"subject = {_quoted(label.subject)}", f"kind = {_quoted(label.kind)}"]
    lines.append(f"story = {_quoted(label.story)}")
    if label.repairs:
        lines.append(f"repairs = {_quoted(label.repairs)}")
    if label.drift:
        lines.append(f"drift = {_quoted(label.drift)}")
    if label.functions:
        lines.append(f"functions = {_list([_quoted(name) for name in label.functions])}")
    if label.changes:
        lines += ["changes = [", *(f"  {_change(change)}," for change in label.changes), "]"]
    return "\n".join(lines) + "\n"


def _change(change: LabelledChange) -> str:
    fields = [f"series = {_quoted(change.series)}"]
    if change.at:
        fields.append(f"at = {_list([_quoted(glob) for glob in change.at])}")
    fields.append(f"is = {_quoted(change.effect)}")
    if change.before is not None:
        fields.append(f"before = {_number_or_range(change.before)}")
    if change.after is not None:
        fields.append(f"after = {_number_or_range(change.after)}")
    if change.ratio is not None:
        fields.append(f"ratio = {_range(change.ratio)}")
    return "{ " + ", ".join(fields) + " }"


def _number_or_range(value: Range) -> str:
    return _number(value.low) if value.exact else _range(value)


def _range(value: Range) -> str:
    return _list([_number(value.low), _number(value.high)])


def _number(value: float | int) -> str:
    return repr(value)  # of finite numbers, which TOML reads alike


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(items)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # labels are printable: no escape differs in TOML
