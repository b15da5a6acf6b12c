"""What a document or image shows of what rules may need."""

from collections.abc import Iterable
from enum import IntFlag

from forensics.model import compound_documents as compound
from forensics.model import document_marks as marks
from forensics.model import office_versions as versions
from forensics.model import open_documents
from forensics.model.comparing import COMPARED
from forensics.model.document_signatures import DigestOutcome
from forensics.model.documents import DocumentFacts
from forensics.model.presence import document_habits, word_sessions
from forensics.model.presence.office_package import claims_office, count_named, fact_named, forms, office_xml
from forensics.model.time_kinds import XMP, TimeKind

FIELD_DATES = (TimeKind.FIELD_SAVED, TimeKind.FIELD_CREATED, TimeKind.FIELD_PRINTED, TimeKind.FIELD_DATE)
FIELD_PROPERTIES = {
    "ooxml.field_author": "ooxml.creator",
    "ooxml.field_lastsavedby": "ooxml.last_modified_by",
    "ooxml.field_title": "ooxml.title",
    "ooxml.field_subject": "ooxml.subject",
    "ooxml.field_keywords": "ooxml.keywords",
    "ooxml.field_comments": "ooxml.description",
}
"""What a field shows, and the property that it shows."""


class DocumentHas(IntFlag):
    """Presence bits of a document or image; their numbers stand in cases and never change."""

    NOTHING = 0
    CREATED = 1 << 0
    """The format's own creation time, as an instant or a wall time."""
    CREATED_INSTANT = 1 << 1
    MODIFIED = 1 << 2
    MODIFIED_INSTANT = 1 << 3
    AUTHOR = 1 << 4
    LAST_AUTHOR = 1 << 5
    PICTURE = 1 << 6
    """An image; every other document is an office document or a PDF."""
    OFFICE = 1 << 7
    DATED = 1 << 8
    """The format's own creation or last-saved time, as an instant or a wall time."""
    TWO_BLOCKS = 1 << 9
    """Times of the document stand in its own block (Info, EXIF) and in XMP."""
    PACKAGE = 1 << 10
    """A package whose properties name desktop Office, and whose members tell what wrote them."""
    RSIDS = 1 << 11
    """It lists the identifiers of its editing sessions."""
    FORMULAS = 1 << 12
    """A workbook in Office's XML with formulas, or with a calculation chain, all of which was read."""
    STRINGS = 1 << 13
    """A workbook in Office's XML with shared strings that cells name, all of which was read. One in which every text
    stands in its cell is how Excel puts a workbook into another document."""
    CHANGES = 1 << 14
    """It has dated tracked changes or comments, and the instant of its last save."""
    WORD_TIMES = 1 << 15
    """A package that names Word, with a creation or save time."""
    SUMS = 1 << 16
    """A workbook in Office's XML with sums that could be compared with their cells."""
    PARTS = 1 << 17
    """A package whose properties name desktop Office, with members that Office wrote and parts that begin as its do."""
    LOCAL_AND_UTC = 1 << 18
    """A Word document that keeps one of its times in local time and in UTC."""
    ROOT_TIME = 1 << 19
    """A compound file with the time of its root's last change and its last-saved time, both instants."""
    OFFICE_ON_WINDOWS = 1 << 20
    """Property sets of Word, Excel or PowerPoint on a 32-bit Windows."""
    WORKBOOK_USER = 1 << 21
    """A workbook with the user of its own stream and a last author."""
    PARAGRAPHS = 1 << 22
    """A Word document that names Word and identifies twenty paragraphs with words or more."""
    HABITS = 1 << 23
    """An office document that shows three habits of its last author or more."""
    TEXT = 1 << 24
    """A text of a hundred words or more, all of which was read."""
    CHARTS = 1 << 25
    """A package that names desktop Office and has members that it wrote, with charts that could be compared with their
    cells."""
    BEYOND_ASCII = 1 << 26
    """An office document whose texts have characters beyond ASCII, all of which were looked at."""
    LISTED = 1 << 27
    """A package that names desktop Office and has members that it wrote, whose list of its parts could be compared."""
    ROWS = 1 << 28
    """A workbook that names Excel and has members that it wrote, with rows, all of which were read."""
    FIELDS = 1 << 29
    """A Word document with fields that show a day, while it has a last-saved time, or a property that it has."""
    SIGNED = 1 << 30
    """It has a digital signature, of which a digest was compared with what it covers."""
    KEYED = 1 << 31
    """It has a digital signature, of which it was tested whether the key that it carries made it."""
    MARKS = 1 << 32
    """It shows something of a known birth (a namespace, a font, a character, a function), and has a time of its own."""
    BUILD = 1 << 33
    """A workbook or old presentation that names a build of Office 16, and has a time of its own."""
    INNER_UTC = 1 << 34
    """Changes, comments or labels in it have their times in UTC, and so has its last save."""
    VERSIONS = 1 << 35
    """A text or workbook that names desktop Word or Excel and has members of Office's, with parts or a number that tell
    versions apart."""
    SAVERS = 1 << 36
    """A Word document with the list of who saved it, and a last author."""
    ORIGINAL = 1 << 37
    """It was compared with an original of a reference source. Reading never sets it: the view ``document_masks`` does,
    over the counterparts."""
    PACKED = 1 << 38
    """An OpenDocument of LibreOffice or OpenOffice with a local time of its last save and dated members."""
    EDITED = 1 << 39
    """It says how long it was worked on, and when it was made and saved last."""
    FILE_DIGESTS = 1 << 40
    """A list of checksums of files."""
    PIVOTS = 1 << 41
    """A package that names desktop Office and has members that it wrote, with a pivot cache that could be compared with
    the rows that it was made of."""
    FOLDER_INDEX = 1 << 42
    """What a system kept of a folder: the Finder's index, thumbnails of Windows."""
    COUNTED = 1 << 43
    """A text of LibreOffice whose characters can be counted as it counts them, and that states how many it counted."""
    OPEN_PACKAGE = 1 << 44
    """An OpenDocument that names LibreOffice or OpenOffice, whose members tell what wrote them."""
    OPEN_SAVED = 1 << 45
    """An OpenDocument with a time of its last save, made and saved by versions of LibreOffice that write nine digits of
    a second."""


LEAST_WORDS = 100
"""Fewer are alike by chance: forms, labels, lists."""
ADDED_BY_ORIGINAL = DocumentHas.ORIGINAL.value
"""What a comparison with an original adds to a document's mask."""


def presence(document: DocumentFacts) -> int:
    """Return the `DocumentHas` bits of a document or image."""
    if document.format == "checksums":
        return DocumentHas.FILE_DIGESTS.value
    if document.format in ("ds_store", "thumbs_db"):
        return DocumentHas.FOLDER_INDEX.value
    mask = DocumentHas.PICTURE if document.format.startswith("image.") else DocumentHas.OFFICE
    if document.author.value:
        mask |= DocumentHas.AUTHOR
    if document.last_author.value:
        mask |= DocumentHas.LAST_AUTHOR
    for stamp, known, instant in (
        (document.created, DocumentHas.CREATED, DocumentHas.CREATED_INSTANT),
        (document.modified, DocumentHas.MODIFIED, DocumentHas.MODIFIED_INSTANT),
    ):
        if stamp is not None and isinstance(stamp.wall, int):
            mask |= known | DocumentHas.DATED
            if isinstance(stamp.instant, int):
                mask |= instant
    if document.text.words >= LEAST_WORDS and document.text.sketch:
        mask |= DocumentHas.TEXT
    if len(document_habits.habits(document)) >= document_habits.LEAST:
        mask |= DocumentHas.HABITS
    if _blocks(document) == 2:
        mask |= DocumentHas.TWO_BLOCKS
    if document.signatures:
        mask |= _signed(document)
    if fact_named(document, "text.beyond_ascii") is not None:
        mask |= DocumentHas.BEYOND_ASCII
    if document.format.startswith("ooxml"):
        mask |= _package(document)
    if document.format.startswith("ole2"):
        mask |= _compound(document)
    if document.format.startswith("odf"):
        mask |= _open(document)
    if open_documents.edited(document) is not None and open_documents.existed(document) is not None:
        mask |= DocumentHas.EDITED
    if marks.inner_times(document) and isinstance(marks.saved_at(document), int):
        mask |= DocumentHas.INNER_UTC
    if marks.latest(document) is not None:
        mask |= _births(document)
    return int(mask)


def _open(document: DocumentFacts) -> DocumentHas:
    """Return the bits of an OpenDocument."""
    mask = DocumentHas.NOTHING
    if open_documents.packed(document) is not None:
        mask |= DocumentHas.PACKED
    if open_documents.counted(document) is not None:
        mask |= DocumentHas.COUNTED
    if open_documents.claims_writer(document) and open_documents.package_forms(document):
        mask |= DocumentHas.OPEN_PACKAGE
    if open_documents.fine_pair(document) is not None:
        mask |= DocumentHas.OPEN_SAVED
    return mask


def _signed(document: DocumentFacts) -> DocumentHas:
    mask = DocumentHas.NOTHING
    if any(one.outcome is not DigestOutcome.UNTESTED for signed in document.signatures for one in signed.references):
        mask |= DocumentHas.SIGNED
    if any(signed.verdict.made_by_key is not None for signed in document.signatures):
        mask |= DocumentHas.KEYED
    return mask


def _births(document: DocumentFacts) -> DocumentHas:
    mask = DocumentHas.NOTHING
    if marks.shows_births(document):
        mask |= DocumentHas.MARKS
    if marks.build(document) is not None:
        mask |= DocumentHas.BUILD
    return mask


def with_original(mask: int, outcomes: Iterable[str]) -> int:
    """Return a document's mask with what its comparison with an original adds."""
    return mask | (0 if COMPARED.isdisjoint(outcomes) else ADDED_BY_ORIGINAL)


def _package(document: DocumentFacts) -> DocumentHas:
    mask, written = DocumentHas.NOTHING, forms(document)
    told = versions.declared(document) or (
        versions.major(document) is not None and next(versions.edited(document), None)
    )
    if told and any(form.office for form in written):
        mask |= DocumentHas.VERSIONS
    if fact_named(document, "ooxml.rsids") is not None:
        mask |= DocumentHas.RSIDS
    changed = any(one.kind is TimeKind.TRACKED_CHANGE and isinstance(one.wall, int) for one in document.timestamps)
    if changed and document.modified is not None and isinstance(document.modified.instant, int):
        mask |= DocumentHas.CHANGES
    if _fields(document):
        mask |= DocumentHas.FIELDS
    if claims_office(document) and word_sessions.marked(document)[0] >= word_sessions.LEAST_MARKED:
        mask |= DocumentHas.PARAGRAPHS
    if not claims_office(document) or not written:
        return mask
    mask |= DocumentHas.PACKAGE
    timed = any(stamp is not None and isinstance(stamp.wall, int) for stamp in (document.created, document.modified))
    if timed and document.format == "ooxml.word":
        mask |= DocumentHas.WORD_TIMES
    if office_xml(document):
        if any(form.office for form in written):
            mask |= DocumentHas.PARTS | _twice(document)
        mask |= _workbook(document)
    return mask


def _fields(document: DocumentFacts) -> bool:
    dated = document.modified is not None and any(one.kind in FIELD_DATES for one in document.timestamps)
    return dated or any(
        fact_named(document, field) is not None and fact_named(document, name) is not None
        for field, name in FIELD_PROPERTIES.items()
    )


def _twice(document: DocumentFacts) -> DocumentHas:
    """Return the bits of what Office writes in two places at one save."""
    mask = DocumentHas.NOTHING
    if count_named(document, "ooxml.chart_points"):
        mask |= DocumentHas.CHARTS
    if count_named(document, "ooxml.listed_parts"):
        mask |= DocumentHas.LISTED
    if count_named(document, "ooxml.rows"):
        mask |= DocumentHas.ROWS
    if count_named(document, "ooxml.pivot_rows"):
        mask |= DocumentHas.PIVOTS
    return mask


def _workbook(document: DocumentFacts) -> DocumentHas:
    mask = DocumentHas.NOTHING
    if count_named(document, "ooxml.formula_cells") or count_named(document, "ooxml.chain_cells"):
        mask |= DocumentHas.FORMULAS
    if count_named(document, "ooxml.strings_used"):
        mask |= DocumentHas.STRINGS
    if count_named(document, "ooxml.sums"):
        mask |= DocumentHas.SUMS
    return mask


def _compound(document: DocumentFacts) -> int:
    """Return the bits of a document in a compound file."""
    mask = 0
    if compound.pairs(document):
        mask |= DocumentHas.LOCAL_AND_UTC
    saved = document.modified
    if saved is not None and isinstance(saved.instant, int) and compound.root_changed(document) is not None:
        mask |= DocumentHas.ROOT_TIME
    if compound.office_on_windows(document):
        mask |= DocumentHas.OFFICE_ON_WINDOWS
    if document.last_author.value.strip() and any(one.name == "doc.saved_by" for one in document.properties):
        mask |= DocumentHas.SAVERS
    if compound.first(document, "xls.user").strip() and document.last_author.value.strip():
        mask |= DocumentHas.WORKBOOK_USER
    return mask


def _blocks(document: DocumentFacts) -> int:
    """Return in how many of its two blocks a document has times."""
    return len({stamp.kind in XMP for stamp in document.timestamps if isinstance(stamp.wall, int)})
