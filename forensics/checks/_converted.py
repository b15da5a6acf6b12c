"""Documents that LibreOffice wrote: it keeps the times of what it converts, and what it writes is newer."""

import re

from forensics.model.documents import DocumentFacts
from forensics.model.open_documents import packed
from forensics.model.sentences import says

CONVERTED = says(
    "note.libreoffice_keeps_times",
    one="LibreOffice leaves both times as it found them when it converts a document without opening it on a screen.",
)
PACKED_BEFORE = says(
    "note.packed_before",
    one="The package itself is dated as early.",
)
_WRITERS = re.compile(r"LibreOffice(?:Dev)?[/ ]")
_FORMATS = ("odf.", "ooxml.", "rtf")
"""What it exports as PDF has a time of its own."""


def converts(facts: DocumentFacts) -> bool:
    """Return whether LibreOffice wrote a document in one of the formats whose times it keeps."""
    return facts.format.startswith(_FORMATS) and _WRITERS.match(facts.application) is not None


def packed_before(facts: DocumentFacts, born: int) -> bool:
    """Return whether an OpenDocument's package is dated before a time too, in 100 ns since 1970."""
    pair = packed(facts)
    return pair is not None and isinstance(pair[0].wall, int) and pair[0].wall < born
