import contextlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Description, Precision
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import odf

TEXT = b"application/vnd.oasis.opendocument.text"
META = b"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"\
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"\
 xmlns:xlink="http://www.w3.org/1999/xlink"><office:meta>\
<meta:creation-date>2017-03-05T09:00:00.123456789</meta:creation-date><dc:date>2017-03-06T11:30:00</dc:date>\
<meta:print-date>2017-03-06T11:00:00Z</meta:print-date><meta:printed-by>Ada</meta:printed-by>\
<meta:initial-creator>Ada</meta:initial-creator><dc:creator>Cem</dc:creator>\
<meta:editing-cycles>3</meta:editing-cycles><meta:editing-duration>PT5M</meta:editing-duration>\
<meta:generator>LibreOffice/7.3.7.2$Linux_X86_64</meta:generator>\
<meta:template xlink:href="../plain.ott" meta:date="2016-01-02T03:04:05"/>\
<meta:document-statistic meta:word-count="12" meta:page-count="1"/>\
<meta:user-defined meta:name="Due" meta:value-type="date">2017-04-01</meta:user-defined>\
<meta:user-defined meta:name="Project">Blue</meta:user-defined></office:meta></office:document-meta>"""


def package(media_type: bytes = TEXT, meta: bytes = META, name: str = "meta.xml", **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        if media_type:
            file.writestr(zipfile.ZipInfo("mimetype"), media_type)
        file.writestr(zipfile.ZipInfo("content.xml"), b"<a/>", zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo(name), meta, zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo("Pictures/1.png"), b"\x89PNG", zipfile.ZIP_DEFLATED)
        file.writestr(zipfile.ZipInfo("META-INF/manifest.xml"), more.get("manifest", b"<m/>"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def parse(data: bytes, where: Location) -> tuple[DocumentFacts, list[object]]:
    assert odf.sniff(data[:4096], MemoryBytes(data))
    found = list(odf.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, found


@pytest.mark.parametrize("name", ["./meta.xml", "/meta.xml", "META.xml"])
def test_metadata_under_an_equal_name(name: str, where: Location) -> None:
    facts, _ = parse(package(name=name), where)
    assert (facts.author.value, facts.last_author.value) == ("Ada", "Cem")


def test_metadata_that_the_manifest_lists_and_that_are_not_there(where: Location) -> None:
    _, found = parse(package(name="other.xml", manifest=b'<m><file-entry full-path="meta.xml"/></m>'), where)
    assert [entry.code for entry in found if isinstance(entry, Notice)] == ["odf.part_missing"]


def test_when_the_package_was_written(where: Location) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data, day in (("mimetype", TEXT, 6), ("meta.xml", META, 7)):
            file.writestr(zipfile.ZipInfo(name, (2017, 3, day, 10, 30, 4)), data)
    facts, _ = parse(made.getvalue(), where)
    (stamp,) = [one for one in facts.timestamps if one.kind is TimeKind.ODF_PACKED]
    assert stamp.wall == 1_488_882_604 * 10_000_000 and not isinstance(stamp.instant, int)
    ((start, end),) = stamp.locator.ranges
    assert made.getvalue()[start:end] == stamp.raw and presence(facts) & DocumentHas.PACKED
    undated, _ = parse(package(), where)
    assert TimeKind.ODF_PACKED not in [one.kind for one in undated.timestamps], "the first day of DOS is no time"


def test_document_facts(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = package()
    facts, found = parse(data, where)
    assert (facts.format, facts.media_type) == ("odf.text", TEXT.decode())
    assert (facts.author.value, facts.last_author.value) == ("Ada", "Cem")
    assert facts.application == "LibreOffice/7.3.7.2$Linux_X86_64"
    assert facts.created is not None and facts.modified is not None
    assert facts.created.instant is Absence.NOT_PRESENT
    assert facts.created.precision is Precision.TICK
    assert facts.modified.locator.path == "xml:meta.xml#dc:date"
    assert facts.modified.owner == facts.application
    described = [(stamp.description, stamp.raw) for stamp in facts.timestamps]
    assert described == [
        (Description.CREATION, b"2017-03-05T09:00:00.123456789"),
        (Description.MODIFICATION, b"2017-03-06T11:30:00"),
        (Description.LAST_PRINTED, b"2017-03-06T11:00:00Z"),
        (Description.RECORDED, b"2016-01-02T03:04:05"),
        (Description.RECORDED, b"2017-04-01"),
    ]
    assert (
        presence(facts)
        == DocumentHas.DATED
        | DocumentHas.CREATED
        | DocumentHas.MODIFIED
        | DocumentHas.AUTHOR
        | DocumentHas.LAST_AUTHOR
        | DocumentHas.OFFICE
        | DocumentHas.EDITED
        | DocumentHas.OPEN_PACKAGE
        | DocumentHas.OPEN_SAVED
    )
    assert located(data, facts) == (16, 16)
    assert [child.name for child in found if isinstance(child, ChildItem)] == [b"1.png"]
    assert not [entry for entry in found if isinstance(entry, Notice)]


@pytest.mark.parametrize(
    ("media_type", "kind", "reported"),
    [
        (b"application/vnd.oasis.opendocument.spreadsheet", "odf.spreadsheet", None),
        (b"application/vnd.oasis.opendocument.text-template", "odf.text", None),
        (b"application/vnd.sun.xml.writer", "odf.text", None),
        (b"application/vnd.oasis.opendocument.formula", "odf", None),
        (b"", "odf", "application/zip"),
    ],
)
def test_kinds(media_type: bytes, kind: str, reported: str | None, where: Location) -> None:
    data = package(media_type)
    found = list(odf.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    assert (facts.format, facts.media_type) == (kind, reported or media_type.decode())


def test_repackaged_document_is_known_by_its_parts() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in ("content.xml", "META-INF/manifest.xml", "mimetype"):
            file.writestr(name, "x")
    data = made.getvalue()
    assert odf.sniff(data[:4096], MemoryBytes(data))


def test_encryption_and_broken_metadata_are_told(where: Location) -> None:
    facts, found = parse(package(meta=b"\x01\x02", manifest=b"<m><encryption-data/></m>"), where)
    assert [entry.code for entry in found if isinstance(entry, Notice)] == ["odf.encrypted", "xml.malformed"]
    assert facts.timestamps == ()


SAMPLE = package()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255), st.booleans())
def test_damage_never_breaks_out(where: Location, at: int, change: int, cut: bool) -> None:
    data = SAMPLE[:at] if cut else SAMPLE[:at] + bytes((SAMPLE[at] ^ change,)) + SAMPLE[at + 1 :]
    with contextlib.suppress(ParseError):
        list(odf.parse(MemoryBytes(data), where, ParseContext()))


def test_every_fact_of_the_corpus_stands_where_it_says(
    corpora: Path, where: Location, located: Callable[..., tuple[int, int]]
) -> None:
    for path in sorted(corpora.rglob("*.ods")):
        data = path.read_bytes()
        facts, _ = parse(data, where)
        ranged, everything = located(data, facts)
        assert ranged == everything > 0, path
