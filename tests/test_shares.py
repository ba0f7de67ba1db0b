"""Shares and quantiles of people."""

import numpy as np
import pytest

from layers.shares import curve, out_of_100, quantile, share

PEOPLE = np.array([10.0, 20, 30, 40])
MINUTES = np.array([1.0, 2, 3, np.inf])


def test_a_share_counts_people_not_cells():
    """Two of four cells hold 30 of 100 people."""
    assert share(PEOPLE, MINUTES <= 2) == pytest.approx(30)


def test_nobody_has_no_share():
    """Without people a share cannot be told, which is not the same as zero."""
    assert np.isnan(share(np.zeros(2), np.array([True, False])))


def test_unknown_people_are_not_counted():
    """A cell whose number is unknown changes neither part nor whole."""
    people = np.array([10.0, np.nan, 30])
    assert share(people, np.array([True, True, False])) == pytest.approx(25)


@pytest.mark.parametrize(
    ("part", "expected"), [(0.1, 1), (0.3, 2), (0.31, 3), (0.6, 3), (0.7, np.inf)]
)
def test_quantiles_by_hand(part, expected):
    """10 people within 1, 30 within 2, 60 within 3 minutes, the rest never."""
    assert quantile(MINUTES, PEOPLE, part) == expected


def test_a_curve_by_hand():
    """10, 30, 60 and again 60 of 100 people."""
    limits = np.array([1.0, 2, 3, 4])
    np.testing.assert_allclose(curve(MINUTES, PEOPLE, limits), [10, 30, 60, 60])


@pytest.mark.parametrize(
    ("percent", "told"), [(0, 0), (0.2, 1), (49.6, 50), (99.9, 99), (100, 100)]
)
def test_a_headline_is_exact_at_its_ends(percent, told):
    """0 and 100 are said only where they are true."""
    assert out_of_100(percent) == told
