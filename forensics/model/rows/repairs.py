"""Table ``repairs``, made over the whole case: honest damage that was undone, after which a signature holds."""

import msgspec

from forensics.model.rows.located import LocatedRow


class RepairRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed body, or one field of a signed header, that is as it was signed once what was done to it is undone."""

    sha256: str
    kind: str
    index: int
    """With ``kind`` the signature, as in `signatures`."""
    part: str
    """``body``, or ``header``: a header that holds has a row for each field that differs. ``untestable``: a header that
    does not hold and covers a field that the list wrote itself, so that nothing follows from it."""
    steps: list[str]
    """What undid it, in order: closed list of `forensics.authenticity.repairs`."""
    clears: bool
    """Whether what was undone is no sign of a hand. Of a body: nothing was added to it, or the route's ``own`` text.
    Of a field: it is the order of names alone, names that the list's own mark shows to be dropped by it, or a MIME
    field as the body that was signed has it. Never for From, Sender and Subject, nor where an address was added."""
    field: str = ""
    """Lower-case name of the header field; empty for a body."""
    signed: str = ""
    """Value of that field as it was signed; empty where it was not there."""
    shown: str = ""
    """Value of that field as it stands here."""
    removed: LocatedRow | None = None
    """What was added to the body since it was signed, decoded, with its place; none where nothing was."""
    removed_sha256: str = ""
    """Of all that was added, white space at its ends left out: equal text is equal here."""
    own: bool = False
    """Whether what was added is the route's own known text: plain text that names no other host, which at least half
    of all mails of the list (or gateway) of the 90 days before or after end with, from five senders or more; thirty
    mails must carry it where it does not name the list or its host."""
    n: int = 0
    """Mails of the route in those 90 days, signed or not; 0 where the text cannot be the route's."""
    k: int = 0
    """Of them, those that end with the same text."""
