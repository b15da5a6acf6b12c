"""Content-IDs and attachment ids that carry the time (C-01 to C-05)."""

import re

from forensics.model.facts import ClockKind, Precision
from forensics.parsers.mail.tokens.scheme import Decoded, Read, Scheme, decode, filetime, milliseconds


def content_id(token: bytes) -> tuple[Decoded, ...]:
    """Decode a Content-ID without its angle brackets, or an X-Attachment-Id."""
    return decode(token, SCHEMES)


def _filetime(found: re.Match[bytes]) -> int:
    return filetime(int(found[1] + found[2], 16))


def _row(name: str, rule: str, pattern: bytes, read: Read, precision: Precision, *, local: bool = False) -> Scheme:
    return Scheme(
        name=name,
        rule=rule,
        pattern=re.compile(pattern),
        read=read,
        clock=ClockKind.SENDER,
        precision=precision,
        local=local,
    )


SCHEMES = (
    _row(
        "Outlook picture",
        "C-01",
        rb"image\d{3}\.\w+@([0-9A-F]{8})\.([0-9A-F]{8})\Z",
        _filetime,
        Precision.TICK,
        local=True,
    ),
    _row(
        "Outlook Express",
        "C-02",
        rb"[0-9a-f]{4}([0-9a-f]{8})\$([0-9a-f]{8})\$[0-9a-f]{8}@",
        _filetime,
        Precision.TICK,
    ),
    _row(
        "Gmail picture",
        "C-03",
        rb"ii_([0-9a-z]{8})\d+(?:@|\Z)",
        lambda found: milliseconds(int(found[1], 36)),
        Precision.MILLISECOND,
    ),
    _row(
        "Gmail attachment",
        "C-04",
        rb"f_([0-9a-z]{8})\d+(?:@|\Z)",
        lambda found: milliseconds(int(found[1], 36)),
        Precision.MILLISECOND,
    ),
    _row(
        "Gmail picture",
        "C-05",
        rb"ii_([0-9a-f]{11})[0-9a-f]{5}(?:@|\Z)",
        lambda found: milliseconds(int(found[1], 16)),
        Precision.MILLISECOND,
    ),
)
"""All rows."""
