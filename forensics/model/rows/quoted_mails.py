"""Table ``quoted_mails``."""

import msgspec

from forensics.model.facts import Timestamp
from forensics.model.quoting import QuotedMail
from forensics.model.rows import located, times
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow

_QUOTED_BYTES = 1000


class QuotedMailRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A mail that another mail quotes, as the line or header block above the quote tells of it: `QuotedMail`."""

    sha256: str
    """Of the mail that quotes it."""
    index: int
    """Position among what that mail quotes, from 0, in the order of its texts."""
    style: str
    depth: int
    part: str
    written: LocatedRow
    """Its first bytes."""
    date: TimeRow | None
    other_readings: list[int]
    name: str
    address: str
    is_block: bool
    subject: str
    to: str
    cc: str


def row_of(sha256: str, index: int, quoted: QuotedMail) -> QuotedMailRow:
    """Make the row of a quoted mail."""
    return QuotedMailRow(
        sha256=sha256,
        index=index,
        style=quoted.style,
        depth=quoted.depth,
        part=quoted.part,
        written=located.row_of(quoted.written, _QUOTED_BYTES),
        date=times.row_of(quoted.date) if isinstance(quoted.date, Timestamp) else None,
        other_readings=list(quoted.other_readings),
        name=quoted.name,
        address=quoted.address,
        is_block=quoted.is_block,
        subject=quoted.subject,
        to=quoted.to,
        cc=quoted.cc,
    )
