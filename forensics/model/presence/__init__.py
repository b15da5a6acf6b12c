"""What an item shows: one enum of bits per subject, and ``presence(facts)``, which alone sets them.

The mask of an item stands in its row. A rule has power on it where the mask holds all bits that the rule needs.
"""

from collections.abc import Mapping
from enum import IntFlag

from forensics.model.presence.archive import ArchiveHas
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.message import MessageHas
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import Subject

BITS: Mapping[Subject, type[IntFlag]] = {
    Subject.MESSAGE: MessageHas,
    Subject.DOCUMENT: DocumentHas,
    Subject.ARCHIVE: ArchiveHas,
    Subject.OCCURRENCE: OccurrenceHas,
}


def names_of(subject: Subject, mask: int) -> list[str]:
    """Return the names of bits, in words, in their order."""
    return [bit.name.lower().replace("_", " ") for bit in BITS[subject](mask) if bit.name]
