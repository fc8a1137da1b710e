"""One value, one text; and nothing else is read (S13.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.verifying import canonical

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="ascii")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


@given(VALUES)
def test_what_is_encoded_is_read_back(value):
    """Encoding and reading are each other's inverse."""
    assert canonical.decode(canonical.encode(value)) == value


def test_the_form():
    """Sorted keys, no spaces, no escapes, large integers as text, NFC."""
    value = {"b": [2**53, 2**53 + 1, -(2**53) - 1], "a": "e\u0301社区", "c": None}

    assert canonical.encode(value).decode() == (
        '{"a":"é社区","b":[9007199254740992,"9007199254740993","-9007199254740993"],"c":null}'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"1.0", b"1e3", b"NaN", b"-Infinity", b'{"a":1,"a":2}', b'{"b":1,"a":2}', b"[1, 2]", b"",
        b"-0", b'"\\u00e9"', b"9007199254740993", '"e\u0301"'.encode(), b"\xef\xbb\xbf1", b"\xff",
        b'"\\ud800"', b"[" * 100_000, b"1\n\n", b"9" * 5000, b'{"a":1}x', b"01", b"\x00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(data):
    """Floats, repeated or unsorted keys, other spellings and no JSON at all."""
    with pytest.raises(canonical.CanonicalError):
        canonical.decode(data)


@pytest.mark.parametrize("value", [1.0, {1: 2}, {"a": 0.5}, b"x", {1, 2}])
def test_what_has_no_form_is_refused(value):
    """A float is never written either."""
    with pytest.raises(canonical.CanonicalError):
        canonical.encode(value)


def test_lines():
    """Every line ends; an empty file has none."""
    assert canonical.decode_lines(b'{"a":1}\n[]\n') == [{"a": 1}, []]
    assert canonical.decode_lines(b"") == []
    with pytest.raises(canonical.CanonicalError):
        canonical.decode_lines(b"[]")
