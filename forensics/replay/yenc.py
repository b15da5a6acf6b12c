"""yEnc: eight-bit text that carries a file, from news and mail.

Source: yEnc 1.3 (yenc.org).
"""

import re
from typing import NamedTuple

_PLAIN = bytes([(byte - 42) & 255 for byte in range(256)])
_ESCAPED = bytes([(byte - 64 - 42) & 255 for byte in range(256)])
_BEGIN = re.compile(rb"=ybegin( [^\r\n]*)(?:\r\n|[\r\n])")
_CONTROL = re.compile(rb"(?<=[\r\n])=y(begin|part|end)([^\r\n]*+)(?:\r\n|[\r\n]|\Z)")
_KEY = re.compile(rb" ([a-z0-9]{1,20})=([^ \r\n]*+)")
_NAME = re.compile(rb" name=([^\r\n]*)")
_LINE = re.compile(rb"[^\r\n]*+[\r\n]++|[^\r\n]++")


class Stated(NamedTuple):
    """What the control lines of a yEnc range say."""

    name: bytes
    end: int
    """First byte after the range."""
    size: int | None
    """Bytes of this piece; None: not stated."""
    crc32: int | None
    """Of this piece."""
    part: str
    """Number of this piece; empty: the file stands in one piece."""
    ended: bool
    """Whether the line ``=yend`` is there."""


def yenc(data: bytes) -> bytes:
    """Decode a range of yEnc; lines that begin with ``=y`` are no data."""
    out = bytearray()
    for found in _LINE.finditer(data):
        line = found[0].rstrip(b"\r\n")
        if line.startswith(b"=y"):
            continue
        position = 0
        while (sign := line.find(b"=", position)) >= 0:
            out += line[position:sign].translate(_PLAIN)
            out += line[sign + 1 : sign + 2].translate(_ESCAPED)
            position = sign + 2
        out += line[position:].translate(_PLAIN)
    return bytes(out)


def stated(data: bytes, start: int) -> Stated | None:
    """Read the control lines of the range that begins here; None where it begins with none."""
    begin = _BEGIN.match(data, start)
    if begin is None:
        return None
    said = dict(_KEY.findall(begin[1]))
    name = _NAME.search(begin[1])
    end, ended = len(data), False
    for found in _CONTROL.finditer(data, begin.end()):
        if found[1] == b"begin":
            end = found.start()
            break
        if found[1] == b"end":
            said |= {key: value for key, value in _KEY.findall(found[2]) if key in (b"size", b"crc32", b"pcrc32")}
            end, ended = found.end(), True
            break
    part = said.get(b"part", b"").decode("latin-1")
    digits = said.get(b"size", b"")
    checksum = said.get(b"pcrc32" if part else b"crc32", b"")
    return Stated(
        name=name[1].strip(b" \t") if name is not None else b"",
        end=end,
        size=int(digits) if digits.isdigit() and len(digits) < 16 and (ended or not part) else None,
        crc32=int(checksum, 16) if re.fullmatch(rb"[0-9A-Fa-f]{1,8}", checksum) else None,
        part=part,
        ended=ended,
    )
