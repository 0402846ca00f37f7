"""Bytes in base64: what comes back is what went in, anything else is one line of error."""

import base64
from typing import Any

import pytest

from serving.encoding import from_base64


@pytest.mark.parametrize("length", range(7))
def test_bytes_come_back(length: int) -> None:
    data = bytes(range(250, 250 + min(length, 6))) + bytes(max(0, length - 6))
    assert from_base64(base64.b64encode(data).decode(), "file", 6 + length) == data


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "file must be text in base64"),
        (b"AAAA", "file must be text in base64"),
        ("AAAA" * 3, "file is too long: at most 6 bytes, in base64"),
        ("*", "file is not valid base64"),
        ("AAA", "file is not valid base64"),
        ("AA\nAA", "file is not valid base64"),
        ("AAé=", "file is not valid base64"),
        ("\ud800", "file is not valid base64"),
    ],
)
def test_anything_else_is_one_line(text: Any, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        from_base64(text, "file", 6)
    assert str(caught.value) == says
