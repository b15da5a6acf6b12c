"""Header fields that count the body: Lines (RFC 1036 2.2.12) and Content-Length (mbox, mboxcl2)."""

from collections.abc import Iterator

from forensics.model.mail import MimePart, StatedCount


def stated_counts(root: MimePart, data: bytes, size: int) -> Iterator[StatedCount]:
    """Yield each field that holds a number, with what the body has; nothing where the message is read in part.

    Args:
        root: the message's own part.
        data: its bytes, as far as they are read.
        size: how many it has.
    """
    if len(data) < size:
        return
    for field in root.headers:
        if field.key not in ("lines", "content-length"):
            continue
        digits = field.body.strip()
        if not digits.isdigit() or len(digits) > 12:
            continue
        lines = data.count(b"\n", root.body_start)
        if field.key == "lines":
            least, most = lines, lines
        else:
            returns = data.count(b"\r\n", root.body_start)
            size = len(data) - root.body_start
            least, most = size - returns, size - returns + lines
        yield StatedCount(field=field, stated=int(digits), least=least, most=most)
