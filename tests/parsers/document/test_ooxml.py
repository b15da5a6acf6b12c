import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.facts import Absence, ClockKind, Description, Precision
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas, presence
from forensics.parsers.document import ooxml

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

CORE = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"\
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title></dc:title><dc:creator>Ada &amp; Bea</dc:creator>\
<cp:lastModifiedBy>Cem</cp:lastModifiedBy><cp:revision>2</cp:revision>\
<cp:lastPrinted>2017-03-01T09:00:00Z</cp:lastPrinted>\
<dcterms:created xsi:type="dcterms:W3CDTF">2017-03-05T08:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">2017-03-06T10:30:00Z</dcterms:modified></cp:coreProperties>"""
APP = b"""<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>Microsoft Office Word</Application><AppVersion>16.0000</AppVersion><Company>Example</Company>\
<TotalTime>7</TotalTime></Properties>"""
CUSTOM = b"""<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"\
 xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">\
<property fmtid="{D5CDD505}" pid="2" name="Project"><vt:lpwstr>Blue</vt:lpwstr></property>\
<property fmtid="{D5CDD505}" pid="3" name="MSIP_Label_0a_SetDate">\
<vt:lpwstr>2017-03-06T10:29:00Z</vt:lpwstr></property>\
<property fmtid="{D5CDD505}" pid="4" name="Checked"><vt:filetime>2017-03-06T10:29:30Z</vt:filetime></property>\
</Properties>"""


def types(main: str = f"{WORD}.main+xml") -> bytes:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>'
    ).encode()


def relationships(core: str = "docProps/core.xml") -> bytes:
    rows = (
        (f"{R}/officeDocument", "word/document.xml"),
        (f"{P}/metadata/core-properties", core),
        (f"{R}/extended-properties", "/docProps/app.xml"),
        (f"{R}/custom-properties", "docProps/custom.xml"),
    )
    entries = "".join(f'<Relationship Id="r{n}" Type="{t}" Target="{p}"/>' for n, (t, p) in enumerate(rows))
    return f'<Relationships xmlns="{P}">{entries}</Relationships>'.encode()


def package(**changed: bytes | None) -> bytes:
    parts: dict[str, bytes | None] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relationships(),
        "word/document.xml": b"<document/>",
        "word/media/image1.png": b"\x89PNG\r\n\x1a\nx",
        "word/embeddings/book.xlsx": b"PK inner",
        "docProps/app.xml": APP,
        "docProps/core.xml": CORE,
        "docProps/custom.xml": CUSTOM,
    }
    parts |= {name.replace("__", "/"): data for name, data in changed.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            if data is not None:
                file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def parse(data: bytes, where: Location) -> tuple[DocumentFacts, list[object]]:
    found = list(ooxml.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, found


def codes(found: list[object]) -> list[str]:
    return [entry.code for entry in found if isinstance(entry, Notice)]


def test_document_facts(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = package()
    assert ooxml.sniff(data[:4096], MemoryBytes(data))
    facts, found = parse(data, where)
    assert facts.format == "ooxml.word"
    assert facts.media_type == WORD
    assert (facts.author.value, facts.last_author.value) == ("Ada & Bea", "Cem")
    assert facts.author.locator.path == "xml:docProps/core.xml#dc:creator"
    assert facts.last_author.locator.path == "xml:docProps/core.xml#cp:lastModifiedBy"
    assert facts.application == "Microsoft Office Word 16.0000"
    assert facts.created is not None and facts.modified is not None
    assert facts.created.raw == b"2017-03-05T08:00:00Z"
    assert facts.modified.locator.path == "xml:docProps/core.xml#dcterms:modified"
    assert [step.decoder for step in facts.modified.locator.steps] == ["deflate/1"]
    stamps = [(t.description, t.clock, t.owner, t.precision) for t in facts.timestamps]
    word = (ClockKind.APPLICATION, "Microsoft Office Word 16.0000", Precision.SECOND)
    label = (Description.RECORDED, ClockKind.APPLICATION, "", Precision.SECOND)
    assert stamps == [
        (Description.LAST_PRINTED, *word),
        (Description.CREATION, *word),
        (Description.MODIFICATION, *word),
        label,
        label,
    ]
    expected = (
        DocumentHas.DATED
        | DocumentHas.CREATED
        | DocumentHas.CREATED_INSTANT
        | DocumentHas.MODIFIED
        | DocumentHas.MODIFIED_INSTANT
    )
    expected |= DocumentHas.AUTHOR | DocumentHas.LAST_AUTHOR
    expected |= DocumentHas.OFFICE | DocumentHas.PACKAGE | DocumentHas.WORD_TIMES | DocumentHas.HABITS
    assert presence(facts) == expected | DocumentHas.MARKS | DocumentHas.INNER_UTC | DocumentHas.EDITED
    assert located(data, facts) == (18, 18)
    assert codes(found) == []


def test_raw_bytes_are_those_of_the_part(where: Location) -> None:
    facts, _ = parse(package(), where)
    values = {fact.name: (fact.value, fact.raw) for fact in facts.properties}
    assert values["ooxml.creator"] == ("Ada & Bea", b"Ada &amp; Bea")
    assert values["ooxml.title"] == ("", b"")
    assert values["ooxml.custom"] == ("Blue", b"Blue")
    assert values["ooxml.total_time"] == ("7", b"7")


def test_what_wps_office_notes_of_itself(where: Location) -> None:
    custom = CUSTOM.replace(b'name="Project"', b'name="KSOProductBuildVer"')
    facts, _ = parse(package(**{"docProps/custom.xml": custom}), where)
    assert [one.value for one in facts.properties if one.name == "ooxml.wps_build"] == ["Blue"]
    assert "ooxml.custom" not in {one.name for one in facts.properties}


def test_package_is_an_archive_with_children(
    where: Location, replayed_child: Callable[[bytes, ChildItem], bytes]
) -> None:
    data = package(word__hidden=b"stranger", readme=b"another")
    _, found = parse(data, where)
    (archive,) = [entry for entry in found if isinstance(entry, ArchiveFacts)]
    assert archive.format == "ooxml" and len(archive.members) == 10
    children = [entry for entry in found if isinstance(entry, ChildItem)]
    assert [child.name for child in children] == [b"image1.png", b"book.xlsx", b"hidden", b"readme"]
    assert [replayed_child(data, child) for child in children] == [child.content for child in children]


@pytest.mark.parametrize(
    ("main", "kind", "media_type"),
    [
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "ooxml.word", "ms-word.document.macroEnabled.12"),
        (
            "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
            "ooxml.word",
            "ms-word.template.macroEnabled.12",
        ),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "ooxml.excel",
            "openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            "ooxml.excel",
            "ms-excel.sheet.binary.macroEnabled.12",
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
            "ooxml.powerpoint",
            "openxmlformats-officedocument.presentationml.slideshow",
        ),
    ],
)
def test_kinds(main: str, kind: str, media_type: str, where: Location) -> None:
    facts, _ = parse(package(**{"[Content_Types].xml": types(main)}), where)
    assert (facts.format, facts.media_type) == (kind, f"application/vnd.{media_type}")


def test_a_package_of_no_known_kind_gives_all_its_members(where: Location) -> None:
    data = package(**{"[Content_Types].xml": types("application/x-other"), "mail.eml": b"From: a@x.example\r\n\r\n"})
    facts, found = parse(data, where)
    assert (facts.format, facts.media_type) == ("ooxml", "application/zip")
    assert sum(isinstance(entry, ChildItem) for entry in found) == 9


def test_parts_are_found_by_relationship(where: Location) -> None:
    odd = "package/services/metadata/core-properties/1f.psmdcp"
    data = package(**{"_rels/.rels": relationships(f"/{odd}"), "docProps/core.xml": None, odd: CORE})
    facts, _ = parse(data, where)
    assert facts.created is not None
    assert facts.created.locator.path == f"xml:{odd}#dcterms:created"


@pytest.mark.parametrize("target", ["./docProps/core.xml", "..\\docProps\\core%2Exml", "file:///DOCPROPS/core.xml"])
def test_targets_are_resolved(target: str, where: Location) -> None:
    facts, found = parse(package(**{"_rels/.rels": relationships(target)}), where)
    assert (facts.author.value, facts.last_author.value) == ("Ada & Bea", "Cem")
    assert codes(found) == []


@pytest.mark.parametrize("target", ["docProps/lost.xml", "C:\\docProps\\core.xml", "https://example.org/core.xml", ""])
def test_a_target_that_leads_nowhere_is_told_and_the_usual_part_read(target: str, where: Location) -> None:
    facts, found = parse(package(**{"_rels/.rels": relationships(target)}), where)
    assert facts.author.value == "Ada & Bea"
    assert codes(found) == ["ooxml.target_missing"]


def test_a_part_that_no_relationship_names_is_found_by_its_content_type(where: Location) -> None:
    stated = (
        b'<Override PartName="/props/x.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    )
    changed = {
        "_rels/.rels": b"<Relationships/>",
        "[Content_Types].xml": types().replace(b"</Types>", stated + b"</Types>"),
        "docProps/core.xml": None,
        "props/x.xml": CORE,
    }
    facts, found = parse(package(**changed), where)
    assert (facts.format, facts.author.value) == ("ooxml.word", "Ada & Bea")
    assert codes(found) == []


def test_two_parts_of_one_kind_are_told(where: Location) -> None:
    changed = {"_rels/.rels": relationships("docProps/other.xml"), "docProps/other.xml": CORE.replace(b"Cem", b"Dov")}
    facts, found = parse(package(**changed), where)
    assert facts.last_author.value == "Dov"
    assert codes(found) == ["ooxml.part_ambiguous"]


def test_a_main_part_is_resolved_too(where: Location) -> None:
    rels = relationships().replace(b'"word/document.xml"', b'"file:///word/./document.xml"')
    facts, _ = parse(package(**{"_rels/.rels": rels}), where)
    assert facts.format == "ooxml.word"


def test_odd_dates_stay_with_their_bytes(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    core = CORE.replace(b"2017-03-05T08:00:00Z", b"5 March 2017").replace(b"10:30:00Z", b"10:30:00")
    data = package(**{"docProps/core.xml": core})
    facts, found = parse(data, where)
    assert facts.created is None
    (created,) = [stamp for stamp in facts.timestamps if stamp.raw == b"5 March 2017"]
    assert created.instant is created.wall is Absence.UNPARSABLE
    assert facts.modified is not None and facts.modified.instant is Absence.NOT_PRESENT
    assert (
        presence(facts) & (DocumentHas.MODIFIED | DocumentHas.MODIFIED_INSTANT | DocumentHas.CREATED)
        == DocumentHas.MODIFIED
    )
    assert codes(found) == ["ooxml.date_unparsable"]
    assert located(data, facts) == (18, 18)


def test_repeated_elements_keep_distinct_paths(where: Location) -> None:
    core = CORE.replace(b"</cp:coreProperties>", b"<dc:creator>Dov</dc:creator></cp:coreProperties>")
    facts, found = parse(package(**{"docProps/core.xml": core}), where)
    assert codes(found) == ["ooxml.core_repeated"]
    paths = [fact.locator.path for fact in facts.properties if fact.name == "ooxml.creator"]
    assert paths == ["xml:docProps/core.xml#dc:creator", "xml:docProps/core.xml#dc:creator[1]"]
    assert facts.author.value == "Ada & Bea"


def test_hostile_parts_become_notices(where: Location) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    facts, found = parse(package(**{"docProps/core.xml": bomb, "docProps/app.xml": b"<Properties><A>"}), where)
    assert codes(found) == ["xml.malformed", "xml.doctype"]
    assert all(entry.unread for entry in found if isinstance(entry, Notice))
    assert facts.created is None and facts.application == ""


def test_huge_part_is_not_read(where: Location) -> None:
    data = package(**{"docProps/core.xml": b"<a>" + b" " * 3_000_000 + b"</a>"})
    context = ParseContext(limits=Limits(xml_bytes=1_000_000))
    assert "ooxml.part_limit" in codes(list(ooxml.parse(MemoryBytes(data), where, context)))


def test_plain_zip_is_not_taken() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("folder/[Content_Types].xml", "x")
    data = made.getvalue()
    assert not ooxml.sniff(data[:4096], MemoryBytes(data))
    assert not ooxml.sniff(b"", MemoryBytes(b""))


SAMPLE = package()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255), st.booleans())
def test_damage_never_breaks_out(where: Location, at: int, change: int, cut: bool) -> None:
    data = SAMPLE[:at] if cut else SAMPLE[:at] + bytes((SAMPLE[at] ^ change,)) + SAMPLE[at + 1 :]
    with contextlib.suppress(ParseError):
        list(ooxml.parse(MemoryBytes(data), where, ParseContext()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_random_bytes(where: Location, data: bytes) -> None:
    ooxml.sniff(data[:4096], MemoryBytes(data))
    with contextlib.suppress(ParseError):
        list(ooxml.parse(MemoryBytes(data), where, ParseContext()))


def test_every_fact_of_the_corpus_stands_where_it_says(
    corpora: object, where: Location, located: Callable[..., tuple[int, int]]
) -> None:
    seen = 0
    for path in sorted((corpora / "office").rglob("*")):  # type: ignore[operator]
        data = path.read_bytes() if path.is_file() else b""
        if ooxml.sniff(data[:4096], MemoryBytes(data)):
            facts, _ = parse(data, where)
            ranged, everything = located(data, facts)
            assert ranged == everything, path
            seen += 1
    assert seen > 150
