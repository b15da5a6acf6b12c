"""Table ``copies``, made over the whole case: mails that may be versions of one, and the words in which they differ."""

import msgspec

from forensics.model.rows.located import LocatedRow


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place where two mails differ."""

    kind: str
    """Closed list of `forensics.relations.versions`."""
    words: str
    """Of the one mail; empty where it has none there."""
    other_words: str
    line: LocatedRow
    """The line, or lines, in which they stand or would stand; no bytes where they do not stand there as shown."""
    other_line: LocatedRow


class CopyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two mails that share a Message-ID, or a sender, a second and nearly all words, and do not say the same."""

    sha256: str
    other_sha256: str
    by: str
    """What both share: ``message_id``, or the sender and the second of ``date``."""
    changed: int
    """Places at which they differ, text before and after all that they share left out; `changes` may name fewer."""
    added: int
    """Whether one of them has text of its own before (1), after (2) or around (3) what they share; else 0."""
    changes: list[ChangeRow] = []
