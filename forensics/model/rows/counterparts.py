"""Table ``counterparts``, made over the whole case: each item against the originals of the reference sources."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.comparing import ComparedLine


class CounterpartRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of the archive and its original, or one of them alone."""

    sha256: str
    """Of the archive's item; empty where only the reference has it."""
    original_sha256: str
    """Of the original; empty where only the archive has the item."""
    outcome: str
    """`forensics.model.comparing.Outcome`; ``one`` is the reference, ``other`` the archive."""
    mail: bool
    matched_by: str = ""
    """`forensics.model.comparing.MATCHES`; empty where nothing was matched."""
    unexplained: list[str] = []
    """Kinds of the differences that nothing lawful explains, each once."""
    lawful: list[str] = []
    """Kinds of the others."""
    compared: str = ""
    """JSON text of a `ComparedLine`; empty where nothing differs."""


def row_of(line: ComparedLine) -> CounterpartRow:
    """Make the row of a comparison."""
    return CounterpartRow(
        sha256=line.other.sha256 if line.other is not None else "",
        original_sha256=line.one.sha256 if line.one is not None else "",
        outcome=line.outcome,
        mail=line.mails,
        matched_by=line.matched_by,
        unexplained=sorted({one.kind for one in line.differences if not one.lawful}),
        lawful=sorted({one.kind for one in line.differences if one.lawful}),
        compared=encode_text(line),
    )
