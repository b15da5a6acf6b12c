"""Earlier versions of decoders: only for cases whose locations name them."""

import binascii
import re
from collections.abc import Callable

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def _base64(data: bytes) -> bytes:
    """Decoding ends at the first padding."""
    body = data.translate(None, b"\r\n")
    try:
        return binascii.a2b_base64(body, strict_mode=True)
    except binascii.Error:
        pass
    end = body.find(b"=")
    if end >= 0:
        body = body[:end]
    body = _NOT_BASE64.sub(b"", body)
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def _uudecode(data: bytes) -> bytes:
    """Without a line ``begin`` nothing is decoded."""
    head, mark, body = data.partition(b"begin ")
    if not mark or (head and not head.endswith((b"\n", b"\r"))):
        return b""
    out = bytearray()
    for line in body.splitlines()[1:]:
        if line == b"end":
            break
        if not line:
            continue
        size = (line[0] - 32) & 63
        try:
            out += binascii.a2b_uu(line[: 1 + (size + 2) // 3 * 4])
        except binascii.Error:
            continue
    return bytes(out)


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "base64/1": _base64,
    "quoted-printable/1": binascii.a2b_qp,
    "uuencode/1": _uudecode,
}
"""Name to what decodes a whole range."""
