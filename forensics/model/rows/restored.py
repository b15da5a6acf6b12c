"""Table ``restored``, made over the whole case: mails that are as they were signed once others' words are put back."""

import msgspec

from forensics.model.rows.located import LocatedRow


class RestoredEditRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place of a mail in which the signed words stand in another mail."""

    archived: str
    """Words that stand there; empty where some are missing."""
    restored: str
    """Words that the other mail has and that were signed; empty where something was added."""
    of_form: bool
    """Whether both have the same letters: they differ in signs or in how they are written."""
    line: LocatedRow
    """The line, or lines, in the mail; no bytes where they do not stand there as they are shown."""
    witness_line: LocatedRow
    """What corresponds to it in the other mail."""


class RestoredRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signature whose stated hash of the body is met by the body with the words of another mail, and not without."""

    sha256: str
    kind: str
    index: int
    """With ``kind`` the signature, as in `signatures`."""
    domain: str
    selector: str
    witness_sha256: str
    """The other mail."""
    witness_location: str
    """Where that stands, in the archive or a reference source."""
    witness: str
    """What that is to the mail: closed list of `forensics.relations.restoring.wordings`."""
    steps: list[str]
    """What servers do to mails, undone as well: closed list of `forensics.authenticity.repairs`."""
    edits: list[RestoredEditRow]
    """Each is needed: without it the hash is another."""
