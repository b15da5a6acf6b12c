"""Table ``documents``: documents and images."""

import msgspec

from forensics.model.documents import DocumentFacts
from forensics.model.presence import document_habits, part_origins, word_sessions
from forensics.model.presence.document import presence
from forensics.model.rows import located, properties, times
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.properties import PropertyRow
from forensics.model.rows.times import TimeRow


class PassageRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of an editing session that the document does not list."""

    session: str
    paragraph: str
    """Identifier of their paragraph; empty where it has none."""
    words: LocatedRow
    """Placed at the tag of their paragraph."""


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document or image (a content)."""

    sha256: str
    format: str
    mask: int
    author: LocatedRow
    last_author: LocatedRow
    application: str
    created: TimeRow | None
    modified: TimeRow | None
    timestamps: list[TimeRow]
    properties: list[PropertyRow]
    words: int = 0
    """Of its text, as `forensics.model.documents.DocumentText` has it, and so the three below."""
    letters_sha256: str = ""
    words_sha256: str = ""
    sketch: list[int] = []
    first_session: str = ""
    """Of a Word document: the editing session with which it began (rsidRoot); empty where it names none."""
    sessions: list[str] = []
    """Its editing sessions as listed, each once."""
    paragraph_ids: list[str] = []
    """Identifiers of its paragraphs (``w14:paraId``), each once, in their order."""
    passages: list[PassageRow] = []
    """The first words of each session that it does not list."""
    origins: list[str] = []
    """Of a presentation or workbook: identifiers that slides, shapes and sheets got when they were made, with their
    kind: ``slide:1546155160``."""
    habits: list[str] = []
    """What it shows of its last author's habits and machine, as ``kind=value``."""


def row_of(sha256: str, document: DocumentFacts) -> DocumentRow:
    """Make the row of a document or image."""
    return DocumentRow(
        sha256=sha256,
        format=document.format,
        mask=presence(document),
        author=located.row_of(document.author),
        last_author=located.row_of(document.last_author),
        application=document.application,
        created=times.row_of(document.created) if document.created else None,
        modified=times.row_of(document.modified) if document.modified else None,
        timestamps=[times.row_of(stamp) for stamp in document.timestamps],
        properties=properties.rows_of(document.properties),
        words=document.text.words,
        letters_sha256=document.text.letters_sha256,
        words_sha256=document.text.words_sha256,
        sketch=list(document.text.sketch),
        first_session=word_sessions.first_session(document),
        sessions=word_sessions.sessions(document),
        paragraph_ids=word_sessions.paragraph_ids(document),
        passages=[
            PassageRow(session=passage.session, paragraph=passage.paragraph, words=located.row_of(passage.words))
            for passage in word_sessions.foreign_passages(document)
        ],
        origins=part_origins.origins(document),
        habits=document_habits.habits(document),
    )
