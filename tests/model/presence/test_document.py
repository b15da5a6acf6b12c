"""Each presence bit of a document or image: the least fact that sets it, and that nothing else sets it."""

import msgspec
import pytest

from forensics.examples.files import document
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind

AT, LOCAL = "2017-03-06T10:00:00+00:00", "2017-03-06T10:00:00"
UNREADABLE = msgspec.structs.replace(time(AT), wall=Absence.UNPARSABLE, instant=Absence.UNPARSABLE)
OFFICE = DocumentHas.OFFICE
CREATED, MODIFIED = DocumentHas.DATED | DocumentHas.CREATED, DocumentHas.DATED | DocumentHas.MODIFIED


def timed(*kinds: TimeKind) -> DocumentFacts:
    stamps = [time(AT, kind=kind) for kind in kinds]
    return msgspec.structs.replace(document(), timestamps=tuple(stamps))


@pytest.mark.parametrize(
    ("bits", "facts"),
    [
        (OFFICE, document()),
        (DocumentHas.PICTURE, document(format="image.jpeg")),
        (OFFICE | CREATED, document(LOCAL)),
        (OFFICE | CREATED | DocumentHas.CREATED_INSTANT, document(AT)),
        (OFFICE | MODIFIED, document(modified=LOCAL)),
        (OFFICE | MODIFIED | DocumentHas.MODIFIED_INSTANT, document(modified=AT)),
        (OFFICE, msgspec.structs.replace(document(), created=UNREADABLE, modified=UNREADABLE)),
        (OFFICE | DocumentHas.AUTHOR, document(author="Anna")),
        (OFFICE | DocumentHas.LAST_AUTHOR, document(last_author="Ben")),
        (OFFICE | DocumentHas.TWO_BLOCKS, timed(TimeKind.INFO_MODIFIED, TimeKind.XMP_MODIFIED)),
        (OFFICE, timed(TimeKind.INFO_MODIFIED, TimeKind.INFO_CREATED)),
        (OFFICE, timed(TimeKind.XMP_MODIFIED)),
    ],
)
def test_a_fact_sets_its_bits_alone(bits: DocumentHas, facts: DocumentFacts) -> None:
    assert DocumentHas(presence(facts)) == bits


def test_a_block_whose_times_cannot_be_read_is_none() -> None:
    facts = timed(TimeKind.INFO_MODIFIED)
    hidden = msgspec.structs.replace(UNREADABLE, kind=TimeKind.XMP_MODIFIED)
    both = msgspec.structs.replace(facts, timestamps=(*facts.timestamps, hidden))
    assert DocumentHas(presence(both)) == OFFICE
