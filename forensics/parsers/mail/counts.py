"""Header fields that count the body: Lines (RFC 1036 2.2.12) and Content-Length (mbox, mboxcl2)."""

from forensics.model.facts import Located
from forensics.model.mail import MimePart, StatedCount


def stated_counts(root: MimePart, data: bytes, size: int) -> tuple[StatedCount, ...]:
    """Return each field that holds a number, with what the body has; nothing where the message is read in part.

    Args:
        root: the message's own part.
        data: its bytes, as far as they are read.
        size: how many it has.
    """
    if len(data) < size:
        return ()
    stated = [(field, field.body.strip()) for field in root.headers if field.key in ("lines", "content-length")]
    stated = [(field, digits) for field, digits in stated if digits.isdigit() and len(digits) <= 12]
    if not stated:
        return ()
    length = len(data) - root.body_start
    lines, returns = data.count(b"\n", root.body_start), data.count(b"\r\n", root.body_start)
    ranges = {"lines": (lines, lines), "content-length": (length - returns, length - returns + lines)}
    return tuple(
        [
            StatedCount(
                written=Located(digits.decode("ascii"), field.raw, field.locator(0)),
                stated=int(digits),
                least=ranges[field.key][0],
                most=ranges[field.key][1],
            )
            for field, digits in stated
        ]
    )
