"""Metres between places, in integers alone (convention S9.2)."""

from __future__ import annotations

from decimal import Decimal, getcontext
from math import isqrt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.formulating.terms.distance import cosines, metres_between
from cogov_opt.verifying.distance import between

LAT = st.integers(-90 * 10**6, 90 * 10**6)
LON = st.integers(-180 * 10**6, 180 * 10**6)


def exact_cosine(hundredths: int) -> Decimal:
    """Give 10^6 cos of hundredths of a degree by its series, to 40 digits."""
    getcontext().prec = 60
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
    angle = pi * hundredths / 18000
    term = total = Decimal(1)
    for k in range(1, 40):
        term *= -angle * angle / ((2 * k - 1) * (2 * k))
        total += term
    return total * 10**6


def plain(lat: int, lon: int, lat2: int, lon2: int) -> int:
    """Give the metres with Python's integers, as S9.2 writes them."""
    dy = abs(lat - lat2) * 111195 // 10**6
    dl = min(abs(lon - lon2), 360 * 10**6 - abs(lon - lon2))
    cosine = int(cosines()[abs(lat + lat2) // 2 // 10**4])
    dx = dl * 111195 // 10**6 * cosine // 10**6
    return isqrt(dx * dx + dy * dy)


def test_no_cosine_lies_near_a_rounding_edge() -> None:
    """Each of 9001 cosines is the exact one rounded, and no platform's last bit can turn it."""
    nearest = Decimal(1)
    for i, held in enumerate(cosines().tolist()):
        exact = exact_cosine(i)
        assert abs(exact - held) < Decimal("0.5")
        nearest = min(nearest, Decimal("0.5") - abs(exact - held))
    assert nearest > Decimal("0.000001")


@settings(max_examples=300)
@given(lat=LAT, lon=LON, lat2=LAT, lon2=LON)
def test_metres_are_those_of_exact_integers(lat: int, lon: int, lat2: int, lon2: int) -> None:
    """Arrays, plain integers and the verifier agree on any two places of the earth (S9.2)."""
    found = metres_between(*(np.array([v], dtype=np.int64) for v in (lat, lon, lat2, lon2)))
    assert found.tolist() == [plain(lat, lon, lat2, lon2)] == [between(lat, lon, lat2, lon2)]


@given(lat=LAT, lon=LON)
def test_a_place_is_nowhere_from_itself_and_the_date_line_is_no_wall(lat: int, lon: int) -> None:
    """No distance to itself; 180 east is 180 west (S9.2)."""

    def one(*values: int) -> int:
        return int(metres_between(*(np.array([v], dtype=np.int64) for v in values))[0])

    assert one(lat, lon, lat, lon) == 0
    assert one(lat, 180 * 10**6, lat, -180 * 10**6) == 0
    assert one(0, lon, 10**6, lon) == 111_195


def test_whole_roots_are_exact_at_the_edges_of_squares() -> None:
    """One below a square, the square and one above it, up to half way round the earth."""
    from cogov_opt.formulating.terms.distance import _root

    roots = np.array([1, 2, 3, 99_999, 2**24 + 1, 20_015_109, 28_305_837, 94_906_267])
    for shift in (-1, 0, 1):
        squares = roots * roots + shift
        assert _root(squares).tolist() == [isqrt(s) for s in squares.tolist()]
