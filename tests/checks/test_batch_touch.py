"""Author and last saver are quoted from the properties that name them, whatever else has the same text."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f"""<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" ContentType=\
"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
RELATIONS = f"""<Relationships xmlns="{PACKAGE}/relationships">\
<Relationship Id="a" Type="{OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>\
<Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>\
<Relationship Id="c" Type="{OFFICE}/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>"""


def workbook(number: int) -> bytes:
    """A workbook whose Manager has the author's name, and whose Company is the last saver's."""
    author = f"Author {number}"
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "docProps/app.xml": f'<Properties xmlns="{OFFICE}/extended-properties"><Application>Microsoft Excel'
        f"</Application><Manager>{author}</Manager><Company>Roman</Company></Properties>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:title>{author}</dc:title><dc:creator>{author}</dc:creator><cp:lastModifiedBy>Roman</cp:lastModifiedBy>"
        f"<dcterms:modified>2017-03-06T10:0{number}:00Z</dcterms:modified></cp:coreProperties>",
        "xl/workbook.xml": "<workbook/>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()


def test_the_properties_that_name_them(archive: Callable[[Iterable[tuple[str, bytes]]], Any]) -> None:
    found = archive([(f"{number}.xlsx", workbook(number)) for number in range(5)]).of("case.batch_touch")
    assert len(found) == 5
    for seen in found:
        quoted = {one.label: one.locator.path for one in seen.evidence}
        assert quoted["author"] == "xml:docProps/core.xml#dc:creator"
        assert quoted["last saved by"] == "xml:docProps/core.xml#cp:lastModifiedBy"
