"""Header fields that count the body: Lines (RFC 1036 2.2.12) and Content-Length (mbox, mboxcl2)."""

from forensics.model.facts import Located
from forensics.model.mail import HeaderField, StatedCount
from forensics.parsers.mail.reading import Reading

COUNTING = ("lines", "content-length")


def read_count(reading: Reading, field: HeaderField) -> None:
    """Add a count, with what the body has; none where the field holds no number or the message is read in part."""
    digits = field.body.strip()
    if not reading.whole or not digits.isdigit() or len(digits) > 12:
        return
    lines, returns = reading.line_ends
    length = len(reading.data) - reading.body_start
    least, most = (lines, lines) if field.key == "lines" else (length - returns, length - returns + lines)
    written = Located(digits.decode("ascii"), field.raw, field.locator(0))
    reading.stated.append(StatedCount(written=written, stated=int(digits), least=least, most=most))
