"""Changes, comments and settings of OpenDocuments."""

import io
import zipfile
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import odf

O = "urn:oasis:names:tc:opendocument:xmlns"  # noqa: E741
CONTENT = (
    f'<office:document-content xmlns:office="{O}:office:1.0" xmlns:text="{O}:text:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><text:tracked-changes><text:changed-region><text:deletion>'
    "<office:change-info><dc:creator>Ada</dc:creator><dc:date>2017-03-06T09:30:00.25</dc:date></office:change-info>"
    "<text:p>not</text:p></text:deletion></text:changed-region></text:tracked-changes><office:annotation>"
    "<dc:creator>Cem &amp; Co</dc:creator><dc:date>2017-03-06T10:30:00</dc:date><text:p>why?</text:p>"
    "</office:annotation></office:document-content>"
)
SETTINGS = (
    f'<office:document-settings xmlns:office="{O}:office:1.0" xmlns:config="{O}:config:1.0">'
    '<config:config-item config:name="PrinterName">Floor 2</config:config-item>'
    '<config:config-item config:name="RsidRoot">2001</config:config-item>'
    '<config:config-item config:name="Zoom">100</config:config-item></office:document-settings>'
)


def package(content: bytes, settings: bytes = SETTINGS.encode()) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(zipfile.ZipInfo("mimetype"), b"application/vnd.oasis.opendocument.text")
        file.writestr(zipfile.ZipInfo("content.xml"), content, zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo("settings.xml"), settings, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def parse(data: bytes) -> tuple[DocumentFacts, list[str]]:
    where = Location((Step(kind=StepKind.FILE, name="item", start=0, end=0, source="leak"),))
    found = list(odf.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, [entry.code for entry in found if isinstance(entry, Notice)]


def test_changes_comments_and_settings(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = package(CONTENT.encode())
    facts, codes = parse(data)
    assert codes == []
    said = [(one.name, one.value) for one in facts.properties]
    assert said == [
        ("odf.package_form", "3 members: made by 20 on 3, needs 20, flags 0000, 1980-01-01, extra none"),
        ("odf.change", "changed by Ada"),
        ("odf.change", "comment by Cem & Co"),
        ("odf.printer", "Floor 2"),
        ("odf.rsid_root", "2001"),
    ]
    changes = [one for one in facts.timestamps if one.kind is TimeKind.TRACKED_CHANGE]
    assert [one.raw for one in changes] == [b"2017-03-06T09:30:00.25", b"2017-03-06T10:30:00"]
    assert all(isinstance(one.wall, int) and one.instant is Absence.NOT_PRESENT for one in changes)
    located(data, facts)


def test_content_that_breaks_off_is_told() -> None:
    facts, codes = parse(package(CONTENT.encode()[:-40]))
    assert codes == ["odf.content_partial"] and len(facts.timestamps) == 1


@given(st.sampled_from((CONTENT, SETTINGS)), st.data())
def test_broken_parts(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    cut = text[:start] + data.draw(st.text(max_size=6)) + text[data.draw(st.integers(start, len(text))) :]
    parse(package(cut.encode("utf-8", "replace"), cut.encode("utf-8", "replace")))
