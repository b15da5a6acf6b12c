"""Table ``document_copies``, made over the whole case: documents whose texts are nearly one, and what differs."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.comparing import ComparedLine


class DocumentCopyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two documents of the archive whose texts are nearly one, and do not say the same."""

    sha256: str
    other_sha256: str
    tied_by: str
    """What ties them: ``save``, the same times of creation and last save; else ``name``, or ``text`` alone."""
    places: int
    """Where their words differ, as far as they were compared."""
    kinds: list[str]
    """Kinds of these differences, each once, in order: of `forensics.relations.quotes.words.KINDS`; else ``passage``:
    more words than a few, ``other``: fewer, as marks, links and mended typing errors."""
    properties: list[str]
    """Names of what they say of themselves that differs, each once, in order."""
    compared: str
    """JSON text of a `ComparedLine`."""


def row_of(line: ComparedLine, tied_by: str, kinds: list[str], properties: list[str]) -> DocumentCopyRow:
    """Make the row of a comparison of two documents, both of which are there.

    Args:
        line: what differs.
        tied_by: what ties them.
        kinds: of the places where words differ, one for each.
        properties: names of those that differ.
    """
    assert line.one is not None and line.other is not None
    return DocumentCopyRow(
        sha256=line.one.sha256,
        other_sha256=line.other.sha256,
        tied_by=tied_by,
        places=len(kinds),
        kinds=sorted(set(kinds)),
        properties=sorted(set(properties)),
        compared=encode_text(line),
    )
