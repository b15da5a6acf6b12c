"""Bodies before a server took their transfer encoding away: as base64 and as quoted-printable of several writers.

Source: RFC 2045 6.7, 6.8.
"""

import base64
import re
from collections.abc import Iterator

from forensics.authenticity.repairs.mails import LINE, Body, Mail

_ESCAPED = re.compile(rb"[^\t -~\n]")
_BLANK_AT_END = re.compile(rb"(?m)[ \t]$")


def quoted_printable_76(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a text in quoted-printable whose lines have 76 characters."""
    yield from _quoted_printable(body, "quoted_printable_76", 76)


def quoted_printable_75(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a text in quoted-printable of writers that break a line of 76 characters too."""
    yield from _quoted_printable(body, "quoted_printable_75", 75)


def base64_76(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a text in base64, lines of 76 characters, its own lines with CRLF and with LF."""
    if _is_plain(body):
        field = b"Content-Transfer-Encoding: base64\n"
        for content in (body.content.replace(LINE, b"\r\n"), body.content):
            yield body.changed("base64_76", base64.encodebytes(content), content_transfer_encoding=field)


def _quoted_printable(body: Body, step: str, longest: int) -> Iterator[Body]:
    if _is_plain(body):
        field = b"Content-Transfer-Encoding: quoted-printable\n"
        yield body.changed(step, quote(body.content, longest), content_transfer_encoding=field)


def _is_plain(body: Body) -> bool:
    return body.encoding not in ("base64", "quoted-printable") and body.type.value.startswith("text/")


def quote(text: bytes, longest: int, also: bytes = b"") -> bytes:
    """Encode a text in quoted-printable.

    Args:
        text: with LF line ends.
        longest: characters of a line that has no soft break; with its break every line has 76 at most.
        also: signs that the writer escapes without need.
    """
    escaped = _BLANK_AT_END.sub(_escape, _ESCAPED.sub(_escape, text.replace(b"=", b"=3D")))
    for sign in also:
        escaped = escaped.replace(bytes((sign,)), b"=%02X" % sign)
    lines = escaped.split(LINE)
    return LINE.join([line if len(line) <= longest else _broken(line, longest) for line in lines])


def _escape(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found[0][0]


def _broken(line: bytes, longest: int) -> bytes:
    """Return an escaped line with soft breaks; none stands inside an escape."""
    rows: list[bytes] = []
    at = 0
    while len(line) - at > longest:
        end = at + 75
        escape = line.rfind(b"=", end - 2, end)
        end = end if escape < 0 else escape
        rows.append(line[at:end] + b"=")
        at = end
    rows.append(line[at:])
    return LINE.join(rows)
