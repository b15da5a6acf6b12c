"""Authentication-Results and Received-SPF taken apart: who says so, what was tested, what came out.

A field without authserv-id (Exchange Online writes such) is read all the same. What cannot be read is left out: the
field itself is kept byte for byte.

Source: RFC 8601 2.2, RFC 8617 4.1.1, RFC 7208 9.1.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from forensics.model.authentication import AuthenticationResult
from forensics.model.mail import HeaderField
from forensics.parsers.mail.words import without_comments

MAX_RESULTS = 50
"""Results of one field that are read."""
_PAIR = re.compile(
    rb"([A-Za-z0-9._-]{1,60}+)(?:[ \t\r\n]*/[ \t\r\n]*\d{1,3})?[ \t\r\n]*=[ \t\r\n]*(\"[^\"]*+\"|[^\s;]++)"
)
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*(\d{1,3})[ \t\r\n]*;")
_SPF = re.compile(rb"[ \t\r\n]*([A-Za-z]{1,20}+)(?![^\s(;])")
_COMMENTED = re.compile(rb"[ \t\r\n]*[A-Za-z]++[ \t\r\n]*\([ \t\r\n]*([A-Za-z0-9.-]{1,255}+):")
"""The host that some servers name in the comment alone."""

Said = tuple[str, str, str, dict[str, str]]
"""Server, method, result, properties."""


def read_results(field: HeaderField, index: int, below: int) -> list[AuthenticationResult]:
    """Read one field.

    Args:
        field: Authentication-Results, or ARC-Authentication-Results (RFC 8617 4.1.1).
        index: position among the fields of that name, 0 = topmost.
        below: trace fields above it.
    """
    body, instance = field.body, None
    if field.key.startswith("arc-") and (lead := _INSTANCE.match(body)) is not None:
        body, instance = body[lead.end() :], int(lead[1])
    locator = field.locator(index)
    return [
        AuthenticationResult(
            server=server,
            method=method,
            result=result,
            properties=properties,
            index=index,
            below=below,
            instance=instance,
            field=field.key,
            raw=field.raw,
            locator=locator,
        )
        for server, method, result, properties in _said(body)
    ]


def read_spf(field: HeaderField, index: int, below: int) -> list[AuthenticationResult]:
    """Read a Received-SPF; the properties of its one result, ``spf``, have the names that they have in the field.

    Args:
        field: Received-SPF.
        index: position among the fields of that name, 0 = topmost.
        below: trace fields above it.
    """
    body = field.body
    plain = without_comments(body)
    result = _SPF.match(plain)
    if result is None:
        return []
    properties = _properties(_PAIR.findall(plain, result.end()))
    commented = _COMMENTED.match(body)
    server = properties.get("receiver", "") or (_text(commented[1]) if commented is not None else "")
    return [
        AuthenticationResult(
            server=server.lower(),
            method="spf",
            result=_text(result[1]).lower(),
            properties=properties,
            index=index,
            below=below,
            field=field.key,
            raw=field.raw,
            locator=field.locator(index),
        )
    ]


def _properties(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {_text(name).lower(): _text(value).strip('"') for name, value in pairs}


@lru_cache(4096)
def _said(body: bytes) -> tuple[Said, ...]:
    pieces = without_comments(body).split(b";")[: MAX_RESULTS + 1]
    server = ""
    if b"=" not in pieces[0]:
        words = pieces.pop(0).split()
        server = _text(words[0]).lower() if words else ""
    found: list[Said] = []
    for piece in pieces:
        pairs = _PAIR.findall(piece)
        if pairs:
            method, result = pairs[0]
            found.append((server, _text(method).lower(), _text(result).lower(), _properties(pairs[1:])))
    return tuple(found)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
