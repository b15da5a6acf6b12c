import contextlib
import logging
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location, Locator
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.image import _jpeg_reading, jpeg, tiff

Entry = tuple[int, int, bytes]
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='Example Edit'>"
    b"<xmp:ModifyDate>2017-03-06T11:00:00+01:00</xmp:ModifyDate></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def text(tag: int, value: bytes) -> Entry:
    return tag, 2, value + b"\0"


def block(order: str, image: list[Entry], exif: list[Entry], gps: list[Entry]) -> bytes:
    """Return a TIFF structure of three directories."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    directories = [[*image, (0x8769, 4, b"????"), (0x8825, 4, b"????")], exif, gps]
    starts, at = [], 8
    for entries in directories:
        starts.append(at)
        at += 2 + 12 * len(entries) + 4 + sum(len(raw) + len(raw) % 2 for _, _, raw in entries if len(raw) > 4)
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8))
    for start, entries in zip(starts, directories, strict=True):
        heap = start + 2 + 12 * len(entries) + 4
        out += struct.pack(f"{order}H", len(entries))
        tail = bytearray()
        for tag, kind, raw in entries:
            value = struct.pack(f"{order}I", starts[1 if tag == 0x8769 else 2]) if raw == b"????" else raw
            if len(value) > 4:
                held = struct.pack(f"{order}I", heap + len(tail))
                tail += value + b"\0" * (len(value) % 2)
            else:
                held = value.ljust(4, b"\0")
            out += struct.pack(f"{order}HHI", tag, kind, len(value) // sizes[kind]) + held
        out += struct.pack(f"{order}I", 0) + tail
    return bytes(out)


def camera(order: str = "<", **changed: bytes) -> bytes:
    value = {
        "original": b"2017:03:06 11:00:00",
        "modified": b"2017:03:06 11:00:00",
        "subsecond": b"25",
        "offset": b"+01:00",
        "day": b"2017:03:06",
        "software": b"Firmware 1",
    } | changed
    image = [
        text(0x010F, b"Example"),
        text(0x0110, b"Camera 7"),
        text(0x0131, value["software"]),
        text(0x0132, value["modified"]),
        text(0x013B, b"Ada"),
    ]
    exif = [text(0x9003, value["original"]), text(0x9011, value["offset"]), text(0x9291, value["subsecond"])]
    rationals = struct.pack(f"{order}6I", 10, 1, 0, 1, 3, 2)
    return block(order, image, exif, [(7, 5, rationals), text(0x1D, value["day"])])


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def picture(tiff_block: bytes, *more: bytes) -> bytes:
    exif = segment(0xE1, b"Exif\0\0" + tiff_block)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff" + exif + b"".join(more) + segment(0xDA, b"x") + b"\xff\xd9"


def parse(data: bytes, where: Location) -> tuple[DocumentFacts, list[str]]:
    assert jpeg.sniff(data[:4096], MemoryBytes(data))
    found = list(jpeg.parse(MemoryBytes(data), where, ParseContext()))
    (facts,) = [entry for entry in found if isinstance(entry, DocumentFacts)]
    return facts, [entry.code for entry in found if isinstance(entry, Notice)]


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_facts(
    order: str,
    where: Location,
    located: Callable[..., tuple[int, int]],
    quoted: Callable[[bytes, Locator], bytes],
) -> None:
    data = picture(camera(order), segment(0xFE, b"a note"))
    facts, codes = parse(data, where)
    assert codes == []
    assert (facts.format, facts.author.value, facts.application) == ("image.jpeg", "Ada", "Firmware 1")
    assert facts.created is not None and facts.modified is not None
    assert facts.created.raw == quoted(data, facts.created.locator) == b"2017:03:06 11:00:0025+01:00"
    assert (facts.created.offset_s, facts.created.precision) == (3600, Precision.MILLISECOND)
    assert (facts.created.clock, facts.created.owner) == (ClockKind.CAMERA, "Example Camera 7")
    assert facts.modified.instant is Absence.NOT_PRESENT
    assert (facts.modified.clock, facts.modified.owner) == (ClockKind.APPLICATION, "Firmware 1")
    kinds = [stamp.kind for stamp in facts.timestamps]
    assert kinds == [TimeKind.EXIF_ORIGINAL, TimeKind.EXIF_CHANGED, TimeKind.EXIF_POSITION]
    position = facts.timestamps[-1]
    assert position.description is Description.POSITION
    assert position.instant == facts.created.instant + 1_250_000_0  # type: ignore[operator]
    assert facts.created.wall - facts.created.instant == 3600 * TICKS_PER_SECOND  # type: ignore[operator]
    assert (
        presence(facts)
        == DocumentHas.DATED
        | DocumentHas.CREATED
        | DocumentHas.CREATED_INSTANT
        | DocumentHas.MODIFIED
        | DocumentHas.AUTHOR
        | DocumentHas.PICTURE
    )
    assert located(data, facts) == (8, 8)


def test_metadata_packet(where: Location, located: Callable[..., tuple[int, int]]) -> None:
    data = picture(camera(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP))
    facts, codes = parse(data, where)
    assert codes == []
    (stamp,) = [stamp for stamp in facts.timestamps if stamp.locator.path.startswith("xmp:")]
    assert (stamp.raw, stamp.owner) == (b"2017-03-06T11:00:00+01:00", "Example Edit")
    assert located(data, facts) == (9, 9)


def test_unset_and_odd_fields(where: Location) -> None:
    facts, codes = parse(picture(camera(original=b"0000:00:00 00:00:00", modified=b"6.3.2017 11:00")), where)
    assert facts.created is None and facts.modified is None
    assert [stamp.wall for stamp in facts.timestamps[:2]] == [Absence.NOT_PRESENT, Absence.UNPARSABLE]
    assert codes == ["jpeg.date_unparsable"]
    facts, codes = parse(picture(camera(subsecond=b"zz", offset=b"Paris")), where)
    assert facts.created is not None and facts.created.raw == b"2017:03:06 11:00:00"
    assert codes == ["jpeg.exif_subsecond", "jpeg.exif_offset"]


def test_a_time_without_offset_has_no_instant(where: Location) -> None:
    facts, _ = parse(picture(camera(offset=b"   :  ")), where)
    assert facts.created is not None
    assert facts.created.instant is Absence.NOT_PRESENT and isinstance(facts.created.wall, int)


def test_broken_chains_are_told(where: Location) -> None:
    whole = picture(camera())
    assert parse(whole[:30], where)[1][0] == "jpeg.truncated"
    assert parse(b"\xff\xd8\xff\xe0\x00\x01", where)[1] == ["jpeg.malformed"]
    assert parse(b"\xff\xd8\xff\xfe\x00\x02zz", where)[1] == ["jpeg.malformed"]
    (notice, *_) = jpeg.parse(MemoryBytes(b"\xff\xd8\xff\xfe\x00\x02zz"), where, ParseContext())
    assert isinstance(notice, Notice) and notice.unread == 2
    assert parse(b"\xff\xd8" + segment(0xE1, b"Exif\0\0zz"), where)[1] == ["jpeg.exif_malformed", "jpeg.truncated"]


def test_directories_that_point_at_themselves_end(where: Location) -> None:
    entries = struct.pack("<HHII", 0x8825, 4, 1, 8) * 400
    looped = b"II*\0\x08\0\0\0" + struct.pack("<H", 400) + entries + struct.pack("<I", 8)
    _, codes = parse(picture(looped), where)
    assert "jpeg.exif_damaged" in codes


def test_nothing_reaches_the_log(where: Location, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parse(picture(camera(day=b"\xff\xfe")), where)
        parse(picture(camera()[:60]), where)
    assert caplog.records == []


SAMPLE = picture(camera(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, len(SAMPLE) - 1), st.integers(1, 255), st.booleans())
def test_damage_never_breaks_out_or_misplaces(
    where: Location, located: Callable[..., tuple[int, int]], at: int, change: int, cut: bool
) -> None:
    data = SAMPLE[:at] if cut else SAMPLE[:at] + bytes((SAMPLE[at] ^ change,)) + SAMPLE[at + 1 :]
    for entry in jpeg.parse(MemoryBytes(data), where, ParseContext()):
        if isinstance(entry, DocumentFacts):
            located(data, entry)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from((b"II*\0", b"MM\0*", b"\xff\xd8")))
def test_random_bytes(where: Location, data: bytes, head: bytes) -> None:
    module = jpeg if head == b"\xff\xd8" else tiff
    with contextlib.suppress(ParseError):
        list(module.parse(MemoryBytes(head + data), where, ParseContext()))


def test_every_fact_of_the_corpora_stands_where_it_says(
    corpora: Path, suites: Path, where: Location, located: Callable[..., tuple[int, int]]
) -> None:
    seen = 0
    for root in (corpora / "image", suites / "exif-samples"):
        for path in sorted(entry for entry in root.rglob("*") if entry.is_file()):
            data = path.read_bytes()
            for module in (jpeg, tiff):
                if not module.sniff(data[:4096], MemoryBytes(data)):
                    continue
                for entry in module.parse(MemoryBytes(data), where, ParseContext()):
                    if isinstance(entry, DocumentFacts):
                        ranged, everything = located(data, entry)
                        assert ranged == everything, path
                        seen += 1
    assert seen > 140


def test_many_blocks_are_counted_not_read(where: Location) -> None:
    exif = segment(0xE1, b"Exif\0\0" + camera())
    facts, codes = parse(b"\xff\xd8" + exif * 20 + b"\xff" * 100_000 + b"\xda\0\x02\xff\xd9", where)
    assert codes == ["jpeg.limit"]
    assert len(facts.timestamps) == 3 * _jpeg_reading.MAX_BLOCKS
