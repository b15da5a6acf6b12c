"""Comments of structured fields (RFC 5322 3.2.2): nested, escaped, unclosed; found in one pass whatever the input."""

import re

_MARK = re.compile(rb"\\.|\"|[()]", re.DOTALL)


def without_comments(raw: bytes) -> bytes:
    """Put a space in place of every comment outside quoted strings; what is never closed stays as it is."""
    if b"(" not in raw:
        return raw
    kept: list[bytes] = []
    depth = start = position = 0
    quoted = False
    for found in _MARK.finditer(raw):
        mark = found[0]
        if mark == b'"' and depth == 0:
            quoted = not quoted
        elif quoted:
            continue
        elif mark == b"(":
            if depth == 0:
                start = found.start()
            depth += 1
        elif mark == b")" and depth > 0:
            depth -= 1
            if depth == 0:
                kept += (raw[position:start], b" ")
                position = found.end()
    kept.append(raw[position:])
    return b"".join(kept)
