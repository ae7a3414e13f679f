"""Growth: known power laws, exact digits, and refusals."""

import pytest

from meters.growth import Growth, fit

SIZES = [10, 20, 40, 80]


@pytest.mark.parametrize("exponent", [-1, 0.5, 1, 2, 3])
def test_a_power_law_gives_its_exponent_exactly(exponent: float) -> None:
    values = [7 * size**exponent for size in SIZES]
    assert fit(SIZES, values) == Growth(float(exponent), 0.0, float(exponent))


def test_equal_values_give_exactly_zero() -> None:
    assert fit(SIZES, [3, 3, 3, 3]) == Growth(0.0, 0.0, 0.0)


def test_a_late_bend_shows_in_residual_and_largest_local_slope() -> None:
    growth = fit([1, 2, 4, 8], [1, 2, 4, 16])
    assert growth.largest_local == 2.0
    assert 1.0 < growth.exponent < 2.0
    assert growth.residual > 0.1


def test_hand_computed_fit() -> None:
    # In base-2 logarithms x = 0, 1, 2 and y = 0, 0, 3: slope 3/2, largest deviation 1 (at x = 1).
    assert fit([1, 2, 4], [1, 1, 8]) == Growth(1.5, 1.0, 3.0)


def test_order_of_the_points_does_not_matter() -> None:
    values = [3.0, 7.0, 11.0, 40.0]
    assert fit(SIZES, values) == fit(SIZES[::-1], values[::-1])


def test_numbers_have_six_decimals() -> None:
    growth = fit(SIZES, [3.0, 7.0, 11.0, 40.0])
    for number in (growth.exponent, growth.residual, growth.largest_local):
        assert number == round(number, 6)


def test_a_falling_slope_never_prints_as_minus_zero() -> None:
    assert str(fit([1, 2], [1.0, 1.0 - 1e-9]).exponent) == "0.0"


@pytest.mark.parametrize(
    ("sizes", "values", "message"),
    [
        ([1, 2], [1.0, 0.0], "positive, finite values, got 0.0"),
        ([1, 2], [0, 0], "positive, finite values, got 0"),
        ([1, 2], [1.0, -3.0], "positive, finite values, got -3.0"),
        ([1, 2], [1.0, float("nan")], "positive, finite values, got nan"),
        ([0, 2], [1.0, 2.0], "positive, finite sizes, got 0"),
        ([1, 2], [1.0], "2 sizes but 1 values"),
        ([1], [1.0], "two or more different sizes"),
        ([2, 2, 3], [1.0, 1.0, 2.0], "two or more different sizes"),
    ],
)
def test_what_has_no_power_law_is_refused(
    sizes: list[float], values: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit(sizes, values)
