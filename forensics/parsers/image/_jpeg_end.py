"""Where a JPEG picture ends: past its scans, which hold no marker but restarts and stuffed bytes.

Source: ITU-T T.81 B.1.1.2 (markers), B.1.1.5 (entropy-coded data), B.2.1 (order of segments).
"""

import re

from forensics.intake.windows import BLOCK, Window
from forensics.model.byte_sources import ByteSource

_IN_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))


def picture_end(source: ByteSource, start: int) -> int | None:
    """Return the first byte after the end-of-image marker of the picture at *start*; ``None`` if it has none."""
    window = Window(source, 4096)
    at = start + 2
    while True:
        head = window.read(at, at + 4)
        if len(head) < 2 or head[0] != 0xFF:
            return None
        marker = head[1]
        if marker == _END:
            return at + 2
        if marker == 0xFF:  # fill bytes
            run = window.read(at, at + 4096)
            at += len(run) - len(run.lstrip(b"\xff")) - 1
        elif marker in _ALONE:
            at += 2
        elif len(head) < 4:
            return None
        else:
            at += 2 + int.from_bytes(head[2:4], "big")
            found = _after_scan(source, at) if marker == _SCAN else at
            if found is None:
                return None
            at = found


def _after_scan(source: ByteSource, at: int) -> int | None:
    """Return where the next marker stands that ends the entropy-coded data at *at*."""
    while True:
        block = source.read(at, at + BLOCK)
        match = _IN_SCAN.search(block)
        if match is not None:
            return at + match.end() - 2
        if len(block) < 2:
            return None
        at += len(block) - 1
