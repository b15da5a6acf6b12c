import contextlib
import io
import logging
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import Malformed, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Locator
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import _pdf_places, pdf

INFO = (
    b"<</Title(Report \\(draft\\))/Author<FEFF004100640061>/Producer(Example PDF 1.0)/Creator(Writer)"
    b"/CreationDate(D:20170305080000+01'00')/ModDate(D:20170306103000Z)/SourceModified(D:20170301)/Odd 7/Mood(good)>>"
)
XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreateDate="2017-03-05T08:00:00+01:00">
<xmp:MetadataDate>2017-03-06T10:31:00Z</xmp:MetadataDate></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def document(info: bytes = INFO, xmp: bytes = XMP, lead: bytes = b"", filters: bytes = b"") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>",
        b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        info,
        b"<</Type/Metadata/Subtype/XML%s/Length %d>>\nstream\n%s\nendstream" % (filters, len(xmp), xmp),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size 6/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return lead + bytes(out)


def parse(data: bytes, where: Location, context: ParseContext | None = None) -> tuple[DocumentFacts | None, list[str]]:
    assert pdf.sniff(data[:4096], MemoryBytes(data))
    found = list(pdf.parse(MemoryBytes(data), where, context or ParseContext()))
    facts = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts[0] if facts else None, [entry.code for entry in found if isinstance(entry, Notice)]


def saved(**options: object) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(document())) as file:
        file.save(made, deterministic_id=not options.get("encryption"), **options)  # type: ignore[arg-type]
    return made.getvalue()


def test_document_facts(
    where: Location, located: Callable[..., tuple[int, int]], quoted: Callable[[bytes, Locator], bytes]
) -> None:
    data = document()
    facts, codes = parse(data, where)
    assert facts is not None and codes == []
    values = {fact.name: (fact.value, fact.raw) for fact in facts.properties}
    assert values == {
        "pdf.title": ("Report (draft)", b"(Report \\(draft\\))"),
        "pdf.author": ("Ada", b"<FEFF004100640061>"),
        "pdf.producer": ("Example PDF 1.0", b"(Example PDF 1.0)"),
        "pdf.creator": ("Writer", b"(Writer)"),
        "pdf.custom": ("good", b"(good)"),
    }
    assert (facts.author.value, facts.application) == ("Ada", "Example PDF 1.0")
    assert facts.created is not None and facts.modified is not None
    assert facts.created.raw == quoted(data, facts.created.locator) == b"(D:20170305080000+01'00')"
    assert facts.created.locator.path == "pdf:3 0 R/CreationDate"
    assert [stamp.kind for stamp in facts.timestamps] == [
        TimeKind.INFO_CREATED,
        TimeKind.INFO_MODIFIED,
        TimeKind.INFO_SOURCE_MODIFIED,
        TimeKind.XMP_CREATED,
        TimeKind.XMP_METADATA,
    ]
    assert (facts.created.offset_s, facts.created.clock) == (3600, ClockKind.APPLICATION)
    assert [stamp.description for stamp in facts.timestamps] == [
        Description.CREATION,
        Description.MODIFICATION,
        Description.MODIFICATION,
        Description.CREATION,
        Description.METADATA_MODIFICATION,
    ]
    assert facts.timestamps[3].raw == b"2017-03-05T08:00:00+01:00"
    instants = DocumentHas.CREATED_INSTANT | DocumentHas.MODIFIED_INSTANT
    assert (
        presence(facts)
        == DocumentHas.OFFICE
        | DocumentHas.TWO_BLOCKS
        | DocumentHas.DATED
        | DocumentHas.AUTHOR
        | DocumentHas.CREATED
        | DocumentHas.MODIFIED
        | instants
    )
    assert located(data, facts) == (10, 10)


def test_bytes_before_the_header_shift_the_offsets(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = document(lead=b"\x1b%-12345X@PJL\n")
    facts, _ = parse(data, where)
    assert facts is not None and located(data, facts) == (10, 10)


def test_object_streams_are_further_steps(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = saved(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    facts, _ = parse(data, where)
    assert facts is not None and facts.modified is not None
    assert [step.decoder for step in facts.modified.locator.steps] == ["zlib/1"]
    assert located(data, facts) == (10, 10)


def test_compressed_metadata_is_a_further_step(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = document(xmp=zlib.compress(XMP), filters=b"/Filter/FlateDecode")
    facts, codes = parse(data, where)
    assert facts is not None and codes == []
    assert facts.timestamps[-1].locator.steps[0].decoder == "zlib/1"
    assert located(data, facts) == (10, 10)


def test_encrypted_strings_have_no_range(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = saved(encryption=pikepdf.Encryption(owner="owner", user=""))
    facts, codes = parse(data, where)
    assert facts is not None and "pdf.encrypted" in codes
    assert facts.created is not None and facts.created.raw == b"D:20170305080000+01'00'"
    assert facts.created.locator.ranges == ()
    assert located(data, facts)[1] == 10


def test_passwords_are_tried_in_order(where: Location) -> None:
    data = saved(encryption=pikepdf.Encryption(owner="owner", user="user"))
    assert parse(data, where) == (None, ["pdf.password"])
    facts, codes = parse(data, where, ParseContext(passwords=(b"wrong", b"user")))
    assert facts is not None and facts.author.value == "Ada" and codes == ["pdf.encrypted"]
    assert parse(data, where, ParseContext(passwords=(b"wrong",))) == (None, ["pdf.wrong_password"])


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_a_password_in_utf_8_opens_old_encryption_too(where: Location, revision: int) -> None:
    locked = pikepdf.Encryption(owner="owner", user="caf\u00e9", R=revision, aes=revision == 6, metadata=False)
    data = saved(encryption=locked)
    facts, codes = parse(data, where, ParseContext(passwords=("caf\u00e9".encode(),)))
    assert facts is not None and codes == ["pdf.encrypted"]


def test_odd_dates_stay_with_their_bytes(where: Location) -> None:
    info = b"<</CreationDate(5 March 2017)/ModDate[1 2]>>"
    facts, codes = parse(document(info, b"<x/>"), where)
    assert facts is not None and facts.created is None and facts.modified is None
    assert facts.timestamps[0].wall is Absence.UNPARSABLE and facts.timestamps[0].raw == b"(5 March 2017)"
    assert codes == ["pdf.date_unparsable", "pdf.info_malformed"]


def test_metadata_stands_in_for_missing_information(where: Location) -> None:
    facts, _ = parse(document(b"<<>>"), where)
    assert facts is not None and facts.created is not None and facts.modified is None
    assert facts.created.locator.path == "xmp:4 0 R#xmp:CreateDate"


def test_repair_happens_in_memory_and_is_told(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = document().replace(b"startxref", b"startxxxx")
    facts, codes = parse(data, where)
    assert facts is not None and set(codes) == {"pdf.damaged"}
    assert located(data, facts) == (10, 10)


def test_what_is_no_document_is_malformed(where: Location) -> None:
    with pytest.raises(Malformed):
        parse(b"%PDF-1.4\nnothing", where)


def test_structures_that_are_read_over_and_over_are_left(where: Location) -> None:
    data = b"%PDF-1.4\n" + b"".join([b"%d 0 obj<</A(\nendobj\n" % number for number in range(6000)])
    began = time.process_time()
    with pytest.raises(ParseError):
        parse(data, where)
    assert time.process_time() - began < 4  # 15 s and more without a budget


def test_information_is_looked_up_in_one_reading(where: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    read = _pdf_places.dictionary
    monkeypatch.setattr(_pdf_places, "dictionary", lambda data, start: calls.append(start) or read(data, start))
    facts, codes = parse(document(b"<<" + b"".join([b"/K%d(v)" % n for n in range(600)]) + b">>", xmp=b""), where)
    assert facts is not None and len(facts.properties) == 500
    assert all(fact.locator.ranges for fact in facts.properties)
    assert codes.count("pdf.info_limit") == 1
    assert len(calls) == 2  # the information dictionary, and that of the metadata stream


def test_entity_bomb_in_metadata(where: Location) -> None:
    _, codes = parse(document(xmp=b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'), where)
    assert codes == ["xml.doctype"]


def test_metadata_bomb_is_bounded(where: Location) -> None:
    data = document(xmp=zlib.compress(b"<a>" + b" " * 20_000_000), filters=b"/Filter/FlateDecode")
    facts, codes = parse(data, where, ParseContext(limits=Limits(xml_bytes=1_000_000)))
    assert facts is not None and codes == ["pdf.xmp_unread", "pdf.damaged"]


def test_large_files_are_read_in_part(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = document()
    facts, _ = parse(data, where, ParseContext(limits=Limits(memory_bytes=100)))
    assert facts is not None and located(data, facts) == (10, 10)


def test_nothing_reaches_the_log(where: Location, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parse(document(), where)
        parse(document().replace(b"/Kids[5 0 R]", b"/Kids[5  R 7]"), where)
    assert caplog.records == []


def test_a_mail_that_quotes_the_header_is_no_document() -> None:
    for head in (b"From a@x.example Mon\n%PDF-1.4", b"Subject: x\n\n%PDF-1.4"):
        assert not pdf.sniff(head, MemoryBytes(head))


SAMPLE = document()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255), st.booleans())
def test_damage_never_breaks_out_or_misplaces(
    where: Location, located: Callable[..., tuple[int, int]], at: int, change: int, cut: bool
) -> None:
    data = SAMPLE[:at] if cut else SAMPLE[:at] + bytes((SAMPLE[at] ^ change,)) + SAMPLE[at + 1 :]
    try:
        for entry in pdf.parse(MemoryBytes(data), where, ParseContext()):
            if isinstance(entry, DocumentFacts):
                located(data, entry)
    except ParseError:
        pass


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_random_bytes(where: Location, data: bytes) -> None:
    with contextlib.suppress(ParseError):
        list(pdf.parse(MemoryBytes(b"%PDF-1.7\n" + data), where, ParseContext()))


def test_every_fact_of_the_corpora_stands_where_it_says(
    corpora: Path, suites: Path, where: Location, located: Callable[..., tuple[int, int]]
) -> None:
    ranged = everything = 0
    for root in (corpora / "pdf", corpora / "hostile" / "qpdf", suites / "pdf101", suites / "pyhanko"):
        for path in sorted(entry for entry in root.rglob("*") if entry.is_file()):
            data = path.read_bytes()
            if not pdf.sniff(data[:4096], MemoryBytes(data)):
                continue
            try:
                found = list(pdf.parse(MemoryBytes(data), where, ParseContext()))
            except ParseError:
                continue
            for facts in found:
                if isinstance(facts, DocumentFacts):
                    one, all_of_it = located(data, facts)
                    ranged, everything = ranged + one, everything + all_of_it
    assert everything > 1500
    assert ranged / everything > 0.9
