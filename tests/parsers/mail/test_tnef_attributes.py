"""The structure of TNEF streams: attributes, lists of properties, and what of a broken one is still read."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence
from forensics.model.items import Limits, ParseContext
from forensics.parsers.mail._tnef_message import Stored, stored_in
from forensics.parsers.mail.mapi.properties import Property
from tests.parsers.mail import tnef_streams as made

NAMED = f"{made.COMMON}/0x8554"
KEYWORD = "{00020329-0000-0000-C000-000000000046}/Keywords"


def stored(data: bytes, **limits: int) -> Stored:
    found = stored_in(MemoryBytes(data), ParseContext(limits=Limits(**limits)))
    owners = [
        found.message.properties,
        *found.message.recipients,
        *(one.properties for one in found.message.attachments),
    ]
    for one in (one for owner in owners for one in owner):
        if isinstance(one.data, bytes) and (one.locator.ranges or one.id != 0x3705):
            assert b"".join([data[start:end] for start, end in one.locator.ranges]) == one.data, one
    return found


def codes(found: Stored) -> list[str]:
    return [one.code for one in found.message.notices]


def values(found: Stored) -> list[tuple[int, int, object, str]]:
    return [(one.id, one.type, one.data, one.name) for one in found.message.properties]


def whole() -> bytes:
    """A message with every kind of attribute."""
    return made.stream(
        made.head(),
        made.attribute(made.CLASS, b"IPM.Microsoft Mail.Note\0"),
        made.attribute(made.SUBJECT, b"Figures\0"),
        made.attribute(made.SENT, made.date(2017, 3, 6, 11, 1, 2, 1)),
        made.attribute(made.PROPERTIES, made.properties(made.text(0x0037, "Figures"), made.number(0x0E07, 1))),
        made.attribute(made.RECIPIENTS, made.rows([made.number(0x0C15, 1), made.text8(0x39FE, b"ben@two.example")])),
        made.rendering(),
        made.attribute(made.TITLE, b"figures.txt\0"),
        made.attribute(made.DATA, b"1, 2, 3"),
        made.attribute(made.ATTACHMENT, made.properties(made.text(0x3707, "figures of march.txt"))),
        made.rendering(),
        made.attribute(made.DATA, b"second"),
    )


def test_properties_of_every_type_stand_where_their_locators_say() -> None:
    found = made.properties(
        made.prop(0x0001, made.I2, b"\7\0\0\0"),
        made.number(0x0E07, 5),
        made.prop(0x0E1B, made.BOOLEAN, b"\1\0\0\0"),
        made.prop(0x6001, 0x0014, bytes(range(8))),
        made.time(0x0039, 131332680620000000),
        made.prop(0x0063, 0x0048, bytes(range(16))),
        made.text8(0x0037, b"Figures \xe9"),
        made.text(0x0070, "Zahlen \u2013"),
        made.prop(0x300B, made.BINARY, made.counted(b"\1\2\3")),
        made.prop(0x1001, made.BINARY, made.counted()),
        made.number(0x8000, 9, NAMED),
        made.prop(
            0x8001, 0x101F, made.counted("a".encode("utf-16-le") + b"\0\0", "bc".encode("utf-16-le") + b"\0\0"), KEYWORD
        ),
        made.prop(0x6002, 0x1003, struct.pack("<III", 2, 4, 5)),
        made.text8(0x0037, b"again"),
    )
    data = made.stream(made.attribute(made.PROPERTIES, found))
    read = stored(data)
    assert codes(read) == []
    assert values(read) == [
        (0x0001, made.I2, b"\7\0", ""),
        (0x0E07, made.LONG, b"\5\0\0\0", ""),
        (0x0E1B, made.BOOLEAN, b"\1\0", ""),
        (0x6001, 0x0014, bytes(range(8)), ""),
        (0x0039, made.TIME, struct.pack("<Q", 131332680620000000), ""),
        (0x0063, 0x0048, bytes(range(16)), ""),
        (0x0037, made.STRING8, b"Figures \xe9", ""),
        (0x0070, made.STRING, "Zahlen \u2013".encode("utf-16-le"), ""),
        (0x300B, made.BINARY, b"\1\2\3", ""),
        (0x8000, made.LONG, b"\x09\0\0\0", NAMED),
        (0x8001, made.STRING, b"a\0", KEYWORD),
        (0x8001, made.STRING, b"b\0c\0", KEYWORD),
        (0x6002, 0x1003, struct.pack("<II", 4, 5), ""),
        (0x0037, made.STRING8, b"again", ""),
    ]
    paths = [one.locator.path for one in read.message.properties]
    assert len(set(paths)) == len(paths)
    assert paths[10:12] == ["mapi:0x8001101F[0]", "mapi:0x8001101F[1]"]
    assert paths[6] == "mapi:0x0037001E" and paths[-1] == "mapi:0x0037001E#1"


def test_a_whole_message() -> None:
    read = stored(whole())
    assert codes(read) == []
    assert read.message.properties.codepage == 1252
    assert [(one.id, one.locator.path) for one in read.message.properties] == [
        (0x0037, "mapi:0x0037001F"),
        (0x0E07, "mapi:0x0E070003"),
        (0x001A, "tnef:attMessageClass"),  # the subject has a property of its own
    ]
    assert [(one.name, one.value) for one in read.facts] == [
        ("tnef.key", "1234"),
        ("tnef.version", "65536"),
        ("tnef.oem_codepage", str(1252)),
        ("tnef.message_class", "IPM.Microsoft Mail.Note"),
        ("tnef.subject", "Figures"),
        ("tnef.attachment_title", "figures.txt"),
    ]
    ((recipient),) = read.message.recipients
    assert [one.locator.path for one in recipient] == ["mapi:recipient[0]/0x0C150003", "mapi:recipient[0]/0x39FE001E"]
    assert [(one.content, one.step.name, one.format) for one in read.message.attachments] == [
        (b"1, 2, 3", "attachment[0]", ""),
        (b"second", "attachment[1]", ""),
    ]
    assert [one.id for one in read.message.attachments[0].properties] == [0x3707, 0x3705, 0x3704]


def test_dates_are_readings_of_a_wall_clock_without_zone() -> None:
    data = made.stream(
        made.attribute(made.SENT, made.date(2017, 3, 6, 11, 1, 2, 1)),
        made.attribute(made.RECEIVED, made.date(2017, 3, 6, 11, 1, 5, 3)),
        made.attribute(made.MODIFIED, made.date(2017, 2, 30, 0, 0, 0, 0)),
        made.rendering(),
        made.attribute(made.CREATED, made.date(2017, 3, 1, 9, 0, 0, 3)),
        made.attribute(made.DATA, b"x"),
    )
    read = stored(data)
    assert [(one.kind.value, one.instant, one.wall, one.offset_s) for one in read.message.timestamps[:3]] == [
        ("tnef_sent", Absence.NOT_PRESENT, 14887980620000000, Absence.NOT_PRESENT),
        ("tnef_received", Absence.NOT_PRESENT, 14887980650000000, Absence.NOT_PRESENT),
        ("tnef_modified", Absence.UNPARSABLE, Absence.UNPARSABLE, Absence.NOT_PRESENT),
    ]
    for one in read.message.timestamps:
        ((start, end),) = one.locator.ranges
        assert data[start:end] == one.raw
    ((made_at,),) = read.file_times.values()
    assert (made_at.locator.path, made_at.raw) == (
        "tnef:attachment[0]/attAttachCreateDate",
        made.date(2017, 3, 1, 9, 0, 0, 3),
    )
    assert codes(read) == ["tnef.weekday"]
    assert "weekday 3" in read.message.notices[0].text and "falls on 1" in read.message.notices[0].text


def test_an_attribute_that_stands_twice_is_kept_twice() -> None:
    subject, sent = made.attribute(made.SUBJECT, b"a\0"), made.attribute(made.SENT, made.date(2017, 3, 6, 11, 1, 2, 1))
    read = stored(made.stream(subject, sent, subject, sent))
    assert [(one.locator.path, one.index) for one in read.message.timestamps] == [
        ("tnef:attDateSent", 0),
        ("tnef:attDateSent#1", 1),
    ]
    assert [one.locator.path for one in read.message.properties] == ["tnef:attSubject", "tnef:attSubject#1"]


def test_a_date_of_nothing_is_none() -> None:
    read = stored(made.stream(made.attribute(made.SENT, bytes(14)), made.attribute(made.RECEIVED, b"\xe1\7\3")))
    assert [(one.kind.value, one.instant) for one in read.message.timestamps[:3]] == [
        ("tnef_received", Absence.UNPARSABLE)
    ]


def test_older_attributes_stand_for_properties_where_there_are_none() -> None:
    data = made.stream(
        made.head(1251),
        made.attribute(made.FROM, made.sender(b"\xc0\xed\xed\xe0", b"SMTP:anna@one.example")),
        made.attribute(made.SUBJECT, b"\xd6\xe8\xf4\xf0\xfb\0"),
        made.attribute(made.BODY, b"Text\r\n\0"),
        made.attribute(0x0004800D, b"\2\0"),
        made.attribute(0x00018009, b"0A0B\0"),
    )
    read = stored(data)
    assert [(one.id, one.data) for one in read.message.properties] == [
        (0x0C1A, b"\xc0\xed\xed\xe0"),
        (0x0C1E, b"SMTP"),
        (0x0C1F, b"anna@one.example"),
        (0x0037, b"\xd6\xe8\xf4\xf0\xfb"),
        (0x1000, b"Text\r\n"),
    ]
    assert [(one.name, one.value) for one in read.facts][3:] == [
        ("tnef.from", "Анна <SMTP:anna@one.example>"),
        ("tnef.subject", "Цифры"),
        ("tnef.body", "Text\r\n"),
        ("tnef.priority", "2"),
        ("tnef.message_id", "0A0B"),
    ]


def test_a_sender_that_does_not_fit_is_kept_as_bytes() -> None:
    read = stored(made.stream(made.attribute(made.FROM, struct.pack("<HHHH", 4, 16, 900, 900) + b"Anna")))
    assert list(read.message.properties) == []
    assert read.facts[1].value.endswith(b"Anna".hex())


def test_an_attached_message_is_a_stream_behind_the_id_of_its_interface() -> None:
    inner = made.stream(made.attribute(made.SUBJECT, b"inner\0"))
    data = made.stream(
        made.rendering(),
        made.attribute(
            made.ATTACHMENT,
            made.properties(
                made.number(0x3705, 5), made.prop(0x3701, made.OBJECT, made.counted(made.IID_MESSAGE + inner))
            ),
        ),
        made.rendering(2),
        made.attribute(made.ATTACHMENT, made.properties(made.number(0x3705, 4))),
    )
    first, second = stored(data).message.attachments
    assert (first.content, first.format) == (inner, "mail.tnef")
    assert data[first.step.start : first.step.end] == inner
    assert (second.content, second.step.start, second.step.end) == (None, 0, 0)


def test_two_contents_of_an_attachment_are_both_kept_where_they_differ() -> None:
    def attached(content: bytes) -> list[tuple[object, str]]:
        held = made.properties(made.prop(0x3701, made.BINARY, made.counted(content)))
        data = made.stream(made.rendering(), made.attribute(made.DATA, b"one"), made.attribute(made.ATTACHMENT, held))
        return [(one.content, one.step.name) for one in stored(data).message.attachments]

    assert attached(b"one") == [(b"one", "attachment[0]")]
    assert attached(b"two") == [(b"one", "attachment[0]"), (b"two", "attachment[0]/1")]


def test_a_wrong_checksum_is_told_and_nothing_else_changes() -> None:
    good = made.attribute(made.SUBJECT, b"a\0")
    for data in (
        made.stream(made.attribute(made.SUBJECT, b"a\0", checksum=7)),
        made.stream(made.attribute(made.SUBJECT, b"a\0", checksum=7), made.attribute(made.CLASS, b"b\0")),
        made.stream(made.attribute(made.SUBJECT, b"a\0", checksum=7), b"\xee" * 20),
    ):
        found = stored(data)
        assert found.message.properties.get(0x0037).data == b"a"  # type: ignore[union-attr]
        assert codes(found)[0] == "tnef.checksum"
        ((start, end),) = found.message.notices[0].locator.ranges  # type: ignore[union-attr]
        assert data[start:end] == b"a\0"
    assert codes(stored(made.stream(good))) == []


def test_lengths_that_lie_cost_no_other_attribute() -> None:
    following = made.attribute(made.CLASS, b"IPM.Note\0"), made.rendering(), made.attribute(made.DATA, b"kept")
    for length in (1, 2, 5, 14, 30, 4000, 0x7FFFFFFF, 0xFFFFFFFF):
        found = stored(made.stream(made.attribute(made.SUBJECT, b"Figures of March\0", length=length), *following))
        assert found.message.properties.get(0x001A).data == b"IPM.Note"  # type: ignore[union-attr]
        assert [one.content for one in found.message.attachments] == [b"kept"]
        assert codes(found)[0] in ("tnef.length", "tnef.checksum"), length
        if length > 16:
            assert found.message.properties.get(0x0037).data == b"Figures of March"  # type: ignore[union-attr]


def test_bytes_between_and_behind_are_counted() -> None:
    data = made.stream(made.attribute(made.SUBJECT, b"a\0"), b"\xee" * 30, made.attribute(made.CLASS, b"b\0"), b"junk")
    found = stored(data)
    assert [(one.code, one.unread) for one in found.message.notices] == [("tnef.gap", 30), ("tnef.trailing", 4)]
    assert [one.id for one in found.message.properties] == [0x0037, 0x001A]
    assert [one.size for one in stored(made.stream(made.head(), b"\0\r\n\0")).padding] == [4]
    unknown = stored(made.stream(made.attribute(0x00067777, b"12345"), made.attribute(made.VERSION, b"\0\0\2\0")))
    assert [(one.code, one.unread) for one in unknown.message.notices] == [("tnef.unknown", 5), ("tnef.version", 0)]


def test_what_is_cut_off_of_an_attached_message_is_not_the_message_around() -> None:
    inner = made.stream(made.head(), made.attribute(made.SUBJECT, b"inner\0"), made.attribute(made.BODY, b"x" * 900))
    held = made.properties(made.prop(0x3701, made.OBJECT, made.counted(made.IID_MESSAGE + inner)))
    data = made.stream(
        made.attribute(made.CLASS, b"IPM.Note\0"), made.rendering(), made.attribute(made.ATTACHMENT, held)
    )
    found = stored(data[:-500])
    assert found.message.properties.get(0x0037) is None
    assert codes(found) == ["tnef.truncated", "tnef.properties"]
    found = stored(made.stream(made.rendering(), made.attribute(made.DATA, inner))[:-500])
    assert [one.content for one in found.message.attachments] == [inner[:-498]]


def test_every_cut_gives_what_came_before() -> None:
    data = whole()
    before = 0
    for end in range(6, len(data)):
        found = stored(data[:end])
        kept = len(found.message.properties) + sum(len(one.properties) for one in found.message.attachments)
        assert kept + len(found.message.recipients) >= before - 1
        before = kept + len(found.message.recipients)
        noted = [*found.message.notices, *(note for one in found.message.attachments for note in one.notices)]
        assert noted or found.padding or end in _ends(data)


def _ends(data: bytes) -> set[int]:
    at, ends = 6, {6}
    while at < len(data):
        at += 11 + int.from_bytes(data[at + 5 : at + 9], "little")
        ends.add(at)
    return ends


def test_broken_lists_give_what_came_before() -> None:
    first = made.number(0x0E07, 1)

    def read(*found: bytes, count: int | None = None) -> tuple[list[Property], list[tuple[str, int]]]:
        value = struct.pack("<I", len(found) if count is None else count) + b"".join(found)
        result = stored(made.stream(made.attribute(made.PROPERTIES, value)))
        return list(result.message.properties), [(one.code, one.unread) for one in result.message.notices]

    for broken in (
        made.prop(0x0037, 0x0099, b"1234"),
        made.prop(0x0037, made.STRING, struct.pack("<II", 1, 999)),
        made.prop(0x0037, made.STRING, struct.pack("<I", 0xFFFFFFFF)),
        made.prop(0x0037, 0x1003, struct.pack("<I", 9999)),
        made.prop(0x0039, made.TIME, b"12"),
        made.prop(0x8000, made.LONG, made.named(NAMED)[:20] + b"\7\0\0\0"),
        made.prop(0x8000, made.LONG, made.named(KEYWORD)[:20] + b"\xff\xff\0\0"),
        b"\x1f",
    ):
        kept, noted = read(first, broken, count=9)
        assert [one.id for one in kept] == [0x0E07]
        assert noted == [("tnef.properties", len(broken))], broken
    kept, noted = read(first, count=0xFFFFFFFF)
    assert (len(kept), [code for code, _ in noted]) == (1, ["tnef.properties"])
    kept, noted = read(first, first, count=1)
    assert (len(kept), noted) == (1, [("tnef.surplus", len(first))])
    result = stored(made.stream(made.attribute(made.PROPERTIES, b"")))
    assert codes(result) == ["tnef.properties"]


def test_tables_of_recipients_that_lie() -> None:
    row = [made.number(0x0C15, 1)]
    good = made.rows(row, row)
    for count, code in ((1, ["tnef.surplus"]), (2, []), (3, ["tnef.recipients"]), (0xFFFFFFFF, ["tnef.recipients"])):
        found = stored(made.stream(made.attribute(made.RECIPIENTS, struct.pack("<I", count) + good[4:])))
        assert (len(found.message.recipients), codes(found)) == (min(count, 2), code)
    assert codes(stored(made.stream(made.attribute(made.RECIPIENTS, b"\1")))) == ["tnef.properties"]


def test_attachments_beyond_the_limit_are_counted() -> None:
    one = made.rendering() + made.attribute(made.DATA, b"x")
    found = stored(made.stream(one, one, one), children=1)
    assert len(found.message.attachments) == 1
    assert [(note.code, note.unread) for note in found.message.notices] == [("tnef.children", 2 * (len(one) - 4))]


PARTS = st.sampled_from(
    [
        made.rendering(),
        made.head(),
        made.attribute(made.DATA, b"x" * 40),
        made.attribute(made.PROPERTIES, made.properties(made.text(0x37, "a"))),
        made.attribute(made.RECIPIENTS, made.rows([made.number(0x0C15, 1)])),
        made.SIGNATURE,
        b"\1\4\x80\1\0",
        b"\2\x0f\x80\6\0",
    ]
)


@given(st.lists(st.one_of(PARTS, st.binary(max_size=12)), max_size=12))
def test_any_attributes_are_read(parts: list[bytes]) -> None:
    stored(made.stream(*parts))


@given(st.data())
def test_any_change_of_a_good_stream_is_read(data: st.DataObject) -> None:
    changed = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(6, len(changed) - 1))] = data.draw(st.integers(0, 255))
    stored(bytes(changed))


def test_many_beginnings_of_attributes_are_tried_in_linear_time() -> None:
    # Each begins an attribute that would reach to the end: tried without a limit, 20,000 of them sum 3 GB.
    lying = struct.pack("<BII", 1, made.SUBJECT, 100_000)
    found = stored(made.stream(made.attribute(made.SUBJECT, b"a", length=0x7FFFFFFF), lying * 20_000, bytes(100_100)))
    assert "tnef.truncated" in codes(found) or "tnef.length" in codes(found)
