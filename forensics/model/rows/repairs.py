"""Table ``repairs``, made over the whole case: honest damage that was undone, after which a signature holds."""

import msgspec

from forensics.model.rows.located import LocatedRow


class RepairRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a signed message, header or body, that holds once what the way did to it is undone."""

    sha256: str
    kind: str
    index: int
    """With ``kind`` the signature, as in `signatures`."""
    part: str
    """``header`` or ``body``."""
    steps: list[str]
    """What was undone, in the order in which it was: closed list of `forensics.authenticity.repairs`."""
    field: str = ""
    """Lower-case name of the header field whose signed value differs from the one here; empty for a body."""
    signed: str = ""
    """Value of that field as it was signed."""
    shown: str = ""
    """Value of that field as it stands here."""
    removed: LocatedRow | None = None
    """What was added to the body since it was signed, with its place; none where nothing was."""
    removed_sha256: str = ""
    """Of all that was added, white space at its ends left out: equal text is equal here."""
    own: bool = False
    """Whether what was added is the route's own known text (and so clears the body): carried at the same place by at
    least half of its mails within 90 days, from five senders or more, no attachment, no link to another host."""
    n: int = 0
    """Mails of the route within 90 days."""
    k: int = 0
    """Of them, those that carry the same text at the same place."""
