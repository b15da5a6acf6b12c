"""In what a mail differs from the other mail of its entry: a copy from its donor, a version from the other."""

from forensics.errors import Restricted
from forensics.model.comparing import ComparedLine
from forensics.model.findings import Ranked
from forensics.reader.case import Case

VERSIONS = frozenset({"version", "one_message_id", "shared_ids", "signed_there", "words", "one_matter"})
"""What the other mail is where the two could be one mail (`forensics.knowledge.terms.RELATIONS`): one that quotes it,
or carries its file, is another text."""


def against(case: Case, entry: Ranked, shown: str) -> ComparedLine | None:
    """Return in what an item differs from the first other mail of its entry, both read again from the source.

    Args:
        case: opened, with its sources.
        entry: the line of the ranking that the item stands in.
        shown: SHA-256 of the item: the one of the line, the other mail is the other.

    Returns:
        ``None`` where the entry has no such other mail, the item is neither of them, or one may not be quoted.

    Raises:
        ForensicsError: one cannot be read again.
    """
    related = [one.item.sha256 for one in entry.related if one.relation in VERSIONS]
    if entry.item is None or not related:
        return None
    own = entry.item.sha256
    if shown != own and shown not in related:
        return None
    try:
        return case.compare(shown, related[0] if shown == own else own)
    except Restricted:
        return None
