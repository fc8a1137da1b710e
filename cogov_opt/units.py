"""Quantities as people read them: money, durations, shares. Integers in, text out."""

from __future__ import annotations


def money_text(minor: int, currency: str) -> str:
    """Write an amount of minor units in major units: 84000 CNY -> `840.00 CNY`."""
    sign = "-" if minor < 0 else ""
    major, rest = divmod(abs(minor), 100)
    return f"{sign}{major:,}.{rest:02d} {currency}"


def minutes_text(minutes: int) -> str:
    """Write a duration: 90 -> `1h30`, 60 -> `1h`, 25 -> `25min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}min"
    return f"{hours}h{rest:02d}" if rest else f"{hours}h"


def share_text(basis_points: int) -> str:
    """Write a share given in basis points: 3333 -> `33.33 %`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def scaled_text(scaled: int, scale: int) -> str:
    """
    Write `scaled / scale` with at most two decimals, rounded towards zero.

    `scale` is a power of ten; 12345 at 1000 -> `12.34`.
    """
    sign = "-" if scaled < 0 else ""
    hundredths = abs(scaled) * 100 // scale
    whole, rest = divmod(hundredths, 100)
    text = f"{whole:,}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{whole:,}"
    return sign + text
