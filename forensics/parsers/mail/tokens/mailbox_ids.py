"""Numbers that a mailbox gives its mails or itself (T-74, knowledge base 1.8)."""

import re

from forensics.model.facts import ClockKind, Precision
from forensics.parsers.mail.tokens.scheme import Decoded, Scheme, decode, milliseconds, unix


def gmail_number(token: bytes) -> tuple[Decoded, ...]:
    """Decode Gmail's number of a mail or thread: 64 bits, decimal or 16 hex digits; the top 44 are milliseconds."""
    return decode(token, _GMAIL)


def mailbox_number(token: bytes) -> tuple[Decoded, ...]:
    """Decode UIDVALIDITY: most IMAP servers take the second in which they made the mailbox."""
    return decode(token, (_UIDVALIDITY,))


def _gmail(pattern: bytes, base: int) -> Scheme:
    return Scheme(
        name="Gmail number",
        rule="T-74",
        pattern=re.compile(pattern),
        read=lambda found: milliseconds(int(found[0], base) >> 20),
        clock=ClockKind.MAILBOX,
        precision=Precision.MILLISECOND,
    )


_GMAIL = (_gmail(rb"\d{18,20}\Z", 10), _gmail(rb"[0-9a-f]{16}\Z", 16))
_UIDVALIDITY = Scheme(
    name="IMAP mailbox",
    rule="1.8",
    pattern=re.compile(rb"\d{9,10}\Z"),
    read=lambda found: unix(int(found[0])),
    clock=ClockKind.MAILBOX,
    precision=Precision.SECOND,
)
