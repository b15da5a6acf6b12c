"""One-page PDF files, byte by byte, with Info and XMP that agree."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from xml.sax.saxutils import escape

from forensics._demo.leak.clock import numeric, paris, wall
from forensics._demo.leak.tokens import hexadecimal, uuid4


@dataclass(frozen=True)
class Pdf:
    """What the file says of itself."""

    title: str
    author: str
    creator: str
    producer: str
    created: datetime
    modified: datetime


def _text(value: str) -> bytes:
    """Write a text string: Latin-1 where it fits, else UTF-16."""
    try:
        raw = value.encode("ascii")
    except UnicodeEncodeError:
        raw = b"\xfe\xff" + value.encode("utf-16-be")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _info_date(instant: datetime) -> bytes:
    offset = paris(instant)
    return f"(D:{wall(instant, offset):%Y%m%d%H%M%S}{numeric(offset)[:3]}'{numeric(offset)[3:]}')".encode()


def _xmp_date(instant: datetime) -> str:
    offset = paris(instant)
    return f"{wall(instant, offset):%Y-%m-%dT%H:%M:%S}{numeric(offset)[:3]}:{numeric(offset)[3:]}"


def _xmp(about: Pdf, rng: Random) -> bytes:
    text = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<xmp:CreateDate>{_xmp_date(about.created)}</xmp:CreateDate>
<xmp:ModifyDate>{_xmp_date(about.modified)}</xmp:ModifyDate>
<xmp:MetadataDate>{_xmp_date(about.modified)}</xmp:MetadataDate>
<xmp:CreatorTool>{escape(about.creator)}</xmp:CreatorTool>
<pdf:Producer>{escape(about.producer)}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>
<xmpMM:DocumentID>uuid:{uuid4(rng)}</xmpMM:DocumentID><xmpMM:InstanceID>uuid:{uuid4(rng)}</xmpMM:InstanceID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    return text.encode("utf-8")


def _page(lines: list[str]) -> bytes:
    shown = b"".join(
        b"(" + line.encode("cp1252", "replace").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*\n"
        for line in lines
    )
    return b"BT /F1 11 Tf 14 TL 72 770 Td\n" + shown + b"ET"


def write(about: Pdf, lines: list[str], rng: Random, *, office: bool = True) -> bytes:
    """Write the file: *office* as Acrobat's Word add-in with XMP, else as LibreOffice with Info only."""
    eol = b"\r" if office else b"\n"
    out = bytearray(b"%PDF-1.5\r%\xe2\xe3\xcf\xd3\r\n" if office else b"%PDF-1.4\n%\xc3\xa4\xc3\xbc\xc3\xb6\xc3\x9f\n")
    page = _page(lines)
    info = b"<</Author" + _text(about.author) + b"/CreationDate" + _info_date(about.created)
    info += b"/Creator" + _text(about.creator)
    if office:
        info += b"/ModDate" + _info_date(about.modified)
    info += b"/Producer" + _text(about.producer) + b"/Title" + _text(about.title) + b">>"
    meta = _xmp(about, rng)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + (b"/Metadata 7 0 R" if office else b"") + b">>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(page) + page + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        info,
    ]
    if office:
        objects.append(b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n" % len(meta) + meta + b"\nendstream")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + eol + content + eol + b"endobj" + eol
    start = len(out)
    out += b"xref" + eol + b"0 %d" % (len(objects) + 1) + eol + b"0000000000 65535 f\r\n"
    out += b"".join([b"%010d 00000 n\r\n" % offset for offset in offsets])
    first = hexadecimal(rng, 32).upper().encode()
    second = hexadecimal(rng, 32).upper().encode() if office else first
    out += b"trailer" + eol + b"<</Size %d/Root 1 0 R/Info 6 0 R/ID[<%b><%b>]>>" % (len(objects) + 1, first, second)
    return bytes(out + eol + b"startxref" + eol + b"%d" % start + eol + b"%%EOF" + eol)
