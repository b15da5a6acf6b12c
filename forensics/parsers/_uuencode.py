"""The uuencode transfer encoding of mails before MIME and of some after it."""

import binascii


def uudecode(data: bytes) -> bytes:
    """Decode uuencode (POSIX): the lines from ``begin`` to ``end``; lines that are no such code are left out."""
    head, mark, body = data.partition(b"begin ")
    if not mark or (head and not head.endswith((b"\n", b"\r"))):
        return b""
    out = bytearray()
    for line in body.splitlines()[1:]:
        if line == b"end":
            break
        out += _line(line)
    return bytes(out)


def _line(line: bytes) -> bytes:
    if not line:
        return b""
    size = (line[0] - 32) & 63
    try:
        return binascii.a2b_uu(line[: 1 + (size + 2) // 3 * 4])
    except binascii.Error:
        return b""
