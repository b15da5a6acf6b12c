from datetime import date

import pytest

from forensics.knowledge.document_programs import programs
from forensics.knowledge.make_document_programs import programs as made

EPOCH = date(1970, 1, 1)


@pytest.mark.parametrize(
    ("text", "released"),
    [
        ("LibreOffice/7.3.7.2$Linux_X86_64 LibreOffice_project/30", "2022-12-08"),
        ("LibreOffice 6.4", "2019-12-20"),
        ("Mac OS X 10.7.4 Quartz PDFContext", "2012-05-09"),
        ("macOS Version 13.6.3 (Build 22G436) Quartz PDFContext", "2023-12-11"),
        ("Skia/PDF m137 Google Docs Renderer", "2025-05-27"),
        ("Microsoft Office Word 16.0000", "2015-09-22"),
        ("Microsoft Excel 14.0300", "2010-07-15"),
        ("Microsoft Macintosh Word 14.0000", "2010-12-09"),
        ("Microsoft® Word 2013", "2013-01-09"),
        ("Microsoft® Office Word 2007", "2007-01-30"),
    ],
)
def test_programs_of_a_known_release(text: str, released: str) -> None:
    (program,) = programs(text)
    assert program.released == (date.fromisoformat(released) - EPOCH).days
    assert program.name in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Example Writer 9",
        "LibreOffice/99.1",
        "LibreOffice/3.3$Unix",
        "Microsoft Office Word 13.0000",
        "Skia/PDF m9999",
    ],
)
def test_programs_of_no_known_release(text: str) -> None:
    assert list(programs(text)) == []


def test_no_version_is_younger_than_what_follows_it() -> None:
    rows = [
        {"producer": "TCPDF", "version": version, "date": day, "date_kind": "release"}
        for version, day in (("6.1.0", "2015-06-01"), ("6.1.1", "2014-05-01"), ("6.2.0", "2013-01-01"))
    ]
    found = made(rows, [])
    assert found["TCPDF", "6.1.0"] == "2014-05-01"
