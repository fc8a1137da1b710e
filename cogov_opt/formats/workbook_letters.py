"""Columns of sheets: letters to numbers and back."""

from __future__ import annotations


def number_of(letters: str) -> int:
    """Give the number of a column from its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(number: int) -> str:
    """Give the letters of a column from its number."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
