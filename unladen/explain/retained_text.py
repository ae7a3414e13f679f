"""What a difference of retained memory is made of, as text."""

from __future__ import annotations

from unladen.explain.retained import Retained, SiteCause, SitePart
from unladen.explain.run import CommitPair
from unladen.explain.waits_text import NUMBER, PARTS, WIDTH, where_touched
from unladen.text.terminal import fitted


def retained_lines(retained: Retained, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by where it was allocated."""
    lines = ["  retained, by where it was allocated (* the commit touches the line)"]
    for number, cause in enumerate(retained.causes, 1):
        lines.append(_cause(number, cause, retained, pair))
        for part in cause.parts if everything else cause.parts[:PARTS]:
            lines.append(_part(part, cause, pair))
    lines.append(_row(retained.left_over, retained, "left over"))
    lines.append(_row(retained.change, retained, "together, in bytes"))
    return lines


def _cause(number: int, cause: SiteCause, retained: Retained, pair: CommitPair) -> str:
    if cause.key is None:
        return _row(cause.change, retained, "below no changed function")
    where = f"{cause.key.file}{where_touched(cause.key, pair)}"
    return _row(cause.change, retained, f"{number} {cause.key.name}  {where}  ({cause.why})")


def _part(part: SitePart, cause: SiteCause, pair: CommitPair) -> str:
    line = range(part.line, part.line + 1)
    touched = cause.key is not None and pair.touched.hunk(cause.key.file, line) is not None
    at = f"{'*' if touched else ' '}{part.line}: {part.place.text}" if part.line else ""
    indent = f"  {part.change:>+{NUMBER},} {'':7}    "
    return fitted(f"{indent}{at}  in {part.place.where}", WIDTH)


def _row(change: int, retained: Retained, text: str) -> str:
    share = f"{change / retained.change:.1%}" if retained.change else ""
    return fitted(f"  {change:>+{NUMBER},} {share:>7}  {text}", WIDTH)
