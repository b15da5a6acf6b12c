"""In what an item differs from its original, or from the other one of its entry: a version from the other."""

from forensics.errors import Restricted
from forensics.model.comparing import ComparedLine
from forensics.model.findings import Ranked
from forensics.reader.case import Case

VERSIONS = frozenset({"version", "one_message_id", "shared_ids", "signed_there", "words", "one_matter"})
"""What the other mail is where the two could be one mail (`forensics.knowledge.terms.RELATIONS`): one that quotes it,
or carries its file, is another text."""


def against(case: Case, entry: Ranked | None, shown: str) -> ComparedLine | None:
    """Return in what an item differs from its original or a document nearly as it is, else from the other of its entry.

    The first two were compared when the case was judged; mails of an entry are read again from the source.

    Args:
        case: opened, with its sources.
        entry: the line of the ranking that the item stands in; ``None``: it stands in none.
        shown: SHA-256 of the item: the one of the line, the other is its other.

    Returns:
        ``None`` where nothing was found to differ, the entry has no other mail that could be the same, the item is
        neither of them, or one may not be quoted.

    Raises:
        ForensicsError: one cannot be read again.
    """
    beside = [] if entry is None else [*entry.items, *[one.item for one in entry.related]]
    stored = case.difference(shown, {one.sha256 for one in beside})
    return _other_mail(case, entry, shown) if stored is None and entry is not None else stored


def _other_mail(case: Case, entry: Ranked, shown: str) -> ComparedLine | None:
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
