"""Where a mail stands in its thread."""

import msgspec

from forensics.model.findings import ItemRef


class ThreadPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mail in its thread, as the case was last judged."""

    mails: int
    """Mails of the thread that the archive holds, copies counted once."""
    missing: int
    """Messages of it that mails name and the archive does not hold."""
    answers: ItemRef | None
    """The mail that it answers, its first copy; none: it answers nothing, or a missing message."""
    answers_missing: str
    """Message-ID of the missing message that it answers; empty if it does not."""
    by: tuple[str, ...]
    """What says that it answers it: `forensics.model.rows.threads.ThreadRow.by`."""
    replies: tuple[ItemRef, ...]
    """Mails that answer it, by their places; at most 20."""
    reply_count: int
