"""Named decoders: how the bytes of a range become the next layer. Replay needs nothing else.

A name is ``what/version``; a version is raised when the output on any input changes. Every decoder is total: it
never raises, it decodes what it can and drops only what its encoding says to ignore. Parsers notice what was odd.
"""

import binascii
import re
import zlib
from collections.abc import Callable

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_QUOTED_FROM_ONCE = re.compile(rb"^>(From )", re.MULTILINE)


def copy(data: bytes) -> bytes:
    """Return the range as it is."""
    return data


def base64(data: bytes) -> bytes:
    """Decode base64 (RFC 2045 6.8): other characters are ignored, decoding ends at the padding, a torn group is cut."""
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        pass
    body = data
    end = body.find(b"=")
    if end >= 0:
        body = body[:end]
    body = _NOT_BASE64.sub(b"", body)
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def quoted_printable(data: bytes) -> bytes:
    """Decode quoted-printable (RFC 2045 6.7); a malformed escape stands for itself."""
    return binascii.a2b_qp(data)


def deflate(data: bytes) -> bytes:
    """Decode a raw deflate stream (RFC 1951); what was decoded before damage is kept."""
    engine = zlib.decompressobj(-15)
    try:
        return engine.decompress(data) + engine.flush()
    except zlib.error:
        return _deflate_damaged(data)


def _deflate_damaged(data: bytes) -> bytes:
    engine, out = zlib.decompressobj(-15), bytearray()
    for start in range(0, len(data), 256):
        try:
            out += engine.decompress(data[start : start + 256])
        except zlib.error:
            break
    return bytes(out)


def mboxrd(data: bytes) -> bytes:
    """Take one ``>`` from every line that starts with ``>``s and ``From ``."""
    return _QUOTED_FROM.sub(rb"\1", data)


def mboxo(data: bytes) -> bytes:
    """Take the ``>`` from every line that starts with ``>From ``."""
    return _QUOTED_FROM_ONCE.sub(rb"\1", data)


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "copy/1": copy,
    "base64/1": base64,
    "quoted-printable/1": quoted_printable,
    "deflate/1": deflate,
    "mboxrd/1": mboxrd,
    "mboxo/1": mboxo,
}
