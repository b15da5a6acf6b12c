"""Where PDF objects stand in the raw bytes: a reader of tokens that keeps offsets and decodes only strings.

It never interprets a document (pikepdf does); it names the bytes of values that are already known, and the caller
compares the two.

Source: ISO 32000-1 7.2 (lexical conventions), 7.3 (objects).
"""

import re
from typing import NamedTuple

WINDOW = 262_144
"""Bytes from an object's start that are looked at."""
MAX_TOKENS = 20_000
"""Tokens of one object that are looked at."""

_BLANK = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*)*")
_REGULAR = re.compile(rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]+")
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
_HEX = re.compile(rb"<([0-9A-Fa-f\x00\t\n\x0c\r ]*)>")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LITERAL_PIECE = re.compile(rb"[()]|\\(?:[0-7]{1,3}|\r\n|[\s\S])|\r\n?|[^()\\\r]+")
_HEADER = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_ESCAPES = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}


class Token(NamedTuple):
    """One token."""

    kind: str
    """``<<``, ``>>``, ``[``, ``]``, ``name``, ``string`` or ``word``."""
    start: int
    end: int
    value: bytes = b""
    """Decoded bytes of a string or a name."""


class Unlocated(Exception):
    """The bytes are not what the caller took them for; no range is given."""


def object_start(data: bytes, offset: int, number: int, generation: int) -> int:
    """Return where the object's value starts, after ``N G obj``.

    Raises:
        Unlocated: another object, or none, stands there.
    """
    start = _skip(data, offset)
    match = _HEADER.match(data, start)
    if match is None or (int(match[1]), int(match[2])) != (number, generation):
        raise Unlocated
    return match.end()


def dictionary(data: bytes, start: int) -> tuple[dict[bytes, Token], int]:
    """Return the values of a dictionary by key, and its end.

    Arrays and dictionaries are left out; a reference is given as its first word. A key that stands twice is left
    out: which one counts is not for us to say.

    Raises:
        Unlocated: no dictionary stands there, or it does not end.
    """
    token = next_token(data, start)
    if token.kind != "<<":
        raise Unlocated
    values: dict[bytes, Token] = {}
    twice: set[bytes] = set()
    depth, key, position = 1, b"", token.end
    for _ in range(MAX_TOKENS):
        token = next_token(data, position)
        position = token.end
        if token.kind in ("<<", "["):
            depth, key = depth + 1, b"" if depth == 1 else key
        elif token.kind in (">>", "]"):
            depth -= 1
            if depth == 0:
                return {name: found for name, found in values.items() if name not in twice}, position
        elif depth == 1 and key:
            values[key], key = token, b""
        elif depth == 1 and token.kind == "name":
            key = token.value
            if key in values:
                twice.add(key)
    raise Unlocated


def stream_start(data: bytes, dictionary_end: int) -> int:
    """Return where the data of a stream start.

    Raises:
        Unlocated: no stream follows the dictionary.
    """
    match = _STREAM.match(data, _skip(data, dictionary_end))
    if match is None:
        raise Unlocated
    return match.end()


def next_token(data: bytes, position: int) -> Token:
    """Return the token at or after *position*.

    Raises:
        Unlocated: the data end, or a string does not end.
    """
    start = _skip(data, position)
    two, one = data[start : start + 2], data[start : start + 1]
    if two in (b"<<", b">>"):
        return Token(two.decode(), start, start + 2)
    if one == b"(":
        return _literal(data, start)
    if one == b"<":
        match = _HEX.match(data, start)
        if match is None:
            raise Unlocated
        digits = bytes(byte for byte in match[1] if byte not in b"\0\t\n\f\r ")
        return Token("string", start, match.end(), bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    if one == b"/":
        match = _NAME.match(data, start)
        assert match is not None  # the slash is there
        return Token("name", start, match.end(), _NAME_ESCAPE.sub(lambda m: bytes.fromhex(m[1].decode()), match[1]))
    match = _REGULAR.match(data, start)
    if match is not None:
        return Token("word", start, match.end())
    if not one:
        raise Unlocated
    return Token(one.decode("latin-1"), start, start + 1)


def _literal(data: bytes, start: int) -> Token:
    out = bytearray()
    depth, position = 1, start + 1
    while match := _LITERAL_PIECE.match(data, position):
        piece, position = match[0], match.end()
        if piece == b"(":
            depth += 1
        elif piece == b")":
            depth -= 1
            if depth == 0:
                return Token("string", start, position, bytes(out))
        if piece[:1] == b"\\":
            escape = piece[1:]
            out += bytes((int(escape, 8) & 0xFF,)) if escape[:1].isdigit() and escape[:1] < b"8" else _unescape(escape)
        else:
            out += b"\n" if piece in (b"\r", b"\r\n") else piece
    raise Unlocated


def _unescape(escape: bytes) -> bytes:
    return _ESCAPES.get(escape, escape)


def _skip(data: bytes, position: int) -> int:
    match = _BLANK.match(data, position)
    return match.end() if match else position
