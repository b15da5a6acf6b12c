"""Table ``notices``."""

import msgspec

from forensics.model.items import Notice
from forensics.model.rows.numbers import MOST
from forensics.model.rows.times import first_range


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One notice about an item."""

    sha256: str
    location: str
    location_text: str
    code: str
    text: str
    start: int | None
    end: int | None
    unread: int


def row_of(sha256: str, location: str, location_text: str, notice: Notice) -> NoticeRow:
    """Make the row of a notice about an item."""
    start, end = first_range(notice.locator) if notice.locator else (None, None)
    return NoticeRow(
        sha256=sha256,
        location=location,
        location_text=location_text,
        code=notice.code,
        text=notice.text,
        start=start,
        end=end,
        unread=min(notice.unread, MOST),  # a size that hostile input states
    )
