"""Numbers for people: engineering units for seconds and bytes, exact counts, words for codes."""

from __future__ import annotations

from collections.abc import Sequence

SECONDS = {"s", "sec", "second", "seconds"}
BYTES = {"b", "byte", "bytes"}
_SMALL = (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9))
_LARGE = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))

SAMPLED_DIGITS = 3
EXACT_DIGITS = 6


def has_engineering_unit(unit: str) -> bool:
    """Whether ``quantity`` writes the unit with the number."""
    return unit.lower() in SECONDS | BYTES


def word(value: float | None, codes: Sequence[str]) -> str | None:
    """The word for a value that is a code: ``codes`` are those for 0, 1, 2...

    None without a value, without codes, and for what is none of them.
    """
    if value is None or not codes or not 0 <= value < len(codes) or value != int(value):
        return None
    return codes[int(value)]


def quantity(value: float | int, unit: str, kind: str, codes: Sequence[str] = ()) -> str:
    """``value`` with the digits that it deserves, or the word for it in a series with ``codes``.

    Seconds and bytes get an engineering unit (``12.3 ms``, ``4.5 kB``; 1 kB is 1000 bytes), other
    values none. Whole numbers are exact, with thousands separated; other numbers have 6 significant
    digits if their kind is exact, else 3.
    """
    if (found := word(value, codes)) is not None:
        return found
    digits = EXACT_DIGITS if kind == "exact" else SAMPLED_DIGITS
    if unit.lower() in SECONDS:
        return _seconds(float(value), digits)
    if unit.lower() in BYTES:
        return _bytes(float(value), digits)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return _significant(float(value), digits)


def with_micro_sign(text: str) -> str:
    """A quantity as a page has it: ``12 µs`` for the ``12 us`` of terminals, which may lack it."""
    return text.replace(" us", " µs")


def _seconds(value: float, digits: int) -> str:
    if value == 0:
        return "0 s"
    rounded = abs(float(f"{value:.{digits}g}"))
    name, factor = next((unit for unit in _SMALL if rounded >= unit[1]), _SMALL[-1])
    return f"{_significant(value / factor, digits)} {name}"


def _bytes(value: float, digits: int) -> str:
    rounded = abs(float(f"{value:.{digits}g}"))
    for name, factor in _LARGE:
        if rounded >= factor:
            return f"{_significant(value / factor, digits)} {name}"
    return f"{_significant(value, digits)} B"


def _significant(value: float, digits: int) -> str:
    """Rounded to significant digits, without an exponent for ordinary sizes."""
    rounded = float(f"{value:.{digits}g}")
    if rounded != 0 and not 1e-4 <= abs(rounded) < 1e15:
        return f"{rounded:.{digits}g}"
    return f"{rounded:,.12f}".rstrip("0").rstrip(".")
