"""Files that stand inside a text: uuencode, its base64 form, yEnc.

Source: POSIX.1-2017, uuencode; yEnc 1.3.
"""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from forensics.replay import base64
from forensics.replay.uuencode import run, uudecode
from forensics.replay.yenc import stated, yenc

MARK = re.compile(rb"begin[ \t-]")
"""A text without this holds no such file. Searched for in every text: faster than to find bytes."""
_BEGIN = re.compile(rb"begin(-base64)?[ \t]++0?[0-7]{3,5}(?:[ \t]++([^\r\n]*+))?(?:\r\n|[\r\n])")
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]++={0,3}+[ \t]*+(?:\r\n|[\r\n]|\Z))*+")
_BASE64_END = re.compile(rb"====[ \t]*+(?:\r\n|[\r\n]|\Z)")


class Embedded(NamedTuple):
    """One file inside a text."""

    kind: str
    """``uuencode`` or ``yenc``."""
    start: int
    """First byte of what the decoder reads."""
    end: int
    after: int
    """First byte after all lines of the file."""
    decoder: str
    name: bytes
    """As its first line has it."""
    content: bytes
    fault: str
    """What was odd, in a sentence; empty if nothing was."""


def find(text: bytes) -> Iterator[Embedded]:
    """Yield the files that a text holds, in order."""
    mark = MARK.search(text)
    while mark is not None:
        position, found = mark.start(), None
        if text[position - 2 : position] == b"=y" and _begins_line(text, position - 2):
            found = _yenc(text, position - 2)
        elif _begins_line(text, position):
            found = _uuencoded(text, position)
        if found is not None:
            yield found
        mark = MARK.search(text, found.after if found is not None else mark.end())


def _begins_line(text: bytes, position: int) -> bool:
    return position == 0 or (position > 0 and text[position - 1] in b"\r\n")


def _uuencoded(text: bytes, position: int) -> Embedded | None:
    begin = _BEGIN.match(text, position)
    if begin is None:
        return None
    name = (begin[2] or b"").rstrip(b" \t")
    if begin[1]:
        return _base64_form(text, begin.end(), name)
    lines = run(text, begin.end())
    if lines.good == 0 and (lines.bad or not lines.ended):
        return None
    faults = []
    if lines.bad:
        faults.append(f"{lines.bad} lines in a uuencoded file that are no code are left out")
    if not lines.ended:
        faults.append("a uuencoded file without its last line")
    content = uudecode(text[position : lines.end])
    return Embedded("uuencode", position, lines.end, lines.end, "uuencode/2", name, content, "; ".join(faults))


def _base64_form(text: bytes, start: int, name: bytes) -> Embedded | None:
    lines = _BASE64_LINES.match(text, start)
    end = lines.end() if lines is not None else start
    last = _BASE64_END.match(text, end)
    if end == start and last is None:
        return None
    found = base64.read(text[start:end])
    faults = [] if last is not None else ["a uuencoded file (base64) without its last line"]
    if found.torn or found.pieces > 1:
        faults.append("a uuencoded file whose base64 is damaged")
    return Embedded(
        "uuencode",
        start,
        end,
        last.end() if last is not None else end,
        "base64/2",
        name,
        found.content,
        "; ".join(faults),
    )


def _yenc(text: bytes, position: int) -> Embedded | None:
    said = stated(text, position)
    if said is None:
        return None
    content = yenc(text[position : said.end])
    faults = [f"piece {said.part} of a file in several"] if said.part.isdecimal() else []
    if not said.ended:
        faults.append("a yEnc file without its last line")
    if said.size is not None and said.size != len(content):
        faults.append(f"a yEnc file of {said.size:,} bytes by its own account, {len(content):,} decoded")
    if said.crc32 is not None and said.crc32 != zlib.crc32(content):
        faults.append("a yEnc file whose checksum does not fit")
    return Embedded("yenc", position, said.end, said.end, "yenc/1", said.name, content, "; ".join(faults))
