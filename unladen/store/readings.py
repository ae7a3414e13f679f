"""What a stored result means: a result and what the record says of it become one reading."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from unladen.store.damage import not_a_number, number
from unladen.store.reasons import Params, tells_wrong_outcome
from unladen.store.records import Record
from unladen.store.series import Status

ABSENT = object()
"""Stands for the result of a combination of which a file says nothing, where null is one that
failed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a parameter combination at a commit. ``value``: there if, and only if,
    ``status.has_value``; ``reason``: why there is none, or what is wrong with it, perhaps ""."""

    status: Status
    value: float | int | None = None
    reason: str = ""


class Reasons:
    """Why a results file has no value where it has none, and where its values are of a wrong
    outcome."""

    def __init__(self, record: Record | None) -> None:
        """``record``: the one beside the file; None if there is none, as after plain asv."""
        self._is_recorded = record is not None
        entries = (record.failed, record.not_applicable) if record else ((), ())
        self._failed = {(entry.series, entry.params): entry.reason for entry in entries[0]}
        self._not_applicable = {(entry.series, entry.params): entry.reason for entry in entries[1]}
        self._wrong: dict[str, dict[Params, str]] = {}
        for wrong in record.wrong if record else ():
            self._wrong.setdefault(wrong.series, {})[wrong.params] = wrong.reason

    def of_failure(self, series: str, params: Params) -> str | None:
        """The reason of a failure, perhaps ""; None if it is not known to have failed.

        Without a record every null is a failure, which is what asv means by it.
        """
        return self._failed.get((series, params), None if self._is_recorded else "")

    def of_not_applicable(self, series: str, params: Params) -> str:
        """The reason why a combination is n/a; "" if none was given."""
        return self._not_applicable.get((series, params), "")

    def wrong_of(self, series: str) -> Mapping[Params, str]:
        """What is wrong, perhaps "", with the outcomes of a series, by the combinations where
        something is."""
        return self._wrong.get(series, {})


def reading_of(series: str, params: Params, stored: object, reasons: Reasons) -> Reading:
    """What the stored result of a parameter combination means.

    Null stands for a failure only where one is known of; it also stands for what has never been
    measured.
    """
    if stored is ABSENT:
        return Reading(Status.MISSING)
    if stored is None:
        failure = reasons.of_failure(series, params)
        missing = failure is None
        return Reading(Status.MISSING) if missing else Reading(Status.FAILED, reason=failure or "")
    if isinstance(stored, float) and math.isnan(stored):
        absent = reasons.of_not_applicable(series, params)
        return Reading(Status.NOT_APPLICABLE, reason=absent)
    value = number(stored)
    if value is None:
        return Reading(Status.FAILED, reason=not_a_number(stored))
    wrong = reasons.wrong_of(series).get(params)
    if wrong is None:
        return Reading(Status.MEASURED, value)
    return Reading(Status.WRONG, value, wrong)


def is_untold(status: Status, reason: str) -> bool:
    """Whether it is known that the outcome is wrong, but not with which value: failures that were
    stored before there were values of wrong outcomes."""
    return status is Status.FAILED and tells_wrong_outcome(reason)
