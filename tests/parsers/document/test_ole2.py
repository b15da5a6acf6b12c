import contextlib
import struct
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import Malformed, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.compound_documents import word_major
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import Notice, Padding, ParseContext
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import ole2
from forensics.parsers.identify import identify
from tests.parsers.compound_files import compound
from tests.parsers.document.ole2_files import (
    GUID,
    MADE,
    SAVED,
    SUMMARY_ID,
    blob,
    dttm,
    lasting,
    names,
    number,
    old,
    sets,
    slides,
    text,
    when,
    wide,
    word,
    workbook,
)

TICKS = 10_000_000
Located = Callable[[bytes, DocumentFacts], tuple[int, int]]


def parse(data: bytes, where: Location) -> tuple[DocumentFacts, list[object]]:
    found = list(ole2.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, found


def codes(found: list[object]) -> list[str]:
    return [entry.code for entry in found if isinstance(entry, Notice)]


def values(facts: DocumentFacts) -> dict[str, str]:
    return {one.name: one.value for one in reversed(facts.properties)}


def times(facts: DocumentFacts) -> dict[TimeKind, object]:
    return {one.kind: one.instant if isinstance(one.instant, int) else one.wall for one in reversed(facts.timestamps)}


@pytest.mark.parametrize("scattered", [False, True])
def test_word_document(where: Location, located: Located, scattered: bool) -> None:
    data = old(scattered=scattered)
    assert identify(data[:4096], MemoryBytes(data), b"x") == "document.ole2"
    facts, found = parse(data, where)
    assert (facts.format, facts.media_type) == ("ole2.word", "application/msword")
    assert (facts.author.value, facts.last_author.value) == ("Ada Lind", "Cem Öz")
    assert (facts.author.raw, facts.last_author.raw) == (b"Ada Lind", b"Cem \xd6z")
    assert facts.application == "Microsoft Office Word 11.0"
    assert facts.created is not None and facts.created.instant == MADE * TICKS
    assert facts.modified is not None and facts.modified.instant == SAVED * TICKS
    assert facts.modified.description is Description.MODIFICATION and facts.modified.clock is ClockKind.APPLICATION
    ranged, everything = located(data, facts)
    # How many texts have characters beyond ASCII is counted, and has no place.
    assert ranged == everything == len(facts.properties) + len(facts.timestamps) - 1
    said = values(facts)
    assert said["ole2.edit_time"] == "PT3H7M0S"
    assert (said["ole2.version"], said["ole2.system"], said["ole2.codepage"]) == ("11.9999", "0x00020105", "1252")
    assert (said["ole2.template"], said["ole2.company"], said["ole2.revision"]) == ("Normal.dot", "Example", "3")
    assert (said["doc.version"], said["doc.version_new"], said["doc.language"]) == ("0x00C1", "0x010C", "1033")
    assert (said["doc.revision"], said["doc.minutes"], said["ole2.custom"]) == ("3", "187", "Blue")
    savers = [one.value for one in facts.properties if one.name in ("doc.saved_by", "doc.saved_as")]
    assert savers == ["Ada Lind", "C:\\a.doc", "Cem Öz", "D:\\b.doc"]
    # A picture is told and left, as is nothing else.
    assert codes(found).count("ole2.binary_property") == 1 and "ole2.other_streams" not in codes(found)
    taken = sum(one.unread for one in found if isinstance(one, Notice))
    assert taken == 5 and sum(one.size for one in found if isinstance(one, Padding)) < len(data) - taken


def test_marks_of_the_program_that_saved_a_document(where: Location, located: Located) -> None:
    data = old(word(product=0x6071))
    facts, _ = parse(data, where)
    said = values(facts)
    assert (said["doc.writer"], said["doc.writer_created"], said["doc.product"]) == ("0x6A62", "0x6A62", "0x6071")
    assert said["doc.build"] == f"{0x5071}/{0x13A13}"
    (build,) = [one for one in facts.properties if one.name == "doc.build"]
    assert build.raw == struct.pack("<HI", 0x5071, 0x13A13) and len(build.locator.ranges) == 2
    ranged, everything = located(data, facts)
    assert ranged == everything == len(facts.properties) + len(facts.timestamps) - 1
    marked = word_major(facts)
    assert marked is not None and marked[1] == 11
    assert "doc.build" not in values(parse(old(word()), where)[0]), "another program leaves it zero"
    shown = values(parse(old(slides(build=6111)), where)[0])
    assert (shown["ppt.build"], shown["ppt.saves"]) == ("6111", "2")
    assert "ppt.build" not in values(parse(old(slides()), where)[0])


def test_times_of_a_word_document(where: Location) -> None:
    facts, _ = parse(old(), where)
    found = times(facts)
    assert found[TimeKind.DOP_CREATED] == (MADE + 4 * 3600) * TICKS
    assert found[TimeKind.DOP_REVISED] == (SAVED + 4 * 3600) * TICKS
    assert found[TimeKind.DOP_PRINTED] is Absence.NOT_PRESENT
    assert found[TimeKind.SUMMARY_PRINTED] is Absence.NOT_PRESENT
    assert found[TimeKind.CUSTOM_PROPERTY] == (MADE + 30) * TICKS
    roots = [one for one in facts.timestamps if one.kind in (TimeKind.OLE_CREATED, TimeKind.OLE_MODIFIED)]
    assert [(one.kind, one.index) for one in roots] == [(TimeKind.OLE_CREATED, 0), (TimeKind.OLE_MODIFIED, 0)]
    expected = DocumentHas.LOCAL_AND_UTC | DocumentHas.ROOT_TIME | DocumentHas.OFFICE_ON_WINDOWS
    assert presence(facts) & expected == expected
    assert not presence(facts) & DocumentHas.WORKBOOK_USER


def test_guid_of_version_1_is_a_time_and_a_network_card(where: Location) -> None:
    facts, _ = parse(old(), where)
    said = values(facts)
    assert (said["ole2.guid"], said["ole2.guid_node"]) == (GUID[1:-1], "00504E03A9E5")
    (stamp,) = [one for one in facts.timestamps if one.kind is TimeKind.PROPERTY_GUID]
    # 2003-06-26, as files.md has it of this identifier.
    assert isinstance(stamp.instant, int) and stamp.instant // (86_400 * TICKS) == 12_229
    assert stamp.raw.decode("utf-16-le") == GUID[1:19]
    other = parse(old(user={2: blob("{A9B1A422-A7F0-41D7-9324-00504E03A9E5}".encode("utf-16-le"))}), where)[0]
    assert "ole2.guid" in values(other) and "ole2.guid_node" not in values(other)
    broken = parse(old(user={2: blob(b"nothing")}), where)
    assert "ole2.guid" in codes(broken[1])


def test_properties_that_share_bytes_are_told_once(where: Location) -> None:
    made = bytearray(sets((SUMMARY_ID, {17: blob(b"image" * 9), 19: blob(b"other"), 20: blob(b"more")})))
    struct.pack_into("<I", made, 48 + 8 + 12, struct.unpack_from("<I", made, 48 + 8 + 4)[0])
    (told,) = [
        one
        for one in parse(compound({"WordDocument": b"", "\5SummaryInformation": bytes(made)}), where)[1]
        if isinstance(one, Notice) and one.code == "ole2.binary_property"
    ]
    assert told.unread == 45 + 4


def test_targets_of_links_are_facts(where: Location, located: Located) -> None:
    def link(target: str, place: str) -> bytes:
        return b"".join([number(one) for one in (1, 2, 3, 4)]) + wide(target) + wide(place)

    two = struct.pack("<I", 12) + link("https://x.example/", "") + link("", "Sheet1!A1")
    data = old(user={5: blob(two)})
    facts, found = parse(data, where)
    assert [one.value for one in facts.properties if one.name == "ole2.link"] == ["https://x.example/", "Sheet1!A1"]
    assert codes(found).count("ole2.binary_property") == 1, "that of the picture"
    located(data, facts)
    cut, found = parse(old(user={5: blob(two[:-30])}), where)
    assert [one.value for one in cut.properties if one.name == "ole2.link"] == ["https://x.example/"]


def test_texts_by_their_code_page(where: Location, located: Located) -> None:
    cyrillic = {1: number(1251, 2), 4: text("Лебедев", "cp1251"), 2: wide("𝒳 и\0 hidden")}
    data = old(summary=cyrillic)
    facts, found = parse(data, where)
    assert facts.author.value == "Лебедев" and values(facts)["ole2.title"] == "𝒳 и"
    located(data, facts)
    facts, found = parse(old(summary={1: number(65001, 2), 4: struct.pack("<II", 0x1E, 4) + b"\xff\xfe\xfd\0"}), where)
    assert "ole2.text_undecoded" in codes(found) and facts.author.raw == b"\xff\xfe\xfd"


def test_a_time_that_was_never_set_may_be_moved_by_a_zone(where: Location) -> None:
    facts, found = parse(old(summary={12: lasting(6 * 3600)}), where)
    assert facts.created is None and "ole2.date_unparsable" not in codes(found)
    facts, found = parse(old(summary={12: struct.pack("<IQ", 0x40, 1 << 63)}), where)
    assert facts.created is None and "ole2.date_unparsable" in codes(found)


def test_workbook(where: Location, located: Located) -> None:
    data = old({"Workbook": workbook()}, summary={18: text("Microsoft Excel")})
    facts, _ = parse(data, where)
    assert (facts.format, facts.application) == ("ole2.excel", "Microsoft Excel 11.0")
    said = values(facts)
    assert (said["xls.user"], said["xls.build"], said["xls.version"]) == ("Cem Öz", "8211/1997", "0x0600")
    assert (said["xls.codepage"], said["xls.country"], said["xls.last_saved"]) == ("1252", "49", "3")
    assert located(data, facts)[0] == located(data, facts)[1]
    assert presence(facts) & DocumentHas.WORKBOOK_USER
    broken = old({"Workbook": workbook()[:40] + b"\xff" * 10})
    assert values(parse(broken, where)[0]).get("xls.user") is None
    assert "ole2.xls_head" in codes(parse(old({"Workbook": b"nothing"}), where)[1])


def test_presentation(where: Location, located: Located) -> None:
    data = old(slides("One", saves=3), summary={18: text("Microsoft Office PowerPoint")})
    facts, _ = parse(data, where)
    assert facts.format == "ole2.powerpoint"
    assert (values(facts)["ppt.user"], values(facts)["ppt.saves"]) == ("Cem Öz", "3")
    located(data, facts)


def test_documents_of_other_programs_by_their_property_sets(where: Location) -> None:
    facts, found = parse(old({"VisioDocument": b"drawing" * 9}, summary={18: text("Microsoft Visio")}), where)
    assert (facts.format, facts.media_type) == ("ole2", "application/vnd.visio")
    assert facts.author.value == "Ada Lind"
    (left,) = [one for one in found if isinstance(one, Notice) and one.code == "ole2.other_streams"]
    assert left.unread == 63 and "VisioDocument" in left.text


def test_messages_are_left_to_their_parser() -> None:
    for name in ("__properties_version1.0", "__nameid_version1.0", "__substg1.0_0037001F"):
        data = compound({name: b"x" * 32, "\5SummaryInformation": sets((SUMMARY_ID, {}))})
        assert not ole2.sniff(data[:4096], MemoryBytes(data))
    data = compound({"something": b"x"})
    assert not ole2.sniff(data[:4096], MemoryBytes(data))
    assert ole2.sniff_named(data[:4096], MemoryBytes(data))


def test_rights_protection_is_told(where: Location) -> None:
    facts, _ = parse(old(**{"\tDRMContent": b"locked"}), where)
    assert values(facts)["ole2.rights"] == "DRMContent"


def test_times_that_no_calendar_has_are_told(where: Location) -> None:
    facts, found = parse(old(word(made=dttm(2009, 2, 31, 8, 58))), where)
    assert times(facts)[TimeKind.DOP_CREATED] is Absence.UNPARSABLE
    assert "ole2.date_unparsable" in codes(found)


def test_word_document_without_its_table(where: Location) -> None:
    facts, found = parse(old({"WordDocument": dict(word())["WordDocument"]}), where)
    assert "ole2.doc_table" in codes(found) and values(facts)["doc.version"] == "0x00C1"


def test_sets_that_state_more_than_they_hold(where: Location) -> None:
    cut = compound(
        {"WordDocument": b"", "\5SummaryInformation": sets((SUMMARY_ID, {4: text("Ada"), 12: when(MADE)}))[:-6]}
    )
    facts, found = parse(cut, where)
    assert facts.author.value == "Ada" and facts.created is None and "ole2.properties" in codes(found)
    many = struct.pack("<HHI16sI", 0xFFFE, 0, 0, bytes(16), 1) + SUMMARY_ID + struct.pack("<III", 48, 0, 2**32 - 1)
    assert "ole2.properties" in codes(parse(compound({"WordDocument": b"", "\5SummaryInformation": many}), where)[1])
    odd = {0: names({4: "x"})[:6], 4: struct.pack("<II", 0x1E, 2**31), 5: struct.pack("<II", 0x101E, 2**30)}
    facts, found = parse(compound({"WordDocument": b"", "\5SummaryInformation": sets((SUMMARY_ID, odd))}), where)
    assert facts.author.value == "" and "ole2.properties" in codes(found)


def test_directory_that_cannot_be_read(where: Location) -> None:
    with pytest.raises(Malformed):
        list(ole2.parse(MemoryBytes(old()[:300]), where, ParseContext()))


SAMPLES = (
    old(),
    old({"Workbook": workbook()}, summary={18: text("Microsoft Excel")}),
    old(slides("One", "Two"), summary={18: text("Microsoft Office PowerPoint")}),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SAMPLES), st.data())
def test_damage_never_breaks_out(where: Location, located: Located, sample: bytes, data: st.DataObject) -> None:
    at, raw = data.draw(st.integers(0, len(sample) - 1)), data.draw(st.binary(min_size=1, max_size=8))
    broken = sample[:at] if data.draw(st.booleans()) else sample[:at] + raw + sample[at + len(raw) :]
    with contextlib.suppress(ParseError):
        facts, found = parse(broken, where)
        located(broken, facts)
        told = [one.unread for one in found if isinstance(one, Notice)]
        told += [one.size for one in found if isinstance(one, Padding)]
        assert sum(told) <= len(broken)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=600))
def test_any_streams(where: Location, data: bytes) -> None:
    for name in ("WordDocument", "Workbook", "Current User"):
        whole = compound({name: data, "\5SummaryInformation": data, "1Table": data, "PowerPoint Document": data})
        with contextlib.suppress(ParseError):
            parse(whole, where)


def test_every_fact_of_the_corpus_stands_where_it_says(corpora: object, where: Location, located: Located) -> None:
    seen = 0
    for path in sorted((corpora / "office").rglob("*")):  # type: ignore[operator]
        data = path.read_bytes() if path.is_file() else b""
        if identify(data[:4096], MemoryBytes(data), path.name.encode()) == "document.ole2":
            facts, _ = parse(data, where)
            located(data, facts)
            seen += 1
    assert seen > 35
