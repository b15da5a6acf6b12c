"""Tables ``threads`` and ``ghosts``, made over the whole case: which mail answers which, and which are missing."""

import msgspec


class ThreadRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One message of the archive in its thread."""

    sha256: str
    number: int
    """Of the message, from 0, in this case alone: copies that share a Message-ID share it."""
    thread: int
    """Of its thread, from 0, in this case alone."""
    parent: int | None
    """Number of the message that it answers, which is one of the archive or a row of `ghosts`; none: it begins a
    thread, or nothing tells."""
    depth: int
    """How many messages stand above it, missing ones counted."""
    by: list[str]
    """What says that it answers its parent: ``in_reply_to``, ``references`` (its last), ``thread_index`` (the parent's
    is the beginning of its own), ``subject`` (the same, without reply marks). The last two alone only link mails that
    name no other."""


class GhostRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A message that others name and the archive does not hold."""

    number: int
    thread: int
    parent: int | None
    """By the References of those that name it."""
    id: str
    """Its Message-ID."""
    mentions: int
    """Mails that name it in In-Reply-To or References."""
    replies: int
    """Of them, those that answer it."""
    first: int | None
    """Earliest Date of those that name it, 100 ns since 1970 UTC: it is older, if their clocks are right."""
    last: int | None
    subject: str
    """Of the first that answers it, reply marks and list tags left out; else of the first that names it."""
    named_by: str
    """SHA-256 of that mail."""
