"""Forms of From and Return-Path that two programs read in two ways; each found in one pass.

Source: RFC 5321 4.1.2, RFC 5322 3.4 and 4.4.
"""

import re
from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache

from forensics.model.mail import HeaderField

_TWISTED = re.compile(
    rb"<\s*+@[^<>:]*+:"  # a route before the address (RFC 5322 4.4)
    rb"|>\s*+\\\s*+,"  # a quoted pair in the place of a separator
    rb"|>\s*+[^\s@,;()<>\"]++@[^\s,;()<>\"]++\s*+\Z"  # an address behind the address
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_SHIFTED = re.compile(rb"\x1b(?:\$\(?[@-Z]|\(I)[^\x1b\r\n]*+\x1b\([A-HJ-Z]|\x1b\$\)[A-Z]|\x0e[^\x0f\r\n]*+\x0f")
"""Letters of ISO 2022, which are no control characters to those who write them."""
_ENCODED = re.compile(rb"=\?[^?\s]{1,40}\?b\?([A-Za-z0-9+/=]{4,400})\?=|=\?[^?\s]{1,40}\?q\?([^?\s]{3,400})\?=", re.I)
_TEXT = rb"[^\s<>()\",;:\\\[\]@]"
_SPEC = rb"(?:\"(?:[^\"\\]++|\\.)*+\"|" + _TEXT + rb"++)(?:@(?:\[[^\s<>()\[\]\\]++\]|[^\s<>()'\",;:\\\[\]@]++))?+"
_ROUTE = rb"(?:@[^\s<>()'\",;:\\@]++,?+)++:"
_ENVELOPE = re.compile(
    rb"\s*+(?:<(?:" + _ROUTE + rb")?+(?:" + _SPEC + rb")?+>|" + _SPEC + rb")?+\s*+(?:\([^()]*+\)\s*+)?+", re.DOTALL
)
"""A path of RFC 5321 4.1.2, with or without its brackets, and a comment behind it."""
_ROUTED = re.compile(rb"\s*+<?" + _ROUTE)
_ROUTE_DOMAIN = re.compile(rb"@([^\s<>()'\",;:\\@]++)")
_PLAIN = re.compile(rb"<[^<>\s@]{1,200}@[^<>\s]{1,200}>")

_SHORT = 500
"""Bytes of a field for which the answer is kept: the same sender's comes again."""
_SPACED = re.compile(rb"[A-Za-z-]{2,20}[ \t]{1,20}:")
_WRITTEN = frozenset(("to", "cc", "subject", "date", "reply-to", "sender"))
"""What a program writes that writes From; servers add the others."""


def is_spaced(field: HeaderField) -> bool:
    """Whether white space stands between a field's name and its colon: lawful once (RFC 5322 4.5)."""
    return _SPACED.match(field.raw) is not None


def is_written_spaced(headers: Iterable[HeaderField]) -> bool:
    """Whether the program that wrote a mail wrote all of its fields so."""
    written = [field for field in headers if field.key in _WRITTEN]
    return bool(written) and all(is_spaced(field) for field in written)


def is_path(body: bytes) -> bool:
    """Whether the body of Return-Path is a path, or empty."""
    return (_is_path if len(body) <= _SHORT else _is_path.__wrapped__)(body)


@lru_cache(4096)
def _is_path(body: bytes) -> bool:
    return _ENVELOPE.fullmatch(body) is not None


def route_of(body: bytes) -> list[str]:
    """Return the domains of the source route in a Return-Path (RFC 5321 appendix C), lower case; none without one."""
    route = _ROUTED.match(body)
    return [name.decode("latin-1").lower() for name in _ROUTE_DOMAIN.findall(route[0])] if route else []


def is_twisted(body: bytes) -> bool:
    """Whether programs read different addresses from a From field."""
    return (_is_twisted if len(body) <= _SHORT else _is_twisted.__wrapped__)(body)


@lru_cache(4096)
def _is_twisted(body: bytes) -> bool:
    if b"\x1b" in body:  # an address among shifted letters is one to programs that do not know them
        body = _SHIFTED.sub(lambda found: found[0] if _PLAIN.search(found[0]) else b"", body)
    return _TWISTED.search(body.strip()) is not None


def hides_address(body: bytes) -> bool:
    """Whether an encoded word holds an address in angle brackets beside a plain one: some programs take it for one."""
    if not _PLAIN.search(_ENCODED.sub(b"", body)):
        return False
    for found in _ENCODED.finditer(body):
        text = found[2] or b""
        if found[1]:
            try:
                text = b64decode(found[1])
            except ValueError:
                continue
        if b"<" in text and b"@" in text:
            return True
    return False
