"""Base64 as mails carry it: with foreign characters, in several padded pieces, torn off inside a group.

Source: RFC 2045 6.8, RFC 4648 4.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(sorted(set(range(256)) - set(LETTERS)))
_BLANKS = b" \t\r\n\v\f"
_PADDING = re.compile(rb"=[=\s]*+")


class Base64(NamedTuple):
    """What a range of base64 gives."""

    content: bytes
    stop: int
    """First byte after what was read; what follows is no base64."""
    pieces: int = 1
    """Pieces that end with a padding of their own, the last one perhaps without."""
    foreign: int = 0
    """Characters that are none of base64, blanks apart, among what was read."""
    torn: int = 0
    """Characters of a last group that lacks some, and its padding; one alone gives nothing."""


def base64(data: bytes) -> bytes:
    """Decode base64 as `read` does."""
    return read(data).content


def read(data: bytes) -> Base64:
    """Decode base64, and say what was odd about it.

    Foreign characters are ignored, as RFC 2045 asks. After a padding only base64 without any fault is read on: what a
    mailing list wrote below is no base64.
    """
    try:
        return Base64(binascii.a2b_base64(data.translate(None, _BLANKS), strict_mode=True), len(data))
    except binascii.Error:
        pass
    content = bytearray()
    stop = count = foreign = torn = 0
    for start, end, pads, following in _pieces(data):
        text = data[start:end]
        if count:
            whole = _strict(text.translate(None, _BLANKS) + b"=" * pads)
            if whole is None:
                break
            content += whole
        else:
            letters = text.translate(None, _FOREIGN)
            needed = -len(letters) % 4
            foreign = len(text.translate(None, _BLANKS)) - len(letters) + max(0, pads - needed)
            torn = len(letters) % 4 if pads < needed else 0
            content += binascii.a2b_base64(letters[: len(letters) - (needed == 3)] + b"=" * (needed % 3))
        count += 1
        stop = following
    return Base64(bytes(content), stop, count, foreign, torn)


def piece_starts(data: bytes) -> list[tuple[int, int]]:
    """Return for every piece how many bytes were decoded before it, and how many letters stand before it."""
    starts, decoded, letters = [], 0, 0
    for start, end, _, _ in _pieces(data[: read(data).stop]):
        starts.append((decoded, letters))
        count = len(data[start:end].translate(None, _FOREIGN))
        letters += count
        decoded += count * 3 // 4
    return starts


def _pieces(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield of each piece its first byte, the end of its letters, its padding characters, and where the next begins."""
    start = 0
    for found in _PADDING.finditer(data):
        yield start, found.start(), found[0].count(b"="), found.end()
        start = found.end()
    if start == 0 or start < len(data):
        yield start, len(data), 0, len(data)


def _strict(text: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return None
