"""What a difference of an import is made of, as text."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.explain.diffs import Hunk
from unladen.explain.imports import ImportCause, Imports, ModuleChange, OtherwiseLoaded
from unladen.explain.rows import NUMBER, PARTS, WIDTH
from unladen.explain.run import CommitPair
from unladen.text.terminal import fitted

CAUSES = 5
MODULES = 8
"""Characters of a number of modules."""


def imports_lines(imports: Imports, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by the statements that bring modules."""
    if not imports.causes and not imports.otherwise:
        return ["  the same modules are imported at the same cost"]
    unit = "CPU, sampled" if imports.is_sampled else "bytecodes"
    totals = [_amount(one, imports.is_sampled).strip(" +") for one in imports.amounts]
    of = "of CPU" if imports.is_sampled else "bytecodes"
    before, after = imports.modules
    lines = [
        f"  counted again: {before:,} -> {after:,} modules, {' -> '.join(totals)} {of}",
        "  imports, by the statement that brings them (* the commit touches it)",
        f"  {unit:>{NUMBER}} {'':7} {'modules':>{MODULES}}",
    ]
    shown = imports.causes if everything else imports.causes[:CAUSES]
    for number, cause in enumerate(shown, 1):
        said = f"{number} {_statement(cause, pair)}"
        lines.append(_row(cause.amount, cause.modules, imports, said))
        for change in cause.changes if everything else cause.changes[:PARTS]:
            lines.append(_change(change, imports.is_sampled))
    if left := imports.causes[len(shown) :]:
        lines.append(_rest(left, imports, f"and {len(left)} more statements"))
    told = 0 if imports.is_sampled else len(imports.otherwise) if everything else PARTS
    others = imports.otherwise[:told]
    for one in others:
        said = f"loading {one.name} itself{_file(one, pair)}"
        lines.append(_row(one.amount, one.modules, imports, said))
    if more := imports.otherwise[len(others) :]:
        lines.append(_rest(more, imports, f"{len(more)} modules that both load"))
    left_over = imports.amount_left_over, imports.modules_left_over
    lines.append(_row(*left_over, imports, "left over"))
    lines.append(_row(imports.amount_change, imports.module_change, imports, "together"))
    return lines


def touching(cause: ImportCause, pair: CommitPair) -> Hunk | None:
    """The hunk of the diff that touches the statement; None if none does."""
    importer = cause.importer
    if importer is None or cause.key is None:
        return None
    if not cause.is_gone:
        return pair.touched.at(importer.file, importer.line)
    file = pair.touched.renamed.get(importer.file, importer.file)
    for hunk in pair.touched.hunks.get(file, ()):
        if importer.line in hunk.old:
            return hunk
    return None


def is_touched(one: OtherwiseLoaded, pair: CommitPair) -> bool:
    """Whether the diff touches the file of a module that both commits load."""
    return one.file in pair.touched.hunks


def _statement(cause: ImportCause, pair: CommitPair) -> str:
    gone = "gone: " if cause.is_gone else ""
    if cause.importer is None:
        return f"{gone}{cause.name}, for which the driver asks"
    mark = "*" if touching(cause, pair) is not None else " "
    named = "" if cause.name.rpartition(".")[2] in cause.text else f" -> {cause.name}"
    return f"{gone}{cause.importer.file}:{cause.importer.line}{mark} {cause.text}{named}"


def _change(change: ModuleChange, is_sampled: bool) -> str:
    indent = f"  {_amount(change.amount, is_sampled)} {'':7} {change.modules:>+{MODULES}}    "
    return fitted(indent + _chain(change.chain, WIDTH - len(indent)), WIDTH)


def _chain(modules: Sequence[str], width: int) -> str:
    """Modules from the first to the last, without those in the middle that do not fit."""
    for left_out in range(len(modules)):
        kept = list(modules)
        if left_out:
            start = max((len(modules) - left_out) // 2, 1)
            kept[start : start + left_out] = ["..."]
        said = " > ".join(kept)
        if len(said) <= width or left_out >= len(modules) - 2:
            break
    return said


def _file(one: OtherwiseLoaded, pair: CommitPair) -> str:
    return f"  {one.file}{'*' if is_touched(one, pair) else ''}" if one.file else ""


def _rest(
    parts: Sequence[ImportCause] | Sequence[OtherwiseLoaded], imports: Imports, said: str
) -> str:
    amount = sum(one.amount for one in parts)
    return _row(amount, sum(one.modules for one in parts), imports, said)


def _row(amount: float, modules: int, imports: Imports, text: str) -> str:
    change = imports.amount_change
    share = f"{amount / change:.1%}" if change else ""
    counted = f"{modules:>+{MODULES},}"
    said = f"  {_amount(amount, imports.is_sampled)} {share:>7} {counted}  {text}"
    return fitted(said, WIDTH)


def _amount(amount: float, is_sampled: bool) -> str:
    return f"{1000 * amount:>+{NUMBER - 3}.2f} ms" if is_sampled else f"{amount:>+{NUMBER},.0f}"
