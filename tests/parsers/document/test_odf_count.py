"""Counting the characters of OpenDocument texts as LibreOffice does."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.presence.document import DocumentHas, presence
from forensics.parsers.document import odf

O = "urn:oasis:names:tc:opendocument:xmlns"  # noqa: E741
NAMES = " ".join(
    [
        f'xmlns:{short}="{O}:{long}:1.0"'
        for short, long in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("meta", "meta"),
            ("style", "style"),
            ("table", "table"),
        )
    ]
)
LIBRE = "LibreOffice/7.3.7.2$Linux_X86_64"


def package(body: str, stated: str = "20", margins: str = "", generator: str = LIBRE, outline: str = "") -> bytes:
    meta = (
        f"<office:document-meta {NAMES}><office:meta><meta:generator>{generator}</meta:generator>"
        f'<meta:document-statistic meta:character-count="{stated}"/></office:meta></office:document-meta>'
    )
    content = (
        f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    styles = (
        f'<office:document-styles {NAMES}><text:outline-style style:name="Outline">{outline}</text:outline-style>'
        f"<office:master-styles><style:master-page>{margins}</style:master-page></office:master-styles>"
        "</office:document-styles>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(zipfile.ZipInfo("mimetype"), b"application/vnd.oasis.opendocument.text")
        for name, data in (("content.xml", content), ("styles.xml", styles), ("meta.xml", meta)):
            file.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def counted(data: bytes) -> str | None:
    where = Location((Step(kind=StepKind.FILE, name="item", start=0, end=0, source="leak"),))
    (facts,) = [one for one in odf.parse(MemoryBytes(data), where, ParseContext()) if isinstance(one, DocumentFacts)]
    found = [one for one in facts.properties if one.name == "odf.characters"]
    assert bool(found) == bool(presence(facts) & DocumentHas.COUNTED)
    if found:
        assert found[0].raw == found[0].value.split()[0].encode()
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:p>Hello</text:p><text:h>Cy</text:h>", "20 7 7"),
        ("<text:p>a<text:tab/>b<text:line-break/><text:s text:c='3'/><text:span>cd</text:span></text:p>", "20 9 9"),
        ("<text:p>a \n  b</text:p>", "20 3 3"),
        ("<text:p>Jose\u0301</text:p>", "20 4 5"),
        ("<text:p>\U0001f984</text:p>", "20 1 2"),
        ("<text:p>\u270f\ufe0f</text:p>", "20 1 2"),
        ("<text:p>x<draw:frame><draw:text-box><text:p>in it</text:p></draw:text-box></draw:frame></text:p>", "20 1 6"),
        ("<text:p>x<draw:rect><text:p>drawn</text:p></draw:rect>y</text:p>", "20 2 2"),
        ("<text:p>x<draw:frame><draw:title>seen</draw:title></draw:frame></text:p>", "20 1 1"),
        ("<text:p><text:title>Report</text:title></text:p>", "20 6 6"),
        ("<table:table><table:table-cell><text:p>12</text:p></table:table-cell></table:table>", "20 2 2"),
    ],
)
def test_what_counts(body: str, expected: str) -> None:
    assert counted(package(body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>",
        "<text:p>x<text:note><text:note-body><text:p>a</text:p></text:note-body></text:note></text:p>",
        "<text:p>x<office:annotation><text:p>why?</text:p></office:annotation></text:p>",
        "<text:tracked-changes/><text:p>x</text:p>",
        "<text:section text:display='none'><text:p>x</text:p></text:section>",
        "<text:p>x",
    ],
)
def test_what_is_not_compared(body: str) -> None:
    assert counted(package(body)) is None


def test_margins_are_counted_or_not() -> None:
    assert counted(package("<text:p>ab</text:p>", margins="<style:footer><text:p>page</text:p></style:footer>")) == (
        "20 2 6"
    )


def test_numbers_of_headings() -> None:
    outline = '<text:outline-level-style text:level="1" style:num-format="1"/>'
    assert counted(package("<text:h>ab</text:h>", outline=outline)) is None
    assert counted(package("<text:p>ab</text:p>", outline=outline)) == "20 2 2"


@pytest.mark.parametrize("stated", ["", "x", "9999999999", "-1"])
def test_no_number_is_stated(stated: str) -> None:
    assert counted(package("<text:p>ab</text:p>", stated)) is None


@pytest.mark.parametrize(
    "other", ["MicrosoftOffice/14.0 MicrosoftWord", "LibreOffice/4.2.8.2$Linux_x86", "OpenOffice/4.1"]
)
def test_other_programs_count_otherwise(other: str) -> None:
    assert counted(package("<text:p>ab</text:p>", generator=other)) is None
    assert counted(package("<text:p>ab</text:p>", generator="LibreOffice/24.2.7.2$Linux")) == "20 2 2"


@given(st.data())
def test_broken_content(data: st.DataObject) -> None:
    body = "<text:p>x<text:s text:c='3'/><text:title>a</text:title><draw:frame><text:p>b</text:p></draw:frame></text:p>"
    start = data.draw(st.integers(0, len(body)))
    counted(package(body[:start] + data.draw(st.text(max_size=6)) + body[data.draw(st.integers(start, len(body))) :]))
