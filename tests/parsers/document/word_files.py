"""Word documents with editing sessions, paragraphs and identifiers of a test's own."""

from collections.abc import Sequence

from tests.parsers.document.office_packages import W, office

W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_P = "http://schemas.openxmlformats.org/package/2006"


def settings(sessions: Sequence[str], more: str = "") -> str:
    """Return settings that list sessions; the first of them began the document."""
    listed = "".join([f'<w:rsid w:val="{one}"/>' for one in sorted(sessions)])
    return f'<w:settings {W}><w:rsids><w:rsidRoot w:val="{sessions[0]}"/>{listed}</w:rsids>{more}</w:settings>'


def paragraph(words: str, session: str = "", identifier: str = "", run: str = "") -> str:
    """Return a paragraph; what is empty is left out."""
    marks = (f' w14:paraId="{identifier}"' if identifier else "") + (f' w:rsidR="{session}"' if session else "")
    of_run = f' w:rsidR="{run}"' if run else ""
    return f"<w:p{marks}><w:r{of_run}><w:t>{words}</w:t></w:r></w:p>"


def text(*paragraphs: str, kind: str = "document") -> str:
    """Return a part that holds them."""
    return f"<w:{kind} {W} {W14}><w:body>{''.join(paragraphs)}</w:body></w:{kind}>"


def core(
    *, author: str = "Ada", saver: str = "Ada", created: str = "2017-03-06T10:00", modified: str = "", saves: str = "4"
) -> str:
    """Return core properties."""
    return (
        f'<cp:coreProperties xmlns:cp="{_P}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:creator>{author}</dc:creator>'
        f"<cp:lastModifiedBy>{saver}</cp:lastModifiedBy>{f'<cp:revision>{saves}</cp:revision>' if saves else ''}"
        f"<dcterms:created>{created}:00Z</dcterms:created>"
        f"<dcterms:modified>{modified or created}:00Z</dcterms:modified>"
        "</cp:coreProperties>"
    )


def word(sessions: Sequence[str], *paragraphs: str, properties: str = "", more: str = "") -> bytes:
    """Return a document with these sessions and paragraphs."""
    parts = {"word/document.xml": text(*paragraphs), "word/settings.xml": settings(sessions, more)}
    relations = (
        f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="r2" Type="{_P}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/><Relationship Id="r3" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" '
        'Target="docProps/app.xml"/></Relationships>'
    )
    return office("word", {**parts, "docProps/core.xml": properties or core(), "_rels/.rels": relations})
